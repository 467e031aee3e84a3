"""Questions to guess, each asked where it can be answered, and answered where the answer is computed.

Those about scores and weights are about a fixed case (first head, causal mask, the usual scale), so that a
guess keeps its meaning while the learner goes on to change the mask, the scale and the head.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from attention import Array, create_causal_mask, softmax
from attention_lab.kit.blocks.writing import listed
from attention_lab.kit.markup import D_K, Math, root, tinted
from attention_lab.kit.numbers import EXACT, number, term
from attention_lab.kit.scene import Predict
from attention_lab.kit.text import short
from attention_lab.kit.texts import _, phrase, voice
from attention_lab.labs.stepper.moment import Moment

_ASKED = 2  # the third token
Why = Callable[["_Case", int], str]


class _Case(NamedTuple):
    """The row of numbers that is asked about."""

    row: Array  # what is computed, one number an option
    scores: Array  # the scores behind it
    query: int
    names: list[str]
    best: list[int]  # the options with the largest number


def asked(scene: Moment) -> Predict | None:
    """Ask what this step lets one work out; from the step on that computes it, answer."""
    kind = scene.step.more.get("prediction")
    return None if kind is None else question_of(scene, str(kind))


def question_of(scene: Moment, kind: str) -> Predict | None:
    """Return a question as it stands at this step; mask, scale and query have no part in it."""
    lab = scene.lab
    depends = (voice(), lab.case, lab.tokens.n_pad)
    asked = lab.derive(f"question: {kind}", depends, lambda: _QUESTIONS[kind](scene))
    return None if asked is None else replace(asked, answered=_is_answered(scene, kind, asked.key))


def weights_are_asked(scene: Moment) -> bool | None:
    """Say whether the question about weights is still open; None where there is nothing to guess."""
    if len(scene.lab.words) <= _ASKED + 1 and question_of(scene, "most_weight") is None:
        return None  # with more words, those after the query get 0: not all are alike
    key = _key(scene, "most_weight")
    return not (_is_answered(scene, "most_weight", key) or key in scene.lab.revealed)


def alone(scene: Moment) -> Predict | None:
    """Ask at the start what a row knows of the other words; the screen answers as soon as one has guessed."""
    lab = scene.lab
    names = [short(text) for text in lab.words.texts]
    if len(names) < 2:
        return None
    query = min(_ASKED, len(names) - 1)
    word = names[query]
    question: Math = phrase(
        "What does the row of {word} know of the words around it?", word=tinted(word, "q")
    )
    row = " ".join(term(value) for value in scene.row("x", query))
    return Predict(
        key=_key(scene, "alone"),
        question=question,
        options=[_("nothing"), _("its neighbours"), _("the whole sentence")],
        right=[0],
        answer=(_("nothing"), ""),
        why=[
            [_("It is {row} in every sentence. The steps to come let it look at the others.", row=row)],
            [_("Its neighbours may change, and the row stays {row}. Try another sentence.", row=row)],
            [_("You read a sentence at once; a table has one row a word, here {row}.", row=row)],
        ],
    )


def best_score(scene: Moment) -> Predict | None:
    """Ask at Q, K, V which key fits a query best."""
    names = _names(scene)
    if names is None:
        return None
    query = min(_ASKED, len(names) - 1)
    row = scene.lab.raw_scores[0, query]
    case = _Case(row, row, query, names, _best(row))
    question: Math = phrase(
        "Head 1: each query meets each key. Which key gives {word} its largest score?",
        word=tinted(case.names[case.query], "q"),
    )
    return _predict(scene, "best_score", question, case, _why_score)


def most_weight(scene: Moment) -> Predict | None:
    """Ask at the mask which token gets the most weight."""
    names = _names(scene)
    if names is None:
        return None
    query = min(_ASKED, len(names) - 1)
    scores = scene.lab.raw_scores[0, query] * scene.lab.usual_scale
    row = softmax(np.where(create_causal_mask(len(names))[query], scores, -np.inf))
    case = _Case(row, scores, query, names, _best(row))
    question: Math = phrase(
        "Head 1, causal mask, scale 1/{root_d_k}: which token gets the most weight from {word}?",
        root_d_k=root(*D_K),
        word=tinted(case.names[case.query], "q"),
    )
    return _predict(scene, "most_weight", question, case, _why_weight)


_QUESTIONS: Mapping[str, Callable[[Moment], Predict | None]] = {
    "alone": alone,
    "best_score": best_score,
    "most_weight": most_weight,
}
_ANSWERED_AT: Mapping[str, tuple[str, ...]] = {
    "best_score": ("raw_scores", "scaled_scores"),
    "most_weight": ("weights", "head_outputs"),
}
"""The steps that show the answer by themselves."""


def _names(scene: Moment) -> list[str] | None:
    """The words to choose from; None where there is only one."""
    names = [short(text) for text in scene.lab.words.texts]
    return names if len(names) > 1 else None


def _best(row: Array) -> list[int]:
    return [int(i) for i in np.flatnonzero(row > row.max() - EXACT)]


def _predict(scene: Moment, kind: str, question: Math, case: _Case, why: Why) -> Predict | None:
    if len(case.best) == len(case.names):
        return None  # whatever one says is right
    return Predict(
        key=_key(scene, kind),
        question=question,
        options=case.names,
        right=case.best,
        answer=_winners(case),
        values=[number(float(value), 2) if kind == "most_weight" else term(value) for value in case.row],
        why=[[why(case, i)] for i in range(len(case.names))],
    )


def _is_answered(scene: Moment, kind: str, key: str) -> bool:
    """A step answers by itself; once it has been seen, a guess is answered everywhere."""
    if kind not in _ANSWERED_AT:  # a guess is answered at once
        return key in scene.lab.guesses
    seen = any(step in scene.lab.seen for step in _ANSWERED_AT[kind])
    return scene.step.id in _ANSWERED_AT[kind] or (seen and key in scene.lab.guesses)


def _why_score(case: _Case, option: int) -> str:
    score, best = term(float(case.row[option])), term(float(case.row.max()))
    if option in case.best:
        return _("Its products add up to {score}, the most in the row.", score=best)
    if option == case.query:
        return _(
            "A token need not fit itself: its query and its key come from two matrices. They give {score}.",
            score=score,
        )
    if case.row[option] < 0:
        return _(
            "Large numbers are not enough: where signs differ, products are negative. "
            "They add up to {score}.",
            score=score,
        )
    return _("Its products add up to {score}; the most is {best}.", score=score, best=best)


def _why_weight(case: _Case, option: int) -> str:
    name, score = case.names[option], term(float(case.scores[option]))
    if option > case.query:
        return _(
            "“{name}” comes after “{query}”: the mask takes it out, however well it fits.",
            name=name,
            query=case.names[case.query],
        )
    if option in case.best:
        return _(
            "Its score, {score}, is the largest that the mask leaves, and softmax keeps the order.",
            score=score,
        )
    if option == case.query:
        return _("It may look at itself, but its own key fits it less: the score is {score}.", score=score)
    return _("Its score is {score}; the largest one takes the most.", score=score)


def _winners(case: _Case) -> tuple[str, str]:
    """The token with the largest number; where several share it, what they are and how many."""
    best = [case.names[i] for i in case.best]
    value = number(float(case.row.max()), 2)
    if len(best) == 1:
        return best[0], value
    names = list(dict.fromkeys(best))
    named = listed(names) if len(names) <= 2 else f"{names[0]}, {names[1]} …"
    return _("{named}: {best} tokens,", named=named, best=len(best)), _("{value} each", value=value)


def _key(scene: Moment, kind: str) -> str:
    """Name the case that is asked about: another sentence, other numbers or sizes ask anew."""
    lab = scene.lab
    return f"{kind}-{zlib.crc32(repr((lab.name_of_lab, *lab.case)).encode()):08x}"
