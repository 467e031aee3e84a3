"""The guides for teachers in a browser: reached by their index, on every screen, and on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from attention_lab.kit.catalogue import names
from building.artefacts import axe_script
from tests.e2e.conftest import NewPage
from tests.e2e.test_print import Printed
from tests.e2e.test_screens import check_axe, overflow

INDEX, MASKS = "Guides for teachers", "What may look at what"


@pytest.mark.crossed
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.full)])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_index_and_a_guide_fit_and_break_no_rule(new_page: NewPage, scheme: str, width: int) -> None:
    lab = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = lab.page
    page.goto(lab.url + "guides.html")
    for title in (INDEX, MASKS):
        if title == MASKS:
            page.get_by_role("link", name=title).first.click()
            for closed in page.locator("summary").all():
                closed.click()
        expect(page.locator("h1")).to_have_text(title)
        page.evaluate(Path(axe_script()).read_text())
        check_axe(page, f"{title}, {scheme}, {width} px")
        assert overflow(page) <= 0


def test_no_guide_scrolls_sideways_on_a_phone(new_page: NewPage) -> None:
    lab = new_page(viewport={"width": 320, "height": 700})
    for name in names():
        lab.page.goto(lab.url + f"guide-{name}.html")
        assert overflow(lab.page) <= 0, name


def test_a_row_of_a_guide_opens_the_lab_in_the_state_that_it_names(new_page: NewPage) -> None:
    lab = new_page()
    lab.page.goto(lab.url + "guide-masks.html")
    lab.page.get_by_role("link", name="Step 4, The leak (Mask: 0 before)").click()
    lab.wait_ready()
    lab.page.get_by_text("weight on words ahead").first.wait_for()
    expect(lab.page.get_by_role("heading", name="The leak")).to_be_visible()
    expect(lab.page.locator("body")).to_contain_text("0.34")


@pytest.mark.full
def test_a_guide_opens_its_lab_on_the_projector(new_page: NewPage) -> None:
    lab = new_page()
    lab.page.goto(lab.url + "guide-chain.html")
    lab.page.get_by_role("link", name="Open it on the projector").click()
    lab.wait_ready()
    expect(lab.page.get_by_label("Presenting")).to_be_attached()
    expect(lab.page.get_by_role("heading", name="The telephone game")).to_be_visible()


@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_guide_breaks_a_rule(new_page: NewPage, scheme: str) -> None:
    lab = new_page(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    for name in names():
        lab.page.goto(lab.url + f"guide-{name}.html")
        lab.page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        lab.page.evaluate(Path(axe_script()).read_text())
        check_axe(lab.page, f"{name}, {scheme}")
        assert overflow(lab.page) <= 0, name


@pytest.mark.parametrize("format", ["A4", pytest.param("Letter", marks=pytest.mark.full)])
def test_on_paper_sheets_stand_alone_and_only_an_open_key_prints(
    browser: Browser, site: str, format: str
) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(site + "guide-masks.html")
    closed = Printed(page.pdf(format=format))
    assert all(picture[:20].min() == 255 for _, picture, _ in closed.pages), (
        "paper is white in a dark theme, too"
    )
    opener, ticket = closed.page_of("Opener without computers"), closed.page_of("Exit ticket Name")
    assert opener + 1 == ticket == len(closed.pages) - 1
    assert "The reader fills" not in closed.pages[opener][0], "what is for the teacher is on another page"
    assert not [each for each in ("10 boxes", "Answer key") if each in closed.text]
    page.locator("summary").first.click()
    assert "10 boxes" in Printed(page.pdf(format=format)).text
    page.close()
