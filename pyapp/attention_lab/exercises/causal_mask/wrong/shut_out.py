"""True marks what is shut out here. In this course True = may attend, as in PyTorch's
scaled_dot_product_attention.
"""

import numpy as np


def causal_mask(n):
    """Return the mask (n, n): True where query i may attend to key j."""
    return ~np.tri(n, dtype=bool)
