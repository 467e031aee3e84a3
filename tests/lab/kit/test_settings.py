"""Every kind of setting reads a value or refuses it in words, has one form in a link, and has its control."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from attention_lab.kit import settings
from attention_lab.kit.lab import settings_of
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.settings import Seed, Setting, next_seed
from tests.lab.kit.toy.lab import Toy

KINDS = settings_of(Toy)
CELL = st.builds(
    lambda matrix, row, col: {"matrix": matrix, "row": row, "col": col},
    st.sampled_from(["m", "n"]),
    st.integers(0, 999),
    st.integers(0, 999),
)
GOOD: dict[str, st.SearchStrategy[Any]] = {
    "step": st.sampled_from(["first", "second"]),
    "table": st.booleans(),
    "words": st.text(min_size=1, max_size=40),
    "size": st.integers(1, 1_000_000_000),
    "count": st.integers(1, 9),
    "seed": st.integers(0, 9999),
    "at": st.integers(0, 999_999),
    "share": st.one_of(st.none(), st.floats(0, 1)),
    "power": st.floats(-2_000_000, 2_000_000),
    "on": st.booleans(),
    "kind": st.sampled_from(["a", "b", None]),
    "width": st.sampled_from([2, 4, 8]),
    "term": st.text(max_size=40),
    "cells": st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=2), max_size=25),
    "cell": CELL,
    "over": CELL,
    "pair": st.lists(st.integers(-1, 99), min_size=2, max_size=2),
    "guesses": st.dictionaries(st.text(max_size=20), st.integers(0, 9), max_size=5),
    "answers": st.dictionaries(
        st.text(max_size=20), st.one_of(st.integers(0, 9), st.text(max_size=20)), max_size=5
    ),
    "revealed": st.lists(st.text(max_size=20), max_size=5),
}
ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=30),
        st.integers(-2, 12),
        st.sampled_from(["__proto__", "constructor", "a", "q.1.1", "7", "first"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["matrix", "row", "col", "__proto__"]), inner, max_size=4),
    ),
    max_leaves=8,
)


def written_and_read(kind: Setting, value: Any) -> Any:
    return kind.read(kind.parsed(kind.written(value)))


def test_there_is_a_setting_of_every_kind_to_be_tested() -> None:
    kinds = {each for each in vars(settings).values() if isinstance(each, type) and issubclass(each, Setting)}
    assert {type(kind) for kind in KINDS.values()} == kinds - {Setting}
    assert set(GOOD) == set(KINDS)


@pytest.mark.parametrize("name", GOOD)
@examples(max_examples=15)
@given(data=st.data())
def test_what_is_kept_is_read_back_from_a_link_and_by_itself(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    kept = kind.read(data.draw(GOOD[name]))
    assert kind.read(kept) == kept
    assert json.loads(json.dumps(kept)) == kept
    if kind.linked and name != "cell":
        assert written_and_read(kind, kept) == kept
        assert kind.written(written_and_read(kind, kept)) == kind.written(kept)


@given(CELL)
def test_a_picked_cell_is_read_back_from_a_link(cell: dict[str, Any]) -> None:
    assert KINDS["cell"].written(cell) == f"{cell['matrix']}.{cell['row']}.{cell['col']}"
    assert written_and_read(KINDS["cell"], cell) == cell


@pytest.mark.parametrize("name", KINDS)
@examples(max_examples=15)
@given(value=ANYTHING)
@example(value=10**5000)
@example(value=math.nan)
@example(value=[[0, 0]] * 5000)
@example(value={"k" * 100: 1})
@example(value={str(i): 1 for i in range(100)})
@example(value=["k"] * 100)
@example(value={"matrix": "m", "row": -1, "col": 0})
def test_whatever_comes_is_read_or_refused_in_a_short_sentence(name: str, value: Any) -> None:
    said, kept = None, None
    try:
        kept = KINDS[name].read(value)
    except RefusedError as refusal:
        said = str(refusal)
    if said is None:
        assert KINDS[name].read(kept) == kept
    else:
        assert said.endswith(".")
        assert 20 < len(said) < 200


@pytest.mark.parametrize("name", KINDS)
@examples(max_examples=15)
@given(
    text=st.one_of(
        st.text(max_size=30), st.sampled_from(["9" * 5000, "1e999", "nan", "٧", "1_0", " 7", "+7"])
    )
)
def test_whatever_stands_in_a_link_is_read_or_refused(name: str, text: str) -> None:
    kind = KINDS[name]
    try:
        kept = kind.read(kind.parsed(text))
    except ValueError:
        return
    assert kind.read(kept) == kept


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("count", "1_0"),
        ("count", "+7"),
        ("count", "٧"),
        ("count", " 7"),
        ("count", "7.0"),
        ("at", "-1"),
        ("at", "1e0"),
        ("share", "nan"),
        ("share", ".5"),
        ("share", "1_0"),
        ("share", "1e999"),
        ("on", "true"),
        ("on", ""),
        ("power", ""),
        ("cells", "0x1"),
        ("cells", "F"),
        ("cells", "f" * 8),
        ("cell", "m.1"),
        ("cell", "m.1.1.1"),
        ("cell", "o.1.1"),
        ("pair", "1,2"),
        ("pair", "1.2."),
        ("width", "2.0"),
        ("width", "02"),
    ],
)
def test_a_link_is_read_in_its_one_form_only(name: str, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - a refusal, or what matching raises: the text itself
        KINDS[name].read(KINDS[name].parsed(text))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("count", 10, "The count must be a whole number from 1 to 9, not 10: set one."),
        ("count", True, "The count must be a whole number from 1 to 9, not True: set one."),
        ("count", "7", "The count must be a whole number from 1 to 9, not '7': set one."),
        ("seed", -1, "The seed must be a whole number from 0 to 9999, not -1: set one."),
        ("at", -1, "The place must be a whole number from 0, not -1: pick a cell or a token."),
        (
            "share",
            math.inf,
            "The share must be a number from 0 to 1, not an endless number: move the slider.",
        ),
        ("share", math.nan, "The share must be a number from 0 to 1, not no number: move the slider."),
        (
            "size",
            10**4000,
            "The size must be a whole number from 1 to 1000000000, not a number that large: set one.",
        ),
        ("on", 1, "The switch is on or off, not 1."),
        ("kind", "c", "The kind cannot be 'c': choose a, b or None."),
        ("kind", ["a"], "The kind cannot be a list: choose a, b or None."),
        ("width", True, "The width cannot be True: choose 2, 4 or 8."),
        ("term", 7, "The term must be text, not 7: type at least one word."),
        ("words", None, "The sentence must be text, not None: type at least one word."),
        ("cells", "all", "The cells is a list of cells: click one."),
        ("cells", [[0, 5]], "a list is no cell of it: click one."),
        ("cells", [[True, 0]], "a list is no cell of it: click one."),
        (
            "cell",
            {"matrix": "secret", "row": 0, "col": 0},
            "a dict is no cell on the screen: pick one of a matrix.",
        ),
        ("pair", [1], "a list is no pair: pick it on the screen."),
        ("pair", [1, 1.5], "a list is no pair: pick it on the screen."),
        ("step", None, "A name must be text, not None."),
        ("guesses", {"a": "b"}, "A guess is the number of one of the options: pick one of the tokens."),
        ("guesses", {"a": True}, "A guess is the number of one of the options: pick one of the tokens."),
        ("answers", {"a": 64}, "A guess is the number of one of the options: pick one of the tokens."),
        ("revealed", [1], "What has been shown is a list of predictions: use the buttons beside them."),
        ("revealed", "a", "What has been shown is a list of predictions: use the buttons beside them."),
    ],
)
def test_a_refusal_says_what_was_wrong_and_what_to_do(name: str, value: Any, said: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        KINDS[name].read(value)
    assert str(refusal.value) == said


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("count", 7.0, 7),
        ("at", 3.0, 3),
        ("share", 1, 1.0),
        ("share", 0.123456, 0.1235),
        ("share", None, None),
        ("width", 8.0, 8),
        ("term", "half \ud83d", "half \ufffd"),
        ("term", "\ud83d\ude00", "😀"),
        ("cells", ((4, 0), (0, 1), (4, 0)), [[0, 1], [4, 0]]),
        ("pair", (1, -1), [1, -1]),
        ("revealed", ["a", "a"], ["a"]),
        ("cell", {"matrix": "m", "row": 1, "col": 2, "more": 3}, {"matrix": "m", "row": 1, "col": 2}),
    ],
)
def test_what_can_be_is_kept_in_one_form(name: str, value: Any, kept: Any) -> None:
    read = KINDS[name].read(value)
    assert read == kept
    assert type(read) is type(kept)


# Controls


@pytest.mark.parametrize("name", KINDS)
@examples(max_examples=15)
@given(data=st.data())
def test_whatever_a_control_offers_is_taken(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    item = kind.item(kind.read(data.draw(GOOD[name])))
    if item is None:
        assert name in {
            "step",
            "words",
            "at",
            "term",
            "cells",
            "cell",
            "over",
            "pair",
            "guesses",
            "answers",
            "revealed",
        }
        return
    json.dumps(item, allow_nan=False)
    assert item["name"] == name
    offers = [option["value"] for option in item.get("options", ())]
    offers += [item[end] for end in ("min", "max") if end in item]
    offers += [True, False] if item["type"] == "flag" else []
    assert offers
    for offer in offers:
        kind.read(offer)


def test_each_kind_has_its_control() -> None:
    def item(name: str, value: Any) -> Any:
        return KINDS[name].item(value)

    assert item("size", 10) == {
        "type": "range",
        "name": "size",
        "label": "size",
        "value": 10,
        "min": 1,
        "max": 1_000_000_000,
        "step": 1,
        "log": True,
        "shown": "10",
        "reset": None,
    }
    assert item("count", 3) == {
        "type": "number",
        "name": "count",
        "label": "count",
        "value": 3,
        "min": 1,
        "max": 9,
        "suffix": "of them",
    }
    assert item("share", 0.5)["shown"] == "0.50"
    assert (item("share", None)["shown"], item("share", None)["value"]) == ("–", 0)
    assert item("on", True) == {"type": "flag", "name": "on", "label": "On", "value": True}
    assert item("kind", None) == {
        "type": "segmented",
        "name": "kind",
        "label": "Kind",
        "value": None,
        "options": [
            {"value": "a", "label": "A"},
            {"value": "b", "label": "B"},
            {"value": None, "label": "neither"},
        ],
    }
    assert (item("width", 4)["type"], item("width", 4)["options"][2]) == (
        "select",
        {"value": 8, "label": "8"},
    )


def test_re_roll_is_a_jump_to_another_seed_and_the_same_one_on_every_machine() -> None:
    seed = KINDS["seed"]
    assert isinstance(seed, Seed)
    field, button = seed.items(7)
    assert (field["type"], field["value"], button["set"]) == ("number", 7, {"seed": 62})
    assert all(next_seed(each) != each and 0 <= next_seed(each) <= 9999 for each in range(0, 10_000, 7))


def test_a_default_that_can_be_changed_is_not_shared_between_labs() -> None:
    Toy().cells.append([0, 0])
    assert Toy().cells == []
