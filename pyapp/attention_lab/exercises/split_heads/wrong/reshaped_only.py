"""The shape is right, but the numbers of different rows are mixed in each head: reshape goes on row
by row. Cut the columns first, (seq, n_heads, d_k), then exchange the axes.
"""


def split_heads(x, n_heads):
    """(..., seq, d_model) -> (..., n_heads, seq, d_k)."""
    return x.reshape(*x.shape[:-2], n_heads, x.shape[-2], -1)
