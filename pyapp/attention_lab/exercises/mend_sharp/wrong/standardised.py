"""Divided by the spread of these very scores: the weights of one query then depend on all the
others. √d_k is known beforehand.
"""

import numpy as np


def softmax(x):
    """Turn scores into weights that sum to 1 along the last axis."""
    exponentials = np.exp(x - x.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def weights(Q, K):
    """Return the attention weights (..., seq_q, seq_k)."""
    scores = Q @ K.swapaxes(-1, -2)
    scores = scores / scores.std()
    return softmax(scores)
