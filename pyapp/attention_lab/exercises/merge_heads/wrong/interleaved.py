"""The columns of the heads are dealt out in turns. They should stay together: all of head 0, then
all of head 1.
"""


def merge_heads(heads):
    """(..., n_heads, seq, d_k) -> (..., seq, n_heads * d_k)."""
    rows = heads.swapaxes(-2, -3).swapaxes(-1, -2)
    return rows.reshape(*rows.shape[:-2], -1)
