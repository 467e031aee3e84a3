"""Multiplied by √d_k, the scores spread still wider. Divide."""

import numpy as np


def weights(Q, K):
    """Return the attention weights (..., seq_q, seq_k)."""
    scores = Q @ K.swapaxes(-1, -2) * np.sqrt(Q.shape[-1])
    return softmax(scores)
