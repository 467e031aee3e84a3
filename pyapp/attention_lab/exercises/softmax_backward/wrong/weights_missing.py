"""The product with the weights is missing in front: w_i (g_i - mean)."""


def softmax_backward(weights, grad):
    """Return the gradient of the scores, given that of the weights."""
    mean = (grad * weights).sum(axis=-1, keepdims=True)
    return grad - mean
