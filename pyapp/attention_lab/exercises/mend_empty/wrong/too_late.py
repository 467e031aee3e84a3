"""What is masked is set to 0, but it was counted in the sum: the other rows no longer sum to 1."""

import numpy as np


def masked_softmax(scores, mask):
    """Return weights; a row without any key gets 0."""
    masked = np.where(mask, scores, -1e9)
    largest = masked.max(axis=-1, keepdims=True)
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    total = exponentials.sum(axis=-1, keepdims=True)
    return np.where(mask, exponentials / total, 0.0)
