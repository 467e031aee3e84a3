import numpy as np


def softmax(x):
    """Turn scores (..., n) into weights that sum to 1 along the last axis."""
    largest = x.max(axis=0, keepdims=True)
    exponentials = np.exp(x - largest)
    return exponentials / exponentials.sum(axis=0, keepdims=True)
