"""What vouches for the digits in this lab's texts."""

import numpy as np

from attention import create_causal_mask
from attention_lab.labs.scale.measured import Drawn
from tests.lab.helpers import blocks, make_lab
from tests.lab.vouching import bounds_of_weights


def spread() -> float:
    """The standard deviation of scores of random rows, divided by √d_k."""
    drawn = Drawn(1)
    return float(round((drawn.q[:, :64] @ drawn.k[:, :64].T / 8).std(), 1))


def variance() -> float:
    """That of the entries of these rows."""
    return float(round(Drawn(1).k.var(), 2))


def causal() -> tuple[float, ...]:
    """How many tokens each of the first ones sees; and, of all of them, what n (n + 1) is divided by."""
    rows = create_causal_mask(9).sum(axis=1)
    return float(rows[0]), float(rows[1]), 9 * (9 + float(rows[0])) / float(rows.sum())


def card(n: int) -> float:
    """The place of a card, if its sign is the one that the text gives it."""
    signs = [each["sign"] for each in blocks(make_lab("wrap"))["Cards"]["cards"]]
    return float(signs.index(f"myth {n}") + 1)


VOUCHED = {
    "myth 1": lambda: card(1),
    "myth 2": lambda: card(2),
    "myth 3": lambda: card(3),
    "a weight of 1 would be best": lambda: bounds_of_weights()[1],
    "divided, by 1": spread,
    "n (n + 1) / 2": lambda: (causal()[0], causal()[2]),
    "numbers of 16 bits": lambda: float(np.finfo(np.float16).bits),
    "The first sees 1, the second 2": lambda: causal()[:2],
    "with variance 1": variance,
    "Myth 2: the heaviest arrow was cut": "test_cutting_the_heaviest_arrow_of_ordinary_leaves_its_answer",
}
