import numpy as np


def softmax(x):
    """Turn scores (..., n) into weights (..., n) that sum to 1 along the last axis."""
    largest = x.max(axis=-1, keepdims=True)
    exponentials = np.exp(x - largest)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
