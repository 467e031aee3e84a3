"""The mask is as wide as the longest sentence. It should be max_length wide."""

import numpy as np


def padding_mask(lengths, max_length):
    """Return the mask (batch, 1, max_length): True where the key is a real token."""
    return np.arange(lengths.max()) < lengths[:, None, None]
