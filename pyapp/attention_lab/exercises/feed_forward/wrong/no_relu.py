"""There is no ReLU: two matrices with nothing between them are no more than one."""

import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    """Return each row through two matrices with a ReLU between them."""
    hidden = x @ w_1 + b_1
    return hidden @ w_2 + b_2
