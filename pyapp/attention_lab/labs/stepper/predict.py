"""Two questions to guess, each asked where it can be answered, and answered where the answer is computed.

They are about a fixed case (first head, causal mask, the usual scale), so that a guess keeps its meaning while
the learner goes on to change the mask, the scale and the head.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.numbers import EXACT, number, term
from attention_lab.kit.scene import Predict
from attention_lab.kit.text import short
from attention_lab.labs.stepper.moment import Moment

Row = npt.NDArray[np.float64]
Why = Callable[["_Case", int], str]


class _Case(NamedTuple):
    """The row of numbers that is asked about."""

    row: Row  # what is computed, one number an option
    scores: Row  # the scaled scores behind it
    query: int
    names: list[str]

    @property
    def best(self) -> list[int]:
        """The options with the largest number."""
        return [int(i) for i in np.flatnonzero(self.row > self.row.max() - EXACT)]


def asked(scene: Moment) -> Predict | None:
    """Ask what this step lets one work out; from the step on that computes it, answer."""
    kind = scene.step.more.get("prediction")
    return None if kind is None else _QUESTIONS[str(kind)](scene)


def best_score(scene: Moment) -> Predict | None:
    """Ask at Q, K, V which key fits a query best."""
    case = _case(scene, "raw_scores")
    if case is None:
        return None
    question: Math = [
        "Head 1: each query meets each key. Which key gives ",
        tinted(case.names[case.query], "q"),
        " its largest score?",
    ]
    return _predict(scene, "best_score", question, case, _why_score)


def most_weight(scene: Moment) -> Predict | None:
    """Ask at the mask which token gets the most weight."""
    case = _case(scene, "weights")
    if case is None:
        return None
    question: Math = [
        "Head 1, causal mask: which token gets the most weight from ",
        tinted(case.names[case.query], "q"),
        "?",
    ]
    return _predict(scene, "most_weight", question, case, _why_weight)


_QUESTIONS: Mapping[str, Callable[[Moment], Predict | None]] = {
    "best_score": best_score,
    "most_weight": most_weight,
}
_ANSWERED_AT: Mapping[str, tuple[str, ...]] = {
    "best_score": ("raw_scores", "scaled_scores"),
    "most_weight": ("weights", "head_outputs"),
}
"""The steps that show the answer by themselves."""


def _case(scene: Moment, matrix: str) -> _Case | None:
    """The row of the third token in the first head; None where there is nothing to choose from."""
    lab = scene.lab
    names = [short(text) for text in lab.words.texts]
    if len(names) < 2:
        return None
    query, trace = min(2, len(names) - 1), lab.asked_trace.attention
    return _Case(getattr(trace, matrix)[0, query], trace.scaled_scores[0, query], query, names)


def _predict(scene: Moment, kind: str, question: Math, case: _Case, why: Why) -> Predict | None:
    if len(case.best) == len(case.names):
        return None  # whatever one says is right
    key = f"{kind}-{_number_of(scene)}"
    return Predict(
        key=key,
        question=question,
        options=case.names,
        right=case.best,
        answer=_winners(case),
        values=[number(float(value), 2) if kind == "most_weight" else term(value) for value in case.row],
        why=[[why(case, i)] for i in range(len(case.names))],
        answered=_is_answered(scene, kind, key),
    )


def _is_answered(scene: Moment, kind: str, key: str) -> bool:
    """A step answers by itself; once it has been seen, a guess is answered everywhere."""
    seen = any(step in scene.lab.seen for step in _ANSWERED_AT[kind])
    return scene.step.id in _ANSWERED_AT[kind] or (seen and key in scene.lab.guesses)


def _why_score(case: _Case, option: int) -> str:
    score, best = float(case.row[option]), float(case.row.max())
    if option in case.best:
        return f"Its products add up to {term(best)}, the most in the row."
    if option == case.query:
        return f"A token need not fit itself: its query and its key come from two matrices. They give {term(score)}."
    if score < 0:
        return f"Large numbers are not enough: where signs differ, products are negative. They add up to {term(score)}."
    return f"Its products add up to {term(score)}; the most is {term(best)}."


def _why_weight(case: _Case, option: int) -> str:
    name, score = case.names[option], term(float(case.scores[option]))
    if option > case.query:
        return (
            f"“{name}” comes after “{case.names[case.query]}”: the mask takes it out, however well it fits."
        )
    if option in case.best:
        return f"Its score, {score}, is the largest that the mask leaves, and softmax keeps the order."
    if option == case.query:
        return f"It may look at itself, but its own key fits it less: the score is {score}."
    return f"Its score is {score}; the largest one takes the most."


def _winners(case: _Case) -> tuple[str, str]:
    """The token with the largest number; where several share it, what they are and how many."""
    best = [case.names[i] for i in case.best]
    value = number(float(case.row.max()), 2)
    if len(best) == 1:
        return best[0], value
    names = list(dict.fromkeys(best))
    named = " and ".join(names) if len(names) <= 2 else f"{names[0]}, {names[1]} …"
    return f"{named}: {len(best)} tokens,", f"{value} each"


def _number_of(scene: Moment) -> str:
    """Name the case that is asked about: another sentence, other numbers or sizes ask anew."""
    lab = scene.lab
    seed = lab.seed if lab.embedding == "random" else None
    case = (lab.name_of_lab, lab.text, lab.embedding, seed, lab.d_model, lab.n_heads)
    return f"{zlib.crc32(repr(case).encode()):08x}"
