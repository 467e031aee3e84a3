"""The scores are divided by the root of how many keys there are. It is the length of each key that
counts: d_k.
"""

import numpy as np


def scale(scores, d_k):
    """Return the scores divided by the root of d_k."""
    return scores / np.sqrt(scores.shape[-1])
