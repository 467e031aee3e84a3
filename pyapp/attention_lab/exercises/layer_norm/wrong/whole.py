"""Mean and variance are those of all numbers together. Each row has its own: axis=-1 with
keepdims=True.
"""

import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    """Return each row with mean 0 and variance 1, times gamma, plus beta."""
    centred = x - x.mean()
    variance = (centred**2).mean()
    return gamma * centred / np.sqrt(variance + eps) + beta
