import numpy as np


def apply_mask(scores, mask):
    """Return the scores with -inf where the mask is False."""
    return np.where(mask, scores, -np.inf)
