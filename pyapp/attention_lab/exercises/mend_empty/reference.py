import numpy as np


def masked_softmax(scores, mask):
    """Return weights; a row without any key gets 0."""
    masked = np.where(mask, scores, -1e9)
    largest = masked.max(axis=-1, keepdims=True)
    exponentials = np.where(mask, np.exp(masked - largest), 0.0)
    total = exponentials.sum(axis=-1, keepdims=True)
    return exponentials / np.where(total == 0, 1.0, total)
