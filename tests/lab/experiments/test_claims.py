"""Every sentence beside a picture, in every preset and after each kind of test, against the weights.

`CLAIMS` has a pattern for each sentence that the screen can show, and what must hold when it does. A sentence
that no pattern knows fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from attention import load_card
from attention_lab.kit.text import short
from tests.lab.experiments.truth import (
    CASES,
    CLOSE,
    FLOAT32,
    HEADS,
    SEED,
    WORTH,
    Case,
    Truth,
    answer_of,
    is_share,
    kinds_of_test,
    model,
)
from tests.lab.helpers import make_experiments, plain, views

BEHAVIOURS = {"agreement": "attractor", "long_range": "long range"}
TITLES = {"random": "Random", "ordinary": "Ordinary", "reader": "Reader"}


# What is said, and what must then hold


def head(truth: Truth) -> str:
    named = f"read head “{HEADS[truth.case.job]}”"
    return named if truth.name != "ordinary" else f"layer {truth.at[0] + 1}, head {truth.at[1] + 1}"


def largest(truth: Truth, found: re.Match[str]) -> bool:
    told = re.findall(r"(\S+) (0|1|\d\.\d\d)(?:, |$)", found[2])
    top = np.sort(truth.row)[::-1][: len(told)]
    places = [[i for i in range(len(truth.row)) if truth.named(i) == name] for name, _ in told]
    by_name = all(
        any(abs(truth.row[i] - float(weight)) < CLOSE for i in at)
        for at, (_, weight) in zip(places, told, strict=True)
    )
    return (
        found[1] == truth.named(truth.query + 1)
        and len(told) == 4
        and by_name
        and all(abs(float(weight) - each) < CLOSE for (_, weight), each in zip(told, top, strict=True))
    )


def looks_most(truth: Truth, found: re.Match[str]) -> bool:
    place = int(truth.row.argmax())
    return truth.named(place) == found[1] and abs(float(found[2]) - truth.row[place]) < CLOSE


def measured(truth: Truth, found: re.Match[str]) -> bool:
    card = load_card("ordinary" if truth.name == "ordinary" else "reader")
    behaviour = BEHAVIOURS.get(truth.case.step, "pronoun")
    right, swapped = (card.figure(f"{behaviour} {what}") for what in ("accuracy", "swap"))
    values = [f.random if truth.name == "random" else f.value for f in (right, swapped)]
    who = {"random": f"Random with seed {card.shipped_seed}"}.get(truth.name, TITLES[truth.name])
    at = card.head(behaviour)
    assert at is not None
    where = f"layer {at[0] + 1}, head {at[1] + 1}"
    return (
        found[1] == f"{swapped.sentences:,}"
        and found[2] == who
        and found[4] == (where if truth.name == "ordinary" else head(truth))
        and all(is_share(text, v or 0) for text, v in zip((found[3], found[5]), values, strict=True))
    )


def mean_of(truth: Truth, found: re.Match[str]) -> bool:
    place = int(np.flatnonzero([spot == truth.at for spot in spots(truth)])[0])
    return (
        [found[1], found[3]] == [truth.shown[truth.key], truth.shown[truth.query]]
        and abs(float(found[2]) - truth.heads[place]) < CLOSE
        and abs(float(found[4]) - truth.heads.mean()) < CLOSE
    )


def spots(truth: Truth) -> list[tuple[int, int]]:
    return [(i, h) for i, layer in enumerate(truth.after.layers) for h in range(len(layer))]


def became(before: bool, after: bool) -> Callable[[Truth, re.Match[str]], bool]:
    """The answers named hold, and whether one stands out is as said."""

    def holds(truth: Truth, found: re.Match[str]) -> bool:
        was, now = answer_of(truth.said), answer_of(truth.says)
        named = found.groupdict()
        return (
            (was is not None, now is not None) == (before, after)
            and named.get("was", was) == was
            and named.get("now", now) == now
            and is_share(named.get("share", f"{100 * truth.says.probability}"), truth.says.probability)
        )

    return holds


def stays(truth: Truth, found: re.Match[str]) -> bool:
    return answer_of(truth.said) == answer_of(truth.says) == found[1] and (
        abs(truth.said.probability - truth.says.probability) < WORTH
    ) == (found["share"] is None)


def changes(truth: Truth, found: re.Match[str]) -> bool:
    return [answer_of(truth.said), answer_of(truth.says)] == [found[1], found[2]] and found[1] != found[2]


CLAIMS: Mapping[str, Callable[[Truth, re.Match[str]], bool]] = {
    r"“(.+)” looks at: (.+)\.": largest,
    r"This head’s answer can only come from the words it looks at: most at “(.+)”, (.+)\.": looks_most,
    r"This head’s answer can only come from the words it looks at, and it looks at none\.": (
        lambda truth, _: not truth.row.any()
    ),
    r"Its answer is read from the last row of “(.+)”, to which all of its 24 heads add: this is one of "
    r"them\.": (
        lambda truth, found: truth.name == "ordinary" and found[1] == truth.shown[truth.query]
    ),
    r"Nobody trained it: its answers and its arrows are chance\.": lambda truth, _: truth.name == "random",
    r"On (.+) held-out questions of this kind, (.+) answers (.+) right; swapping the weights of the right "
    r"word and the one in its way in (.+) makes it answer the other in (.+)\.": measured,
    r"The answer changes: (.+) → (.+)\.": changes,
    r"The answer stays: (.+?)\.(?: Its share goes from (?P<from>.+) to (?P<share>.+)\.)?": stays,
    r"The answer is gone: it was (?P<was>.+), and now the likeliest word has (?P<share>.+)\.": (
        became(True, False)
    ),
    r"No word stands out, before or after: the likeliest has (?P<share>.+)\.": became(False, False),
    r"An answer stands out now: (?P<now>.+), (?P<share>.+)\.": became(False, True),
    r"The head that is shown gives “(.+)” (.+) of the weight of “(.+)”, the mean over all heads of this "
    r"model (.+): what one head does clearly may be hidden in the mean\.": mean_of,
    r"exchanged: (.+) and (.+)": lambda truth, _: truth.exchanged,
    r"inside the grammar of the small models": lambda truth, _: truth.inside and not truth.exchanged,
    r"outside the grammar of the small models: .+": lambda truth, _: not truth.inside,
}  # fmt: skip
"""Every sentence that is computed."""

SAME_EVERYWHERE = {
    "the thicker, the larger; grey ones are drawn thinner",
    "weights; 0 is dark, 1 is bright",
    "",
}
"""Legends: how the page draws is tested in the browser."""


def sentences(view: Mapping[str, Any]) -> list[str]:
    """Everything beside the pictures that says something."""
    test, foot = view["test"], view["foot"]
    status = view["sentence"]["field"]["status"]
    said = [panel["said"] for panel in view["stage"]["panels"][:1]]
    said += [foot["legend"]["text"], plain(foot["extra"] or ""), test["caption"] or ""]
    said += [plain(note) for note in test["notes"]]
    said += [plain(test["verdict"]["text"])] if test["verdict"] else []
    said += [status["text"]] if status else []
    return said


def check(truth: Truth, said: str) -> None:
    if said in SAME_EVERYWHERE:
        return
    found = [(each, re.fullmatch(pattern, said)) for pattern, each in CLAIMS.items()]
    known = [(holds, match) for holds, match in found if match]
    assert len(known) == 1, f"nothing tests {said!r}"
    holds, match = known[0]
    assert holds(truth, match), (said, truth.row.round(4))


@pytest.mark.crossed
@pytest.mark.parametrize("name", ["random", "ordinary", "reader"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.step} {case.sample}")
def test_what_is_said_beside_the_pictures_holds_after_every_kind_of_test(case: Case, name: str) -> None:
    for scope in ("head", "all"):
        for kind, settings in kinds_of_test(case):
            if scope == "all" and ("changes" not in settings or case.step in ("heads", "mean")):
                continue  # says what was said of one head
            lab = make_experiments(step=case.step, sample=case.sample, examined=name, scope=scope, **settings)
            view = views(lab)
            truth = Truth(
                name, case, settings.get("changes", ()), exchanged="exchange" in settings, scope=scope
            )
            where = f"{case.step} {case.sample} {name} {scope} {kind}"
            for said in sentences(view):
                check(truth, said)
            in_numbers(truth, view, where)
            if case.step == "mean":
                html = re.sub(r"</?\w+>|\n", lambda tag: " " * (tag[0] == "\n"), view["lesson"]["html"])
                check(truth, html)


def in_numbers(truth: Truth, view: Mapping[str, Any], where: str) -> None:
    """What stands there without a sentence: titles, answers, weights, what is in force."""
    test, (shown, *_) = view["test"], view["stage"]["panels"]
    assert test["where"] == shown["title"] == f"{TITLES[truth.name]}, {head(truth)}", where
    assert plain(test["what"]) == f"{truth.shown[truth.query]} → {truth.shown[truth.key]}", where
    weight = truth.row[truth.key + 1]
    assert float(test["value"]) == pytest.approx(weight, abs=CLOSE), where
    np.testing.assert_allclose(
        shown["matrix"]["values"], truth.after.layers[truth.at[0]][truth.at[1]], atol=FLOAT32, err_msg=where
    )
    for row in test["answer"]["rows"]:
        for column, said in (("before", truth.said), ("after", truth.says)):
            cell, known = row[column], dict(said.candidates)
            if cell is not None:
                assert cell["value"] == pytest.approx(known[row["word"]], abs=1e-4), where
                assert is_share(cell["text"], known[row["word"]]), where
    card = next(card for card in view["models"]["cards"] if card["name"] == truth.name)
    assert card["answer"]["before"]["word"] == (answer_of(truth.said) or "no word"), where
    assert (card["answer"]["after"] or {}).get("word") == (
        (answer_of(truth.says) or "no word") if truth.tested else None
    ), where
    assert card["answer"]["flips"] == (answer_of(truth.said) != answer_of(truth.says)), where
    best = max(truth.heads)
    assert max(head["value"] for head in view["maps"]["maps"]) == pytest.approx(best, abs=FLOAT32), where
    assert len(test["applied"]) == len(truth.changes) + truth.exchanged, where


def test_the_figure_for_random_weights_is_told_of_the_seed_that_was_measured() -> None:
    assert load_card("reader").shipped_seed != SEED, "the screen opens with another"
    (note,) = views(make_experiments(examined="random"))["test"]["notes"]
    assert "Random with seed 0 answers" in plain(note)
    note_after = views(make_experiments(examined="random", seed=3))["test"]["notes"]
    assert [note] == note_after


def test_a_tie_among_hundreds_of_words_is_no_answer() -> None:
    uniform = 1 / len(model("reader").vocabulary)
    view = views(make_experiments(changes=[["off"]]))
    rows = {row["word"]: row for row in view["test"]["answer"]["rows"]}
    assert rows["<pad>"]["after"]["value"] < 2 * uniform
    assert plain(view["test"]["verdict"]["text"]).startswith("The answer is gone: it was cat")
    (card,) = [card for card in view["models"]["cards"] if card["name"] == "reader"]
    assert card["answer"]["after"] == {"word": "no word", "share": "at most 0.2 %"}


def test_the_orange_line_opens_on_the_word_that_the_read_head_looks_at() -> None:
    for case in CASES:
        view = views(make_experiments(step=case.step, sample=case.sample))
        stage = view["stage"]
        row = np.array(stage["panels"][0]["matrix"]["values"])[stage["query"]]
        assert row[stage["key"]] > 0.9, case
        assert int(row.argmax()) == stage["key"], case
        assert short(case.sentence.split()[case.key]) == plain(view["test"]["what"]).split(" → ")[1]
