"""Each setting of the experiments is read or refused, and stands in a link in one form."""

from __future__ import annotations

from typing import Any

import pytest
from attention_lab.experiment import DEFAULTS, FORMS, OWN, READERS
from attention_lab.refusal import RefusedError
from hypothesis import example, given
from hypothesis import strategies as st

from attention_lab.session import Session
from tests.lab.helpers import LONG, STRANGE, load_labs, make_session, views

STEPS = next([step.id for step in lab.steps] for lab in load_labs() if lab.name == "experiments")
PLACES = st.integers(-1, 35)
CHANGE = st.one_of(
    st.just(["off"]),
    st.tuples(st.just("cut"), PLACES, PLACES).map(list),
    st.tuples(st.sampled_from(["move", "swap"]), PLACES, PLACES, PLACES).map(list),
    st.tuples(st.just("set"), PLACES, PLACES, st.integers(0, 100)).map(list),
)
CHANGES = st.fixed_dictionaries(
    {"lab": st.just("experiments")},
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
        "kinds": st.dictionaries(st.sampled_from(["猫", "zebra", "hello"]), st.just("<animal>")),
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
    ("changes", [["__class__"]]), ("scope", "layer"), ("kinds", {"a": "animal"}), ("kinds", []),
    ("kinds", {"": "<animal>"}), ("kinds", {"a": "<script>alert(1)"}), ("drawn", "bars"), ("order", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_a_setting_cannot_hold_is_refused_in_words(name: str, value: Any) -> None:
    with pytest.raises(RefusedError) as refusal:
        READERS[name](value)
    assert len(str(refusal.value)) > 20


def test_every_setting_has_a_default_a_reader_and_a_form_in_links() -> None:
    assert set(DEFAULTS) == set(FORMS) == {*READERS, "own"}
    session = make_session()
    assert {name: getattr(session, name) for name in DEFAULTS} == dict(DEFAULTS)
    for name, reader in READERS.items():
        assert reader(DEFAULTS[name]) == DEFAULTS[name]


@given(CHANGES)
@example({"lab": "experiments", "step": "own", "own": LONG, "drawn": "map"})
@example({"lab": "experiments", "own": ".", "exchange": [0, 1], "asked": [0, -1]})
def test_a_link_brings_another_session_to_the_same_state_and_every_view_is_drawn(
    changes: dict[str, Any],
) -> None:
    session = make_session(**changes)
    other = make_session(
        lab="experiments", step="mean", own="somewhere else", examined="random", order="layer"
    )
    other.apply_link(session.to_link())
    assert {name: getattr(other, name) for name in FORMS} == {name: getattr(session, name) for name in FORMS}
    assert other.message is None
    seen, expected = views(other), views(session)
    assert (
        seen.pop("header")["lab"] == expected.pop("header")["lab"]
    )  # how many steps were seen is not in a link
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
        session = make_session(lab="experiments", **about)
        session.apply(change)
        assert {name: getattr(session, name) for name in about} == {name: DEFAULTS[name] for name in about}


def test_a_test_follows_to_another_model_and_the_head_does_not() -> None:
    session = make_session(lab="experiments", changes=[["cut", 7, 1]], at=[0, 1])
    session.apply({"examined": "random"})
    assert (session.changes, session.at) == ([["cut", 7, 1]], None)


def test_a_sentence_that_is_typed_is_shown_and_one_without_a_word_is_refused() -> None:
    session = make_session(lab="experiments", own="The dog was tired")
    assert session.sample == OWN
    session.apply({"own": "   "})
    assert (session.own, session.message["kind"]) == ("The dog was tired", "error")
    session.apply({"own": "cat " * 60})
    assert len(session.own.split()) == 30
    assert "30 words and signs were left out" in session.message["text"]


def test_the_stepper_shows_nothing_of_the_experiments_and_needs_no_model() -> None:
    session = Session({lab.name: tuple(step.id for step in lab.steps) for lab in load_labs()})
    shown = views(session)
    assert [shown[kind] for kind in ("models", "maps", "test")] == [None] * 3
