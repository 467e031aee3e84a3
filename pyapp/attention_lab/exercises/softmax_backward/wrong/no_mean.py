"""This is w g: the weighted mean of the gradients is not subtracted."""


def softmax_backward(weights, grad):
    """Return the gradient of the scores, given that of the weights."""
    mean = (grad * weights).sum(axis=-1, keepdims=True)
    return weights * grad
