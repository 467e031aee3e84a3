"""The filling is taken to be in front. It comes after the tokens."""

import numpy as np


def padding_mask(lengths, max_length):
    """Return the mask (batch, 1, max_length): True where the key is a real token."""
    return np.arange(max_length)[::-1] < lengths[:, None, None]
