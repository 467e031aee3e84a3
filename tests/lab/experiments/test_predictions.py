"""What is asked before each test, in every preset: its options, and the judgement once the test is made."""

from __future__ import annotations

import re

import numpy as np
import pytest

from attention_lab.labs.experiments.bench import Bench
from tests.lab.experiments.truth import CASES, CLOSE, HEADS, Case, Truth, answer_of, is_share, kinds_of_test
from tests.lab.helpers import make_experiments, plain, views


def options_of(truth: Truth, words: tuple[str, str]) -> list[str | None]:
    """What each option of a prediction stands for: the answer, the other word, any other, none."""
    was = answer_of(truth.said)
    other = next(each for each in words if each != was)
    return [was, other, "", *([None] if was is not None else [])]


READ_HEAD = (
    r"Read head “(.+)” now looks most at “(.+)”, (.+): "
    r"the answer can come from nothing but what it looks at\."
)


def why_holds(truth: Truth, kind: str, why: str) -> bool:
    if truth.name == "random":
        return why == "It was never trained: its numbers prefer no word." and answer_of(truth.says) is None
    if truth.name == "reader":
        place = int(truth.row.argmax())
        if truth.row.sum() < 0.05:
            return why.startswith(f"Read head “{HEADS[truth.case.job]}” is left with hardly any weight")
        found = re.fullmatch(READ_HEAD, why)
        assert found, why
        return found[2] == truth.named(place) and abs(float(found[3]) - truth.row[place]) < CLOSE
    if kind == "exchange":
        return why == "The words stand elsewhere, and all of its 24 heads looked anew."
    if truth.scope == "all":
        found = re.fullmatch(
            r"All of its 24 heads were changed: the likeliest word had (.+), the likeliest now has (.+)\.",
            why,
        )
        assert found, why
        return is_share(found[1], truth.said.probability) and is_share(found[2], truth.says.probability)
    found = re.fullmatch(
        r"The answer is read from a row to which all of its 24 heads add; (.+) of them, in the layer of the "
        r"changed one or before it, are as they were\.",
        why,
    )
    assert found, why
    layers = zip(truth.unchanged.layers, truth.after.layers, strict=True)
    return int(found[1]) == sum(sum(map(np.array_equal, *pair)) for pair in layers)


@pytest.mark.crossed
@pytest.mark.parametrize("name", ["random", "ordinary", "reader"])
@pytest.mark.parametrize("case", [case for case in CASES if case.step not in ("heads", "mean")], ids=str)
def test_each_test_is_asked_about_before_it_is_made_and_judged_by_what_it_gives(
    case: Case, name: str
) -> None:
    made = {"exchange": {"exchange": [case.key, case.rival]}}
    made |= {
        kind: settings for kind, settings in kinds_of_test(case) if len(settings.get("changes", ())) == 1
    }
    words = (case.sentence.lower().split()[case.rival], case.sentence.lower().split()[case.key])
    for scope in ("head", "all"):
        lab = make_experiments(step=case.step, sample=case.sample, examined=name, scope=scope)
        asked = []
        while (view := views(lab)["predict"]) is not None:
            assert not view["open"], "its answer is not there yet"
            kind = str(view["key"]).split("-")[1]
            asked.append(kind)
            lab.apply({"guesses": {**lab.guesses, view["key"]: 0}})
            assert not views(lab)["predict"]["open"]
            lab.apply(made[kind])
            seen = views(lab)["predict"]
            truth = Truth(
                name, case, made[kind].get("changes", ()), exchanged=kind == "exchange", scope=scope
            )
            now, options = answer_of(truth.says), options_of(truth, words)
            right = options.index(now if now in options else "")
            assert (seen["key"], seen["open"], len(seen["options"])) == (view["key"], True, len(options))
            assert seen["yours"]["right"] == (right == 0), (kind, scope)
            assert seen["answer"]["label"] == (now or "no word")
            assert is_share(seen["answer"]["value"], truth.says.probability)
            assert why_holds(truth, kind, plain(seen["yours"]["why"])), plain(seen["yours"]["why"])
            lab.apply({"changes": [], "exchange": None})
        first = {"pronoun": "move", "long_range": "cut"}.get(case.step, "swap")
        assert asked[0] == first
        assert sorted(asked) == ["cut", "exchange", "move", "off", "swap"]


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_heads_of_later_layers_are_not_said_to_be_as_they_were(layer: int) -> None:
    lab = make_experiments(examined="ordinary", at=[layer, 3])
    lab.apply({"guesses": {views(lab)["predict"]["key"]: 0}})
    lab.apply({"changes": [["move", 7, 1, 5]]})
    run = Bench(lab).run
    assert run is not None
    same = [sum(map(np.array_equal, *pair)) for pair in zip(run.before.layers, run.after.layers, strict=True)]
    assert f"{sum(same)} of them, in" in plain(views(lab)["predict"]["yours"]["why"])


def test_a_test_that_was_not_guessed_shows_no_prediction_and_a_skipped_one_makes_room() -> None:
    lab = make_experiments(changes=[["swap", 7, 1, 5]])
    assert views(lab)["predict"] is None
    lab = make_experiments()
    first = views(lab)["predict"]["key"]
    lab.apply({"revealed": [first]})
    assert views(lab)["predict"]["key"] != first
    lab.apply({"guesses": {first: 1}})
    seen = views(lab)["predict"]
    assert (seen["key"], seen["yours"]["right"]) == (first, True), "shown, and it is mat"
