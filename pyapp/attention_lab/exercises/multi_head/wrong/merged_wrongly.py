"""The heads are merged without exchanging heads and rows first: the numbers of different rows are
mixed.
"""


def merge_heads(heads):
    """(..., n_heads, seq, d_k) -> (..., seq, d_model)."""
    return heads.reshape(*heads.shape[:-3], heads.shape[-2], -1)
