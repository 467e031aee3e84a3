"""What the lab asks: a prediction on the face, and questions with fresh numbers at the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from attention import Array
from attention_lab.kit.blocks import Amount, Choice, Pick
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Predict
from attention_lab.kit.texts import _
from attention_lab.labs.beyond.patches import (
    ACROSS,
    BESIDE,
    EYE,
    FACE,
    MOUTH,
    OTHER_EYE,
    SIZE,
    patches,
    weights_of,
)

_ASKED = (BESIDE, OTHER_EYE, MOUTH)


def twin(answered: bool = False) -> Predict:
    """Ask of the face, whatever is painted: where does its left eye look, beside itself?"""
    x = patches(np.array(FACE))
    row = weights_of(x, x)[at(*EYE)]
    found = [float(row[at(*place)]) for place in _ASKED]
    best = int(np.argmax(found))
    return Predict(
        key="eye-of-the-face",
        question=[
            _("The patch of the face’s left eye looks at itself. Which of these does it look at as much?")
        ],
        options=[_("The patch beside it"), _("The right eye"), _("The mouth")],
        right=[best],
        answer=(_("weight of the right eye"), number(found[1], 2)),
        values=[number(each, 2) for each in found],
        why=[
            [
                _(
                    "Tempting: in a picture neighbours belong together. But pixels alone do not "
                    "say who is near."
                )
            ],
            [_("The same four pixels, so the same score as with itself, however far away.")],
            [_("It has ink, too, but not in the same places: half agree and half differ.")],
        ],
        answered=answered,
    )


def at(row: int, column: int) -> int:
    """Return the number of a patch."""
    return row * ACROSS + column


def questions_of(rng: np.random.Generator) -> Sequence[Question]:
    """A count, a score, a likeness, a shuffle, and what a head was seen to do."""
    return [_count(rng), _score(rng), _alike(rng), _shuffle(), _seen(rng)]


def _count(rng: np.random.Generator) -> Amount:
    size = int(rng.choice([7, 8, 14, 16, 28]))
    side = size * int(rng.integers(3, 12))
    across = side // size
    return Amount(
        id="count",
        ask=_(
            "A picture of {side} by {side} pixels is cut into patches of {size} by {size}. How many?",
            side=side,
            size=size,
        ),
        right=across**2,
        within=0,
        because=_("{across} across and {across} down.", across=across),
        hints=[
            (across, _("That is one row of patches. How many rows are there?")),
            (side**2, _("These are the pixels.")),
        ],
    )


def _pixels(rng: np.random.Generator, differ: int) -> tuple[Array, Array]:
    one = rng.choice([-1, 1], size=SIZE**2)
    other = one.copy()
    other[rng.choice(SIZE**2, differ, replace=False)] *= -1
    return one, other


def _score(rng: np.random.Generator) -> Amount:
    differ = int(rng.choice([0, 1, 3, 4]))
    one, other = _pixels(rng, differ)
    right = float(one @ other)
    return Amount(
        id="score",
        ask=_(
            "Ink is 1 and paper −1. What is the score of the patches {listed} and {listed_2}, "
            "before it is divided by √4?",
            listed=_listed(one),
            listed_2=_listed(other),
        ),
        right=right,
        within=0.001,
        because=_("{size} pixels agree and {differ} differ.", size=SIZE**2 - differ, differ=differ),
        hints=[
            (right / 2, _("That is divided by √4 already.")),
            *(
                [(float(SIZE**2 - differ), _("These agree. Now take off those that differ."))]
                if differ
                else []
            ),
        ],
        otherwise=_("Multiply place by place, and add."),
    )


def _listed(values: Array) -> str:
    return f"[{', '.join(number(float(value), 0) for value in values)}]"


def _alike(rng: np.random.Generator) -> Pick:
    grid = rng.integers(0, 2, size=(2, 6))
    while len({tuple(column) for column in grid.T}) > 3 or not _others(grid):
        grid = rng.integers(0, 2, size=(2, 6))
    return Pick(
        id="alike",
        ask=_("Each column is a patch of two pixels. Pick one that patch 1 looks at as much as at itself."),
        right=[(row, column) for column in _others(grid) for row in range(2)],
        columns=[str(i + 1) for i in range(6)],
        rows=[_("top"), _("bottom")],
        text=[[_("ink") if pixel else _("paper") for pixel in row] for row in grid],
        because=_("The same pixels give the same score."),
        hints={(row, 0): _("That is the patch itself. Find another one.") for row in range(2)},
        otherwise=_("Both pixels must be those of patch 1."),
    )


def _others(grid: npt.NDArray[np.int64]) -> list[int]:
    return [i for i in range(1, grid.shape[1]) if (grid[:, i] == grid[:, 0]).all()]


def _shuffle() -> Choice:
    return Choice(
        id="shuffle",
        ask=_(
            "Patches carry no places. They are put in another order, each as it was. What "
            "comes out for one of them?"
        ),
        options=[_("The same as before"), _("Something new"), _("Paper")],
        right=0,
        because=_("It meets the same patches, and a sum does not know its order."),
        hints={
            1: _("What is new is where the others stand, and nothing here can see that."),
            2: _("Weights sum to 1: it takes home a mean of what is there."),
        },
    )


def _seen(rng: np.random.Generator) -> Choice:
    strong, mean = float(rng.integers(60, 95)) / 100, float(rng.integers(3, 8)) / 100
    return Choice(
        id="seen",
        ask=_(
            "One head of {choice} gives “area” {strong} of the weight of “return”; the mean of "
            "all heads gives it {mean}. What was seen?",
            choice=rng.choice([72, 96, 144]),
            strong=f"{strong:.2f}",
            mean=f"{mean:.2f}",
        ),
        options=[
            _("The model understands what a function returns"),
            _("One head joins these two words in this line"),
            _("Every head joins these two words"),
        ],
        right=1,
        because=_("That was measured. Whether the model uses it, only a test can tell: cut it, and look."),
        hints={
            0: _("That is what may be said. The numbers show where one head looks, once."),
            2: _("Then the mean would be as large."),
        },
    )
