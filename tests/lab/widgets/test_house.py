"""The house keeps every lab that was opened, goes where it is told, and tells the page where it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_lab.app import make_app
from attention_lab.kit.catalogue import lab_class, names
from attention_lab.widgets.house import House
from tests.lab.helpers import slots
from tests.lab.stepper.test_link import CHANGES
from tests.lab.widgets.page import Page


@pytest.fixture
def page() -> Page:
    return Page()


def test_a_lab_is_made_when_it_is_first_gone_to_and_kept(page: Page) -> None:
    answers = page.ask(lab="experiments")
    assert [screen.lab for screen in page.root.screens] == ["stepper", "experiments"]
    assert page.root.link == "lab=experiments"
    assert {"screens", "link", "progress"} <= set(answers)
    assert "lab" not in answers, "what the page sent is not sent back"
    first = page.root.screens[0]
    assert "screens" not in page.ask(lab="stepper")
    assert page.screen is first


def test_a_lab_is_as_it_was_left_and_the_sentence_goes_along(page: Page) -> None:
    page.set(step="weights", mask="causal")
    page.ask(lab="experiments")
    page.set(own="The dog was tired")
    page.ask(lab="stepper")
    assert (page.value("step"), page.value("mask"), page.value("text")) == (
        "weights",
        "causal",
        "The dog was tired",
    )
    assert page.views() == slots(page.house.session.current, page.house.session)


def test_a_link_leads_to_a_lab_and_its_state(page: Page) -> None:
    page.ask(link="lab=experiments&step=mean&own=The+dog+was+tired")
    assert (page.root.lab, page.value("step"), page.value("own")) == (
        "experiments",
        "mean",
        "The dog was tired",
    )
    assert page.root.link == "lab=experiments&step=mean&own=The+dog+was+tired"
    page.ask(link="mask=causal")
    assert (page.root.lab, page.value("mask")) == ("stepper", "causal")
    items = [item for group in page.view("controls")["groups"] for item in group["items"]]
    assert next(item for item in items if item.get("name") == "mask")["value"] == "causal"


@pytest.mark.parametrize("first", ["step", "link"])
def test_what_the_learner_chose_meanwhile_wins_over_the_link(page: Page, first: str) -> None:
    changes = [(page.setting("step").id, "value", "weights"), (page.root.id, "link", "step=qkv&mask=causal")]
    page.send(changes if first == "step" else changes[::-1])
    assert (page.value("step"), page.value("mask")) == ("weights", "causal")


def test_a_link_that_cannot_be_used_is_said_so_and_the_address_is_mended(page: Page) -> None:
    page.ask(link="lab=nowhere")
    assert page.root.link == "lab=stepper"
    assert "There is no lab of that name" in page.view("sentence")["message"]["text"]


@pytest.mark.parametrize("value", [None, 7, [], {}, ["stepper"], "nowhere", "__proto__", ""])
@pytest.mark.parametrize("name", ["lab", "link", "kept"])
def test_what_the_page_cannot_mean_changes_nothing(page: Page, name: str, value: Any) -> None:
    before = page.values()
    page.ask(**{name: value})
    assert (page.root.lab, page.values()) == ("stepper", before)
    assert [screen.lab for screen in page.root.screens] == ["stepper"]


def test_what_was_kept_comes_to_the_settings_and_to_the_header(page: Page) -> None:
    page.ask(
        kept={
            "stepper": {"seen": ["weights"], "guesses": {"a": 1}, "revealed": []},
            "experiments": {"seen": ["mean"]},
        }
    )
    assert page.value("guesses") == {"a": 1}
    seen = {lab["name"]: lab["seen"] for lab in page.view("header")["labs"]}
    assert (seen["stepper"], seen["experiments"]) == (2, 1)
    assert page.root.progress["stepper"]["seen"] == ["weights", "embeddings"]


def test_progress_is_told_to_the_page(page: Page) -> None:
    page.set(step="weights", guesses={"a": 1})
    assert set(page.root.progress) == {"stepper"}
    done = page.root.progress["stepper"]
    assert (done["seen"], done["guesses"], done["revealed"]) == (["embeddings", "weights"], {"a": 1}, [])
    assert "progress" not in page.set(mask="causal")


def test_a_setting_of_a_lab_that_is_not_on_the_screen_goes_to_that_lab(page: Page) -> None:
    mask = page.setting("mask").id
    page.ask(lab="experiments")
    page.send([(mask, "value", "causal")])
    assert page.root.lab == "experiments"
    assert page.house.session.open("stepper").mask == "causal"


def test_settings_can_be_read_and_set_from_python() -> None:
    house = make_app("stepper")
    house.session.current.apply({"step": "weights"})
    assert json.loads(house.screen.regions["transport"].view)["current"] == "weights"


def test_models_are_named_by_the_lab_that_they_are_of() -> None:
    entered: list[str] = []

    class Naming:
        def __init__(self, lab: str) -> None:
            entered.append(lab)

        def __enter__(self) -> None: ...
        def __exit__(self, *_: object) -> None: ...

    house = make_app("stepper", naming=Naming)
    assert isinstance(house, House)
    house.session.go("experiments")
    house.show_lab()
    assert set(entered) == {"stepper", "experiments"}


def test_every_lab_can_be_shown_at_once_after_a_restart(page: Page) -> None:
    page.house.resume({"lab": "experiments", "labs": {name: {} for name in names()}})
    assert {screen.lab for screen in page.root.screens} == set(names())
    assert page.root.lab == "experiments"


def test_a_page_that_outlived_its_kernel_has_its_settings_from_the_next_one_too(page: Page) -> None:
    states = {"stepper": {"text": "hello you", "mask": "none"}, "experiments": {"own": "The dog sat"}}
    page.house.resume({"lab": "stepper", "labs": states})
    assert (page.value("text"), page.value("mask")) == ("hello you", "none")
    page.ask(lab="experiments")
    assert page.value("own") == "The dog sat"


def test_what_a_kernel_takes_over_is_computed_once(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    stepper: Any = lab_class("stepper")
    scene = stepper.scene
    monkeypatch.setattr(stepper, "scene", lambda lab: (drawn.append(lab.text), scene(lab))[1])
    labs = {"stepper": {"text": "hello you", "mask": "none"}}
    page.house.resume({"lab": "stepper", "labs": labs, "kept": {"stepper": {"seen": ["mask"]}}})
    assert drawn == ["hello you"]
    other = Page()
    other.set(text="hello you", mask="none")
    other.ask(kept={"stepper": {"seen": ["mask"]}})
    shown = [[model.view for model in each.screen.regions] for each in (page, other)]
    assert shown[0] == shown[1]
    page.set(text="hello me")
    assert drawn[-1] == "hello me"


def test_what_a_waiting_kernel_has_rehearsed_leaves_no_trace(page: Page) -> None:
    right = {"embeddings:predict": {"first": True, "right": True}}
    first = {"lab": "stepper", "labs": {"stepper": {"step": "weights", "text": "one two"}}}
    then = {"lab": "stepper", "labs": {"stepper": {"step": "qkv", "text": "hello you"}}, "kept": {}}
    page.house.resume({**first, "kept": {"masks": {"seen": ["leak"], "results": right}}})
    assert page.house.session.progress["masks"]["seen"] == ["leak"]
    page.house.resume(then)
    anew = Page()
    anew.house.resume(then)
    assert page.house.session.progress == anew.house.session.progress
    assert "masks" not in page.house.session.progress
    assert [model.view for model in page.screen.regions] == [model.view for model in anew.screen.regions]


@settings(max_examples=12)  # each makes a whole page
@given(st.lists(st.one_of(CHANGES, st.sampled_from(["stepper", "experiments"])), max_size=4))
def test_what_the_page_shows_of_a_lab_never_depends_on_the_way_there(way: list[Any]) -> None:
    page = Page()
    for each in way:
        if isinstance(each, str):
            page.ask(lab=each)
        elif page.root.lab == "stepper":
            page.set(**each)
    lab = page.house.session.current
    assert page.views() == slots(lab, page.house.session)
    assert page.root.link == page.house.session.link


def test_what_a_patch_of_the_page_changes_is_told_once(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    now = page.house._now
    monkeypatch.setattr(page.house, "_now", lambda: told.append("now") or now())
    page.set(step="weights", scale=0.5)
    assert told == ["now"]
    assert page.root.link == "lab=stepper&step=weights&scale=0.5"
