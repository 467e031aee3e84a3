"""The output is divided again, but the weights are returned as they were. Let softmax see the mask."""

import numpy as np


def softmax(x):
    """Turn scores into weights that sum to 1 along the last axis."""
    exponentials = np.exp(x - x.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def attention(Q, K, V, mask):
    """Return (output, weights)."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    weights = np.where(mask, softmax(scores), 0.0)
    return weights @ V / weights.sum(axis=-1, keepdims=True), weights
