"""Paper: what comes out of a printer, read from the PDF, text and pixels, that the browser makes of a screen
that is wide and dark, with everything that moves moving."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser

from attention_lab.kit.catalogue import names
from tests.e2e.conftest import one_page
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices

WIDE: dict[str, Any] = {
    "viewport": {"width": 1920, "height": 1080},
    "color_scheme": "dark",
    "reduced_motion": "no-preference",
    "service_workers": "block",
}
SCALE = 2  # pixels of the rendering for each point of the PDF
MARGIN = 30  # points, less than what the page's margins are
#: One of each kind of picture; the others are printed in the full run.
PRINTED = ("generate", "experiments", "price", "start")

pytestmark = pytest.mark.xdist_group("print")  # one page for all

Page = tuple[str, NDArray[np.uint8], Any]


class Printed:
    """A PDF: the words and the pixels of each page."""

    def __init__(self, data: bytes) -> None:
        self.document = pypdfium2.PdfDocument(io.BytesIO(data))
        self.pages: list[Page] = []
        for page in self.document:
            words = page.get_textpage()
            picture = page.render(scale=SCALE, grayscale=True).to_numpy()
            self.pages.append((words.get_text_range(), picture.reshape(picture.shape[:2]), words))

    @property
    def text(self) -> str:
        """All words, with single spaces."""
        return " ".join(" ".join(text for text, _, _ in self.pages).split())

    def page_of(self, text: str) -> int:
        """Where a text stands."""
        return next(i for i, (words, _, _) in enumerate(self.pages) if text in " ".join(words.split()))

    def around(self, text: str, at: int = 0) -> tuple[Page, tuple[int, int, int, int]]:
        """The page of a text, and its box in pixels: left, top, right, bottom."""
        for page in self.pages:
            found = [*iter(page[2].search(text, match_case=True).get_next, None)]
            if len(found) > at:
                start, count = found[at]
                boxes = np.array([page[2].get_charbox(i) for i in range(start, start + count)])
                left, bottom, right, top = (*boxes.min(axis=0)[:2], *boxes.max(axis=0)[2:])
                height = page[1].shape[0]
                box = (left * SCALE, height - top * SCALE, right * SCALE, height - bottom * SCALE)
                return page, tuple(round(edge) for edge in box)
            at -= len(found)
        raise AssertionError(f"{text} is not on paper")


def printed(lab: Lab, **options: Any) -> Printed:
    return Printed(lab.page.pdf(**{"format": "A4", **options}))


@pytest.fixture(scope="module")
def screen(browser: Browser, site: str) -> Iterator[Lab]:
    """One page, which goes from lab to lab, in the theme that was chosen: that of a system ends on paper."""
    with one_page(browser, site, "?theme=dark", **WIDE) as page:
        yield page


def test_the_result_is_on_paper_with_every_number_black_on_what_is_pale(screen: Lab) -> None:
    screen.visit("lab=stepper&step=scaled_scores")
    screen.go("weights")  # its result is just moving in
    paper = printed(screen)
    weights = matrices(Settings())["weights"]
    wanted = Counter(f"{weight:.2f}" for weight in weights.flat)
    assert Counter(re.findall(r"(?<!\S)\d\.\d\d(?!\S)", paper.text)) >= wanted
    for text in ("0.73", "0.66", "0.62"):
        is_black_on_what_is_pale(paper, text)
    (_, picture, _), (left, top, right, bottom) = paper.around("Each row becomes weights")
    assert picture[top:bottom, left:right].min() < 80, "words are as dark as numbers"
    for _, picture, _ in paper.pages:
        assert (picture < 90).mean() < 0.05, "the dark theme stays on the screen"
        assert picture[0, 0] == picture[-1, -1] == 255


def test_signed_numbers_are_black_on_what_is_pale_too(screen: Lab) -> None:
    """Unlike weights, they have other colours in the dark theme."""
    screen.visit("lab=stepper&step=scaled_scores")
    paper = printed(screen)
    for text in ("0.71", "1.41", "2.12"):
        is_black_on_what_is_pale(paper, text)


def is_black_on_what_is_pale(paper: Printed, text: str) -> None:
    (_, picture, _), (left, top, right, bottom) = paper.around(text)
    around = picture[top - 4 : bottom + 2, left - 6 : right + 6].astype(float) / 255
    assert around.min() < 0.1, "the digits"
    assert np.median(around) > 0.45, "and what they stand on"


def test_what_can_only_be_pressed_is_not_printed_and_nothing_lies_over_the_text(screen: Lab) -> None:
    screen.visit("lab=stepper&step=weights")
    text = printed(screen).text
    for words in ("Export", "Table", "Ready", "Share", "Light", "Space"):
        assert not re.search(rf"\b{words}\b", text), words


def length_below(page: Page, box: tuple[int, int, int, int]) -> int:
    """The longest black line within a cell's reach below its number."""
    left, _, right, bottom = box
    longest = 0
    for row in page[1][bottom + 1 : bottom + 24, left - 40 : right + 40] < 50:
        runs = np.diff(np.flatnonzero(np.concatenate(([True], ~row, [True])))) - 1
        longest = max(longest, int(runs.max()))
    return longest


