"""What asks something of the learner: questions at the end, things to do, and a value that runs over time."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from attention_lab.kit.blocks.badge import Badge
from attention_lab.kit.blocks.base import Block, View, plain
from attention_lab.kit.blocks.writing import counted, figures
from attention_lab.kit.markup import Math
from attention_lab.kit.texts import _, lazy

_LONGEST = 40  # characters of an answer that is a number
_AS_PYTHON = {ord("−"): "-", ord("–"): "-", ord("٫"): ".", ord(" "): None, 0x202F: None, 0xA0: None}
_RIGHT, _WRONG, _OPEN = "right", "wrong", "open"


def read_number(text: object) -> float | None:
    """Read what a learner wrote as a number: 0.46, 0,46, .46, −1 and 1e-3; None where it is none.

    >>> read_number("−0,46")
    -0.46
    """
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return None
    written = str(text)[:_LONGEST].translate(_AS_PYTHON)
    if written.count(",") == 1 and "." not in written:
        written = written.replace(",", ".")
    try:
        value = float(written) if "_" not in written else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is said to an answer."""

    state: str  # open, right or wrong
    feedback: Math | str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A question with a few answers to choose from.

    Args:
        id: its name among the answers; `ask`: what is asked.
        options: the answers, in the order in which they stand; `right`: the place of the one that holds.
        because: what is said to the right answer.
        hints: place of a wrong answer -> what is said to it.
    """

    id: str
    ask: Math | str
    options: Sequence[Math | str]
    right: int
    because: Math | str = ""
    hints: Mapping[int, Math | str] = field(default_factory=dict)
    kind: ClassVar[str] = "choice"

    def __post_init__(self) -> None:
        if not 0 <= self.right < len(self.options):
            raise ValueError(f"{self.id}: the right answer is none of the {len(self.options)} options")

    def judge(self, answer: object) -> Verdict:
        """Judge the place of an option."""
        if isinstance(answer, bool) or not isinstance(answer, int) or not 0 <= answer < len(self.options):
            return Verdict(state=_OPEN)
        if answer == self.right:
            return Verdict(state=_RIGHT, feedback=self.because)
        return Verdict(state=_WRONG, feedback=self.hints.get(answer, ""))

    def asked(self) -> View:
        """Return what the page draws; the right answer stays here."""
        return {"options": plain(self.options)}


@dataclass(frozen=True, kw_only=True)
class Amount:
    """A question whose answer is a number, written with a point or a comma.

    Args:
        right: the number; `within`: how far an answer may be off.
        hints: (number, what is said to answers as near to it as `within`): for mistakes that one can foresee.
    """

    id: str
    ask: Math | str
    right: float
    within: float = 0.005
    unit: str = ""
    because: Math | str = ""
    hints: Sequence[tuple[float, Math | str]] = ()
    otherwise: Math | str = ""
    kind: ClassVar[str] = "number"

    def __post_init__(self) -> None:
        if not math.isfinite(self.right) or not self.within >= 0:
            raise ValueError(f"{self.id}: the answer is a number, and so is how far one may be off")

    def judge(self, answer: object) -> Verdict:
        """Judge what was written."""
        if answer is None or (isinstance(answer, str) and not answer.strip()):
            return Verdict(state=_OPEN)
        value = read_number(answer)
        if value is None:
            return Verdict(state=_OPEN, feedback=_("This is not a number yet: write one such as 0.46."))
        slack = self.within + 1e-9 * max(1.0, abs(self.right))
        if abs(value - self.right) <= slack:
            return Verdict(state=_RIGHT, feedback=self.because)
        near = next((words for number, words in self.hints if abs(value - number) <= slack), self.otherwise)
        return Verdict(state=_WRONG, feedback=near)

    def asked(self) -> View:
        """Return what the page draws; the right answer stays here."""
        return {"unit": self.unit}


@dataclass(frozen=True, kw_only=True)
class Pick:
    """A question whose answer is picked: a cell of a small matrix, or a word of a row.

    Args:
        right: the (row, column) that hold; in a row of words the row is 0.
        columns: the words, or the heads of the columns; `rows`: the heads of the rows, for a matrix.
        text: what is written in the cells of a matrix.
        hints: (row, column) -> what is said to it.
    """

    id: str
    ask: Math | str
    right: Collection[tuple[int, int]]
    columns: Sequence[str]
    rows: Sequence[str] = ()
    text: Sequence[Sequence[str]] = ()
    because: Math | str = ""
    hints: Mapping[tuple[int, int], Math | str] = field(default_factory=dict)
    otherwise: Math | str = ""
    kind: ClassVar[str] = "pick"

    def __post_init__(self) -> None:
        if bool(self.rows) != bool(self.text):
            raise ValueError(f"{self.id}: a matrix needs both rows and the text of its cells")
        if any(len(row) != len(self.columns) for row in self.text) or len(self.text) != len(self.rows):
            raise ValueError(f"{self.id}: the text of the cells does not fit the heads")
        if not self.right or not all(self._there(cell) for cell in self.right):
            raise ValueError(f"{self.id}: the right answer is not in the picture")

    def judge(self, answer: object) -> Verdict:
        """Judge a row and a column."""
        if not isinstance(answer, list | tuple) or len(answer) != 2 or not self._there(answer):
            return Verdict(state=_OPEN)
        cell = (answer[0], answer[1])
        if cell in self.right:
            return Verdict(state=_RIGHT, feedback=self.because)
        return Verdict(state=_WRONG, feedback=self.hints.get(cell, self.otherwise))

    def asked(self) -> View:
        """Return what the page draws; the right answer stays here."""
        return {"rows": list(self.rows), "columns": list(self.columns), "text": plain(self.text)}

    def _there(self, cell: Sequence[object]) -> bool:
        row, column = cell
        whole = all(isinstance(place, int) and not isinstance(place, bool) for place in cell)
        return whole and 0 <= row < max(1, len(self.rows)) and 0 <= column < len(self.columns)  # type: ignore[operator]


Question: TypeAlias = Choice | Amount | Pick


@dataclass(frozen=True, kw_only=True, eq=False)
class Check(Block):
    """Questions at the end: each answer is judged at once, and there are as many tries as one likes.

    Args:
        questions: what is asked.
        setting: the setting that holds the answers; `answers`: what it holds now, id of a question -> answer.
        anew: what the button "new numbers" sets; the answers are emptied with it.
    """

    questions: Sequence[Question]
    setting: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    label: str = lazy("Check yourself")
    anew: Mapping[str, Any] | None = None
    badge: Badge | None = None

    def __post_init__(self) -> None:
        ids = [question.id for question in self.questions]
        if not ids:
            raise ValueError("Check needs at least one question")
        if len(set(ids)) < len(ids):
            raise ValueError(f"two questions have one id: {', '.join(ids)}")
        if self.anew is not None and self.setting in self.anew:
            raise ValueError(f"new numbers empty {self.setting!r} anyway: leave it out")

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """What is said to each answer."""
        return {question.id: question.judge(self.answers.get(question.id)) for question in self.questions}

    @property
    def passed(self) -> bool:
        """Whether every answer is right."""
        return all(verdict.state == _RIGHT for verdict in self.verdicts.values())

    def view(self) -> View:
        """Return questions with answers and verdicts, without what would be right."""
        verdicts = self.verdicts
        questions = [
            {"id": each.id, "kind": each.kind, "ask": plain(each.ask), **each.asked(),
             "given": plain(self.answers.get(each.id)), "state": verdicts[each.id].state,
             "feedback": plain(verdicts[each.id].feedback)}
            for each in self.questions
        ]  # fmt: skip
        return {
            "block": "Check",
            "alt": self.described(),
            "label": self.label,
            "badge": plain(self.badge),
            "setting": self.setting,
            "questions": questions,
            "score": self._score(),
            "anew": None if self.anew is None else {**plain(self.anew), self.setting: {}},
            "words": {
                "right": _("Right."),
                "wrong": _("Not yet."),
                "anew": _("New numbers"),
                "answer": _("Your answer"),
                "check": _("Check"),
                "judging": "…",
            },
        }

    def described(self) -> str:
        """Say how many questions there are and how many are answered rightly."""
        return f"{self.label}: {self._score()}"

    def _score(self) -> str:
        right = sum(verdict.state == _RIGHT for verdict in self.verdicts.values())
        return _(
            "{right} of {questions} right",
            right=right,
            questions=counted(len(self.questions), "question", "questions"),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Actions(Block):
    """Things to do: a row of controls beside the picture that they change.

    Args:
        items: what js/items.js can draw: segmented, range, number, select, flag, button and note.
            A button that `goes_on` is pressed by the page again with each answer, until it is gone.
    """

    items: Sequence[Mapping[str, Any]]
    label: str = ""
    badge: Badge | None = None

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("Actions needs at least one item")
        if any("type" not in item for item in self.items):
            raise ValueError("each item says its type")


@dataclass(frozen=True, kw_only=True, eq=False)
class Player(Block):
    """A value that runs over time: played, stopped, stepped and dragged.

    The page counts the time; while it plays, it sets the setting to the index that is due.

    Args:
        label: what runs.
        setting: the setting that holds the index; `value`: where it is now, from 0 to `length` - 1.
        length: how many there are.
        rate: how many pass in a second.
        speeds: factors of the rate to choose from.
        shown: what is written beside the index that is reached; the index itself where nothing is given.
    """

    label: str
    setting: str
    value: int
    length: int
    rate: float = 2.0
    speeds: Sequence[float] = (0.5, 1.0, 2.0)
    shown: str = ""
    badge: Badge | None = None

    def __post_init__(self) -> None:
        if self.length < 1:
            raise ValueError(f"a Player runs through at least one value, not {self.length}")
        if not 0 <= self.value < self.length:
            raise ValueError(f"the value lies between 0 and {self.length - 1}, not at {self.value}")
        if not (math.isfinite(self.rate) and self.rate > 0) or not all(speed > 0 for speed in self.speeds):
            raise ValueError("rate and speeds are positive")

    def view(self) -> View:
        """Return the value, how fast it runs, and the words at the buttons."""
        return super().view() | {
            "shown": self.shown or figures(self.value),
            "speeds": [{"value": speed, "label": f"{figures(speed)}×"} for speed in map(float, self.speeds)],
            "words": {
                "play": _("Play"),
                "pause": _("Pause"),
                "back": _("One back"),
                "forward": _("One forward"),
                "again": _("Play again"),
                "speed": _("Speed"),
            },
        }

    def described(self) -> str:
        """Say where the value is."""
        return _(
            "{label}: {value}, {value_2} of {length}",
            label=self.label,
            value=self.shown or figures(self.value),
            value_2=self.value + 1,
            length=self.length,
        )
