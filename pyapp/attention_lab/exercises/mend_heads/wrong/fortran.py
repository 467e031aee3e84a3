"""order="F" goes down the columns: it mixes other numbers, but still mixes."""


def split_heads(x, n_heads):
    """(seq, d_model) -> (n_heads, seq, d_k)."""
    return x.reshape(n_heads, len(x), -1, order="F")
