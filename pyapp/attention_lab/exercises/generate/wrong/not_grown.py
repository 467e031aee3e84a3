"""Each token is chosen by the text from the beginning: a new token is not part of it before the next
is chosen.
"""

import numpy as np


def generate(logits_of, ids, n):
    """Return the ids and n more, the likeliest one each time."""
    start, ids = list(ids), list(ids)
    for _ in range(n):
        ids.append(int(np.argmax(logits_of(start)[-1])))
    return ids
