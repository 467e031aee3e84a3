def split_heads(x, n_heads):
    """(seq, d_model) -> (n_heads, seq, d_k)."""
    return x.reshape(len(x), n_heads, -1).swapaxes(0, 1)
