"""What the screen does beyond its numbers: highlighting, predictions, exports, play, theme, provenance."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices


def centre(cell: Locator) -> tuple[float, float]:
    box = cell.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def framed(lab: Lab, matrix: str) -> set[tuple[int, int]]:
    """The cells of a matrix that lie inside a frame of the linked highlighting."""
    shape = lab.matrix(matrix).shape
    boxes = [b.bounding_box() for b in lab.region("stage").locator(f"[data-matrix={matrix}] .band").all()]
    inside = set()
    for row, col in np.ndindex(*shape):
        x, y = centre(lab.cell(matrix, row, col))
        if any(b and b["x"] < x < b["x"] + b["width"] and b["y"] < y < b["y"] + b["height"] for b in boxes):
            inside.add((row, col))
    return inside


def test_hovering_a_score_lights_all_that_it_is_made_of(lab: Lab) -> None:
    lab.go("raw_scores")
    lab.page.mouse.move(5, 5)
    lab.cell("raw_scores", 3, 4).hover()
    lab.settle()
    assert framed(lab, "q") == {(3, 0), (3, 1)}
    assert framed(lab, "k_t") == {(0, 4), (1, 4)}
    expect(lab.region("formula").locator("[data-touched]")).to_have_attribute("data-step", "raw_scores")
    expect(lab.region("code").locator("[data-touched]").first).to_contain_text("raw_scores")
    value = matrices(Settings())["raw_scores"][3, 4]
    arithmetic = lab.region("arithmetic")
    expect(arithmetic).to_contain_text("on")
    products = [float(t.replace("−", "-")) for t in arithmetic.locator("[data-product]").all_inner_texts()]
    assert sum(products) == pytest.approx(value, abs=1e-12)
    lab.page.mouse.move(5, 5)
    lab.settle()
    expect(arithmetic).to_contain_text("sat")  # the pinned cell again


def test_a_guess_is_kept_and_shown_beside_the_computed_answer(new_page: NewPage) -> None:
    lab = new_page().open()
    weights = matrices(Settings(mask="causal"))["weights"][2]
    heads = lab.region("heads")
    lab.go("masked_scores")
    expect(heads).to_contain_text("?")  # the small maps do not give the answer away
    lab.region("predict").get_by_role("button", name="The", exact=True).click()
    lab.settle()
    expect(heads).to_contain_text("?")  # nor does a guess
    lab.go("weights")
    expect(lab.region("predict")).to_contain_text("the largest one takes the most")
    expect(lab.region("predict")).to_contain_text(f"{weights[0]:.2f}")
    expect(lab.region("predict")).to_contain_text(f"{weights.max():.2f}")


def test_exports_hold_the_numbers_of_the_step(lab: Lab, tmp_path: Path) -> None:
    lab.go("weights")
    for kind in ("csv", "svg", "png", "npy"):
        lab.region("sentence").locator("[data-action=export]").click()
        with lab.page.expect_download() as download:
            lab.region("sentence").locator(f"[data-export={kind}]").click()
        download.value.save_as(tmp_path / f"weights.{kind}")
    rows = list(csv.reader((tmp_path / "weights.csv").read_text(encoding="utf-8-sig").splitlines()))
    numbers = np.array([[float(cell) for cell in row[1:]] for row in rows[1:]])
    np.testing.assert_allclose(numbers, matrices(Settings())["weights"], rtol=0, atol=1e-12)
    saved = np.load(tmp_path / "weights.npy")
    assert saved.dtype == np.float64
    np.testing.assert_array_equal(saved, numbers)
    drawn = (tmp_path / "weights.svg").read_text(encoding="utf-8")
    assert drawn.lstrip().startswith("<svg")
    assert lab.region("sentence").locator(".badge summary").inner_text() in drawn, "where it is from"
    assert (tmp_path / "weights.png").read_bytes().startswith(b"\x89PNG")


def test_play_goes_from_step_to_step_and_stops_when_asked(lab: Lab) -> None:
    current = lab.region("transport").locator("[aria-current=step]")
    lab.page.locator("[data-action=play]").click()
    expect(current).to_have_attribute("data-step", "qkv")
    lab.page.locator("[data-action=play]").click()
    lab.settle()
    stopped = current.get_attribute("data-step")
    expect(lab.page.locator("[data-action=play]")).to_have_accessible_name("Play all steps")
    expect(current).to_have_attribute("data-step", stopped or "")


def test_the_badge_says_what_is_random_and_what_is_spelt(lab: Lab) -> None:
    badge = lab.region("sentence").locator("details.badge")
    expect(badge).to_contain_text("hand-built")
    lab.type_sentence("The zorp sat")
    expect(badge).to_contain_text("zorp")
    lab.choose("embedding", "random")
    expect(badge.locator("summary")).to_contain_text("seed 7")


def test_the_source_line_is_the_one_in_the_file(lab: Lab) -> None:
    core = (Path(__file__).parents[2] / "pyapp" / "attention" / "core.py").read_text().splitlines()
    lab.go("weights")
    shown = lab.region("code").inner_text()
    line = next(i for i, text in enumerate(core, 1) if text.strip().startswith("weights = softmax("))
    assert f"line {line}" in shown
    assert core[line - 1].split("#")[0].strip() in shown
