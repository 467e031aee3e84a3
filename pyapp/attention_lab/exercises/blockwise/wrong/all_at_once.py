"""The output is right, but all scores were held at once: this is ordinary attention. Go through the
keys in blocks.
"""

import numpy as np


def blockwise(Q, K, V, block_size):
    scores = Q @ K.T / np.sqrt(Q.shape[-1])
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials @ V / exponentials.sum(axis=-1, keepdims=True)
