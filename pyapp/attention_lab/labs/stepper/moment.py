"""One moment of the lab, with everything that views ask for more than once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from attention import PAD, PAD_KEY, Array, FullyMaskedRowError, as_additive
from attention_lab.kit.lesson import Step
from attention_lab.kit.numbers import decimals_of, number
from attention_lab.kit.text import short
from attention_lab.labs.stepper.cells import AXES, Cell

if TYPE_CHECKING:
    from attention_lab.labs.stepper.lab import Stepper

MAX_GRID = 16  # more tokens than this are drawn as one picture
_LONG_NAME = 6  # more columns than this are numbered, since their names would not fit

RECAP = "recap"
"""The view of the step that replays the others."""

RESULTS: Mapping[str, str] = {
    "lookup": "x",
    "projections": "q",
    "dot_products": "raw_scores",
    "scaling": "scaled_scores",
    "masking": "masked_scores",
    "softmax": "weights",
    "weighted_average": "head_outputs",
    RECAP: "head_outputs",
}
"""What each view of a step works towards."""


class Moment:
    """The lab at one moment: the step, the arrays of the head on screen, their texts, the current cell."""

    def __init__(self, lab: Stepper) -> None:
        self.lab = lab
        self.place = lab.place
        self.step: Step = lab.here
        self.view, self.stage = str(self.step.more["view"]), str(self.step.more["stage"])
        self.tokens, self.embedded, self.head = lab.tokens, lab.embedded, lab.head
        self.n = len(self.tokens)
        self.labels = [short(text) for text in self.tokens.texts]
        trace = lab.trace
        self.refusal = trace if isinstance(trace, FullyMaskedRowError) else None
        self._parts: Any = trace.partial if isinstance(trace, FullyMaskedRowError) else trace.attention
        self._arrays: dict[str, Array | None] = {}
        self._decimals: dict[str, int] = {}
        self.current = self._current()

    def array(self, matrix: str) -> Array | None:
        """Return a matrix of the head on screen; None for one that was not computed."""
        if matrix not in self._arrays:
            self._arrays[matrix] = self._array(matrix)
        return self._arrays[matrix]

    def _array(self, matrix: str) -> Array | None:
        array: Array | None
        if matrix in ("table", "x"):
            array = getattr(self.embedded, matrix)
        elif matrix.startswith("w_"):
            d_k = self.lab.d_k
            array = getattr(self.lab.projections, matrix)[:, self.head * d_k : (self.head + 1) * d_k]
        elif matrix == "mask":
            array = np.broadcast_to(as_additive(self.lab.mask_array), (self.n, self.n))
        elif matrix == "k_t":
            array = self._parts.k[self.head].T
        else:
            of_all_heads = getattr(self._parts, matrix, None)  # a partial trace ends before the weights
            array = None if of_all_heads is None else of_all_heads[self.head]
        return array

    def drawn(self, matrix: str) -> Array | None:
        """Return what the picture of a matrix shows: the learner's numbers where they stand in."""
        mine = self.lab.mine(matrix, self.head)
        return self.array(matrix) if mine is None else mine

    def weights_of(self, head: int) -> Array | None:
        """Return the weights of any head; None where softmax could not be taken."""
        weights: Array | None = None if self.refusal else self._parts.weights[head]
        return weights

    def scores_of(self, head: int) -> Array:
        """Return the scaled scores of any head, whatever the mask."""
        scores: Array = self._parts.scaled_scores[head]
        return scores

    def computed(self, matrix: str) -> Array:
        """Return a matrix that is known to be there."""
        array = self.array(matrix)
        if array is None:
            raise LookupError(f"{matrix} was not computed: a row of the mask is empty")
        return array

    def number(self, cell: Cell) -> float:
        """Return the number in a cell."""
        return float(self.computed(cell["matrix"])[cell["row"], cell["col"]])

    def row(self, matrix: str, row: int) -> list[float]:
        """Return the numbers of a row."""
        return [float(value) for value in self.computed(matrix)[row].tolist()]

    def column(self, matrix: str, col: int) -> list[float]:
        """Return the numbers of a column."""
        return [float(value) for value in self.computed(matrix)[:, col].tolist()]

    def decimals(self, matrix: str) -> int:
        """Return how many decimals a matrix is written with; weights always have two."""
        if matrix not in self._decimals:
            array = self.drawn(matrix)
            exact = 0 if array is None else decimals_of(array)
            self._decimals[matrix] = 2 if matrix == "weights" else exact
        return self._decimals[matrix]

    def shape(self, matrix: str) -> tuple[int, int]:
        """Return (rows, columns), also of what was not computed."""
        array = self.array(matrix)
        if array is not None:
            return array.shape[0], array.shape[1]
        return self.n, self.n if matrix == "weights" else self.lab.d_k

    def text(self, cell: Cell) -> str:
        """Return the number in a cell as the matrix shows it."""
        return number(self.number(cell), self.decimals(cell["matrix"]))

    def feature_names(self, matrix: str) -> list[str]:
        """Return the labels of a feature axis: named columns for the embeddings, else numbers from 1."""
        wide = matrix in ("table", "x", "w_rows")
        if wide and self.embedded.provenance != "random" and len(self.embedded.columns) <= _LONG_NAME:
            return list(self.embedded.columns)
        return [str(i + 1) for i in range(self.lab.d_model if wide else self.lab.d_k)]

    def axis_labels(self, matrix: str, axis: int) -> list[str]:
        """Return what to write along the rows (axis 0) or columns (axis 1) of a matrix."""
        kind = AXES[matrix][axis]
        if kind == "vocab":
            return [PAD if key == PAD_KEY else short(key) for key in self.embedded.vocab]
        if kind == "feature":
            return self.feature_names("w_rows" if matrix.startswith("w_") and axis == 0 else matrix)
        return self.labels

    @property
    def result(self) -> str:
        """The matrix that this step works towards; where there are three, the one that is picked."""
        name = RESULTS[self.view]
        picked = self.lab.picked
        if name == "q" and picked:
            return {"w_k": "k", "k": "k", "w_v": "v", "v": "v"}.get(picked["matrix"], "q")
        return name

    def _current(self) -> Cell:
        """The picked cell, or the one of the result where the picked query meets the picked key or column."""
        lab = self.lab
        if lab.picked and self.holds(lab.picked):
            return _cell(lab.picked)
        matrix = RESULTS[self.view]
        col = lab.key if AXES[matrix][1] == "key" else lab.feature
        return Cell(matrix=matrix, row=lab.query, col=min(col, self.shape(matrix)[1] - 1))

    def holds(self, cell: Mapping[str, Any]) -> bool:
        """Say whether a cell lies within its matrix as it is now."""
        rows, cols = self.shape(cell["matrix"])
        return bool(cell["row"] < rows and cell["col"] < cols)

    @property
    def looked_at(self) -> Cell:
        """The cell to explain: the one under the pointer, else the current one."""
        hover = self.lab.hover
        return _cell(hover) if hover and self.holds(hover) else self.current


def largest_in(row: Array) -> list[int]:
    """Return the places of the largest weight: of all those that are written with the same digits."""
    written = [number(float(weight), 2) for weight in row]
    return [i for i, each in enumerate(written) if each == written[int(row.argmax())]]


def _cell(cell: Mapping[str, Any]) -> Cell:
    return Cell(matrix=cell["matrix"], row=cell["row"], col=cell["col"])
