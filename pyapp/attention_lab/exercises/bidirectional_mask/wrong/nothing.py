"""Everything is False: nobody may look at anything. True = may attend."""

import numpy as np


def bidirectional_mask(n):
    """Return the mask (n, n) that lets all attend to all."""
    return np.zeros((n, n), dtype=bool)
