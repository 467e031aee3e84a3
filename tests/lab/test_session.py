"""One learner: labs are as they were left, a sentence goes along, links lead to a lab, progress is kept."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attention_lab.kit.catalogue import names
from attention_lab.kit.lab import lesson_of, settings_of
from attention_lab.session import KEPT, Session
from tests.lab.helpers import LONG, make_lab, session_of, slots, views

START = Session("stepper").current.choices()
EXPERIMENTS = make_lab("experiments").choices()


def said(session: Session) -> str:
    assert session.current.message is not None
    return str(session.current.message["text"])


def done(kept: dict[str, Any]) -> tuple[Any, ...]:
    return kept["seen"], kept["guesses"], kept["revealed"]


def where(session: Session) -> tuple[str, str]:
    return session.current.name_of_lab, session.current.step


# Labs


def test_a_learner_starts_in_the_first_lab_unless_told() -> None:
    assert where(Session())[0] == names()[0]
    assert where(Session("experiments")) == ("experiments", "pronoun")
    with pytest.raises(ValueError, match="there is no lab 'nowhere'"):
        Session("nowhere")


@pytest.mark.parametrize("name", names())
def test_another_lab_starts_at_its_first_step(name: str) -> None:
    session = Session("stepper")
    session.go(name)
    assert where(session) == (name, session.current.lesson.ids[0])
    assert slots(session.current, session)["header"]["lab"] == session.current.lesson.title


def test_a_lab_is_as_it_was_left() -> None:
    session = Session("stepper")
    session.apply({"step": "weights", "mask": "causal", "picked": {"matrix": "weights", "row": 1, "col": 0}})
    before = session.current.choices()
    session.go("experiments")
    session.apply({"step": "mean", "examined": "ordinary"})
    session.go("stepper")
    assert session.current.choices() == before
    session.go("experiments")
    assert (session.current.step, session.current.examined) == ("mean", "ordinary")


def test_a_change_may_be_about_a_lab_that_is_not_on_the_screen() -> None:
    session = Session("stepper")
    other = session.open("experiments")
    session.apply({"step": "mean"}, other)
    assert where(session) == ("stepper", "embeddings")
    assert other.step == "mean"


def test_the_table_view_goes_along() -> None:
    session = Session("stepper")
    session.apply({"table": True})
    assert session.go("experiments").table is True
    session.apply({"table": False})
    assert session.go("stepper").table is False


# The sentence


def test_a_sentence_goes_along_once_the_learner_has_typed_one() -> None:
    session = Session("stepper")
    assert session.sentence is None
    session.go("experiments")
    assert session.current.own == EXPERIMENTS["own"]
    session.go("stepper")
    session.apply({"text": "The dog was tired"})
    assert session.sentence == "The dog was tired"
    session.go("experiments")
    assert (session.current.own, session.current.sample) == ("The dog was tired", None)
    session.apply({"own": "The book was long"})
    assert session.go("stepper").text == "The book was long"


def test_a_sentence_that_was_refused_does_not_travel() -> None:
    session = Session("stepper")
    session.apply({"text": "The dog was tired"})
    session.apply({"text": "   "})
    assert session.sentence == "The dog was tired"
    assert session.go("experiments").own == "The dog was tired"


def test_a_sentence_that_is_too_long_for_another_lab_is_cut_there_and_whole_at_home() -> None:
    session = Session("stepper")
    session.apply({"text": LONG})
    assert len(session.go("experiments").own.split()) == 30
    assert session.current.message is None
    assert session.go("stepper").text == LONG


def test_a_sentence_lets_go_of_what_was_about_the_one_before() -> None:
    session = Session("stepper")
    session.apply({"step": "weights", "picked": {"matrix": "weights", "row": 5, "col": 5}})
    session.go("experiments")
    session.apply({"own": "two words"})
    stepper = session.go("stepper")
    assert (stepper.text, stepper.picked, stepper.query) == ("two words", None, 1)


def test_the_sentence_of_a_link_goes_along_and_one_that_cannot_be_used_does_not() -> None:
    session = Session("stepper")
    session.take_link("lab=experiments&own=The+dog+was+tired")
    assert session.go("stepper").text == "The dog was tired"
    session.take_link("lab=stepper&text=+&mask=causal")
    assert session.sentence == "The dog was tired"


# Links


OLD: list[tuple[str, str, dict[str, Any]]] = [
    ("step=weights&mask=causal", "stepper", {"step": "weights", "mask": "causal"}),
    ("step=weights&text=one+two&mask=causal&n_heads=4&head=3&query=0&key=0", "stepper",
     {"step": "weights", "text": "one two", "mask": "causal", "n_heads": 4, "head": 3, "query": 0, "key": 0}),
    ("embedding=random&seed=12&d_model=8&feature=5", "stepper",
     {"embedding": "random", "seed": 12, "d_model": 8, "feature": 5}),
    ("mask=padding&n_pad=4", "stepper", {"mask": "padding", "n_pad": 4}),
    ("mask=by-hand&blocked=100000002", "stepper", {"mask": "by-hand", "blocked": [[0, 1], [1, 0]]}),
    ("scale=0.5&step=scaled_scores", "stepper", {"scale": 0.5, "step": "scaled_scores"}),
    ("scale=1.0&table=1", "stepper", {"scale": 1.0, "table": True}),
    ("step=weights&query=2&key=1&picked=weights.2.1", "stepper",
     {"step": "weights", "picked": {"matrix": "weights", "row": 2, "col": 1}}),
    ("step=qkv&picked=w_k.3.1&feature=1", "stepper",
     {"picked": {"matrix": "w_k", "row": 3, "col": 1}, "feature": 1}),
    ("lab=experiments", "experiments", {"step": "pronoun"}),
    ("lab=experiments&step=mean&examined=ordinary", "experiments", {"step": "mean", "examined": "ordinary"}),
    ("lab=experiments&step=mean&seed=9&examined=random&at=1.2", "experiments",
     {"step": "mean", "seed": 9, "examined": "random", "at": [1, 2]}),
    ("lab=experiments&own=The+dog+was+tired&sample=-1", "experiments",
     {"own": "The dog was tired", "sample": -1}),
    ("lab=experiments&sample=1&asked=7.5&rival=1&exchange=1.5", "experiments",
     {"sample": 1, "asked": [7, 5], "rival": 1, "exchange": [1, 5]}),
    ("lab=experiments&changes=swap.7.1.5~off~set.7.1.40&scope=all", "experiments",
     {"changes": [["swap", 7, 1, 5], ["off"], ["set", 7, 1, 40]], "scope": "all"}),
    ("lab=experiments&step=own&own=The+zorb+was+tired&sample=-1&job=subject&kinds=zorb%3Anoun", "experiments",
     {"step": "own", "job": "subject", "kinds": [["zorb", "<noun>"]]}),
    ("lab=experiments&kinds=zorb:noun+blick:animal&drawn=map&order=layer&table=1", "experiments",
     {"kinds": [["zorb", "<noun>"], ["blick", "<animal>"]], "drawn": "map", "order": "layer", "table": True}),
]  # fmt: skip


@pytest.mark.parametrize(("link", "lab", "state"), OLD, ids=[link for link, _, _ in OLD])
def test_an_address_of_a_former_build_still_gives_its_state(
    link: str, lab: str, state: dict[str, Any]
) -> None:
    session = Session("experiments" if lab == "stepper" else "stepper")
    session.take_link(link)
    assert session.current.name_of_lab == lab
    assert session.current.message is None
    start = START if lab == "stepper" else EXPERIMENTS
    expected = {**start, **state}
    found = session.current.choices()
    assert {name: found[name] for name in state} == state
    others = (
        set(found) - set(state) - {"text", "query", "key", "own", "sample", "head", "n_heads", "mask", "step"}
    )
    assert {name: found[name] for name in others} == {name: expected[name] for name in others}
    again = Session("stepper")
    again.take_link(session.link)
    assert (again.current.name_of_lab, again.current.choices()) == (lab, found)


@pytest.mark.parametrize("address", ["", "theme=dark", "embed=1&lock=settings", "boot=plain", "language=de"])
def test_an_address_without_a_state_leads_nowhere(address: str) -> None:
    session = Session("experiments")
    session.apply({"step": "mean"})
    session.take_link(address)
    assert where(session) == ("experiments", "mean")
    assert session.current.message is None


def test_a_link_that_holds_any_state_and_no_lab_means_the_stepper() -> None:
    session = Session("experiments")
    session.take_link("seed=3&theme=dark")
    assert where(session)[0] == "stepper"
    assert session.current.seed == 3


def test_every_lab_is_reached_by_its_name_alone() -> None:
    for name in names():
        session = Session("stepper")
        session.apply({"table": True})
        session.take_link(f"lab={name}")
        assert session.link == f"lab={name}"


def test_a_lab_that_is_not_there_is_named_with_those_that_are() -> None:
    for name in ("nowhere", "__proto__", "constructor", "", "stepper%00", "../stepper"):
        session = Session("stepper")
        session.take_link(f"lab={name}&mask=causal")
        assert where(session)[0] == "stepper"
        assert said(session) == f"There is no lab of that name: choose one of {', '.join(names())}."
        assert session.current.mask == "none"


def test_a_link_that_cannot_be_read_is_said_so_and_the_lab_stays() -> None:
    session = Session("experiments")
    session.apply({"step": "mean"})
    session.take_link("&" * 500)
    assert where(session) == ("experiments", "pronoun")
    assert "Part of the link could not be used (link)" in said(session)


def test_a_link_to_one_lab_leaves_the_others_as_they_are() -> None:
    session = Session("stepper")
    session.apply({"mask": "causal"})
    session.take_link("lab=experiments&step=mean")
    assert session.open("stepper").mask == "causal"


def test_a_link_of_one_lab_says_nothing_of_another() -> None:
    session = Session("stepper")
    session.apply({"mask": "causal"})
    session.go("experiments")
    session.apply({"drawn": "map"})
    assert session.link == "lab=experiments&drawn=map"
    assert session.go("stepper").to_link() == {"mask": "causal"}


@given(
    st.lists(
        st.tuples(st.sampled_from(["go", "step", "link"]), st.sampled_from(names()), st.integers(0, 5)),
        max_size=6,
    )
)
def test_whatever_the_way_the_link_leads_back_to_what_is_on_the_screen(
    way: list[tuple[str, str, int]],
) -> None:
    session = Session("stepper")
    for what, name, number in way:
        ids = lesson_of(type(session.current)).ids
        if what == "go":
            session.go(name)
        elif what == "step":
            session.apply({"step": ids[number % len(ids)]})
        else:
            session.take_link(f"lab={name}")
    other = Session("experiments")
    other.take_link(session.link)
    assert where(other) == where(session)
    assert other.link == session.link


# Downloads and restarts


def test_a_download_is_there_in_every_lab_whether_it_was_open_or_not() -> None:
    session = Session("stepper")
    session.provide("minilm")
    assert session.current.optional == ("minilm",)
    assert session.open("experiments").optional == ("minilm",)


def test_a_page_that_outlived_its_kernel_is_brought_back_with_every_lab_it_had() -> None:
    old = Session("stepper")
    old.apply({"step": "weights", "text": "a b c", "mask": "by-hand", "blocked": [[0, 1]], "head": 1})
    old.go("experiments")
    old.apply({"step": "mean", "changes": [["off"]], "kinds": [["__proto__", "<animal>"]]})
    new = Session("stepper")
    new.restore("experiments", {name: lab.choices() for name, lab in old.labs.items()})
    assert where(new) == where(old)
    assert {name: lab.choices() for name, lab in new.labs.items()} == {
        name: lab.choices() for name, lab in old.labs.items()
    }


ANYTHING: list[Any] = [
    None, [], {}, 7, "x", [1], True, {"__proto__": {}}, {"constructor": {"name": 1}}, {"stepper": None},
    {"stepper": []}, {"stepper": [1, 2]}, {"stepper": "x"}, {"nowhere": {}}, {"": {}},
    {"stepper": {"__proto__": 1}},
    {"stepper": {"seen": None, "guesses": None, "revealed": None}},
    {"stepper": {"seen": {}, "guesses": [], "revealed": {}}},
    {"stepper": {"seen": [None, [], {}, 1, "nowhere"], "guesses": {"a": "b"}, "revealed": [1]}},
    {"stepper": {"step": "nowhere", "text": None, "blocked": "x", "scale": {}}},
    {"experiments": {"kinds": {"__proto__": "<animal>"}, "changes": [[]]}},
]  # fmt: skip
IDS = [str(i) for i in range(len(ANYTHING))]


@pytest.mark.parametrize("states", ANYTHING, ids=IDS)
def test_a_state_that_is_none_is_passed_over(states: Any) -> None:
    session = Session("stepper")
    session.restore("nowhere", states)
    assert where(session) == ("stepper", "embeddings")
    assert session.current.choices() == START
    views(session.current)
    session.restore(states, {})
    assert where(session)[0] in names()


# What is kept on the device


def test_what_was_done_is_kept_lab_by_lab_and_brought_back_in_another_visit() -> None:
    first = Session("stepper")
    first.apply({"step": "weights", "guesses": {"a": 1}, "revealed": ["b"]})
    first.go("experiments")
    first.apply({"step": "mean"})
    kept = first.progress
    assert done(kept["stepper"]) == (["embeddings", "weights"], {"a": 1}, ["b"])
    assert done(kept["experiments"]) == (["pronoun", "mean"], {}, [])
    second = Session("stepper")
    second.take_kept(kept)
    assert (second.current.guesses, second.current.revealed) == ({"a": 1}, ["b"])
    assert second.seen("stepper") == ["embeddings", "weights"]
    assert second.seen("experiments") == ["pronoun", "mean"], "of a lab that is not open yet, too"
    assert second.progress == kept
    header = slots(second.current, second)["header"]
    assert {lab["name"]: lab["seen"] for lab in header["labs"] if lab["seen"]} == {
        "stepper": 2,
        "experiments": 2,
    }


def test_what_is_kept_comes_to_a_lab_when_it_is_opened() -> None:
    session = Session("stepper")
    session.take_kept({"experiments": {"seen": ["mean"], "guesses": {"x": 0}, "revealed": ["y"]}})
    lab = session.go("experiments")
    assert (lab.guesses, lab.revealed) == ({"x": 0}, ["y"])
    assert session.seen("experiments") == ["mean", "pronoun"]


def test_what_is_done_now_goes_before_what_was_kept() -> None:
    session = Session("stepper")
    session.apply({"guesses": {"a": 2, "b": 0}, "revealed": ["c"]})
    session.take_kept({"stepper": {"guesses": {"a": 1, "z": 3}, "revealed": ["d", "c"]}})
    assert session.current.guesses == {"a": 2, "b": 0, "z": 3}
    assert session.current.revealed == ["d", "c"]


def test_what_is_kept_puts_nothing_on_the_screen_but_progress() -> None:
    session = Session("stepper")
    session.take_kept({"stepper": {"seen": ["weights"], "step": "weights", "mask": "causal", "text": "x"}})
    assert session.current.choices() == START
    assert session.link == "lab=stepper"


@pytest.mark.parametrize("kept", ANYTHING, ids=IDS)
def test_what_was_kept_and_cannot_be_understood_is_passed_over(kept: Any) -> None:
    session = Session("stepper")
    session.take_kept(kept)
    assert session.current.choices() == START
    assert session.seen("stepper") == ["embeddings"]
    session.go("experiments")
    assert (session.current.guesses, session.current.revealed) == ({}, [])
    assert set(session.progress) == {"stepper", "experiments"}
    views(session.current)


@given(
    st.recursive(
        st.one_of(
            st.none(), st.integers(), st.text(max_size=8), st.sampled_from(["stepper", "weights", "seen"])
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["stepper", "experiments", "seen", "guesses", "revealed", "__proto__"]),
                inner,
                max_size=3,
            ),
        ),
        max_leaves=8,
    )
)
@example({"stepper": {"guesses": {str(i): 0 for i in range(65)}}})
def test_whatever_was_kept_the_lab_works_and_what_is_kept_next_is_sound(kept: Any) -> None:
    session = Session("stepper")
    session.take_kept(kept)
    for name, values in session.progress.items():
        lab = session.open(name)
        assert {"seen", "guesses", "revealed"} <= set(values) <= {"seen", "results", *KEPT}
        assert set(values["seen"]) <= set(lab.lesson.ids)
        for key in ("guesses", "revealed"):
            assert settings_of(type(lab))[key].read(values[key]) == values[key]
    again = Session("stepper")
    again.take_kept(session.progress)
    assert again.progress["stepper"] == session.progress["stepper"]


def test_progress_can_be_forgotten() -> None:
    session = Session("stepper")
    session.take_kept(
        {"experiments": {"seen": ["mean"]}, "stepper": {"guesses": {"a": 1}, "revealed": ["b"]}}
    )
    session.apply({"step": "weights", "mask": "causal"})
    session.forget()
    assert (session.current.guesses, session.current.revealed) == ({}, [])
    assert (session.seen("stepper"), session.seen("experiments")) == (["weights"], [])
    assert set(session.progress) == {"stepper"}
    assert done(session.progress["stepper"]) == (["weights"], {}, [])
    assert session.current.mask == "causal", "what is on the screen stays"
    assert session_of(session.current).progress["stepper"]["seen"] == ["weights"]


def test_many_guesses_of_many_visits_leave_room_for_another() -> None:
    session = Session("stepper")
    session.take_kept({"stepper": {"guesses": {f"old-{i}": 0 for i in range(60)}, "revealed": ["a"] * 60}})
    session.apply({"guesses": {**session.current.guesses, **{f"new-{i}": 1 for i in range(4)}}})
    again = Session("stepper")
    again.apply({"guesses": {f"now-{i}": 2 for i in range(10)}})
    again.take_kept(session.progress)
    again.apply({"guesses": {**again.current.guesses, "one more": 3}})
    assert again.current.message is None
    assert again.current.guesses["one more"] == 3
    assert {f"now-{i}" for i in range(10)} <= set(again.current.guesses), "the newest are kept"
