"""The weights are right, but they were written into x, the scores of whoever called: x -= ...
changes the array itself. Write x - ... into a new name.
"""

import numpy as np


def softmax(x):
    x -= x.max(axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=-1, keepdims=True)
    return x
