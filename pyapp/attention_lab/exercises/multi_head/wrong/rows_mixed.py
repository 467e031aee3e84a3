"""The heads mix numbers of different rows: reshape alone does not split them. Cut the columns, (seq,
n_heads, d_k), then exchange the axes.
"""


def split_heads(x, n_heads):
    """(..., seq, d_model) -> (..., n_heads, seq, d_k)."""
    return x.reshape(*x.shape[:-2], n_heads, x.shape[-2], -1)
