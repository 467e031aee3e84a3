import numpy as np


def softmax(x):
    """Turn scores into weights that sum to 1 along the last axis (put your own here)."""
    exponentials = np.exp(x - x.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def attention(Q, K, V, mask=None):
    """Return (output, weights) of queries Q, keys K and values V; mask: True = may attend."""
    raise NotImplementedError
