import numpy as np


def sinusoids(seq_len, d_model):
    """Return the waves (seq_len, d_model): sines in even columns, cosines in odd ones."""
    raise NotImplementedError
