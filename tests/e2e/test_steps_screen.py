"""The stepper on small screens, and with others at work in the page: one page for all of it."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Locator

from attention_lab.kit.catalogue import lab_class, names
from attention_lab.kit.lab import lesson_of
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices

RESULTS = {
    "embeddings": ["x"],
    "qkv": ["q", "k", "v"],
    "raw_scores": ["raw_scores"],
    "scaled_scores": ["scaled_scores"],
    "masked_scores": ["masked_scores"],
    "weights": ["weights"],
    "head_outputs": ["head_outputs"],
}
LAPTOP = {"width": 1366, "height": 650}
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
PROJECTOR = {"width": 1920, "height": 1080}
#: What a browser's translation does to the page: each text is put into elements of its own.
TRANSLATED = """
(all) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  const told = [];
  for (const text of texts) {
    const {parentElement: host, data} = text;
    const kept = all ? "script, style" : "script, style, [translate=no]";
    if (data.trim() === "" || host.closest(kept)) continue;
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    inner.textContent = `~${data}`;
    outer.append(inner);
    text.replaceWith(outer);
    told.push(data);
  }
  return told;
}
"""
#: How much of an element can be seen: its box, cut by everything that clips it and by the bar at the bottom.
SEEN = """
(el) => {
  const box = el.getBoundingClientRect();
  const bar = document.querySelector("[data-region=transport]").getBoundingClientRect();
  let [top, bottom, left, right] = [0, bar.top, 0, innerWidth];
  for (let at = el.parentElement; at != null; at = at.parentElement) {
    if (getComputedStyle(at).overflowY === "visible") continue;
    const outer = at.getBoundingClientRect();
    [top, bottom] = [Math.max(top, outer.top), Math.min(bottom, outer.bottom)];
    [left, right] = [Math.max(left, outer.left), Math.min(right, outer.right)];
  }
  const inside = box.left >= left - 1 && box.right <= right + 1;
  return inside && box.height > 0 && box.top >= top - 1 && box.bottom <= bottom + 1;
}
"""


def cells(lab: Lab, matrix: str) -> list[str]:
    return lab.region("stage").locator(f"[data-matrix={matrix}] .cell").all_inner_texts()


def unseen(lab: Lab, matrices: list[str]) -> list[str]:
    return [
        name
        for name in matrices
        if not lab.region("stage").locator(f"[data-matrix={name}] .plane").evaluate(SEEN)
    ]


def top_of(place: Locator) -> float:
    box = place.bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize(
    "text", ["The cat sat on the mat", pytest.param("The zorb sat on the mat", marks=pytest.mark.full)]
)
def test_on_a_school_laptop_every_step_shows_its_result_without_scrolling(lab: Lab, text: str) -> None:
    lab.page.set_viewport_size(LAPTOP)
    lab.type_sentence(text)
    for step, results in RESULTS.items():
        lab.go(step)
        assert unseen(lab, results) == [], step


def test_a_product_of_wide_matrices_is_seen_whole_on_a_desktop(lab: Lab) -> None:
    lab.page.set_viewport_size(DESKTOP)
    lab.follow("lab=heads&step=mix")
    planes = lab.region("stage").locator("[data-matrix] .plane")
    assert [plane.evaluate(SEEN) for plane in planes.all()] == [True] * 3


def test_the_replay_shows_each_beat_on_a_school_laptop_and_by_its_link(lab: Lab) -> None:
    lab.page.set_viewport_size(LAPTOP)
    lab.region("lesson").get_by_role("link", name="Where this leads").click()
    lab.settle()
    assert "beat=6" in lab.page.url
    lab.follow("lab=stepper&step=recap")
    forward = lab.region("player").get_by_role("button", name="One forward")
    for beat, name in enumerate(
        ("x", "q", "raw_scores", "scaled_scores", "masked_scores", "weights", "head_outputs")
    ):
        assert unseen(lab, [name]) == [], beat
        np.testing.assert_allclose(lab.matrix(name)[0], matrices(Settings())[name][2], atol=1e-12)
        if beat < 6:
            forward.click()
            lab.settle()


@pytest.mark.full(minutes=0.3)
def test_the_replay_plays_to_its_end_for_those_who_asked_for_less_motion_too(lab: Lab) -> None:
    lab.follow("lab=stepper&step=recap")
    at_the_end = "() => Bokeh.documents[0].get_model_by_name('house').link.includes('beat=6')"
    lab.region("player").get_by_role("button", name="Play").click()
    lab.page.wait_for_function(at_the_end, timeout=20_000)
    lab.settle()
    assert lab.region("player").get_by_role("button", name="Play again").count() == 1


def test_a_larger_matrix_comes_with_its_result_in_view(lab: Lab) -> None:
    lab.page.set_viewport_size(LAPTOP)
    lab.go("qkv")
    lab.choose("d_model", "16")
    assert unseen(lab, ["q"]) == []


def test_names_of_columns_are_not_cut_where_there_is_room(lab: Lab) -> None:
    cut = "(all) => all.filter((el) => el.scrollWidth > el.clientWidth).map((el) => el.textContent)"
    lab.type_sentence("He left because it rained")
    for size, steps in ((LAPTOP, ("embeddings", "raw_scores")), (PROJECTOR, RESULTS)):
        lab.page.set_viewport_size(size)
        for step in steps:
            lab.go(step)
            heads = lab.region("stage").locator(".result [role=columnheader].label")
            assert heads.evaluate_all(cut) == [], (size, step)


def test_on_a_phone_what_the_step_is_about_stands_above_the_matrices_and_nothing_is_folded(lab: Lab) -> None:
    lab.page.set_viewport_size(PHONE)
    lab.go("masked_scores")
    mask = lab.page.locator("[data-control=mask] [role=radiogroup]")
    assert top_of(mask) < top_of(lab.region("stage"))
    assert lab.page.locator("[data-control=scale] input:visible").count() == 0
    lab.go("scaled_scores")
    scale = lab.page.locator("[data-control=scale] input:visible")
    assert top_of(scale) < top_of(lab.region("stage"))
    assert lab.region("lesson").locator(".prose").evaluate("(el) => el.scrollHeight <= el.clientHeight + 1")


#: How long the line of each cell is, as a share of the longest that there can be.
LENGTHS = """
(cells) => cells.map((cell) => parseFloat(getComputedStyle(cell).backgroundSize.match(/([\\d.]+)%/)[1]) / 100)
"""
STYLES = "(cells) => cells.map((cell) => cell.style.cssText).join()"


def test_a_weight_is_a_line_of_its_length_and_its_cell_has_no_variables(lab: Lab) -> None:
    """With variables, all of its style is worked out anew at each change (docs/adr/0039)."""
    for scale in (None, 0.25):
        lab.visit("lab=stepper&step=weights" + (f"&scale={scale}" if scale else ""))
        weights = matrices(Settings(scale=scale))["weights"]
        shown = lab.page.locator("[data-region=stage] [data-matrix=weights] .cell")
        np.testing.assert_allclose(shown.evaluate_all(LENGTHS), weights.ravel(), rtol=0, atol=1e-4)
        assert "--" not in shown.evaluate_all(STYLES)


def test_a_translated_page_shows_the_new_numbers_and_its_prose_still_changes(lab: Lab) -> None:
    lab.go("raw_scores")
    held = lab.page.evaluate(TRANSLATED, False)
    shown = lab.region("stage").locator(".cell").all_inner_texts()
    assert not any(text.startswith("~") for text in shown), "what holds numbers is not to be translated"
    assert any("dot product" in text for text in held), "prose may be"
    for everything in (False, True):
        lab.page.evaluate(TRANSLATED, everything)
        lab.go("weights")
        expected = matrices(Settings())["weights"]
        np.testing.assert_allclose(
            [float(text) for text in cells(lab, "weights")], expected.ravel(), rtol=0, atol=0.005
        )
        assert lab.region("lesson").locator("h1").inner_text() == "Softmax"
        assert "Each row becomes weights" in lab.region("lesson").inner_text()
        lab.page.evaluate(TRANSLATED, everything)
        lab.go("raw_scores")
        expected = matrices(Settings())["raw_scores"]
        texts = [float(text.replace("−", "-")) for text in cells(lab, "raw_scores")]
        np.testing.assert_allclose(texts, expected.ravel(), rtol=0, atol=0.005)
        assert lab.region("arithmetic").locator("[data-product]").all_inner_texts() == ["1", "4"]
    assert lab.page.locator("#kernel-status .kernel-chip").count() == 1, (
        "what the page put there is still there"
    )


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in ("start", "scale", "build") else pytest.mark.full(minutes=0.1))
        for name in names()
    ],
)
def test_the_prose_of_every_lab_may_be_translated_and_still_changes(lab: Lab, name: str) -> None:
    prose = lab.region("lesson").locator(".prose")
    first, second, *_ = lesson_of(lab_class(name)).ids
    for step in (first, second):
        lab.visit(f"lab={name}&step={step}")
        said = prose.inner_text()
        assert said.strip(), step
        assert "~" not in said, f"{step}: what was translated stays beside what is new"
        lab.page.evaluate(TRANSLATED, False)
        assert "~" in prose.inner_text(), f"{step}: prose may be translated"


def test_the_pause_sign_can_be_seen_under_the_pointer(lab: Lab) -> None:
    play = lab.page.locator("[data-action=play]").first
    play.hover()
    colours = play.evaluate("(el) => [getComputedStyle(el).backgroundColor, getComputedStyle(el).color]")
    light = [np.mean([float(part) for part in colour[4:-1].split(",")[:3]]) for colour in colours]
    assert abs(light[0] - light[1]) > 120, colours


def test_about_this_build_closes_with_escape_and_with_a_click_beside_it(lab: Lab) -> None:
    about = lab.page.locator(".kernel-about")
    for close in (lambda: lab.page.keyboard.press("Escape"), lambda: lab.page.locator("h1").click()):
        lab.page.locator(".kernel-chip > summary").click()
        about.wait_for()
        close()
        about.wait_for(state="hidden")


def test_a_term_opens_its_sentence_under_the_lesson_and_closes_again(lab: Lab) -> None:
    lab.go("weights")
    term = lab.region("lesson").get_by_role("button", name="entropy", exact=True)
    said = lab.region("lesson").locator(".said")
    assert said.inner_text() == ""
    term.click()
    assert "How widely weights are spread" in said.inner_text()
    assert term.get_attribute("aria-expanded") == "true"
    term.click()
    assert said.inner_text() == ""


@pytest.mark.full
def test_the_stage_is_written_in_one_face(lab: Lab) -> None:
    face = "(el) => getComputedStyle(el).fontFamily"
    for size in (LAPTOP, PROJECTOR):
        lab.page.set_viewport_size(size)
        for step, results in RESULTS.items():
            lab.go(step)
            shown = lab.region("stage").locator(f"[data-matrix={results[0]}] .cell").first.evaluate(face)
            assert shown == lab.page.locator("body").evaluate(face), step


def test_what_is_only_heard_does_not_lengthen_the_page(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1366, "height": 650})
    for name, drawn in (("start", "[data-node], .linked-word"), ("experiments", "[data-region=maps] canvas")):
        lab.visit(f"lab={name}")
        lab.page.locator(drawn).first.wait_for(state="attached")
        assert lab.page.evaluate("document.documentElement.scrollHeight") <= 650, name
