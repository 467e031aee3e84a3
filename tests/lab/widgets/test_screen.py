"""The screen joins the page's model to the session, and sends what changed and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from attention_lab.views import REGIONS
from bokeh.document import Document
from bokeh.document.events import ModelChangedEvent
from hypothesis import given
from hypothesis import strategies as st

from attention_lab.app import make_app
from attention_lab.widgets.screen import Screen
from tests.lab.helpers import LONG, make_session, views
from tests.lab.test_link import CHANGES


class Page:
    """What a page does: holds the document, patches the learner's properties, sees what comes back."""

    def __init__(self) -> None:
        self.screen: Screen = make_app()
        self.document = Document()
        self.root = self.screen.get_root(self.document, preprocess=False)
        self.document.add_root(self.root)
        self.events: list[Any] = []
        self.document.on_change(self.events.append)

    def set(self, **changes: Any) -> list[str]:
        """Patch the learner as one; return what Python sent back: names of regions and learner properties."""
        self.events.clear()
        with self.screen.hold():
            self.document.apply_json_patch(
                {
                    "events": [
                        {
                            "kind": "ModelChanged",
                            "model": {"id": self.root.learner.id},
                            "attr": name,
                            "new": new,
                        }
                        for name, new in changes.items()
                    ]
                },
                setter="page",  # type: ignore[arg-type]
            )
        return self.answers()

    def answers(self) -> list[str]:
        return [
            (event.model.name if event.attr == "view" else event.attr)
            if isinstance(event, ModelChangedEvent)
            else ""
            for event in self.events
            if getattr(event, "setter", None) != "page"
        ]

    def view(self, kind: str) -> Any:
        (region,) = [region for region in self.root.regions if region.kind == kind]
        return json.loads(region.view)

    def views(self) -> dict[str, Any]:
        return {region.kind: json.loads(region.view) for region in self.root.regions}


@pytest.fixture
def page() -> Iterator[Page]:
    return Page()


def test_the_document_has_one_root_with_the_learner_and_every_region_in_order(page: Page) -> None:
    assert page.document.roots == [page.root]
    assert page.root.name == "screen"
    assert page.root.learner is page.screen.learner
    assert page.root.learner.name == "learner"
    assert [region.kind for region in page.root.regions] == list(REGIONS) == [
        "header", "formula", "lesson", "predict", "controls", "sentence", "models",
        "stage", "foot", "test", "heads", "maps", "arithmetic", "code", "transport",
    ]  # fmt: skip
    assert page.screen.region_models == page.root.regions
    assert [len(region.plots) for region in page.root.regions] == [int(kind == "stage") for kind in REGIONS]


def test_a_change_of_the_page_brings_new_views_and_a_new_link(page: Page) -> None:
    answers = page.set(step="weights")
    assert page.view("transport")["current"] == "weights"
    assert page.root.learner.link == "step=weights"
    assert {"stage", "lesson", "code", "transport", "link"} <= set(answers)
    assert "step" not in answers, "what the page sent is not sent back"


def test_regions_that_show_the_same_are_not_sent(page: Page) -> None:
    page.set(step="weights")
    answers = page.set(scale=0.5)
    assert set(answers) == {"formula", "controls", "stage", "foot", "heads", "arithmetic", "link"}
    assert page.set(scale=0.5) == []


def test_the_pointer_asks_for_the_arithmetic_only(page: Page) -> None:
    assert page.set(hover={"matrix": "x", "row": 0, "col": 3}) == ["arithmetic"]


def test_several_changes_are_one(page: Page) -> None:
    calls: list[Any] = []
    page.screen.session.param.watch(lambda *events: calls.append(events), ["step", "mask", "text", "head"])
    page.set(step="weights", mask="causal", text="a b c", head=1)
    assert len(calls) == 1


def test_outside_of_hold_a_change_is_applied_at_once(page: Page) -> None:
    page.root.learner.step = "qkv"
    assert page.view("transport")["current"] == "qkv"


def test_a_refused_value_is_set_back_and_said(page: Page) -> None:
    assert page.set(seed=-4) == ["sentence", "seed"]
    assert page.root.learner.seed == 7
    assert page.view("sentence")["message"]["kind"] == "error"


