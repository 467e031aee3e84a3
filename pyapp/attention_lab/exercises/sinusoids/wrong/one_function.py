"""There are only sines. Odd columns are cosines of the same angles."""

import numpy as np


def sinusoids(seq_len, d_model):
    """Return the waves (seq_len, d_model): sines in even columns, cosines in odd ones."""
    frequencies = 10000 ** (-np.arange(0, d_model, 2) / d_model)
    angles = np.arange(seq_len)[:, None] * frequencies
    waves = np.empty((seq_len, d_model))
    waves[:, 0::2] = np.sin(angles)
    waves[:, 1::2] = np.sin(angles)
    return waves
