"""This is one row. Each query has a row of its own: (n, n)."""

import numpy as np


def bidirectional_mask(n):
    """Return the mask (1, n) that lets all attend to all."""
    return np.ones((1, n), dtype=bool)
