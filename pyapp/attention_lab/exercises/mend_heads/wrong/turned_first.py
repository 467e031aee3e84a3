"""x was transposed before it was cut: the pieces of a row no longer stand together. Cut first, then
exchange axes.
"""


def split_heads(x, n_heads):
    """(seq, d_model) -> (n_heads, seq, d_k)."""
    return x.T.reshape(n_heads, len(x), -1)
