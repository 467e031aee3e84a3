"""The size of letters is the reader's: what holds them grows with them, and nothing is cut or covered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from building.browsers import LaunchOptions
from tests.e2e.conftest import DESKTOP, one_page
from tests.e2e.lab import Lab
from tests.e2e.test_screens import overflow

#: Labs that have between them every kind of block.
LABS = ["start", "stepper", "scale", "heads", "experiments", "generate", "price", "beyond", "build"]
#: Of every element with a text of its own that can be seen: the size of its letters, and its width.
TEXTS = """
() => [...document.querySelectorAll("body *")].flatMap((el) => {
  const parts = [...el.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  const own = parts.map(({data}) => data.trim()).join("");
  const seen = el.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true});
  const folded = el.closest(".vh, .plot, [hidden], details:not([open]) > :not(summary)");
  if (own === "" || !seen || folded) return [];
  const {width} = el.getBoundingClientRect();
  return width > 1 ? [{
    where: el.closest("[data-region]")?.dataset.region ?? "", what: `${el.localName}.${el.className}`, own,
    size: parseFloat(getComputedStyle(el).fontSize), width,
  }] : [];
})
"""
#: The sizes of letters at the axes of all figures, also of those that were on the screen before.
AXES = """
[...Bokeh.documents[0]._all_models.values()].filter(({type}) => type === "LinearAxis")
  .map((axis) => axis.major_label_text_font_size)
"""
SET = "(size) => { document.documentElement.style.fontSize = size }"
#: What is as wide as its letters need, and shows less than it holds.
CUT = """
() => [...document.querySelectorAll(
  ".cell, .part, .segments button, .plain, .dots button, .badge-only, .ghost, .option, .bar-text, .weight, " +
  ".linked-weight, h1, .eyebrow, dd, kbd"
)].filter((el) => el.checkVisibility() && el.scrollWidth > el.clientWidth + 1)
  .filter((el) => getComputedStyle(el).display !== "inline")
  .map((el) => `${el.className} “${el.textContent.trim()}”: ${el.scrollWidth} in ${el.clientWidth}`)
"""
#: What lies over something else: texts of two elements, neither in the other, in what does not scroll.
COVERED = """
() => {
  const bar = document.querySelector("[data-region=transport]").getBoundingClientRect();
  const bars = "header > *, [data-region=transport] > *, .part, .chip, .tools > *";
  const seen = (el) => el.checkVisibility() && el.offsetWidth > 0;
  const parts = [...document.querySelectorAll(bars)].filter(seen);
  const told = [];
  parts.forEach((a, i) => parts.slice(i + 1).forEach((b) => {
    if (a.contains(b) || b.contains(a)) return;
    const [one, other] = [a, b].map((el) => el.getBoundingClientRect());
    const over = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const deep = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    const fixed = [a, b].filter((el) => el.closest("[data-region=transport]")).length === 1;
    if (!fixed && over > 2 && deep > 2) told.push(`${a.textContent.trim()} / ${b.textContent.trim()}`);
  }));
  if (bar.height > innerHeight / 3) told.push(`the bar is ${bar.height} px high`);
  return told;
}
"""


def texts(lab: Lab) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = lab.page.evaluate(TEXTS)
    return found


def drawn(lab: Lab) -> None:
    """Wait until what follows the size of a box or of letters has been drawn."""
    lab.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    lab.settle()


@pytest.fixture
def lab(lab: Lab) -> Iterator[Lab]:
    """Its letters are the usual ones again when the test ends."""
    yield lab
    lab.page.evaluate(SET, "")


@pytest.mark.parametrize(
    ("size", "labs"),
    [  # each lab in this test or in the last one; all in both are full
        ((400, 700), LABS[::2]),
        *(pytest.param(size, LABS, marks=pytest.mark.full) for size in ((400, 700), (683, 325))),
    ],
)
def test_letters_twice_as_large_in_a_window_twice_as_large_give_the_same_screen_twice_as_large(
    lab: Lab, size: tuple[int, int], labs: list[str]
) -> None:
    width, height = size
    for name in labs:
        lab.page.evaluate(SET, "")
        lab.page.set_viewport_size({"width": width, "height": height})
        lab.follow(f"lab={name}")
        drawn(lab)
        before = texts(lab)
        lab.page.evaluate(SET, "32px")
        lab.page.set_viewport_size({"width": 2 * width, "height": 2 * height})
        drawn(lab)
        after = texts(lab)
        assert [each["own"] for each in before] == [each["own"] for each in after], name
        for small, large in zip(before, after, strict=True):
            told = f"{name}, {small['where']}, {small['what']} “{small['own']}”"
            assert large["size"] == pytest.approx(2 * small["size"], abs=0.5), told
            assert large["width"] == pytest.approx(2 * small["width"], abs=0.04 * large["width"] + 8), told


def test_the_letters_of_a_figure_grow_too(lab: Lab) -> None:
    lab.follow("lab=scale")
    lab.page.set_viewport_size(DESKTOP)
    lab.page.wait_for_function(f"() => {AXES}.every((font) => font === '13px')")
    lab.page.evaluate(SET, "32px")
    lab.page.wait_for_function(f"() => {AXES}.includes('26px')")
    lab.page.evaluate(SET, "")
    lab.page.wait_for_function(f"() => {AXES}.every((font) => font === '13px')")


@pytest.fixture(params=[pytest.param(24, marks=pytest.mark.full), 32])
def larger(
    request: pytest.FixtureRequest, playwright: Playwright, chromium: LaunchOptions, site: str
) -> Iterator[Lab]:
    """A browser whose reader has chosen larger letters."""
    setting = f"--blink-settings=defaultFontSize={request.param}"
    browser: Browser = playwright.chromium.launch(**chromium | {"args": [*chromium["args"], setting]})
    with one_page(browser, site, "?lab=stepper") as page:
        yield page
    browser.close()


@pytest.mark.parametrize("labs", [LABS[1::2], pytest.param(LABS, marks=pytest.mark.full(minutes=0.3))])
def test_with_the_browsers_own_larger_letters_nothing_is_cut_or_covered(larger: Lab, labs: list[str]) -> None:
    for width, height in ((1366, 650), (360, 740)):
        larger.page.set_viewport_size({"width": width, "height": height})
        for name in labs:
            larger.follow(f"lab={name}")
            drawn(larger)
            where = f"{name} at {width} px"
            assert overflow(larger.page) <= 0, where
            assert larger.page.evaluate(CUT) == [], where
            assert larger.page.evaluate(COVERED) == [], where
