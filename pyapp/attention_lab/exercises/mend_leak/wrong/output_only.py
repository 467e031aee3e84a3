"""The output is divided again, but the weights are returned as they were. Let softmax see the mask."""

import numpy as np


def attention(Q, K, V, mask):
    """Return (output, weights)."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    weights = np.where(mask, softmax(scores), 0.0)
    return weights @ V / weights.sum(axis=-1, keepdims=True), weights
