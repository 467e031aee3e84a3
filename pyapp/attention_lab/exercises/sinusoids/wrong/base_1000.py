"""The base is 1000 here; the paper has 10000."""

import numpy as np


def sinusoids(seq_len, d_model):
    """Return the waves (seq_len, d_model): sines in even columns, cosines in odd ones."""
    frequencies = 1000 ** (-np.arange(0, d_model, 2) / d_model)
    angles = np.arange(seq_len)[:, None] * frequencies
    waves = np.empty((seq_len, d_model))
    waves[:, 0::2] = np.sin(angles)
    waves[:, 1::2] = np.cos(angles)
    return waves
