"""This is the distance from query to key, which is small when they fit. The dot product is large
when they fit.
"""

import numpy as np


def scores(q, k):
    return np.sqrt(((q[:, None, :] - k[None, :, :]) ** 2).sum(axis=-1))
