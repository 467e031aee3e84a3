"""The weights are divided again, but by the sums of columns: axis=-1 is meant."""

import numpy as np


def softmax(x):
    """Turn scores into weights that sum to 1 along the last axis."""
    exponentials = np.exp(x - x.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def attention(Q, K, V, mask):
    """Return (output, weights)."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    weights = np.where(mask, softmax(scores), 0.0)
    weights = weights / weights.sum(axis=-2, keepdims=True)
    return weights @ V, weights
