"""With -inf a row without keys becomes nan: its sum is 0, or its largest score -inf."""

import numpy as np


def masked_softmax(scores, mask):
    masked = np.where(mask, scores, -np.inf)
    exponentials = np.exp(masked - masked.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
