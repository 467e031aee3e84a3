"""What vouches for the digits in this lab's texts."""

import numpy as np

from attention import PUBLISHED_MODELS, kv_cache_bytes, softmax

BYTES_EACH = 2


def bytes_each() -> float:
    """The bytes of a number that make what the question takes for right what the library counts."""
    return kv_cache_bytes(1, 3, 4, 16, bytes_each=BYTES_EACH) / (2 * 3 * 4 * 16)


def shared_out_again() -> float:
    """The sum of the chances that a cut leaves, in per cent."""
    return round(float(100 * softmax(np.array([1.0, 0.5]))[:2].sum()), 9)


VOUCHED = {
    "must add up to 100 %": shared_out_again,
    "2 bytes": bytes_each,
    "GPT-2 small": f"the name of a model: {PUBLISHED_MODELS['GPT-2 small'].source}",
}
