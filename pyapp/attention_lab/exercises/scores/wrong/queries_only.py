"""These are the queries with themselves: q @ q.T. The keys are not used."""


def scores(q, k):
    """Return the scores (seq_q, seq_k) of queries (seq_q, d_k) and keys (seq_k, d_k)."""
    return q @ q.swapaxes(-1, -2)
