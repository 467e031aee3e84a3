"""The variance divides by d_model - 1. Layer norm divides by d_model: no ddof."""

import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    """Return each row with mean 0 and variance 1, times gamma, plus beta."""
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True, ddof=1)
    return gamma * centred / np.sqrt(variance + eps) + beta
