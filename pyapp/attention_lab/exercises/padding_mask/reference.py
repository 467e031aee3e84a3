import numpy as np


def padding_mask(lengths, max_length):
    """Return the mask (batch, 1, max_length): True where the key is a real token."""
    return np.arange(max_length) < lengths[:, None, None]
