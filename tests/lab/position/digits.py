"""What vouches for the digits in this lab's texts."""

import numpy as np

from attention import sinusoidal_positions
from attention_lab.labs.position.lab import Position
from attention_lab.labs.position.placing import D_MODEL
from tests.lab.helpers import blocks, make_lab
from tests.lab.vouching import sum_of_weights


def waves() -> np.ndarray:
    """The rows of the paper, 32 columns wide."""
    return sinusoidal_positions(64, 32)


def fastest() -> tuple[float, float]:
    """The columns, counted from 1, that come again after 2 π positions."""
    at = waves()
    far = np.array([np.arange(64), np.arange(64)]).T
    turning = [
        i for i, wave in enumerate((np.sin(far[:, 0]), np.cos(far[:, 1]))) if np.allclose(at[:, i], wave)
    ]
    return turning[0] + 1.0, turning[1] + 1.0


def one_pair() -> tuple[float, ...]:
    """The two powers of a sine and of its cosine, and what they add up to."""
    at = waves()[7]
    power = 2.0
    return power, power, float(at[0] ** power + at[1] ** power)


def products_asked() -> tuple[float, ...]:
    """The positions that are asked about: the answer is their product."""
    lab = make_lab("position", step="apart")
    asked, rows = lab._asked_of_apart(), lab.rows
    assert asked.answer[1] == f"{rows[10] @ rows[13]:.2f}"
    np.testing.assert_allclose(rows[10] @ rows[13], rows[40] @ rows[43])
    return 10.0, 13.0, 40.0, 43.0


def halved() -> float:
    """By what d_model is divided to give the product of a row with itself."""
    at = waves()[5]
    return float(at.shape[0] / (at @ at))


def start_of_the_text() -> float:
    """The start from which nothing has moved."""
    lab = Position()
    lab.apply({"step": "turned", "start": 0})
    assert lab._moved() == (0.0, 0.0)
    return float(lab.start)


def alike() -> tuple[float, ...]:
    """The cosine of a vector with itself, from which both differences are taken."""
    row = np.random.default_rng(0).normal(size=384)
    return (float(row @ row / np.linalg.norm(row) ** 2),)


def centre() -> float:
    """What lies in the middle of the colours of signed numbers."""
    legend = next(
        view for view in blocks(make_lab("position", step="waves")).values() if view["block"] == "Legend"
    )
    low, high = (float(legend["legend"][end].replace("−", "-")) for end in ("low", "high"))
    return (low + high) / 2


VOUCHED = {
    "columns 1 and 2": fastest,
    "positions 10 and 13 larger than that of 40 and 43": products_asked,
    "d_model / 2": halved,
    "the text started at 0": start_of_the_text,
    "d_k 4": lambda: D_MODEL,
    "et al. 2017, section 3.5": "where a source says it, by year and section",
    "centred on 0": centre,
    "Weights sum to 1": sum_of_weights,
    "give sin² + cos² = 1": lambda: one_pair()[2],
    "counts each column as 1; a sine and its cosine make 1 together": lambda: (halved() / 2, one_pair()[2]),
    "sin² + cos² is 1 for each pair": lambda: one_pair()[2],
    "off 1": alike,
}
