"""A host may send a stricter policy than the page's own: the lab keeps to it, or says what it lacks."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices

SELF = "default-src 'self'"
SELF_AND_WASM = f"{SELF}; script-src 'self' 'wasm-unsafe-eval'"
# The tab's icon is in the page itself, for use offline: under these policies the tab has none.
TAB_ICON = "Loading the image 'data:image/svg+xml"
# The script in the page that watches the start is refused; the file beside the page does its work.
WATCH = "inline script"


def under_policy(lab: Lab, policy: str, *patterns: str) -> None:
    """Every answer to an address of these patterns carries the policy."""
    lab.watch.expect(TAB_ICON, WATCH)

    def with_policy(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})

    for pattern in patterns:
        lab.page.route(pattern, with_policy)


@pytest.mark.parametrize(
    ("policy", "answers"),
    [
        pytest.param(SELF, ["/"], id="page"),
        pytest.param(SELF_AND_WASM, ["/", "**/kernel-*.js"], marks=pytest.mark.full, id="all"),
    ],
)
def test_nothing_of_the_screen_needs_inline_styles_or_scripts(
    new_page: NewPage, policy: str, answers: list[str]
) -> None:
    lab = new_page()
    under_policy(lab, policy, *(lab.url if each == "/" else each for each in answers))
    lab.open()
    lab.go("weights")
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings())["weights"], atol=1e-12)
    colours = lab.cell("weights", 0, 0).evaluate("(cell) => cell.style.backgroundColor")
    assert colours.startswith("rgb"), "cells are coloured"
    lab.type_sentence(" ".join(["the cat sat on"] * 6))  # a map that BokehJS draws
    canvas = lab.region("stage").locator("canvas").first
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 200, "its style sheets are in force"


def test_a_host_that_forbids_webassembly_is_told_what_to_allow(new_page: NewPage) -> None:
    lab = new_page()
    under_policy(lab, SELF, lab.address, "**/kernel-*.js")
    lab.open(ready=False)
    lab.expect_error("does not allow it to run WebAssembly")
    expect(lab.page.locator(".kernel-panel")).to_contain_text("'wasm-unsafe-eval'")


@pytest.mark.full
def test_a_start_that_succeeds_is_not_tried_again(new_page: NewPage) -> None:
    """The watch beside the page runs before the script that it watches has had its turn."""
    lab = new_page()
    under_policy(lab, SELF_AND_WASM, lab.address, "**/kernel-*.js")
    starts: list[str] = []
    lab.page.on("request", lambda request: starts.append(request.url) if "/boot-" in request.url else None)
    lab.open()
    assert len(starts) == 1, starts
