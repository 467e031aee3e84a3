"""A verdict as blocks: sentences, the learner's line, and two matrices with the first cell that differs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from attention_lab.grading.verdict import FAILED, NOT_REACHED, PASSED, Failing, Verdict
from attention_lab.kit.blocks import Axis, Checked, Fill, From, Grids, Matrix, Panel, pick_cell
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.numbers import largest
from attention_lab.kit.texts import _, lazy

MOST = 10  # rows and columns of a matrix that are drawn; of a larger one, those around the cell
_STATES = {PASSED: "passed", FAILED: "failed", NOT_REACHED: "waiting"}
_LONGEST_PRINT = 120  # characters beside a line
_CALLED = {"returned": lazy("what yours returned"), "expected": lazy("what is expected")}


def worded(text: str) -> Math:
    """Return words in which `backticks` mark code."""
    pieces = re.split(r"`([^`]+)`", str(text))
    return [tinted(each, "code") if i % 2 else each for i, each in enumerate(pieces) if each]


def checked(verdict: Verdict) -> list[Checked]:
    """Return every check as a sentence."""
    return [Checked(text=worded(each.sentence), state=_STATES[each.state]) for each in verdict.findings]


def words_about(verdict: Verdict) -> list[Math]:
    """Return what is said of a program that is not right: of a known mistake, the words about that."""
    failed = next((each for each in verdict.findings if each.state == FAILED), None)
    over = verdict.stopped is not None  # a limit is told in the judge's words
    told = verdict.told["plain"] if verdict.told and not over else failed.detail if failed else ""
    detail = [worded(told)] if told else []
    return [worded(verdict.mistake.words), *detail] if verdict.mistake else detail


def wrong_lines(verdict: Verdict) -> list[dict[str, Any]]:
    """Return the line of an exception, and what is said of it."""
    told = verdict.told
    if told is None or told["line"] is None or verdict.stopped is not None:
        return []
    return [{"line": told["line"], "column": told["column"] or 0, "text": str(told["plain"])}]


def printed_lines(verdict: Verdict) -> list[dict[str, Any]]:
    """Return what each line has printed, in its last and shortest form."""
    texts: dict[int, str] = {}
    for each in verdict.output:
        if each["line"] is not None:
            texts[each["line"]] = texts.get(each["line"], "") + each["text"]
    return [{"line": line, "text": _cut(text)} for line, text in sorted(texts.items())]


def _cut(text: str) -> str:
    flat = " ⏎ ".join(text.strip("\n").split("\n"))
    return flat if len(flat) <= _LONGEST_PRINT else flat[: _LONGEST_PRINT - 1] + "…"


def line_of(verdict: Verdict, source: str) -> tuple[int, str] | None:
    """Return the number and the text of the line that an exception came from."""
    lines = source.splitlines()
    line = verdict.told["line"] if verdict.told else None
    return (line, lines[line - 1].strip()[:200]) if line and line <= len(lines) else None


def arrays_in_reach(verdict: Verdict) -> list[tuple[str, str]]:
    """Return the arrays that the failing line could see, with shape and dtype."""
    arrays = verdict.told["arrays"] if verdict.told else {}
    return [(name, f"({_listed(shape)}) {kind}") for name, (shape, kind) in arrays.items()]


def _listed(shape: Sequence[int]) -> str:
    return f"{shape[0]}," if len(shape) == 1 else ", ".join(map(str, shape))


# Two matrices


def pair_of(failing: Failing | None) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]] | None:
    """Return what was returned and what was expected, if both are arrays of numbers."""
    if failing is None:
        return None
    one, other = _part(failing.returned, failing.part), _part(failing.expected, failing.part)
    arrays = [_numbers(each) for each in (one, other)]
    return (arrays[0], arrays[1]) if arrays[0] is not None and arrays[1] is not None else None


def _part(value: Any, path: Sequence[int | str]) -> Any:
    for step in path:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return None
    return value


def _numbers(value: Any) -> np.ndarray[Any, Any] | None:
    if isinstance(value, bool | int | float):
        value = np.array(value)
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf" or value.size == 0:
        return None
    return value


def place_of(cell: Sequence[int]) -> tuple[int, int]:
    """Return row and column of a cell, in the matrix that is drawn of its array."""
    return (0, 0) if not cell else (0, cell[0]) if len(cell) == 1 else (cell[-2], cell[-1])


def two_matrices(failing: Failing, step: str) -> Grids | None:
    """Draw what was returned beside what was expected; the first cell that differs is in both."""
    pair = pair_of(failing)
    if pair is None:
        return None
    cell = failing.cell or ()
    sheets = [_sheet(each, cell) for each in pair]
    row, col = place_of(cell)
    ranges = [largest(np.where(np.isfinite(each), each, 0.0)) for each in sheets]
    decimals = _decimals(sheets, row, col) if failing.cell is not None else None
    panels = [
        Panel(
            title=_CALLED[name],
            said=_("{called}, shape ({listed})", called=_CALLED[name], listed=_listed(array.shape)),
            matrix=_matrix(
                name, other, sheet, array.shape, (row, col), max(ranges), decimals, failing.cell is not None
            ),
        )
        for name, other, sheet, array in (
            ("returned", "expected", sheets[0], pair[0]),
            ("expected", "returned", sheets[1], pair[1]),
        )
    ]
    return Grids(step=step, pick=pick_cell("picked"), tables=["returned", "expected"], panels=panels)


def _sheet(array: np.ndarray[Any, Any], cell: Sequence[int]) -> np.ndarray[Any, Any]:
    """The matrix in which a cell lies: of more axes, the leading ones are those of the cell."""
    array = array.astype(float)
    if array.ndim > 2:
        leading = tuple(cell[:-2]) if len(cell) == array.ndim else (0,) * (array.ndim - 2)
        array = array[leading]
    return np.atleast_2d(array)


def _decimals(sheets: Sequence[np.ndarray[Any, Any]], row: int, col: int) -> int:
    """As few decimals as show the difference."""
    there = [sheet[row, col] for sheet in sheets if row < sheet.shape[0] and col < sheet.shape[1]]
    if len(there) < 2 or not np.isfinite(there).all():
        return 2
    return next((each for each in range(2, 6) if round(there[0], each) != round(there[1], each)), 6)


def start_of(size: int, at: int) -> int:
    """Return the first row or column that is drawn of so many."""
    return max(0, min(at - MOST // 2, size - MOST))


def _matrix(
    name: str,
    other: str,
    sheet: np.ndarray[Any, Any],
    shape: Sequence[int],
    cell: tuple[int, int],
    end: float,
    decimals: int | None,
    marked: bool,
) -> Matrix:
    starts = [start_of(size, at) for size, at in zip(sheet.shape, cell, strict=True)]
    shown = sheet[starts[0] : starts[0] + MOST, starts[1] : starts[1] + MOST]
    rows, cols = ([str(start + i) for i in range(n)] for start, n in zip(starts, shown.shape, strict=True))
    return Matrix(
        id=name,
        values=shown,
        words=_(
            "{yours}, shape ({listed})",
            yours=_("yours") if name == "returned" else _("expected"),
            listed=_listed(shape),
        ),
        label=_CALLED[name],
        rows=Axis(axis="row", dim=_("rows"), labels=rows),
        cols=Axis(axis="column", dim=_("columns"), labels=cols),
        fill=Fill(range=end or 1.0),
        decimals=decimals,
        unknown="nan",
        sources=[From(matrix=other, row="row", col="col")],
        current=(cell[0] - starts[0], cell[1] - starts[1]) if marked and name == "returned" else None,
    )
