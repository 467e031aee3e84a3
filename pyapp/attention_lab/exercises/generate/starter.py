import numpy as np


def generate(logits_of, ids, n):
    """Return the ids and n more, the likeliest one each time."""
    raise NotImplementedError
