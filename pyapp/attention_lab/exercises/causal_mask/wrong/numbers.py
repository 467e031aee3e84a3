"""These are the numbers 1.0 and 0.0. A mask holds True and False: add dtype=bool."""

import numpy as np


def causal_mask(n):
    """Return the mask (n, n): True where query i may attend to key j."""
    return np.tri(n)
