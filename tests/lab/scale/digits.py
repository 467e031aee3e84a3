"""What vouches for the digits in this lab's texts."""

import math

import numpy as np

from attention import softmax
from attention_lab.labs.scale.asking import ASKED_D_K, WIDER, asked_wider, questions
from attention_lab.labs.scale.measured import Drawn, gradient_norms, into_softmax
from tests.lab.vouching import bounds_of_weights


def ends() -> tuple[float, float]:
    """The two weights at which a row hardly moves: the norm of softmax's Jacobian is nothing there."""
    row = np.array([1.0, 0.0])
    assert gradient_norms(row[None])[0] == 0
    assert gradient_norms(np.array([[0.5, 0.5]]))[0] > 0
    return float(row[0]), float(row[1])


def moves() -> tuple[float, float]:
    """The bounds between which a weight can move."""
    one, nought = ends()
    assert (nought, one) == bounds_of_weights()
    return nought, one


def neutral() -> float:
    """The temperature that leaves scores as far apart as they are; a higher one brings them together."""
    scores = Drawn(1).q[:, :8].astype(float)
    apart = {t: float(np.ptp(into_softmax(scores, 8, 64, False, t))) for t in (0.5, 1.0, 2.0)}
    assert apart[0.5] > apart[1.0] > apart[2.0]
    return next(t for t, each in apart.items() if each == np.ptp(scores))


def columns() -> float:
    """How many times as many columns the question's wider heads have: so grows the variance."""
    return WIDER[1] / WIDER[0]


def factors() -> dict[str, float]:
    """The options of the question, by the factor that each says; the right one is the root."""
    asked = asked_wider(1, (1.0, math.sqrt(columns())), answered=True)
    assert asked.options[asked.right[0]] == "2 times"
    return {"root": math.sqrt(columns()), "variance": columns(), "squared": columns() ** 2}


def of_an_entry() -> tuple[float, float]:
    """Mean and variance of the entries of queries and keys, to the first digit."""
    drawn = Drawn(1)
    entries = np.concatenate([drawn.q.ravel(), drawn.k.ravel()])
    return float(round(abs(entries.mean()), 2)), float(round(entries.var(), 2))


def of_a_product() -> tuple[float, float]:
    """The variance of an entry, and of a product of two."""
    drawn = Drawn(1)
    products = drawn.q[:, None] * drawn.k[None]
    return of_an_entry()[1], float(round(products.var(), 1))


def weight() -> tuple[float, ...]:
    """What the question's weight follows from: d_k, and by what both scores are divided."""
    asked = next(each for each in questions(np.random.default_rng(0)) if each.id == "weight")
    words = "".join(part for part in asked.ask if isinstance(part, str)).replace(";", "").split()
    first, second = [float(word) for word in words if word.isdigit()][:2]
    for d_k in (1, 4, 9, 16):
        if math.isclose(float(softmax(np.array([first, second]) / math.sqrt(d_k))[0]), asked.right):
            return float(d_k), math.sqrt(d_k)
    raise AssertionError(asked)


def logistic() -> tuple[float, float]:
    """The two ones of the logistic function, by which two scores share: p = a ÷ (b + e^-x)."""
    p = float(softmax(np.array([0.7, 0.0]))[0])
    a = p * (1 + math.exp(-0.7))
    return round(a, 12), round(a / p - math.exp(-0.7), 12)


def slope() -> tuple[float, float]:
    """The one in w (1 − w), the slope of a weight in its own score; and the slope at both ends."""
    x, step = np.array([0.4, 0.0]), np.array([1e-6, 0.0])
    w = float(softmax(x)[0])
    rises = float(softmax(x + step)[0] - softmax(x - step)[0]) / (2 * step[0])
    one = round(rises / w + w, 6)
    assert ends()[0] * (1 - ends()[0]) == ends()[1] * (1 - ends()[1]) == 0
    return one, 0.0


def shared_by() -> float:
    """What is raised to the entropy in bits to give the number of keys that share evenly."""
    even = softmax(np.zeros(8))
    bits = float(-(even * np.log2(even)).sum())
    return round(8 ** (1 / bits), 12)


VOUCHED = {
    "A row at 1 and 0 hardly moves": ends,
    "what is near 1 or 0 hardly moves": ends,
    "between 0 and 1 can move": moves,
    "Dividing by more than 1": neutral,
    "grows by 4": columns,
    "2 times": lambda: factors()["root"],
    "4 times": lambda: factors()["variance"],
    "16 times": lambda: factors()["squared"],
    "of variance 1, and": lambda: of_an_entry()[1],
    "One product has variance 1": lambda: of_a_product()[1],
    "two independent entries of variance 1 has variance 1": of_a_product,
    "mean 0, variance 1": of_an_entry,
    "{d_k} = 4. After": lambda: weight()[0],
    "divide both scores by 2 first": lambda: weight()[1],
    "divided by 4; it is the root of 4 that": lambda: (weight()[0], weight()[0]),
    "Divide both by 2": lambda: weight()[1],
    "1 ÷ (1 + exp": logistic,
    "w (1 − w) = {lead} × {lead_2}: it is largest at one half and 0": slope,
    "the slope is w (1 − w)": lambda: slope()[0],
    "A head with {d_k} = 64": lambda: ASKED_D_K,
    "2 to the entropy": shared_by,
}
