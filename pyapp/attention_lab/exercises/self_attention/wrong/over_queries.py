"""The weights sum to 1 in each column. Each row shares its weight among the keys: softmax along
axis=-1.
"""

import numpy as np


def softmax(x):
    """Turn scores into weights that sum to 1 along the last axis."""
    exponentials = np.exp(x - x.max(axis=-2, keepdims=True))
    return exponentials / exponentials.sum(axis=-2, keepdims=True)


def attention(Q, K, V, mask=None):
    """Return (output, weights); mask: True = may attend."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ V, weights


class SelfAttention:
    """Let the rows of one sequence attend to each other."""

    def __init__(self, d_model):
        self.d_model = d_model

    def forward(self, x, mask=None):
        """Return (output, weights)."""
        return attention(x, x, x, mask)