ECONOMY = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, *::before, *::after { print-color-adjust: economy !important; }");
  document.adoptedStyleSheets = [sheet];
}
"""


def test_where_no_background_is_printed_a_weight_has_its_length_and_a_choice_its_edge(screen: Lab) -> None:
    screen.visit("lab=stepper&step=weights")
    screen.page.evaluate(ECONOMY)
    paper = printed(screen)
    screen.visit("lab=stepper&step=masked_scores&mask=causal")
    choices = printed(screen)
    screen.page.evaluate("() => { document.adoptedStyleSheets = []; }")
    weights = matrices(Settings())["weights"]
    large, less = paper.around("0.73"), paper.around("0.66")
    ratio = length_below(*large) / length_below(*less)
    assert ratio == pytest.approx(weights[3, 3] / weights[1, 2], rel=0.05)
    assert edge_above(*choices.around("Causal")) < 50, "chosen: a thick black edge"
    assert edge_above(*choices.around("None")) > 90


def edge_above(page: Page, box: tuple[int, int, int, int]) -> int:
    """How dark the edge of a button is over its words."""
    left, top, right, _ = box
    return int(page[1][top - 24 : top - 4, left:right].min())


def test_what_is_wider_than_a_sheet_becomes_smaller_and_stays_whole(screen: Lab) -> None:
    screen.visit("lab=stepper&step=raw_scores&d_model=16&n_heads=1&text=" + "+".join("abcdefghijkl"))
    for paper in (printed(screen), printed(screen, format="Letter")):
        text = paper.text
        assert text.count("seq_k = 12") == 2
        assert paper.page_of("queries") == paper.page_of("raw scores"), "one product, on one page"
        inside(paper)
    screen.visit("lab=stepper&step=raw_scores")


def inside(paper: Printed) -> None:
    """Every letter lies within the margins."""
    for page, (_, _, words) in zip(paper.document, paper.pages, strict=True):
        boxes = np.array([words.get_charbox(i) for i in range(words.count_chars())])
        assert boxes[:, 0].min() >= MARGIN
        assert boxes[:, 2].max() <= page.get_width() - MARGIN
        assert boxes[:, 1].min() >= MARGIN


def cases() -> Iterator[Any]:
    for name in names():
        yield pytest.param(f"lab={name}", marks=() if name in PRINTED else pytest.mark.full)
    yield "lab=wrap&step=sheet"  # the cheat sheet


@pytest.mark.parametrize("address", [*cases()])
def test_every_lab_prints_its_lesson_its_pictures_and_at_the_foot_the_link_to_it(
    screen: Lab, address: str
) -> None:
    screen.visit(address)
    title = screen.region("lesson").locator("h1").inner_text()
    heads = screen.page.locator(".block-head h2:visible").all_inner_texts()
    paper = printed(screen)
    assert title in paper.text
    for head in heads:
        assert " ".join(head.split()) in paper.text
    link = screen.page.evaluate("() => location.href")
    assert address in link
    page, (_, _, _, bottom) = paper.around(link)
    assert page is paper.pages[-1]
    assert not (page[1][bottom + 8 :] < 128).any(), "the last line"
    for text, picture, _ in paper.pages:
        assert text.strip(), "no empty page"
        assert (picture < 128).sum() > 500
    inside(paper)


def test_after_printing_the_screen_is_as_it_was(screen: Lab) -> None:
    screen.visit("lab=stepper&step=weights")
    cell = screen.cell("weights", 2, 1)
    look = "(cell) => [cell.offsetWidth, cell.offsetHeight, getComputedStyle(cell).backgroundColor]"
    theme = "() => document.documentElement.dataset.theme"
    before = cell.evaluate(look)
    printed(screen)
    screen.page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    screen.page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    assert screen.page.evaluate(theme) == "dark"
    assert cell.evaluate(look) == before
