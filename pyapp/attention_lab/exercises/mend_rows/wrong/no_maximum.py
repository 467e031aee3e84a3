"""The axis is right, but the largest is no longer taken off: large scores overflow."""

import numpy as np


def softmax(x):
    """Turn scores (..., n) into weights that sum to 1 along the last axis."""
    largest = x.max(axis=-1, keepdims=True)
    exponentials = np.exp(x)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
