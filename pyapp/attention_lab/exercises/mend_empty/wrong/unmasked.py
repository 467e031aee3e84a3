"""The row without keys now has the weights that it would have with no mask at all."""

import numpy as np


def masked_softmax(scores, mask):
    masked = np.where(mask | ~mask.any(axis=-1, keepdims=True), scores, -np.inf)
    exponentials = np.exp(masked - masked.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
