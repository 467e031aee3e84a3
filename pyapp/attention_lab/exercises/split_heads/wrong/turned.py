"""Rows and columns of each head are exchanged: (n_heads, d_k, seq). Exchange the axes -2 and -3, not
-1.
"""


def split_heads(x, n_heads):
    """(..., seq, d_model) -> (..., n_heads, seq, d_k)."""
    return x.reshape(*x.shape[:-1], n_heads, -1).swapaxes(-2, -3).swapaxes(-1, -2)
