"""The parts that explanations are made of: sums whose printed terms add up, equations, names of cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.numbers import add_up, is_rounded, read, rounds_to, term
from attention_lab.kit.texts import _, lazy
from attention_lab.labs.stepper.cells import Cell
from attention_lab.labs.stepper.moment import Moment

ROUNDED = lazy("Shown digits are rounded; the computation keeps them all.")


def names(scene: Moment, cell: Cell) -> tuple[str, str]:
    """Return the labels of the cell's row and column."""
    rows, cols = scene.axis_labels(cell["matrix"], 0), scene.axis_labels(cell["matrix"], 1)
    return rows[cell["row"]], cols[cell["col"]]


def head_name(scene: Moment) -> str:
    """Name the head on screen, counted from 1."""
    return _("head {head}", head=scene.head + 1)


def position(symbol: Math, row: str, col: str) -> Math:
    """Write a cell as `Q[cat, 0]`."""
    return [*symbol, "[", tinted(row, "b"), f", {col}]"]


def beside(cell: Cell, matrix: str) -> Cell:
    """Return the cell at the same place of another matrix."""
    return Cell(matrix=matrix, row=cell["row"], col=cell["col"])


def equation(scene: Moment, cell: Cell, expression: Math) -> dict[str, Any]:
    """One expression, and the number that it gives."""
    printed, shown = term(scene.number(cell)), scene.text(cell)
    return {
        "kind": "equation",
        "expression": expression,
        "printed": printed,
        "value": shown,
        "approx": read(printed) != read(shown),
    }


def dot_product(
    scene: Moment,
    cell: Cell,
    left: Sequence[float],
    right: Sequence[float],
    roles: tuple[str, str],
    labels: Sequence[str] | None = None,
) -> dict[str, Any]:
    """A sum of products, with as many digits as make the printed terms add up to the printed sum."""
    shown, factors = scene.text(cell), list(zip(left, right, strict=True))
    total = add_up(factors, shown)
    rows = [
        {
            "label": labels[i] if labels else None,
            "a": {"text": term(a, total.digits), "cls": roles[0]},
            "b": {"text": term(b, total.digits), "cls": roles[1]},
            "product": term(product, total.digits),
        }
        for i, ((a, b), product) in enumerate(zip(factors, total.products, strict=True))
    ]
    printed = term(total.total, total.digits)
    body = {"kind": "terms", "rows": rows, "printed": printed, "value": shown}
    rounded = any(is_rounded(each, total.digits) for each in (*left, *right, *(a * b for a, b in factors)))
    return {"body": {**body, "approx": read(printed) != read(shown)}, "note": ROUNDED if rounded else None}


def softmax_row(scene: Moment, cell: Cell) -> dict[str, Any]:
    """One weight: its exponential, divided by the sum of the row's."""
    scores, value, shown = scene.row("masked_scores", cell["row"]), scene.number(cell), scene.text(cell)
    top, hit = max(scores), cell["col"]
    exponentials = [math.exp(score - top) for score in scores]
    digits = _digits_of_quotient(exponentials, hit, (term(value), shown))
    rounded = [round(each, digits) for each in exponentials]
    total, printed = term(round(math.fsum(rounded), digits), digits), term(value)
    rows = [
        {
            "label": scene.labels[i],
            "score": term(score),
            "exp": term(rounded[i], digits),
            "bar": exponentials[i],
            "hit": i == hit,
            "gone": score == -math.inf,
        }
        for i, score in enumerate(scores)
    ]
    some_rounded = any(is_rounded(each, digits) for each in exponentials)
    some_rounded = some_rounded or any(map(is_rounded, [*scores, value]))
    quotient = {"a": term(rounded[hit], digits), "b": total, "printed": printed, "value": shown}
    return {
        "body": {
            "kind": "softmax",
            "columns": [_("score"), _("exp(score − max)")],
            "rows": rows,
            "sum": total,
            "quotient": {**quotient, "approx": read(printed) != read(shown)},
        },
        "note": ROUNDED if some_rounded else None,
    }


def _digits_of_quotient(exponentials: list[float], hit: int, shown: tuple[str, ...]) -> int:
    """Return how many digits let the printed quotient be worked out from the printed terms."""
    for digits in range(4, 10):
        rounded = [round(each, digits) for each in exponentials]
        quotient = rounded[hit] / math.fsum(rounded)
        if all(rounds_to(quotient, text) for text in shown):
            break
    return digits
