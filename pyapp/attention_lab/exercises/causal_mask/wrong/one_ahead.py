"""Each position sees the next one as well: the triangle is one diagonal too wide."""

import numpy as np


def causal_mask(n):
    """Return the mask (n, n): True where query i may attend to key j."""
    return np.tri(n, k=1, dtype=bool)
