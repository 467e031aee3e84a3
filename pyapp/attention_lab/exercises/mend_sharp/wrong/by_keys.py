"""Divided by the root of how many keys there are. It is the length of the vectors that spreads the
scores.
"""

import numpy as np


def weights(Q, K):
    """Return the attention weights (..., seq_q, seq_k)."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(K.shape[-2])
    return softmax(scores)
