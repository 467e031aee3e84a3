"""The scores are divided by √d_v, the width of the values. It is the width of queries and keys that
counts: d_k = Q.shape[-1].
"""

import numpy as np


def attention(Q, K, V, mask=None):
    """Return (output, weights) of queries Q, keys K and values V; mask: True = may attend."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(V.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ V, weights
