"""A link reproduces the state of the stepper; whatever else it holds does no harm."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attention_lab.kit.lab import KIT_SETTINGS, settings_of
from attention_lab.kit.text import MAX_TEXT
from attention_lab.labs.stepper.cells import AXES
from attention_lab.labs.stepper.lab import D_MODELS, Stepper
from attention_lab.link import MAX_LINK
from attention_lab.session import Session
from tests.lab.helpers import LONG, STEPS, STRANGE, follow, link_of, linked, make_session, views

LINKED = [name for name, setting in settings_of(Stepper).items() if setting.linked]

WORDS = st.one_of(
    st.sampled_from(STRANGE),
    st.text(max_size=60),
    st.lists(st.sampled_from(["the", "cat", "sat", "猫", "👍🏿"])).map(" ".join),
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "step": st.sampled_from(STEPS),
        "text": WORDS,
        "embedding": st.sampled_from(["hand-built", "random"]),
        "seed": st.integers(0, 9999),
        "d_model": st.sampled_from(D_MODELS),
        "n_heads": st.integers(1, 16),
        "head": st.integers(0, 16),
        "mask": st.sampled_from(["none", "causal", "padding", "by-hand"]),
        "n_pad": st.integers(1, 6),
        "blocked": st.lists(st.lists(st.integers(0, 31), min_size=2, max_size=2), max_size=12),
        "scale": st.one_of(st.none(), st.floats(0, 2)),
        "query": st.integers(0, 40),
        "key": st.integers(0, 40),
        "feature": st.integers(0, 16),
        "picked": st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {"matrix": st.sampled_from(list(AXES)), "row": st.integers(0, 35), "col": st.integers(0, 35)}
            ),
        ),
        "table": st.booleans(),
    },
)


@given(CHANGES)
@example({"text": "👨‍👩‍👧‍👦" * 200})
@example({"text": LONG, "mask": "by-hand", "blocked": [[i, j] for i in range(32) for j in range(32)]})
def test_a_link_brings_another_session_to_the_same_state(changes: dict[str, object]) -> None:
    session = make_session(**changes)
    link = link_of(session)
    assert len(link) <= MAX_LINK
    other = make_session(
        text="somewhere else entirely", seed=3, d_model=16, n_heads=8, mask="causal", table=True
    )
    follow(other, link)
    assert linked(other) == linked(session)
    assert other.message is None
    assert link_of(other) == link


@given(
    st.one_of(
        st.text(max_size=200), st.dictionaries(st.sampled_from(LINKED), st.text(max_size=30)).map(urlencode)
    )
)
@example("text=%00%00&text=&mask=causal")
@example("scale=1e999&seed=" + "9" * 5000)
@example("&" * 500)
@example("text=" + "%F0%9F%91%A8" * 4000)
@example("step=__proto__&lab=constructor&picked=q.1.99999")
@example("blocked=" + "f" * 400)
@example("scale=nan")
@example("%")
@example("text=%ED%A0%80")
def test_whatever_a_link_holds_every_view_can_be_drawn(link: str) -> None:
    session = Session("stepper")
    session.take_link(link)
    views(session.current)


def test_the_default_state_needs_no_link() -> None:
    assert link_of(make_session()) == "lab=stepper"
    assert link_of(make_session(step="weights")) == "lab=stepper&step=weights"
    short = make_session(text="one two")
    assert link_of(short) == "lab=stepper&text=one+two", "a query that had to move needs no mention"


def test_a_link_carries_every_setting_but_the_learners_own() -> None:
    own = set(make_session().choices()) - set(KIT_SETTINGS)
    assert set(LINKED) == {"step", "table", *own} - {"hover", "yours", "came"}


@pytest.mark.parametrize(
    "field",
    ["seed=1_0", "seed=+7", "seed=٧", "seed= 7", "scale=nan", "scale=.5", "scale=1_0",
     "blocked=0x1", "blocked=F",
     "table=true", "picked=q.1", "picked=q.1.1.1", "picked=secret.1.1", "query=-1", "head=1e0"],
)  # fmt: skip
def test_a_field_of_a_link_is_read_in_its_one_form_only(field: str) -> None:
    session = make_session()
    before = session.choices()
    follow(session, field)
    assert session.choices() == before
    assert session.message is not None
    assert f"({field.split('=')[0]})" in session.message["text"]


def test_what_a_link_says_beyond_the_settings_is_passed_over() -> None:
    session = make_session()
    follow(session, "password=1&mask=causal&theme=dark&constructor=x")
    assert session.mask == "causal"
    assert session.message is not None
    assert "(password, constructor)" in session.message["text"]
    assert link_of(session) == "lab=stepper&mask=causal"


def test_what_a_link_does_not_name_goes_back_to_its_default() -> None:
    session = make_session(mask="causal", scale=1.5, guesses={"a": 1})
    follow(session, "step=weights")
    assert (session.mask, session.scale, session.step) == ("none", None, "weights")
    assert session.guesses == {"a": 1}, "a guess is the learner's own and stays"


def test_the_parts_of_a_link_that_cannot_be_read_are_named() -> None:
    session = make_session()
    follow(session, "mask=<script>&scale=9&d_model=8&n_heads=4")
    assert (session.mask, session.scale, session.d_model, session.n_heads) == ("none", None, 8, 4)
    assert session.message is not None
    assert session.message["kind"] == "error"
    assert "mask, scale" in session.message["text"] or "scale, mask" in session.message["text"]
    assert "<script>" not in session.message["text"]


def test_a_link_that_is_too_long_is_left_alone() -> None:
    session = make_session()
    follow(session, "mask=causal&text=" + "a" * MAX_LINK)
    assert session.mask == "none"
    assert session.message is not None


def test_a_link_lets_go_of_the_cell_under_the_pointer() -> None:
    session = make_session(hover={"matrix": "x", "row": 0, "col": 0})
    follow(session, "mask=causal")
    assert session.hover is None


@pytest.mark.parametrize("text", STRANGE)
def test_any_sentence_survives_a_link(text: str) -> None:
    session = make_session(text=text)
    other = make_session()
    follow(other, link_of(session))
    assert other.text == session.text
    assert len(other.text) <= MAX_TEXT
    seen, expected = views(other)["sentence"], views(session)["sentence"]
    assert seen.pop("message") is None
    expected.pop("message")  # what was left out is told where it was typed
    assert seen == expected
