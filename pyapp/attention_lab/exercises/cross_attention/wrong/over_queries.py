"""The weights sum to 1 over the queries. Each row of x shares its weight among the keys: softmax
along axis=-1.
"""

import numpy as np


def softmax(x):
    """Turn scores into weights that sum to 1 along the last axis."""
    exponentials = np.exp(x - x.max(axis=-2, keepdims=True))
    return exponentials / exponentials.sum(axis=-2, keepdims=True)
