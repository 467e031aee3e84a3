"""What stands around the blocks: header, steps, lesson, controls, sentence, badge; the same in every lab."""

from __future__ import annotations

from typing import Any

import pytest

from attention_lab.kit import frame
from attention_lab.kit.catalogue import lessons
from attention_lab.kit.frame import fill_in, item_of, items_of, to_html
from attention_lab.kit.scene import Badge, Chip, Formula, Group, Scene, SentenceField
from tests.lab.kit.test_lab import toy


def groups(scene: Scene, **changes: Any) -> list[tuple[str, list[str]]]:
    shown = frame.controls(toy(**changes), scene) or {"groups": []}
    return [
        (group["title"], [item.get("name", item["label"]) for item in group["items"]])
        for group in shown["groups"]
    ]


def test_the_header_lists_every_lab_with_what_was_seen_of_each() -> None:
    seen = {"toy": ["first"], "stepper": ["qkv", "weights"]}
    header = frame.header(toy(), (toy().lesson, *lessons()), lambda name: seen.get(name, ()))
    assert (header["brand"], header["lab"], header["seen"], header["steps"]) == (
        "Attention Lab",
        "A toy",
        1,
        2,
    )
    assert [lab["name"] for lab in header["labs"] if lab["current"]] == ["toy"]
    stepper = next(lab for lab in header["labs"] if lab["name"] == "stepper")
    steps = next(len(each.steps) for each in lessons() if each.name == "stepper")
    assert (stepper["seen"], stepper["steps"], stepper["href"]) == (2, steps, "#lab=stepper")
    assert {lab["minutes"] for lab in header["labs"]} >= {5, 25}


def test_the_transport_lists_the_steps() -> None:
    assert frame.transport(toy(step="second")) == {
        "steps": [
            {"id": "first", "name": "One", "label": "Step 1: One"},
            {"id": "second", "name": "Two", "label": "Step 2: Two"},
        ],
        "current": "second",
    }


def test_the_lesson_has_the_numbers_on_the_screen_in_it() -> None:
    lab = toy()
    assert frame.lesson(lab, lab.scene()) == {
        "eyebrow": "Step 1 of 2", "title": "One", "html": "<p>There are 3 words.</p>",
    }  # fmt: skip


def test_a_formula_is_a_row_of_phrases() -> None:
    assert frame.formula(Scene()) is None
    shown = frame.formula(Scene(formula=Formula([["a"], ["b", "c"]])))
    assert shown == {"phrases": [["a"], ["b", "c"]], "label": "Formula: each part opens its step"}


def test_controls_are_those_that_are_named_in_groups_of_their_title() -> None:
    assert groups(Scene(controls=["size", "count", "kind"])) == [
        ("Sizes", ["size", "count"]),
        ("Kind", ["kind"]),
    ]
    assert groups(Scene(controls=["size", "kind", "count"])) == [
        ("Sizes", ["size"]), ("Kind", ["kind"]), ("Sizes", ["count"]),
    ]  # fmt: skip
    assert groups(Scene(controls=["seed"])) == [("seed", ["seed", "Re-roll"])]
    own = Group("Own", [item_of(toy(), "kind")], ["a note"])
    shown = frame.controls(toy(), Scene(controls=[own]))
    assert shown is not None
    assert (shown["groups"][0]["title"], shown["groups"][0]["note"]) == ("Own", ["a note"])


def test_a_lab_that_names_no_controls_gets_those_of_its_own_settings() -> None:
    names = [name for _, items in groups(Scene()) for name in items]
    assert names == ["size", "count", "seed", "Re-roll", "share", "power", "on", "kind", "width"]


def test_no_controls_are_no_region() -> None:
    assert frame.controls(toy(), Scene(controls=[])) is None
    assert frame.controls(toy(), Scene(controls=["term", "cells"])) is None


def test_the_value_of_a_control_is_the_setting_and_some_of_it_can_be_changed() -> None:
    lab = toy(count=3)
    assert item_of(lab, "count", max=4) == {
        "type": "number", "name": "count", "label": "count", "value": 3, "min": 1, "max": 4,
        "suffix": "of them",
    }  # fmt: skip
    assert items_of(lab, "term") == []
    with pytest.raises(LookupError, match="the setting term has no control"):
        item_of(lab, "term")


def test_the_sentence_is_its_field_its_chips_and_what_there_is_to_say() -> None:
    lab = toy(words=" ", table=True)
    chips = [Chip("one", "one", {"at": 0}), Chip("two", "two", {"at": 1}, pad=True, place=4)]
    shown = frame.sentence(lab, Scene(sentence=SentenceField("words", "one two", 5, chips, 1)))
    assert shown["message"] == lab.message
    assert shown["message"]["kind"] == "error"
    assert (shown["table"], shown["badge"]) == (True, None)
    field = shown["field"]
    assert (field["setting"], field["text"], field["max"], field["query"], field["key"]) == (
        "words",
        "one two",
        5,
        1,
        None,
    )
    assert field["chips"] == [
        {"text": "one", "short": "one", "set": {"at": 0}, "pad": False, "spelled": False},
        {"text": "two", "short": "two", "set": {"at": 1}, "pad": True, "spelled": False, "place": 4},
    ]
    assert frame.sentence(toy(), Scene())["field"] is None


def test_a_badge_says_where_numbers_come_from() -> None:
    assert frame.badge(None) is None
    assert frame.badge(Badge("random", "random, seed 7", [["Random."]])) == {
        "kind": "random", "label": "random, seed 7", "paragraphs": [["Random."]], "card": None,
    }  # fmt: skip


def test_html_in_a_lab_file_stays_text_and_attributes_are_classes_only() -> None:
    assert to_html("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert to_html('[x]{.q onclick="alert(1)" style="color:red"}') == '<p><span class="q">x</span></p>'


def test_an_unknown_number_in_a_lab_file_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="d_q"):
        fill_in("<p>{d_q}</p>", {"d_k": 2})
