"""From the README to a locked, graded item of a course, by following "For teachers" to the letter."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from attention_lab.grading.catalogue import exercise
from building.paths import DIST, ROOT
from tests.e2e.conftest import NewPage
from tests.e2e.test_build import Exercise
from tests.e2e.test_scorm import in_its_frame, interactions, score, status, system_with, wait_for_commit
from tests.e2e.test_teach import in_frame

USABLE = "input:enabled, select:enabled, button:enabled:not([aria-disabled=true])"
STEP = re.compile(r"^(\d)\. (.*?)(?=\n\d\. |\n\n)", re.M | re.S)


def steps() -> dict[int, tuple[list[str], list[str]]]:
    """Of each step in the README: the files that it names, and what it says stands on the screen."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## For teachers\n")[2].partition("\n## ")[0]
    found = {int(number): words for number, words in STEP.findall(section)}
    return {
        number: (re.findall(r"`([^`]+)`", words), re.findall(r'"([^"]+)"', words))
        for number, words in found.items()
    }


@pytest.mark.full(minutes=0.5)  # test_teach.py and test_scorm.py go each part of the way
def test_the_readme_leads_to_a_locked_graded_item_of_a_course(new_page: NewPage, tmp_path: Path) -> None:
    told = steps()
    assert [*told] == [1, 2, 3, 4, 5, 6]
    file, package = told[1][0][:2]
    teacher = new_page(url=(DIST / file).as_uri())
    page = teacher.page
    page.context.set_offline(True)
    page.goto((DIST / file).as_uri(), wait_until="domcontentloaded")

    below, button = told[2][1]
    expect(page.get_by_role("heading", name=below)).to_be_visible()
    page.get_by_role("link", name=button).click()

    lab, title, step, number, settings, setting, softmax, *locks, words, says, live = told[3][1]
    page.get_by_label(lab, exact=True).select_option(label=option(page, lab, title))
    page.get_by_label(step, exact=True).select_option(label=number)
    page.get_by_text(settings).click()
    page.get_by_label(setting, exact=True).select_option(label=softmax)
    for lock in locks:
        page.get_by_label(lock, exact=True).check()
    expect(page.get_by_role("heading", name=words)).to_be_visible()
    expect(page.locator("#words")).to_contain_text(says)
    page.get_by_role("button", name=live).click()
    in_frame(teacher, "iframe").page.locator("html[data-painted]").wait_for(state="attached")
    page.locator("iframe").evaluate("(frame) => frame.remove()")  # before its Python has come

    [heading] = told[4][1]
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    with page.expect_download() as download:
        page.locator("#package").set_input_files(DIST / told[4][0][0])
    assert told[4][0] == [package, download.value.suggested_filename]
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)

    course = tmp_path / "course"
    course.mkdir()
    with system_with({"1.2": saved}, course) as address:
        student = new_page(url=address)
        item = f"1.2/{launch(saved)}"
        student.page.goto(f"{address}?{urlencode({'version': '1.2', 'item': item})}", wait_until="commit")
        inside = in_its_frame(student.page, student)
        task = Exercise(inside, "")
        expect(inside.page.locator(".labs")).to_be_hidden()
        expect(inside.region("controls").locator(USABLE)).to_have_count(0)
        run, _ = told[6][1]
        task.write(exercise(softmax.lower()).reference)
        inside.page.get_by_role("button", name=run, exact=True).click()
        task.settled()
        wait_for_commit(student.page, "c.core.lesson_status === 'completed'")
        assert float(score(student.page)["raw"]) == 100
        assert status(student.page) == "completed"
        assert interactions(student.page) == {"exercise:softmax": ("correct", "1 try, the first right")}


def option(page: Page, field: str, title: str) -> str:
    """The whole of the option that begins with a title: the minutes of the lab stand behind it."""
    options = page.get_by_label(field, exact=True).locator("option")
    return options.filter(has_text=title).first.inner_text()


def launch(package: Path) -> str:
    """Where a course system goes when a learner opens the item."""
    with zipfile.ZipFile(package) as archive:
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    item, resource = (manifest.find(f".//{{*}}{name}") for name in ("item", "resource"))
    assert item is not None
    assert resource is not None
    return f"{resource.get('href')}{item.get('parameters')}"
