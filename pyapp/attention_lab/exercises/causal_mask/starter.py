import numpy as np


def causal_mask(n):
    """Return the mask (n, n): True where query i may attend to key j."""
    raise NotImplementedError
