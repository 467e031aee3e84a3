"""q * k multiplies number by number at the same place. A score is a dot product of two whole rows,
for each pair of them: a product of matrices, @.
"""


def scores(q, k):
    """Return the scores (seq_q, seq_k) of queries (seq_q, d_k) and keys (seq_k, d_k)."""
    return q * k
