"""The screen joins the page's model to the session, and sends what changed and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lab.grading.catalogue import exercise
from attention_lab.grading.running import run
from attention_lab.labs.stepper import scene as stepper_scene
from attention_lab.widgets.screen import CHECK, LOOK, SLOTS
from tests.lab.helpers import LONG, make_session, slots
from tests.lab.stepper.test_link import CHANGES
from tests.lab.widgets.page import Page

STAGE, FOOT = LOOK[:2]
YOURS, HEADS, ARITHMETIC, CODE = CHECK[:4]


@pytest.fixture
def page() -> Iterator[Page]:
    return Page()


def test_the_document_has_one_root_with_a_screen_of_settings_and_every_place_in_order(page: Page) -> None:
    assert page.document.roots == [page.root]
    assert (page.root.name, page.root.lab, page.root.link) == ("house", "stepper", "lab=stepper")
    assert [screen.lab for screen in page.root.screens] == ["stepper"]
    assert page.values() == page.house.session.current.choices()
    assert [region.kind for region in page.screen.regions] == list(SLOTS)
    assert [slot for slot in SLOTS if not slot.startswith(("look-", "check-"))] == [
        "header", "formula", "lesson", "predict", "controls", "sentence", "transport",
    ]  # fmt: skip
    assert page.house.screen.region_models == page.screen.regions
    assert [region.plots for region in page.screen.regions] == [[]] * len(SLOTS)


def test_every_setting_has_the_lock_group_of_its_declaration(page: Page) -> None:
    locks = {setting.key: setting.lock for setting in page.screen.settings}
    assert (locks["step"], locks["text"], locks["mask"], locks["query"], locks["guesses"]) == (
        "step", "text", "settings", "", "",
    )  # fmt: skip


def test_a_change_of_the_page_brings_new_views_and_a_new_link(page: Page) -> None:
    answers = page.set(step="weights")
    assert page.view("transport")["current"] == "weights"
    assert page.root.link == "lab=stepper&step=weights"
    assert {STAGE, "lesson", CODE, "transport", "link", "progress"} <= set(answers)
    assert "step" not in answers, "what the page sent is not sent back"


def test_regions_that_show_the_same_are_not_sent(page: Page) -> None:
    page.set(step="weights")
    answers = page.set(scale=0.5)
    assert set(answers) == {"formula", "controls", STAGE, FOOT, HEADS, ARITHMETIC, "link"}
    assert page.set(scale=0.5) == []


def test_the_pointer_asks_for_the_arithmetic_only(page: Page) -> None:
    assert page.set(hover={"matrix": "x", "row": 0, "col": 3}) == [ARITHMETIC]


def test_several_changes_are_one(page: Page) -> None:
    calls: list[Any] = []
    names = ["step", "mask", "text", "head"]
    page.house.session.current.param.watch(lambda *events: calls.append(events), names)
    page.set(step="weights", mask="causal", text="a b c", head=1)
    assert len(calls) == 1


def test_outside_of_hold_a_change_is_applied_at_once(page: Page) -> None:
    page.setting("step").value = "qkv"
    assert page.view("transport")["current"] == "qkv"


def test_a_refused_value_is_set_back_and_said(page: Page) -> None:
    assert page.set(seed=-4) == ["sentence", "seed"]
    assert page.value("seed") == 7
    assert page.view("sentence")["message"]["kind"] == "error"


def test_what_follows_from_a_change_is_written_to_the_settings(page: Page) -> None:
    page.set(step="weights", picked={"matrix": "weights", "row": 5, "col": 4})
    assert (page.value("query"), page.value("key")) == (5, 4)
    page.set(text="one two")
    assert (page.value("query"), page.value("key"), page.value("picked")) == (1, 1, None)


@pytest.mark.parametrize("text", ["  ", " ".join(f"w{i}" for i in range(60)), "Half \ud83d"])
def test_a_typed_text_is_never_changed_under_the_learners_hands(page: Page, text: str) -> None:
    assert "text" not in page.set(text=text)
    assert page.value("text") == text
    page.set(step="weights")
    assert page.value("text") == text, "nor by a later change"


def test_a_text_that_came_with_a_link_is_written(page: Page) -> None:
    page.ask(link="text=one+two&junk=1")
    assert page.value("text") == "one two"
    assert page.root.link == "lab=stepper&text=one+two"


def test_values_that_make_no_sense_reach_the_lab_and_not_an_exception(page: Page) -> None:
    for name in ("step", "text", "blocked", "scale", "picked", "guesses", "revealed", "table", "d_model"):
        page.set(**{name: [{"what": 1}]})
        assert page.view("sentence")["message"]["kind"] == "error", name


def test_an_exception_in_a_view_reaches_the_caller_and_the_next_change_works(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("broken view")

    with monkeypatch.context() as patch:
        patch.setattr(stepper_scene, "stage", broken)
        with pytest.raises(RuntimeError, match="broken view"):
            page.set(step="weights", mask="causal")
    assert page.house.session.current.step == "weights"
    page.set(hover={"matrix": "weights", "row": 0, "col": 0})
    assert page.views() == slots(page.house.session.current, page.house.session), (
        "what could not be drawn is caught up with"
    )


@given(st.lists(CHANGES, max_size=4))
def test_what_the_page_shows_never_depends_on_the_way_there(changes: list[dict[str, Any]]) -> None:
    page = Page()
    for each in changes:
        page.set(**each)
        page.set(hover={"matrix": "q", "row": 0, "col": 0})
        page.set(hover=None)
    lab = page.house.session.current
    assert page.views() == slots(lab, page.house.session)
    values = {name: value for name, value in page.values().items() if name != "text"}
    assert values == {name: value for name, value in lab.choices().items() if name != "text"}


def test_a_page_that_resumes_is_brought_to_the_same_state() -> None:
    old = make_session(
        step="weights", text="a b c", mask="by-hand", blocked=[[0, 1]], n_heads=4, head=3, query=1
    )
    page = Page()
    with page.house.hold():
        for name, value in old.choices().items():
            page.setting(name).value = value
    assert page.house.session.current.choices() == old.choices()


def figure(page: Page) -> Any:
    """The figure of the stage, in Python."""
    return page.house.screen.regions[STAGE]._charts["HeatMap"]


def test_the_figure_comes_to_the_page_with_the_first_view_that_needs_it(page: Page) -> None:
    answers = page.set(text=LONG)
    (region,) = [region for region in page.screen.regions if region.kind == STAGE]
    assert region.plots == [figure(page).figure]
    assert {"plots", STAGE} <= set(answers)
    assert "plots" not in page.set(step="weights"), "it stays"


def test_more_tokens_than_cells_can_be_read_for_fill_the_figure(page: Page) -> None:
    page.set(step="weights", text=LONG, mask="causal")
    assert page.view(STAGE)["block"] == "HeatMap"
    cells = figure(page).cells.data
    assert len(cells["x"]) == 32 * 32
    assert cells["text"][:2] == ["1.00", "0"]
    assert (cells["row"][33], cells["col"][33]) == ("word1", "word1")


def test_a_tap_on_the_figure_picks_the_cell(page: Page) -> None:
    page.set(step="weights", text=LONG)
    figure(page).cells.selected.indices = [32 * 3 + 7]
    assert page.value("picked") == {"matrix": "weights", "row": 3, "col": 7}
    assert figure(page).cells.selected.indices == []
    assert figure(page).current.data == {"x": [7], "y": [3]}


def test_a_tap_at_the_mask_step_by_hand_switches_the_cell(page: Page) -> None:
    page.set(step="masked_scores", text=LONG, mask="by-hand")
    figure(page).cells.selected.indices = [32 * 3 + 7]
    assert page.house.session.current.blocked == [[3, 7]]
    figure(page).cells.selected.indices = [32 * 3 + 7]
    assert page.house.session.current.blocked == []


def map_of(values: dict[str, Any]) -> dict[str, Any]:
    """An object as the page writes it."""
    return {"type": "map", "entries": [[name, value] for name, value in values.items()]}


def test_the_verdict_is_shown_before_the_rest_of_the_screen_is_computed() -> None:
    page = Page("build")
    page.set(step="write")
    shown: list[tuple[str, list[str]]] = []
    page.house.first_shown = lambda: shown.append((page.view("check-0")["title"], page.answers()))
    page.set(inputs_seed=3)
    assert shown == []
    asked = {**json.loads(page.view("look-0")["next_request"]), "source": exercise("softmax").reference}
    program = {"id": "softmax", "source": asked["source"], "turn": 1, "seed": 3}
    answers = page.set(
        attempt=map_of(program), reply=map_of({"turn": 1, "reply": json.dumps(run(asked), allow_nan=False)})
    )
    assert shown == [("Passed", ["check-0"])]
    assert answers.count("check-0") == 1
    assert {"header", "look-0", "progress"} <= set(answers)
    page.set(step="choose")
    assert len(shown) == 1
