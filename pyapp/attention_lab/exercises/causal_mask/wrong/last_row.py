"""This is one row only, that of one position. Each position has a row of its own: (n, n)."""

import numpy as np


def causal_mask(n):
    """Return the mask (n, n): True where query i may attend to key j."""
    return np.ones(n, dtype=bool)
