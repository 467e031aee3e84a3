"""Positions may look at themselves, too: the diagonal is True."""

import numpy as np


def bidirectional_mask(n):
    """Return the mask (n, n) that lets all attend to all."""
    return ~np.eye(n, dtype=bool)
