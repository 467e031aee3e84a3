"""Will the answer follow? Asked before each kind of test, and answered when the test has been made."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from attention import JOBS, Array
from attention_lab.kit.blocks.writing import quoted
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Predict
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.experiments.bench import Bench, Run
from attention_lab.labs.experiments.examined import START, heard
from attention_lab.labs.experiments.interventions import Change
from attention_lab.labs.experiments.words import HEADS, TITLES, labels, percent, spoken, word

if TYPE_CHECKING:
    from attention_lab.labs.experiments.lab import Experiments

_FIRST = {"pronoun": "move", "long_range": "cut"}
"""The test that the lesson of a step asks for; swapping anywhere else."""
_KINDS = ("swap", "move", "cut", "off", "exchange")
_LITTLE = 0.05  # of all weight: less than that left in a read head says nothing


def prediction(lab: Experiments) -> Predict | None:
    """Ask about the test that comes next; once a test is made, judge what was guessed of it."""
    shown, before = Bench(lab), _untested(lab)
    if shown.run is None or shown.run.said is None:
        return None
    if not shown.tested:
        test = next(_open(before), None)
        return None if test is None else _asked(before, test, answered=False)
    made = _made(shown)
    if made is None or _key(before, made) not in lab.guesses:
        return None
    return _asked(before, made, answered=True)


def made_by(lab: Experiments, **settings: Any) -> str | None:
    """Return the key of the test that these settings are, where nothing was tested before."""
    if lab.changes or lab.exchange:
        return None
    made = _made(Bench(lab, **settings))
    return None if made is None else _key(_untested(lab), made)


def _made(bench: Bench) -> Change | None:
    """The test that is in force, where it is one of those that are asked about."""
    if bench.exchange:
        return None if bench.changes else ("exchange", *bench.exchange)
    (first, *more) = bench.changes or ((),)
    return None if more or not first or first[0] not in _KINDS else first


def _open(before: Bench) -> Iterator[Change]:
    """The tests that are still to be made, in their order; what was skipped is left out."""
    lab = before.lab
    for test in _offered(before):
        key = _key(before, test)
        if key not in lab.carried_out and (key in lab.guesses or key not in lab.revealed):
            yield test


def _offered(bench: Bench) -> Iterator[Change]:
    pair = (bench.query, bench.key)
    alone = bench.rival in pair  # a sentence of one word has no other
    first = _FIRST.get(bench.step.id, _KINDS[0])
    for kind in dict.fromkeys((first, *_KINDS)):
        if kind in ("swap", "move") and not alone:
            yield (kind, *pair, bench.rival)
        elif kind == "cut":
            yield (kind, *pair)
        elif kind == "off":
            yield (kind,)
        elif kind == "exchange" and min(bench.key, bench.rival) > START:
            yield (kind, bench.key, bench.rival)


def _untested(lab: Experiments) -> Bench:
    return Bench(lab, changes=[], exchange=None)


def _tested(lab: Experiments, test: Change) -> Bench:
    if test[0] == "exchange":
        return Bench(lab, changes=[], exchange=list(test[1:]))
    return Bench(lab, changes=[list(test)], exchange=None)


def _key(bench: Bench, test: Change) -> str:
    """Name the case: the same test of the same model, sentence and head is the same question."""
    lab = bench.lab
    at = "" if bench.run is None or lab.scope == "all" else ".".join(map(str, bench.run.at))
    numbers = sorted(test[1:], key=str) if test[0] == "exchange" else test[1:]
    seed = lab.seed if lab.examined == "random" else ""
    parts = (*bench.tokens.texts, *map(str, (bench.job, bench.query, lab.kinds)))
    case = zlib.crc32("\0".join(parts).encode("utf-8", "surrogatepass"))
    return f"{lab.step}-{'-'.join(map(str, (test[0], *numbers)))}-{lab.examined}{seed}-{at}-{case:x}"


def _asked(before: Bench, test: Change, *, answered: bool) -> Predict | None:
    after = _tested(before.lab, test)
    run, then = before.run, after.run
    if run is None or then is None or run.said is None or then.says is None:
        return None
    was, now = heard(run.said), heard(then.says)
    other = _other(before, run, was)
    options: dict[str | None, str] = {
        was: _("no word stands out, still") if was is None else _("still “{word}”", word=spoken(before, was)),
        **({} if other is None else {other: quoted(spoken(before, other))}),
        "": _("another word"),
    }
    if was is not None:
        options[None] = _("no word stands out")
    right = list(options).index(now if now in options else "")
    fact = _fact(after, then, percent(run.said.probability), exchanged=test[0] == "exchange")
    return Predict(
        key=_key(before, test),
        question=_question(before, test),
        options=list(options.values()),
        right=[right],
        answer=(spoken(before, now), percent(then.says.probability)),
        why=[fact] * len(options),
        answered=answered,
    )


def _other(bench: Bench, run: Run, was: str | None) -> str | None:
    """The word of the two that is not the answer yet, as the model says it; there may be none."""
    words = [run.before.tokens[run.before.tokens_of(place)[0]] for place in (bench.rival, bench.key)]
    return next((each for each in words if each != was), None)


def _question(bench: Bench, test: Change) -> Math:
    who, heads = TITLES[bench.lab.examined].name, _("this head")
    if bench.lab.scope == "all":
        heads = _("all heads")
    key = tinted(quoted(word(bench, bench.key)), "k")
    rival = tinted(quoted(word(bench, bench.rival)), "b")
    if test[0] in ("swap", "move"):
        rival = tinted(quoted(word(bench, int(test[3]))), "b")
    if test[0] == "swap":
        return phrase(
            "The weights of {key} and {rival} are swapped in {heads}. What does {model} answer then?",
            key=key, rival=rival, heads=heads, model=who,
        )  # fmt: skip
    if test[0] == "move":
        return phrase(
            "The weight of {key} is moved to {rival} in {heads}. What does {model} answer then?",
            key=key, rival=rival, heads=heads, model=who,
        )  # fmt: skip
    if test[0] == "cut":
        return phrase(
            "The weight of {key} is cut in {heads}. What does {model} answer then?",
            key=key, heads=heads, model=who,
        )  # fmt: skip
    if test[0] == "off":
        return phrase("Off: {heads}. What does {model} answer then?", heads=heads, model=who)
    return phrase(
        "The words {key} and {rival} change places. What does {model} answer then?",
        key=key, rival=rival, model=who,
    )  # fmt: skip


def _fact(bench: Bench, run: Run, share: str, *, exchanged: bool) -> Math:
    """Why: what the model has to answer from, after the test."""
    n = len(run.after.spots)
    assert run.says is not None
    if run.name == "random":
        return [_("It was never trained: its numbers prefer no word.")]
    if run.name == "reader":
        return _of_read_head(bench, run)
    if exchanged:
        return [_("The words stand elsewhere, and all of its {n} heads looked anew.", n=n)]
    if bench.lab.scope == "all":
        now = percent(run.says.probability)
        return [
            _("All of its {n} heads were changed: the likeliest word had {share}, the likeliest now has "
              "{now}.",
              n=n, share=share, now=now)
        ]  # fmt: skip
    untouched = sum(layer <= run.at[0] for layer, _head in run.after.spots) - 1
    return [
        _("The answer is read from a row to which all of its {n} heads add; {others} of them, in the layer "
          "of the changed one or before it, are as they were.",
          n=n, others=untouched)
    ]  # fmt: skip


def _of_read_head(bench: Bench, run: Run) -> Math:
    row: Array = run.after.layers[1][JOBS.index(bench.job)][run.after.tokens_of(bench.query)[0]]
    head, place = HEADS[bench.job], int(row.argmax())
    if row.sum() < _LITTLE:
        return [_("Read head “{head}” is left with hardly any weight: nothing to answer from.", head=head)]
    return [
        _("Read head “{head}” now looks most at “{word}”, {weight}: the answer can come from nothing but "
          "what it looks at.",
          head=head, word=labels(bench, run.after)[place], weight=number(float(row[place]), 2))
    ]  # fmt: skip
