"""beta is not added: it comes last, after gamma has multiplied."""

import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    """Return each row with mean 0 and variance 1, times gamma, plus beta."""
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred**2).mean(axis=-1, keepdims=True)
    return gamma * centred / np.sqrt(variance + eps)
