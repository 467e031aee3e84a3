def split_heads(x, n_heads):
    """(seq, d_model) -> (n_heads, seq, d_k)."""
    seq, d_model = x.shape
    return x.reshape(n_heads, seq, d_model // n_heads)
