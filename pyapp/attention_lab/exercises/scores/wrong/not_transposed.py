"""The keys are not transposed: q @ k multiplies the columns of q with the rows of k, and each key is
a row. Write k.T, or k.swapaxes(-1, -2).
"""


def scores(q, k):
    """Return the scores (seq_q, seq_k) of queries (seq_q, d_k) and keys (seq_k, d_k)."""
    return q @ k
