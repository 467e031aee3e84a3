import numpy as np


def masked_softmax(scores, mask):
    """Return weights; a row without any key gets 0."""
    scores = np.where(mask, scores, -1e9)
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
