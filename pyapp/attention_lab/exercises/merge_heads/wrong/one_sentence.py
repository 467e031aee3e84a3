"""It works for one sentence only. Keep the axes in front, and count from the end: swapaxes(-2, -3)."""


def merge_heads(heads):
    """(..., n_heads, seq, d_k) -> (..., seq, n_heads * d_k)."""
    rows = heads.swapaxes(0, 1)
    return rows.reshape(rows.shape[0], -1)
