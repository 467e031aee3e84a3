"""These are the weights of a softmax over queries: axis -2 instead of -1. Each query shares its
weight among the keys, so that each row sums to 1.
"""

import numpy as np


def softmax(x):
    """Turn scores into weights that sum to 1 along the last axis."""
    exponentials = np.exp(x - x.max(axis=-2, keepdims=True))
    return exponentials / exponentials.sum(axis=-2, keepdims=True)
