"""Random numbers that belong to a place, not to a moment.

A generator hands out numbers in the order in which it is asked, so that one more word would change all the
words after it. Here each number is computed from the seed and from what it is for; no state is kept anywhere,
and every machine and every version computes the same.
"""

from __future__ import annotations

import hashlib
import math

from attention.checks import whole_number

MAX_SEED = 2**32 - 1


def checked_seed(seed: int) -> int:
    """Return the seed as an int from 0 to `MAX_SEED`."""
    return whole_number("seed", seed, 0, MAX_SEED)


def normal(seed: int, *place: str | int) -> float:
    """Draw the one number of the standard normal distribution that `seed` gives to `place`.

        z = sqrt(-2 ln u_1) cos(2 pi u_2)   (Box and Muller 1958), u_1 and u_2 from SHA-256 of seed and place

    >>> round(normal(7, "cat", 0), 6) == round(normal(7, "cat", 0), 6) != round(normal(8, "cat", 0), 6)
    True
    """
    digest = hashlib.sha256(ascii((seed, *place)).encode()).digest()
    u_1, u_2 = (int.from_bytes(part, "big") / 2**48 for part in (digest[:6], digest[6:12]))
    return math.sqrt(-2 * math.log(1 - u_1)) * math.cos(2 * math.pi * u_2)
