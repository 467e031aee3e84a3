"""What vouches for the digits in this lab's texts."""

import numpy as np

from attention_lab.kit.refusal import RefusedError
from attention_lab.labs.beyond.lab import Beyond
from attention_lab.labs.beyond.patches import SIDE, SIZE, N, convolved, patches
from tests.lab.vouching import sum_of_weights


def inks() -> tuple[float, float]:
    """What a pixel of ink and one of paper become for a patch."""
    picture = np.zeros((SIDE, SIDE))
    picture[0, 0] = 1
    return float(patches(picture)[0, 0]), float(patches(picture)[0, 1])


def under_the_root() -> float:
    """The numbers of a patch, d_k."""
    return float(patches(np.zeros((SIDE, SIDE))).shape[1])


def pixels() -> tuple[float, float]:
    """The two numbers that can be painted; any other is refused."""
    taken = []
    for value in (-1, 0, 0.5, 1, 2):
        try:
            Beyond.param.picture.read([[value] * SIDE] * SIDE)
        except RefusedError:
            continue
        taken.append(float(value))
    paper, ink = taken
    return paper, ink


def window() -> tuple[float, float]:
    """How many patches down and across a patch of the convolution comes from."""
    across = SIDE // SIZE
    moved = np.zeros((N, 1))
    for place in range(N):
        rows = np.zeros((N, 1))
        rows[place] = 1
        moved[place] = convolved(rows)[across + 1] - convolved(np.zeros((N, 1)))[across + 1]
    near = moved.reshape(across, across) > 0
    return float(near.any(axis=1).sum()), float(near.any(axis=0).sum())


def first_patch() -> tuple[float, ...]:
    """The column that the question about a likeness compares with, by its name."""
    alike = next(each for each in Beyond().questions() if each.id == "alike")
    told = [place for place in alike.hints if "itself" in alike.hints[place]]
    return tuple(float(alike.columns[col]) for _, col in told[:1])


VOUCHED = {
    "Ink is 1 and paper −1": inks,
    "divided by √4": under_the_root,
    "score / √4": under_the_root,
    "patch 1": first_patch,
    "Weights sum to 1": sum_of_weights,
    "0 is paper, 1 is ink": pixels,
    "each 0 or 1": pixels,
    "3 × 3 patches": window,
}
