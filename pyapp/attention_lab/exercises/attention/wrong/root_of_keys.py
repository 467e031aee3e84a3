"""The scores are divided by the root of how many keys there are. It is the width of each key that
counts: d_k = Q.shape[-1].
"""

import numpy as np


def attention(Q, K, V, mask=None):
    """Return (output, weights) of queries Q, keys K and values V; mask: True = may attend."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(K.shape[-2])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ V, weights
