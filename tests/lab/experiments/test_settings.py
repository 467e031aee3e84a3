"""Each setting of the experiments is read or refused, and stands in a link in one form."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attention_lab.kit.lab import KIT_SETTINGS, lesson_of, settings_of
from attention_lab.kit.refusal import RefusedError
from attention_lab.labs.experiments.examined import OWN
from attention_lab.labs.experiments.lab import Experiments
from tests.lab.helpers import LONG, STRANGE, follow, link_of, linked, make_experiments, make_session, views

KINDS = settings_of(Experiments)
DEFAULTS = Experiments().choices()
STEPS = lesson_of(Experiments).ids
PLACES = st.integers(-1, 35)
CHANGE = st.one_of(
    st.just(["off"]),
    st.tuples(st.just("cut"), PLACES, PLACES).map(list),
    st.tuples(st.sampled_from(["move", "swap"]), PLACES, PLACES, PLACES).map(list),
    st.tuples(st.just("set"), PLACES, PLACES, st.integers(0, 100)).map(list),
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "step": st.sampled_from(STEPS),
        "own": st.one_of(
            st.sampled_from(STRANGE),
            st.lists(st.sampled_from(["the", "cat", "it", "was", "猫", "."])).map(" ".join),
        ),
        "sample": st.one_of(st.none(), st.integers(OWN, 3)),
        "job": st.one_of(st.none(), st.sampled_from(["pronoun", "previous"])),
        "examined": st.sampled_from(["random", "reader", "minilm"]),
        "seed": st.integers(0, 3),
        "at": st.one_of(st.none(), st.lists(st.integers(0, 4), min_size=2, max_size=2)),
        "asked": st.one_of(st.none(), st.lists(PLACES, min_size=2, max_size=2)),
        "rival": st.one_of(st.none(), PLACES),
        "exchange": st.one_of(st.none(), st.lists(st.integers(0, 35), min_size=2, max_size=2)),
        "changes": st.lists(CHANGE, max_size=3),
        "scope": st.sampled_from(["head", "all"]),
        "kinds": st.lists(
            st.sampled_from(["猫", "zebra", "hello", "__proto__"]).map(lambda word: [word, "<animal>"]),
            max_size=4,
            unique_by=lambda pair: pair[0],
        ),
        "drawn": st.sampled_from(["arrows", "map"]),
        "order": st.sampled_from(["weight", "layer"]),
        "table": st.booleans(),
    },
)
WRONG: list[tuple[str, Any]] = [
    ("sample", "0"), ("sample", -2), ("sample", True), ("job", "verb"), ("examined", "gpt"),
    ("at", [0]), ("at", [0, -1]), ("at", "0.1"), ("asked", [1, 2, 3]), ("asked", [1, 1.5]),
    ("rival", -2), ("exchange", [-1, 2]), ("changes", "off"), ("changes", [["off", 1]]),
    ("changes", [["swap", 1, 2]]), ("changes", [["swap", 1, 2, 2]]), ("changes", [["set", 1, 2, -1]]),
    ("changes", [["set", 1, 2, 101]]), ("changes", [["cut", 1, True]]), ("changes", [["off"]] * 9),
    ("changes", [["__class__"]]), ("scope", "layer"), ("kinds", {"a": "animal"}),
    ("kinds", [["a"]]), ("kinds", "a"), ("kinds", [["a", "<animal>"]] * 41),
    ("kinds", {"": "<animal>"}), ("kinds", {"a": "<script>alert(1)"}), ("drawn", "bars"), ("order", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_a_setting_cannot_hold_is_refused_in_words(name: str, value: Any) -> None:
    with pytest.raises(RefusedError) as refusal:
        KINDS[name].read(value)
    assert len(str(refusal.value)) > 20


def test_every_setting_has_a_default_that_its_reader_keeps() -> None:
    assert set(DEFAULTS) == set(KINDS)
    for name, kind in KINDS.items():
        assert kind.read(DEFAULTS[name]) == DEFAULTS[name]


def test_a_link_carries_every_setting_of_the_experiments() -> None:
    own = {name for name, kind in KINDS.items() if kind.linked} - set(KIT_SETTINGS)
    assert "carried_out" not in own, "what was done is not part of what is shown"
    assert set(linked(make_experiments())) == {"step", "table", *own}


def test_the_kind_of_a_word_is_kept_as_a_pair_whatever_form_it_comes_in() -> None:
    assert KINDS["kinds"].read({"zebra": "<animal>"}) == [["zebra", "<animal>"]]
    assert KINDS["kinds"].read([["a", "<place>"], ["a", "<animal>"]]) == [["a", "<animal>"]]


@given(CHANGES)
@example({"step": "own", "own": LONG, "drawn": "map"})
@example({"own": ".", "exchange": [0, 1], "asked": [0, -1]})
def test_a_link_brings_another_session_to_the_same_state_and_every_view_is_drawn(
    changes: dict[str, Any],
) -> None:
    lab = make_experiments(**changes)
    other = make_experiments(step="mean", own="somewhere else", examined="random", order="layer")
    follow(other, link_of(lab))
    assert linked(other) == linked(lab)
    assert other.message is None
    seen, expected = views(other), views(lab)
    assert seen.pop("header")["lab"] == expected.pop("header")["lab"]  # how much was seen is in no link
    seen["sentence"].pop("message"), expected["sentence"].pop("message")  # nor what was said on the way
    assert seen == expected


def test_another_sentence_lets_go_of_the_question_and_the_test() -> None:
    about: dict[str, Any] = {
        "asked": [7, 5],
        "rival": 1,
        "changes": [["off"]],
        "exchange": [1, 5],
        "at": [0, 1],
    }
    for change in ({"sample": 1}, {"own": "The dog was tired"}, {"step": "agreement"}):
        lab = make_experiments(**about)
        lab.apply(change)
        assert {name: getattr(lab, name) for name in about} == {name: DEFAULTS[name] for name in about}


def test_a_test_follows_to_another_model_and_the_head_does_not() -> None:
    lab = make_experiments(changes=[["cut", 7, 1]], at=[0, 1])
    lab.apply({"examined": "random"})
    assert (lab.changes, lab.at) == ([["cut", 7, 1]], None)


def test_a_sentence_that_is_typed_is_shown_and_one_without_a_word_is_refused() -> None:
    lab = make_experiments(own="The dog was tired")
    assert lab.sample == OWN
    lab.apply({"own": "   "})
    assert (lab.own, lab.message["kind"]) == ("The dog was tired", "error")
    lab.apply({"own": "cat " * 60})
    assert len(lab.own.split()) == 30
    assert "30 words and signs were left out" in lab.message["text"]


def test_a_message_about_the_sentence_goes_when_another_sample_is_shown() -> None:
    lab = make_experiments(own="   ")
    lab.apply({"drawn": "map"})
    assert lab.message is not None
    lab.apply({"sample": 1})
    assert lab.message is None


def test_a_sentence_from_another_lab_is_the_learners_own_and_what_is_on_the_screen_stays() -> None:
    lab = make_experiments(changes=[["cut", 7, 1]])
    lab.receive("own", "The dog was tired")
    assert (lab.own, lab.sample, lab.changes) == ("The dog was tired", None, [["cut", 7, 1]])


def test_what_was_about_the_learners_own_sentence_goes_when_another_comes_from_another_lab() -> None:
    for shown in ({"sample": OWN}, {"step": "own"}):
        lab = make_experiments(**shown, asked=[7, 1], changes=[["cut", 7, 1]])
        lab.receive("own", "The dog was tired")
        assert (lab.asked, lab.changes, lab.sample) == (None, [], shown.get("sample"))
        lab.apply({"changes": [["off"]]})
        lab.receive("own", "The dog was tired")
        assert lab.changes == [["off"]], "the same sentence changes nothing"


def test_the_stepper_shows_nothing_of_the_experiments_and_needs_no_model() -> None:
    assert not {"models", "maps", "test"} & set(views(make_session()))
