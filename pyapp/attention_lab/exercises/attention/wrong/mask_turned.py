"""The mask is read the wrong way round: True = may attend, and here True is what was shut out."""

import numpy as np


def attention(Q, K, V, mask=None):
    """Return (output, weights) of queries Q, keys K and values V; mask: True = may attend."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, -np.inf, scores)
    weights = softmax(scores)
    return weights @ V, weights
