"""What a teacher may put into a link comes from the labs themselves, and is what they take."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from attention_lab.kit.catalogue import lab_class, lessons, names
from attention_lab.kit.lab import KIT_SETTINGS, Lab, settings_of
from attention_lab.link import LOCKS, misread
from attention_lab.session import Session
from attention_lab.teaching import catalogue
from building.paths import ROOT

CATALOGUE = json.loads(json.dumps(catalogue()))
LABS: dict[str, dict[str, Any]] = {lab["name"]: lab for lab in CATALOGUE["labs"]}
SETTINGS = [
    pytest.param(lab["name"], setting, id=f"{lab['name']}-{setting['key']}")
    for lab in CATALOGUE["labs"]
    for setting in lab["settings"]
]


def followed(lab: str, **fields: str) -> tuple[Lab, str]:
    """The lab after a link, and what it says about it."""
    session = Session(lab)
    session.current.apply_link(fields)
    return session.current, (session.current.message or {}).get("text", "")


def test_every_lab_and_step_is_there_in_their_order() -> None:
    assert [*LABS] == [*names()]
    for lesson in lessons():
        told = LABS[lesson.name]
        assert told["title"] == lesson.title
        assert [step["id"] for step in told["steps"]] == [*lesson.ids]
        assert [step["title"] for step in told["steps"]] == [step.section for step in lesson.steps]


@pytest.mark.parametrize("name", LABS)
def test_what_a_link_carries_is_told_and_nothing_else(name: str) -> None:
    kinds = settings_of(lab_class(name))
    linked = {key for key, kind in kinds.items() if kind.linked} - set(KIT_SETTINGS)
    assert {setting["key"] for setting in LABS[name]["settings"]} == linked
    assert set(LABS[name]["kit"]) == {"table"}
    labels = [setting["label"] for setting in LABS[name]["settings"] if setting["kind"] != "elsewhere"]
    assert len(set(labels)) == len(labels), "a teacher tells them apart"
    assert all(labels)


def values_of(setting: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Values that a setting may have, and values that it may not."""
    match setting["kind"]:
        case "whole":
            low, high = setting["low"], setting["high"]
            return [str(low), str(high)], [str(low - 1), str(high + 1), "x", "1.5", ""]
        case "number":
            low, high = setting["low"], setting["high"]
            empty: list[str] = [""] if setting["empty"] else []
            return [str(low), str(high), *empty], [str(low - 1), str(high + 1), "x"]
        case "flag":
            return ["0", "1"], ["2", "on", ""]
        case "choice":
            return [option["value"] for option in setting["options"]], ["no such thing"]
        case "sentence":
            return ["the cat sat"], [" "]
    return [], []


@pytest.mark.parametrize(("name", "setting"), SETTINGS)
def test_what_may_be_chosen_is_taken_by_the_lab_and_what_may_not_is_named(
    name: str, setting: dict[str, Any]
) -> None:
    fits, wrong = values_of(setting)
    for text in fits:
        _, said = followed(name, **{setting["key"]: text})
        assert setting["key"] not in re.findall(r"\w+", said.partition("could not be used")[2]), text
    for text in wrong:
        _, said = followed(name, **{setting["key"]: text})
        assert said == f"Part of the link could not be used ({setting['key']}); the rest is shown.", text


@pytest.mark.parametrize(("name", "setting"), SETTINGS)
def test_what_a_setting_begins_with_is_what_the_lab_begins_with(name: str, setting: dict[str, Any]) -> None:
    lab = lab_class(name)()
    kind = settings_of(type(lab))[setting["key"]]
    default = lab.defaults[setting["key"]]
    assert setting["initial"] == ("" if default is None else kind.written(default))


def test_groups_of_locks_are_those_of_the_page_and_of_the_settings() -> None:
    text = (ROOT / "pyapp/attention_lab/widgets/js/options.js").read_text(encoding="utf-8")
    found = re.search(r"const GROUPS = \[(.*?)\]", text)
    assert found is not None
    assert re.findall(r'"(\w+)"', found[1]) == [*LOCKS]
    used = {setting["group"] for lab in CATALOGUE["labs"] for setting in lab["settings"]} - {None}
    assert used <= set(LOCKS)


@pytest.mark.parametrize(
    ("link", "names"),
    [
        ("?theme=blue&lab=scale", ["theme"]),
        ("embed=1&theme=dark&lock=text,settings&present=1&language=en&boot=plain", []),
        ("lock=text,all", ["lock"]),
        ("embed=yes&present=0", ["embed", "present"]),
        ("#lab=scale&theme=&lock=", ["theme"]),
        ("counts=scale,masks", []),
        ("counts=scale,physics", ["counts"]),
        ("a&" * 60, []),
    ],
)
def test_what_an_address_asks_of_the_page_in_vain_is_named(link: str, names: list[str]) -> None:
    assert misread(link, LABS) == names


def test_a_link_with_parts_that_mean_nothing_says_so_and_shows_the_rest() -> None:
    session = Session()
    session.take_link("lab=scale&d_k=128&nonsense=1&theme=blue&lock=text,x&utm_source=mail&fbclid=1")
    told = session.current.message
    assert told is not None
    assert told["text"] == "Part of the link could not be used (nonsense, theme, lock); the rest is shown."
    assert session.current.choices()["d_k"] == 128
