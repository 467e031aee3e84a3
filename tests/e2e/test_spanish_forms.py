"""Each form of the lab in Spanish: the words of the catalogue on the screen, and NumPy's numbers."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import quote_plus, urlencode

import numpy as np
import pytest
from playwright.sync_api import expect

from attention_lab.kit.lab import lesson_of
from attention_lab.session import Session
from building.scorm import PACKAGES
from building.texts import catalogue
from tests.e2e import test_folder, test_single
from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices
from tests.e2e.test_folder import unpacked_in
from tests.e2e.test_scorm import in_its_frame, system_with

DOGS = "The dogs are playing"
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def spanish(text: str) -> str:
    """What the catalogue says for a text, which is not what the text says."""
    told = catalogue("es").get(text)
    assert told is not None
    assert isinstance(told.string, str)
    assert told.string not in ("", text)
    return told.string


def speaks_spanish(lab: Lab) -> None:
    """Steps have their titles in Spanish, a script says its word in it, and the numbers follow a sentence."""
    assert lab.page.locator("html").get_attribute("lang") == "es"
    for step in lesson_of(type(Session("stepper").current)).steps[2:4]:
        lab.go(step.id)
        expect(lab.region("lesson").locator("h1")).to_contain_text(spanish(step.section))
    expect(lab.page.get_by_role("button", name=spanish("Play all steps"))).to_be_visible()
    lab.go("weights")
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings())["weights"], atol=1e-12)
    field = lab.page.get_by_label(spanish("Your sentence"))
    field.fill(DOGS)
    field.press("Enter")
    lab.settle()
    lab.choose("mask", "causal")
    expected = matrices(Settings(text=DOGS, mask="causal"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)


@pytest.mark.full  # the site does in test_language.py
def test_the_single_file_speaks_spanish(new_page: NewPage) -> None:
    speaks_spanish(test_single.from_disk(new_page).open("?language=es"))


@pytest.mark.full
@pytest.mark.parametrize("boot", ["snapshot", "plain"])
def test_the_folder_from_disk_speaks_spanish(new_page: NewPage, tmp_path: Path, boot: str) -> None:
    folder = unpacked_in(tmp_path)
    speaks_spanish(test_folder.from_disk(new_page, folder).open(f"?boot={boot}&language=es"))


@pytest.mark.full
@pytest.mark.parametrize("version", PACKAGES)
def test_a_package_in_a_course_system_speaks_the_language_of_the_browser(
    new_page: NewPage, tmp_path: Path, version: str
) -> None:
    with system_with({version: PACKAGES[version]}, tmp_path) as address:
        outer = new_page(url=address, locale="es-MX")
        item = {"version": version, "item": f"{version}/index.html?lab=stepper"}
        outer.page.goto(f"{address}?{urlencode(item, quote_via=quote_plus)}", wait_until="commit")
        speaks_spanish(in_its_frame(outer.page, outer))
        outer.page.goto("about:blank")


@pytest.mark.full
def test_the_guides_of_the_folder_are_in_spanish_and_lead_to_the_lab_in_it(
    new_page: NewPage, tmp_path: Path
) -> None:
    folder = unpacked_in(tmp_path)
    lab = test_folder.from_disk(new_page, folder)
    page = lab.page
    page.goto((folder / "guides.es.html").as_uri())
    title = lesson_of(type(Session("masks").current)).title
    page.get_by_role("link", name=spanish(title)).first.click()
    expect(page.locator("h1")).to_have_text(spanish(title))
    expect(page.locator("html")).to_have_attribute("lang", "es")
    told = Counter(NUMBER.findall(page.locator("main").text_content() or ""))
    leads_on = page.locator("a.state").first
    address = leads_on.get_attribute("href")
    assert address
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text(title)
    assert told == Counter(NUMBER.findall(page.locator("main").text_content() or ""))
    page.go_back()
    page.locator(f"a.state[href='{address}']").first.click()
    lab.wait_ready()
    step = lesson_of(type(Session("masks").current)).steps[0]
    expect(lab.region("lesson").locator("h1")).to_contain_text(spanish(step.section))


@pytest.mark.full
def test_the_guides_of_the_single_file_are_in_spanish(new_page: NewPage) -> None:
    lab = test_single.from_disk(new_page)
    lab.page.goto(f"{test_single.SINGLE.as_uri()}?language=es#page=guides")
    expect(lab.page.locator("h1")).to_have_text(spanish("Guides for teachers"))
    title = spanish(lesson_of(type(Session("masks").current)).title)
    lab.page.get_by_role("link", name=title).first.click()
    expect(lab.page.locator("h1")).to_have_text(title)
