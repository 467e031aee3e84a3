"""The mask is turned round: every position looks into the future, and none into the past. Rows are
queries: row i is True up to column i.
"""

import numpy as np


def causal_mask(n):
    """Return the mask (n, n): True where query i may attend to key j."""
    return np.tri(n, dtype=bool).T
