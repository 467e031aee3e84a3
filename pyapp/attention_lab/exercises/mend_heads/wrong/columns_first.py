"""Heads are right, but rows and columns of each are exchanged: (n_heads, d_k, seq)."""


def split_heads(x, n_heads):
    """(seq, d_model) -> (n_heads, seq, d_k)."""
    return x.T.reshape(n_heads, -1, len(x))
