"""The sum of each row has lost its axis, so that NumPy cannot line it up with the rows: write
keepdims=True in max and in sum.
"""

import numpy as np


def softmax(x):
    """Turn scores (..., n) into weights (..., n) that sum to 1 along the last axis."""
    largest = x.max(axis=-1)
    exponentials = np.exp(x - largest)
    return exponentials / exponentials.sum(axis=-1)
