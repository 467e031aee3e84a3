"""A lab takes changes together, refuses what cannot be, stays consistent, and derives the rest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lab.kit.lab import KIT_SETTINGS, Lab, lesson_of, settings_of
from tests.lab.kit.test_settings import GOOD
from tests.lab.kit.toy.lab import Toy

CHANGES = st.fixed_dictionaries({}, optional=GOOD)
CELL = {"matrix": "m", "row": 1, "col": 2}


def toy(**changes: Any) -> Toy:
    lab = Toy()
    lab.apply(changes)
    return lab


def said(lab: Lab) -> str:
    assert lab.message is not None
    return str(lab.message["text"])


def test_a_lab_opens_at_its_first_step_with_the_defaults_of_its_settings() -> None:
    lab = Toy()
    assert (lab.step, lab.place, lab.here.section, lab.seen) == ("first", 0, "One", ["first"])
    assert {name: lab.choices()[name] for name in ("count", "cells", "words")} == {
        "count": 2, "cells": [], "words": "one two three",
    }  # fmt: skip
    assert (lab.lesson, lab.name_of_lab) == (lesson_of(Toy), "toy")
    assert lab.defaults == lab.choices()


def test_settings_are_listed_the_kits_first_and_then_as_they_are_written() -> None:
    names = list(settings_of(Toy))
    n = len(KIT_SETTINGS)
    assert tuple(names[:n]) == KIT_SETTINGS
    assert names[n : n + 3] == ["words", "size", "count"]
    assert {"step", "table", "guesses", "revealed"} <= set(KIT_SETTINGS)


# Changing it


def test_a_change_is_announced_once_however_many_settings_it_touches() -> None:
    lab, calls = toy(), []
    lab.param.watch(lambda *events: calls.append({event.name for event in events}), list(lab.choices()))
    lab.apply({"count": 3, "kind": "b", "step": "second"})
    assert calls == [{"count", "kind", "step"}]
    lab.apply({"count": 3})
    assert len(calls) == 1, "what holds already is not announced"


def test_no_change_changes_nothing() -> None:
    lab = toy(count=99)
    lab.apply({})
    assert "count" in said(lab)


def test_a_refused_change_does_not_hold_up_the_others_and_the_first_refusal_is_told() -> None:
    lab = toy(count=99, step="second", kind="z")
    assert (lab.count, lab.step, lab.kind) == (2, "second", "a")
    assert lab.message is not None
    assert lab.message["kind"] == "error"
    assert said(lab).startswith("The count")


@pytest.mark.parametrize("name", ["password", "message", "seen", "optional", "name", "__class__", "x" * 500])
def test_what_is_no_setting_is_refused(name: str) -> None:
    lab = toy()
    before = (lab.choices(), lab.seen, lab.optional)
    lab.apply({name: "x"})
    assert said(lab).startswith("There is no setting ")
    assert len(said(lab)) < 80
    assert (lab.choices(), lab.seen, lab.optional) == before


def test_a_step_that_is_not_there_is_refused_with_those_that_are() -> None:
    assert "choose one of first, second" in said(toy(step="third"))
    assert toy(step="second").step == "second"


def test_a_step_that_was_renamed_is_found_by_its_old_name() -> None:
    lab = toy(step="second")
    lab.apply({"step": "begin"})
    assert (lab.step, lab.message) == ("first", None)


def test_what_a_step_lets_go_of_is_kept_where_it_comes_after_the_step_in_one_set_of_changes() -> None:
    assert toy(step="second", cell=CELL).cell == CELL
    assert toy(cell=CELL, step="second").cell is None
    lab = toy(cell=CELL)
    lab.apply({"step": "first"})
    assert lab.cell == CELL, "the step was not left"


def test_a_hook_brings_along_what_belongs_to_its_setting() -> None:
    lab = toy(cell=CELL)
    lab.apply({"kind": "b"})
    assert (lab.kind, lab.cell) == ("b", None)


def test_what_no_longer_fits_is_brought_back_into_range() -> None:
    lab = toy(at=2)
    lab.apply({"words": "one two"})
    assert lab.at == 1


def test_a_sentence_is_cut_and_said_so_and_one_without_a_word_is_refused() -> None:
    lab = toy(words="a b c d e f g")
    assert (lab.words, lab.message) == (
        "a b c d e",
        {"kind": "note", "text": "A sentence here holds up to 5 tokens, so 2 words and signs were left out."},
    )
    lab.apply({"words": "  "})
    assert lab.words == "a b c d e"
    assert "no word" in said(lab)


# Messages


def test_an_error_goes_before_a_note_and_the_first_of_either_stays() -> None:
    lab = toy(words="a b c d e f", count=99, kind="z")
    assert said(lab).startswith("The count")
    assert lab.words == "a b c d e"


def test_the_message_about_the_sentence_stays_until_the_sentence_changes() -> None:
    lab = toy(words=" ")
    lab.apply({"step": "second"})
    lab.apply({"over": CELL})
    assert "no word" in said(lab)
    lab.apply({"words": "one two three"})
    assert lab.message is None


def test_a_setting_that_puts_another_sentence_on_the_screen_ends_the_message_about_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Toy, "about_sentence", ("kind",))
    lab = toy(words=" ")
    lab.apply({"kind": "b"})
    assert lab.message is None


def test_any_other_message_goes_with_the_next_change_that_is_more_than_a_look() -> None:
    lab = toy(count=99)
    lab.apply({"over": CELL})
    assert lab.message is not None
    lab.apply({"kind": "b"})
    assert lab.message is None


def test_the_steps_seen_are_remembered() -> None:
    lab = toy()
    lab.apply({"step": "second"})
    lab.apply({"step": "first"})
    assert lab.seen == ["first", "second"]


# Links


@given(CHANGES)
def test_a_link_brings_another_lab_to_the_same_state(changes: dict[str, Any]) -> None:
    lab = toy(**changes)
    other = toy(words="somewhere else", count=9, kind=None, share=None, cells=[[4, 4]], table=True)
    other.apply_link(lab.to_link())
    kinds = settings_of(Toy)
    for name, value in lab.choices().items():
        if kinds[name].linked and not (name == "cell" and value and max(value["row"], value["col"]) > 999):
            assert getattr(other, name) == value, name
    assert other.message is None
    assert other.to_link() == lab.to_link()


def test_a_link_holds_what_differs_from_what_a_reader_starts_from() -> None:
    assert toy().to_link() == {}
    lab = toy(step="second", share=None, kind=None, cells=[[0, 0], [4, 4]], pair=[-1, 3], on=True, cell=CELL)
    assert lab.to_link() == {
        "step": "second", "share": "", "on": "1", "kind": "None", "cells": "1000001", "cell": "m.1.2",
        "pair": "-1.3",
    }  # fmt: skip


def test_what_a_link_does_not_name_goes_back_to_its_default_and_what_is_the_learners_own_stays() -> None:
    lab = toy(count=9, guesses={"a": 1}, typed={"b": "x"}, revealed=["c"], over=CELL)
    lab.apply_link({"kind": "b"})
    assert (lab.count, lab.kind) == (2, "b")
    assert (lab.guesses, lab.typed, lab.revealed) == ({"a": 1}, {"b": "x"}, ["c"])
    assert lab.over is None, "the pointer was over another state"


def test_the_parts_of_a_link_that_cannot_be_used_are_named_once() -> None:
    lab = toy()
    lab.apply_link({"kind": "<script>", "count": "99", "guesses": "{}", "junk": "1", "on": "1"})
    assert said(lab) == "Part of the link could not be used (count, kind, guesses, junk); the rest is shown."
    assert lab.on is True


def test_a_link_is_the_whole_state_and_brings_nothing_along() -> None:
    lab = toy()
    lab.apply_link({"cell": "m.1.2", "kind": "b", "step": "second"})
    assert (lab.cell, lab.kind, lab.step) == (CELL, "b", "second")


def test_a_link_may_name_a_step_as_it_was_once_called() -> None:
    lab = toy(step="second")
    lab.apply_link({"step": "begin"})
    assert (lab.step, lab.message) == ("first", None)


# A state as it was


@given(CHANGES, st.randoms(use_true_random=False))
def test_a_state_is_restored_in_whatever_order_its_values_come(changes: dict[str, Any], order: Any) -> None:
    lab, other = toy(**changes), toy(step="second", cell=CELL, words="a b")
    values = list(lab.choices().items())
    order.shuffle(values)
    other.restore(dict(values))
    assert other.choices() == lab.choices()


def test_what_cannot_be_restored_is_passed_over() -> None:
    lab = toy()
    lab.restore({"count": 99, "junk": 1, "step": "third", "kind": "b", "words": None, "at": 50})
    assert (lab.count, lab.step, lab.kind, lab.words, lab.at) == (2, "first", "b", "one two three", 2)
    assert lab.message is None


@given(CHANGES, CHANGES)
def test_applying_a_state_to_itself_changes_nothing(first: dict[str, Any], second: dict[str, Any]) -> None:
    lab = toy(**first)
    lab.apply(second)
    again = lab.choices()
    lab.apply(again)
    assert lab.choices() == again


# What follows from it


def test_a_derived_value_is_kept_until_what_it_reads_changes_by_whatever_way_it_reads_it() -> None:
    lab = toy()
    Toy.made = 0
    assert (lab.through_a_property, lab.on_top, lab.through_a_property) == (9, 11, 9)
    assert Toy.made == 1
    lab.apply({"kind": "b", "step": "second"})
    assert (lab.on_top, Toy.made) == (11, 1), "none of these is read"
    lab.apply({"words": "one two"})
    assert (lab.through_a_property, lab.on_top) == (6, 8)
    assert Toy.made == 2
    lab.apply({"count": 5})
    assert (lab.on_top, Toy.made) == (11, 2), "what it stands on is kept"


def test_what_a_derived_value_reads_may_be_made_anew_and_come_out_the_same() -> None:
    lab = toy()
    Toy.made = 0
    assert (lab.many, lab.on_many, Toy.made) == (True, "many", 1)
    lab.apply({"words": "one two three four"})
    assert (lab.on_many, Toy.made) == ("many", 1), "there are still many words"
    lab.apply({"words": "one"})
    assert (lab.on_many, Toy.made) == ("few", 2)


def test_a_value_is_derived_anew_when_what_it_depends_on_is_another() -> None:
    lab = toy()
    first = lab.derive("x", (1, 2), lambda: [1])
    assert lab.derive("x", (1, 2), lambda: [2]) is first
    assert lab.derive("x", (1, 3), lambda: [3]) == [3]


def test_derived_values_of_two_labs_do_not_meet() -> None:
    one, two = toy(words="one two"), toy()
    assert (one.through_a_property, two.through_a_property, one.through_a_property) == (6, 9, 6)


def test_a_sentence_from_another_lab_is_taken_as_a_change() -> None:
    lab = toy()
    lab.receive("words", "four five")
    assert (lab.words, lab.n) == ("four five", 2)
