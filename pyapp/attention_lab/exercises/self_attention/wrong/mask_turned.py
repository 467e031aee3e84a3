"""The mask is read the wrong way round: True = may attend."""

import numpy as np


def attention(Q, K, V, mask=None):
    """Return (output, weights); mask: True = may attend."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, -np.inf, scores)
    weights = softmax(scores)
    return weights @ V, weights
