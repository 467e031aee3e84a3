"""The pieces are right, but rows still come before heads: exchange the first two axes."""


def split_heads(x, n_heads):
    """(seq, d_model) -> (n_heads, seq, d_k)."""
    return x.reshape(len(x), n_heads, -1)
