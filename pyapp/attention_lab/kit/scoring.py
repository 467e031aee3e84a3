"""The score: what counts, and what came of it. docs/scoring.md says the rule in words.

Every exercise and every question at the end of a lab is one point, from the first time on that it is right.
Tries, hints and solutions are noted, and cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from attention_lab.kit.texts import _, lazy

EXERCISE, CHECK, PREDICTION = "exercise", "check", "prediction"
GUESSED = "predict:"
"""Before the name of a step: what the result of its prediction is kept under."""
RULE = lazy(
    "One point for each exercise and each question at the end of a lab, from the first time on that it is "
    "right. Tries, hints and solutions cost nothing."
)
MOST_TRIES = 999


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one exercise, question or prediction."""

    tries: int = 0
    first: bool | None = None  # whether the first try was right
    right: bool = False  # whether any was
    looked: bool = False  # whether the solution was looked at

    def tried(self, right: bool) -> Result:
        """Return it after another try."""
        first = right if self.first is None else self.first
        return replace(self, tries=min(MOST_TRIES, self.tries + 1), first=first, right=self.right or right)

    def joined(self, later: Result) -> Result:
        """Return what two visits know together: the first try is that of the one before."""
        return Result(
            max(self.tries, later.tries),
            later.first if self.first is None else self.first,
            self.right or later.right,
            self.looked or later.looked,
        )

    @property
    def state(self) -> str:
        """Right, wrong, or open while there was no try."""
        return "right" if self.right else "wrong" if self.tries else "open"

    def plain(self) -> list[Any]:
        """Return it as the page keeps it."""
        return [self.tries, self.first, self.right, self.looked]


def read_result(value: object) -> Result | None:
    """Read what was kept; None where it is none."""
    match value:
        case [int(tries), True | False | None as first, bool(right), bool(looked)] if (
            type(tries) is int and 0 <= tries <= MOST_TRIES and (first is None) == (tries == 0)
        ):
            return Result(tries, first, right and tries > 0, looked)
    return None


@dataclass(frozen=True, slots=True)
class Item:
    """Something that counts, or is told besides."""

    kind: str  # exercise, check or prediction
    lab: str  # where it is done
    key: str  # what its result is kept under there
    title: str
    group: str  # what it stands under
    home: str  # the lab that it belongs to
    opens: str  # the address of its place
    n: int = 0  # of a question: which it is at the end of its lab, counted from 1

    @property
    def id(self) -> str:
        """What it is called in a course and in a file of results."""
        if self.kind == EXERCISE:
            return f"exercise:{self.key}"
        if self.kind == CHECK:
            return f"check:{self.lab}:{self.key}"
        return f"{GUESSED}{self.lab}:{self.key.removeprefix(GUESSED)}"

    @property
    def of(self) -> int:
        """The points that it can bring."""
        return 0 if self.kind == PREDICTION else 1


Results = Callable[[str], Mapping[str, Result]]
"""The name of a lab -> what was done in it."""


@dataclass(frozen=True, slots=True)
class Score:
    """The one total, and what it is made of."""

    rows: Sequence[tuple[Item, Result]]

    @property
    def points(self) -> int:
        """The points that there are."""
        return sum(item.of for item, result in self.rows if result.right)

    @property
    def of(self) -> int:
        """The points that there can be."""
        return sum(item.of for item, __ in self.rows)

    @property
    def open(self) -> int:
        """How many of those that count were not tried yet: nothing is left of a course's item at 0."""
        return sum(item.of for item, result in self.rows if result.state == "open")

    @property
    def per_cent(self) -> int:
        """The points as a share, rounded to the nearest whole number, a half upwards."""
        return (200 * self.points + self.of) // (2 * self.of) if self.of else 0


def score(items: Sequence[Item], results: Results) -> Score:
    """Add up what was done."""
    return Score([(item, results(item.lab).get(item.key, Result())) for item in items])


def score_view(found: Score) -> dict[str, Any]:
    """Return what the page shows and reports; rows of one group stand together."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for item, result in found.rows:
        row: dict[str, Any] = {"id": item.id, "title": _titled(item), "home": item.home, "opens": item.opens}
        if result != Result():
            row["result"] = result.plain()
        groups.setdefault((item.kind, item.group, item.lab), []).append(row)
    return {
        "points": found.points,
        "of": found.of,
        "open": found.open,
        "rule": str(RULE),
        "groups": [
            {"kind": kind, "title": str(title), "lab": lab, "rows": rows}
            for (kind, title, lab), rows in groups.items()
        ],
    }


def _titled(item: Item) -> str:
    return _("{lab}, question {n}", lab=item.title, n=item.n) if item.n else str(item.title)
