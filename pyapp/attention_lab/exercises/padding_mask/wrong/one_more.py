"""One place too many: places count from 0, so that a sentence of length 2 has the places 0 and 1.
Compare with <.
"""

import numpy as np


def padding_mask(lengths, max_length):
    """Return the mask (batch, 1, max_length): True where the key is a real token."""
    return np.arange(max_length) <= lengths[:, None, None]
