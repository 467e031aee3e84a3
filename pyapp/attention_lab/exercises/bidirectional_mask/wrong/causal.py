"""This is the causal mask. Here the future may be seen as well."""

import numpy as np


def bidirectional_mask(n):
    """Return the mask (n, n) that lets all attend to all."""
    return np.tri(n, dtype=bool)
