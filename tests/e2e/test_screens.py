"""Fits every screen, breaks no rule of accessibility, keeps the policy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from building.artefacts import axe_script
from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab, in_the_stepper

Scheme = Literal["light", "dark"]
STEPS = ["embeddings", "qkv", "raw_scores", "scaled_scores", "masked_scores", "weights", "head_outputs"]
LONG = "the quick brown fox jumps over the lazy dog while incomprehensibilities rain down"


def overflow(page: Page) -> int:
    width: int = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width


@pytest.mark.parametrize(
    "width", [320, *(pytest.param(width, marks=pytest.mark.full) for width in (360, 768, 1024, 1440, 1920))]
)
def test_no_screen_scrolls_sideways(lab: Lab, width: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": 800})
    for text in ("The cat sat on the mat", LONG):
        lab.type_sentence(text)
        for step in STEPS:
            lab.go(step)
            assert overflow(lab.page) <= 0, f"{step} at {width} px with {text!r}"


def test_the_default_lab_fits_a_laptop_without_scrolling(lab: Lab) -> None:
    for step in STEPS:
        lab.go(step)
        height = lab.page.evaluate("() => document.documentElement.scrollHeight")
        assert height <= 900, f"{step} is {height} px high"


@pytest.mark.parametrize(
    ("scheme", "width", "steps"),
    [  # each step in one of them; all in each are full
        ("light", 360, STEPS[::2]),
        ("dark", 1440, STEPS[1::2]),
        *(
            pytest.param(scheme, width, STEPS, marks=pytest.mark.full)
            for width in (360, 1440)
            for scheme in ("light", "dark")
        ),
    ],
)
def test_axe_finds_no_violation(lab: Lab, scheme: Scheme, width: int, steps: Sequence[str]) -> None:
    lab.page.set_viewport_size({"width": width, "height": 900})
    lab.page.emulate_media(color_scheme=scheme)
    lab.page.locator(f"html[data-theme={scheme}]").wait_for(state="attached")
    lab.page.evaluate(Path(axe_script()).read_text())
    lab.choose("mask", "causal")
    lab.choose("embedding", "random")
    for step in steps:
        lab.go(step)
        check_axe(lab.page, f"{step}, {scheme}, {width} px")
    lab.region("sentence").get_by_role("button", name="Table").click()
    lab.settle()
    check_axe(lab.page, f"table, {scheme}, {width} px")
    lab.type_sentence(" ".join(["word"] * 20))
    check_axe(lab.page, f"20 words, {scheme}, {width} px")


def check_axe(page: Page, where: str) -> None:
    found = page.evaluate(
        """async (tags) => (await axe.run(document, {runOnly: tags})).violations.map(({id, help, nodes}) =>
        `${id}: ${help} ${nodes.map((node) => node.target + " " + node.failureSummary).join(" | ")}`)""",
        ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    )
    assert not found, f"{where}: " + "\n".join(found)


def test_the_policy_allows_no_evaluation(lab: Lab) -> None:
    policy = lab.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    assert "wasm-unsafe-eval" in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")


@pytest.mark.full  # a violation is an error in the console, with which every page fails its test
def test_the_policy_is_never_violated(new_page: NewPage) -> None:
    lab = new_page()
    lab.page.add_init_script(
        """window.__violations = [];
        document.addEventListener("securitypolicyviolation",
          (event) => __violations.push(`${event.effectiveDirective} ${event.blockedURI}`));"""
    )
    lab.open()
    for step in STEPS:
        lab.go(step)
    lab.type_sentence(" ".join(["word"] * 20))
    lab.choose("mask", "causal")
    assert lab.page.evaluate("() => window.__violations") == []


@pytest.mark.full  # as in a frame of another site (test_embed.py)
def test_a_strict_sandbox_still_works(new_page: NewPage) -> None:
    lab = new_page()
    address, style = in_the_stepper(lab.url), "width: 100%; height: 860px"
    frame_html = f'<!doctype html><iframe sandbox="allow-scripts" src="{address}" style="{style}"></iframe>'
    lab.page.route(
        lab.url + "host.html", lambda route: route.fulfill(body=frame_html, content_type="text/html")
    )
    lab.page.goto(lab.url + "host.html")
    frame = lab.page.frame_locator("iframe")
    frame.locator("html[data-kernel=ready]").wait_for(state="attached", timeout=90_000)
    frame.locator("[data-region=transport] [data-step=weights]").click()
    frame.locator("[data-region=stage] [data-matrix=weights] [data-cell='0,0']").wait_for()


def test_dark_follows_the_system_while_open(lab: Lab) -> None:
    colour = "() => getComputedStyle(document.documentElement).backgroundColor"
    light = lab.page.evaluate(colour)
    lab.page.emulate_media(color_scheme="dark")
    lab.page.locator("html[data-theme=dark]").wait_for(state="attached")
    assert lab.page.evaluate(colour) != light


#: Whether the names of a figure's marks stand on a ground of the page's own colour.
ON_PAPER = """
() => {
  const pen = document.createElement("canvas").getContext("2d");
  const plain = (colour) => { pen.fillStyle = "red"; pen.fillStyle = colour; return pen.fillStyle; };
  const paper = plain(getComputedStyle(document.documentElement).backgroundColor);
  const house = Bokeh.documents.at(-1).get_model_by_name("house");
  const screen = house.screens.find(({lab}) => lab === house.lab);
  const glyphs = [...screen.references()].filter((model) => model.type === "Text");
  return glyphs.length > 0 && glyphs.every((glyph) => {
    const ground = glyph.background_fill_color.value;
    return ground != null && plain(ground) === paper && glyph.background_fill_alpha.value > 0.5;
  });
}
"""


def test_no_curve_runs_through_the_name_of_a_mark(lab: Lab) -> None:
    lab.visit("lab=lookup&step=soften")
    for scheme in ("light", "dark"):
        lab.page.emulate_media(color_scheme=scheme)
        lab.page.locator(f"html[data-theme={scheme}]").wait_for(state="attached")
        lab.page.wait_for_function(ON_PAPER)


@pytest.mark.crossed
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.full)])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_page_for_administrators_is_linked_and_breaks_no_rule(
    new_page: NewPage, scheme: str, width: int
) -> None:
    lab = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    lab.watch.expect("ERR_ABORTED")  # the lab is left while it loads
    lab.open(ready=False)
    lab.wait_painted()
    lab.page.locator(".kernel-chip > summary").click()
    with lab.page.expect_navigation():
        lab.page.get_by_role("link", name="For administrators").click()
    expect(lab.page.locator("h1")).to_have_text("For administrators")
    expect(lab.page.locator("body")).not_to_contain_text("{{")
    lab.page.evaluate(Path(axe_script()).read_text())
    check_axe(lab.page, f"administrators, {scheme}, {width} px")
    assert overflow(lab.page) <= 0
