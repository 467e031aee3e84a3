"""The scores are not divided by √d_k: the weights are sharper than they should be, and the more so
the longer the vectors.
"""

import numpy as np


def attention(Q, K, V, mask=None):
    """Return (output, weights) of queries Q, keys K and values V; mask: True = may attend."""
    scores = Q @ K.swapaxes(-1, -2)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ V, weights