def test_what_follows_from_a_change_is_written_to_the_learner(page: Page) -> None:
    page.set(step="weights", picked={"matrix": "weights", "row": 5, "col": 4})
    assert (page.root.learner.query, page.root.learner.key) == (5, 4)
    page.set(text="one two")
    assert (page.root.learner.query, page.root.learner.key, page.root.learner.picked) == (1, 1, None)


@pytest.mark.parametrize("text", ["  ", " ".join(f"w{i}" for i in range(60)), "Half \ud83d"])
def test_a_typed_text_is_never_changed_under_the_learners_hands(page: Page, text: str) -> None:
    assert "text" not in page.set(text=text)
    assert page.root.learner.text == text
    page.set(step="weights")
    assert page.root.learner.text == text, "nor by a later change"


def test_a_text_that_came_with_a_link_is_written(page: Page) -> None:
    page.set(link="text=one+two&junk=1")
    assert page.root.learner.text == "one two"
    assert page.root.learner.link == "text=one+two"


def test_values_that_make_no_sense_reach_the_session_and_not_an_exception(page: Page) -> None:
    for name in ("step", "text", "blocked", "scale", "picked", "guesses", "link", "table", "d_model"):
        page.set(**{name: [{"what": 1}]})
        assert page.view("sentence")["message"]["kind"] == "error", name


def test_an_exception_in_a_view_reaches_the_caller_and_the_next_change_works(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("broken view")

    with monkeypatch.context() as patch:
        patch.setitem(REGIONS, "stage", broken)
        with pytest.raises(RuntimeError, match="broken view"):
            page.set(step="weights", mask="causal")
    assert page.screen.session.step == "weights"
    page.set(hover={"matrix": "weights", "row": 0, "col": 0})
    assert page.views() == views(page.screen.session), "what could not be drawn is caught up with"


@given(st.lists(CHANGES, max_size=4))
def test_what_the_page_shows_never_depends_on_the_way_there(changes: list[dict[str, Any]]) -> None:
    page = Page()
    for each in changes:
        page.set(**each)
        page.set(hover={"matrix": "q", "row": 0, "col": 0})
        page.set(hover=None)
    session = page.screen.session
    assert page.views() == views(session)
    learner = {name: getattr(page.root.learner, name) for name in session.choices() if name != "text"}
    assert learner == {name: value for name, value in session.choices().items() if name != "text"}


def test_a_page_that_resumes_is_brought_to_the_same_state() -> None:
    old = make_session(
        step="weights", text="a b c", mask="by-hand", blocked=[[0, 1]], n_heads=4, head=3, query=1
    )
    page = Page()
    with page.screen.hold():
        for name, value in old.choices().items():
            setattr(page.root.learner, name, value)
    assert page.screen.session.choices() == old.choices()


def test_more_tokens_than_cells_can_be_read_for_fill_the_figure(page: Page) -> None:
    page.set(step="weights", text=LONG, mask="causal")
    assert page.view("stage")["layout"] == "map"
    cells = page.screen.heatmap.cells.data
    assert len(cells["x"]) == 32 * 32
    assert cells["text"][:2] == ["1.00", "0"]
    assert (cells["row"][33], cells["col"][33]) == ("word1", "word1")


def test_a_tap_on_the_figure_picks_the_cell(page: Page) -> None:
    page.set(step="weights", text=LONG)
    page.screen.heatmap.cells.selected.indices = [32 * 3 + 7]
    assert page.root.learner.picked == {"matrix": "weights", "row": 3, "col": 7}
    assert page.screen.heatmap.cells.selected.indices == []
    assert page.screen.heatmap.current.data == {"x": [7], "y": [3]}


def test_a_tap_at_the_mask_step_by_hand_switches_the_cell(page: Page) -> None:
    page.set(step="masked_scores", text=LONG, mask="by-hand")
    page.screen.heatmap.cells.selected.indices = [32 * 3 + 7]
    assert page.screen.session.blocked == [[3, 7]]
    page.screen.heatmap.cells.selected.indices = [32 * 3 + 7]
    assert page.screen.session.blocked == []
