"""norm_first is not looked at: the norms always come first."""

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


def layer_norm(x, gamma, beta, eps=1e-5):
    """Each row with mean 0 and variance 1, times gamma, plus beta."""
    centred = x - x.mean(axis=-1, keepdims=True)
    return gamma * centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + eps) + beta


def relu(x):
    """Keep what is positive."""
    return np.maximum(0, x)


def multi_head(x, w, n_heads, mask=None):
    """Self-attention with several heads, and with biases."""
    q = split_heads(x @ w["w_q"] + w["b_q"], n_heads)
    k = split_heads(x @ w["w_k"] + w["b_k"], n_heads)
    v = split_heads(x @ w["w_v"] + w["b_v"], n_heads)
    heads, _ = attention(q, k, v, mask)
    return merge_heads(heads) @ w["w_o"] + w["b_o"]


def block(x, weights, n_heads, mask=None, norm_first=True, activation=relu, eps=1e-5):
    """Return the rows (..., seq, d_model) after one transformer block."""
    w = weights

    def norm_1(rows):
        return layer_norm(rows, w["gamma_1"], w["beta_1"], eps)

    def norm_2(rows):
        return layer_norm(rows, w["gamma_2"], w["beta_2"], eps)

    def feed_forward(rows):
        return activation(rows @ w["w_1"] + w["b_1"]) @ w["w_2"] + w["b_2"]

    if True:
        x = x + multi_head(norm_1(x), w, n_heads, mask)
        return x + feed_forward(norm_2(x))
    x = norm_1(x + multi_head(x, w, n_heads, mask))
    return norm_2(x + feed_forward(x))
