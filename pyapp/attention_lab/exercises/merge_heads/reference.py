def merge_heads(heads):
    """(..., n_heads, seq, d_k) -> (..., seq, n_heads * d_k)."""
    rows = heads.swapaxes(-2, -3)
    return rows.reshape(*rows.shape[:-2], -1)
