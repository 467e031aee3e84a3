"""The numbers are right, but they were written into the scores of whoever called. np.where makes a
new array.
"""

import numpy as np


def apply_mask(scores, mask):
    """Return the scores with -inf where the mask is False."""
    scores[~np.broadcast_to(mask, scores.shape)] = -np.inf
    return scores
