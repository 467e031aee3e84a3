"""The weights were divided, after softmax: they no longer sum to 1. Scale the scores."""

import numpy as np


def weights(Q, K):
    """Return the attention weights (..., seq_q, seq_k)."""
    scores = Q @ K.swapaxes(-1, -2)
    return softmax(scores) / np.sqrt(Q.shape[-1])
