"""The numbers are right, but the axis for the queries is missing: (batch, max_length) would line up
with the wrong axes of the scores. Write lengths[:, None, None].
"""

import numpy as np


def padding_mask(lengths, max_length):
    """Return the mask (batch, 1, max_length): True where the key is a real token."""
    return np.arange(max_length) < lengths[:, None]
