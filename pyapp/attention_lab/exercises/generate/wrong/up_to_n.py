"""The text is n long in all here. n new tokens are asked for, whatever the beginning."""

import numpy as np


def generate(logits_of, ids, n):
    """Return the ids and n more, the likeliest one each time."""
    ids = list(ids)
    for _ in range(n - len(ids)):
        ids.append(int(np.argmax(logits_of(ids)[-1])))
    return ids
