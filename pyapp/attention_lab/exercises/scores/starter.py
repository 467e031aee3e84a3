import numpy as np


def scores(q, k):
    """Return the scores (seq_q, seq_k) of queries (seq_q, d_k) and keys (seq_k, d_k)."""
    raise NotImplementedError
