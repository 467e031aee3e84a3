"""The tokens are right, but the list of whoever called has grown: begin with a copy, list(ids)."""

import numpy as np


def generate(logits_of, ids, n):
    """Return the ids and n more, the likeliest one each time."""
    for _ in range(n):
        ids.append(int(np.argmax(logits_of(ids)[-1])))
    return ids
