import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    """Return each row with mean 0 and variance 1, times gamma, plus beta."""
    raise NotImplementedError
