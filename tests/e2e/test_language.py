"""The page in languages made of the sources: one with long words, one that runs from right to left."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import ViewportSize

from building.texts import LONG, MIRRORED, pseudo
from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab
from tests.e2e.test_first_paint import AS_PAINTED, DRAWN_ANEW, LABS, HeldBokeh, shown

LAPTOP: ViewportSize = {"width": 1366, "height": 650}
PHONE: ViewportSize = {"width": 360, "height": 740}
#: What is wider than the place that it stands in, though nothing there scrolls.
TOO_WIDE = """
() => [...document.querySelectorAll("[data-region] :is(button, label, h2, p, dt, dd, th, td, summary)")]
  .filter((one) => one.clientWidth > 0 && getComputedStyle(one).textOverflow !== "ellipsis")
  .filter((one) => one.scrollWidth > one.clientWidth + 2 && getComputedStyle(one).overflowX === "visible")
  .filter((one) => !one.closest("[data-scrolls], .vh"))
  .map((one) => `${one.closest("[data-region]").dataset.region}: ${one.textContent.trim().slice(0, 60)}`)
"""


def fetched(lab: Lab) -> list[str]:
    """What the page has fetched of the assets."""
    urls = lab.page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    return sorted({re.sub(r"-[0-9a-f]{12}", "", url.rpartition("/")[2]) for url in urls if "/assets/" in url})


def test_a_language_is_painted_before_python_in_agreement_with_the_kernel(new_page: NewPage) -> None:
    lab = new_page()
    held = HeldBokeh(lab, f"?language={LONG}&lab=stepper")
    painted = shown(lab)
    assert re.match("⟦Stép 1 óf [0-9]~⟧ ⟦Émbéddíñgš", painted["lesson"])
    assert "⟦Táblé~⟧" in painted["sentence"], "what scripts say is said in it, too"
    assert lab.page.get_by_role("button", name="⟦Pláý áll štépš~⟧").count() == 1
    held.release()
    assert lab.fact("Document") == pseudo(AS_PAINTED, LONG)
    assert shown(lab) == painted
    found = [name for name in fetched(lab) if name.startswith(("document", "texts"))]
    assert found == [f"document-stepper.{LONG}.json", f"texts.{LONG}.json"], "besides what the worker fetches"
    lab.choose("mask", "causal")
    lab.go("masked_scores")
    assert re.match("⟦Stép 5 óf [0-9]~⟧ ⟦Mášk", shown(lab)["lesson"])
    assert lab.page.locator("html").get_attribute("lang") == LONG


def test_english_fetches_no_catalogue(new_page: NewPage) -> None:
    lab = new_page().open("?lab=stepper&language=en")
    assert not [name for name in fetched(lab) if name.startswith("texts")]
    assert lab.page.locator("html").get_attribute("dir") == "ltr"


@pytest.mark.parametrize(
    ("language", "screen"),
    [
        (LONG, PHONE),
        (MIRRORED, LAPTOP),
        pytest.param(LONG, LAPTOP, marks=pytest.mark.full),
        pytest.param(MIRRORED, PHONE, marks=pytest.mark.full),
    ],
)
def test_no_layout_breaks_in_any_lab(new_page: NewPage, language: str, screen: ViewportSize) -> None:
    lab = new_page().open(f"?language={language}&lab=masks")
    assert lab.fact("Document") == pseudo(DRAWN_ANEW, language)
    assert lab.page.locator("html").get_attribute("dir") == ("rtl" if language == MIRRORED else "ltr")
    lab.page.set_viewport_size(screen)
    broken: dict[str, object] = {}
    for name in LABS:
        lab.follow(f"lab={name}")
        assert "⟦" in lab.region("lesson").inner_text(), name
        over = lab.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found = lab.page.evaluate(TOO_WIDE)
        if over > 0 or found:
            broken[name] = (over, found)
    assert not broken
