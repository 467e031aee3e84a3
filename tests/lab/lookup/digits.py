"""What vouches for the digits in this lab's texts."""

import numpy as np

from attention import load_card, softmax
from attention_lab.labs.lookup.asking import equal, most
from attention_lab.labs.lookup.finding import KEYS, QUERY
from tests.lab.vouching import sum_of_weights

SCORES = np.array(KEYS) @ np.array(QUERY)
SAME_QUERY, LESS_ALIKE, MORE_ONES = range(3)


def products() -> tuple[float, ...]:
    """The products of the two books that tie, where they have the same numbers, and their score."""
    first, last = (np.array(KEYS[i]) * np.array(QUERY) for i in (SAME_QUERY, MORE_ONES))
    assert first.tolist() == last.tolist()
    assert SCORES[SAME_QUERY] == SCORES[MORE_ONES]
    a, b = QUERY[0], KEYS[SAME_QUERY][0]
    c, (d, e) = QUERY[1], sorted((KEYS[SAME_QUERY][1], KEYS[MORE_ONES][1]))
    return a, b, c, d, e, QUERY[2], KEYS[SAME_QUERY][2], float(SCORES[SAME_QUERY])


def unmet() -> float:
    """What the query has where the key of more ones has one more."""
    more = np.flatnonzero(np.array(KEYS[MORE_ONES]) > np.array(KEYS[SAME_QUERY]))
    return float(np.array(QUERY)[more].max())


def copied() -> tuple[float, float]:
    """The books with one key, by their places: the copy, and the book that it was copied from."""
    first, last = equal().values[:2]
    assert first == last
    return len(KEYS), 1


def logistic() -> tuple[float, float]:
    """The two ones of the logistic function, by which two scores share: p = a ÷ (b + e^-x)."""
    x = np.array([0.7, 0.0])
    p = float(softmax(x)[0])
    a = p * (1 + np.exp(-0.7))
    return round(float(a), 12), round(float(a / p - np.exp(-0.7)), 12)


def coldest(*scores: float) -> tuple[float, ...]:
    """The weights of scores that are divided by next to nothing."""
    return tuple(np.round(softmax(np.array(scores) / 1e-6), 12).tolist())


VOUCHED = {
    "shares that sum to 1": sum_of_weights,
    "[1, 0, 1]": lambda: tuple(map(float, QUERY)),
    "its score is 0": lambda: float(SCORES[LESS_ALIKE]),
    "a 0 of the query": unmet,
    "1·1 + 0·(0 or 1) + 1·1 = 2": products,
    "book 3 gets the very key of book 1": copied,
    "book 1, the first": lambda: copied()[1],
    "book 3, the last": lambda: copied()[0],
    "1 ÷ (1 + e^": logistic,
    "1, 0 and 0": lambda: coldest(3, 2, 1),
    "0.5, 0.5 and 0": lambda: coldest(3, 3, 1),
    "temperature goes to 0": lambda: 0.0 if coldest(3, 2, 1) == (1, 0, 0) else 1.0,
    "keys of book 1 and 3": lambda: (
        (SAME_QUERY + 1, MORE_ONES + 1) if most(answered=True).right == [3] else 0
    ),
    "vectors of 384 numbers": lambda: load_card("minilm").d_model,
}
