"""The sum is taken down the columns. Each row has its own: axis=-1."""


def softmax_backward(weights, grad):
    """Return the gradient of the scores, given that of the weights."""
    mean = (grad * weights).sum(axis=0, keepdims=True)
    return weights * (grad - mean)
