"""The answer key of a lab: its own predictions and its own questions, judged by its own code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attention_lab.guides.showing import answered
from attention_lab.kit.blocks.asking import Amount, Choice, Question
from attention_lab.kit.catalogue import lab_class
from attention_lab.kit.lab import Lab
from attention_lab.kit.markup import Math
from attention_lab.kit.numbers import term
from attention_lab.kit.scene import Predict, made
from attention_lab.kit.settings import next_seed
from attention_lab.kit.texts import _

ROUNDS = 3
"""Sets of numbers that a key answers: as the lab opens, and after each press of “New numbers”."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what is asked, what is right, and what to say."""

    ask: Math | str
    right: str
    because: Math | str = ""
    tempting: Sequence[tuple[Math | str, Math | str]] = ()  # a wrong answer, and what is said to it


def predictions(name: str, links: Sequence[str]) -> list[tuple[str, Answer]]:
    """Return what is predicted in a lab, each with the title of its step: as each step opens, and in the
    states that the guide leads to."""
    steps = lab_class(name)().lesson.ids
    labs = [answered(name, link) for link in (*(f"step={step}" for step in steps), *links)]
    found: dict[str, tuple[str, Answer]] = {}
    for lab in labs:
        asked = made(lab.scene().predict)
        if asked is not None and asked.right and asked.key not in found:
            found[asked.key] = (str(lab.here.section), _predicted(asked))
    return list(found.values())


def _predicted(asked: Predict) -> Answer:
    right = _either([asked.options[i] for i in asked.right])
    why = asked.why or [None] * len(asked.options)
    because = next((why[i] for i in asked.right if why[i]), None)
    wrong = [(asked.options[i], why[i] or "") for i in range(len(asked.options)) if i not in asked.right]
    return Answer(
        asked.question, _with_value(right, *asked.answer), because or "", [pair for pair in wrong if pair[1]]
    )


def _either(words: Sequence[object]) -> str:
    """Join what is right as a sentence does: a or b."""
    first, *others = map(str, words)
    for other in others:
        first = _("{before} or {last}", before=first, last=other)
    return first


def _with_value(right: str, *answer: str) -> str:
    """Say what is right, and beside it what was computed, where that is more."""
    label, value = map(str, answer)
    more = value if label in right else f"{label} {value}"
    return right if value in right else f"{right} ({more})"


def at_the_end(name: str) -> list[list[Answer]]:
    """Return the answers to the questions at the end, for each set of numbers."""
    lab = lab_class(name)()
    found = []
    for _round in range(ROUNDS):
        found.append([_answered(question) for question in lab.questions()])
        lab.apply({"fresh": next_seed(lab.fresh)})
    return [answers for answers in found if answers]


def _answered(question: Question) -> Answer:
    if isinstance(question, Choice):
        tempting = [(question.options[i], words) for i, words in question.hints.items()]
        return Answer(question.ask, plain_text(question.options[question.right]), question.because, tempting)
    if isinstance(question, Amount):
        return Answer(question.ask, _amount(question), question.because)
    places = sorted(question.right)
    named = [_place(question.rows, question.columns, row, column) for row, column in places]
    return Answer(question.ask, _either(named), question.because)


def _amount(question: Amount) -> str:
    unit = f" {question.unit}" if question.unit else ""
    value = f"{term(question.right)}{unit}"
    return _("{value} (± {off} counts)", value=value, off=term(question.within)) if question.within else value


def _place(rows: Sequence[str], columns: Sequence[str], row: int, column: int) -> str:
    """Name a cell."""
    there = _column(columns, column)
    return f"{_row(rows, row)}, {there}" if rows else there


def _row(heads: Sequence[str], at: int) -> str:
    """Name a row; by its place, too, where another one is called the same."""
    name = str(heads[at])
    named = name if name.startswith(_("row")) else _("row “{name}”", name=name)
    return named if _is_one(heads, at) else _("{named} (row {n})", named=named, n=at + 1)


def _column(heads: Sequence[str], at: int) -> str:
    name = str(heads[at])
    named = name if name.startswith(_("column")) else _("column “{name}”", name=name)
    return named if _is_one(heads, at) else _("{named} (column {n})", named=named, n=at + 1)


def _is_one(heads: Sequence[str], at: int) -> bool:
    return [*map(str, heads)].count(str(heads[at])) == 1


def right_answers(lab: Lab) -> dict[str, object]:
    """Return for each question an answer that the lab judges right."""
    return {question.id: _given(question) for question in lab.questions()}


def _given(question: Question) -> object:
    if isinstance(question, Choice):
        return question.right
    if isinstance(question, Amount):
        return repr(float(question.right))
    return list(min(question.right))


def plain_text(words: Math | str) -> str:
    """Return words without their form."""
    if isinstance(words, str):
        return str(words)
    parts = []
    for node in words:
        if isinstance(node, str):
            parts.append(str(node))
            continue
        inner = next((plain_text(node[kind]) for kind in ("sub", "sup", "root") if kind in node), "")
        sign = "√" if "root" in node else "^" if "sup" in node else "_" if "sub" in node else ""
        parts.append(f"{node.get('t', '')}{sign}{inner}")
    return "".join(parts)
