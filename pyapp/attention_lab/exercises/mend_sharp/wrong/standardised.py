"""Divided by the spread of these very scores: the weights of one query then depend on all the
others. √d_k is known beforehand.
"""


def weights(Q, K):
    """Return the attention weights (..., seq_q, seq_k)."""
    scores = Q @ K.swapaxes(-1, -2)
    scores = scores / scores.std()
    return softmax(scores)
