"""A position may look at itself: the diagonal is True. Otherwise the first one has no key at all."""

import numpy as np


def causal_mask(n):
    """Return the mask (n, n): True where query i may attend to key j."""
    return np.tri(n, k=-1, dtype=bool)
