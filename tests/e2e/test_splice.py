"""The lab in a page that keeps score and state for it by SPLICE, and in one that does not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from building.serving import serve_site
from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab
from tests.e2e.questions import QUESTIONS, solve
from tests.e2e.test_build import Exercise
from tests.e2e.test_scorm import in_its_frame

HERE = Path(__file__).parent
PROGRAM = "def scores(q, k):\n    return q\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page of another host that speaks SPLICE; its address."""
    folder = tmp_path_factory.mktemp("book")
    shutil.copyfile(HERE / "lms" / "book.html", folder / "index.html")
    with serve_site(folder) as server:
        yield server.url


def enter(outer: Lab, site: str, query: str) -> Lab:
    outer.watch.allow(site)
    outer.page.goto(f"{outer.url}?{site}?{query}")
    return in_its_frame(outer.page, outer)


def reported(page: Page, condition: str) -> None:
    """Wait until what was reported last (`it`) fulfils a condition."""
    page.wait_for_function(f"() => {{ const it = reports.at(-1); return it && ({condition}); }}")


@pytest.mark.full(minutes=0.3)  # as by a course (test_scorm.py)
def test_score_and_work_are_kept_by_the_page_around_and_come_back(
    new_page: NewPage, book: str, site: str
) -> None:
    outer = new_page(url=book)
    lab = enter(outer, site, "lab=start&step=check&counts=start")
    solve(lab, QUESTIONS[0])
    reported(outer.page, "it.score === 0.25")
    solve(lab, QUESTIONS[1], right=False)
    reported(outer.page, f"it.score === null && it.state.progress.start.results['{QUESTIONS[1].id}']")
    solve(lab, QUESTIONS[1])
    reported(outer.page, "it.score === 0.5")
    lab.visit("lab=build&step=write&exercise=scores")
    task = Exercise(lab)
    task.only_write()
    task.write(PROGRAM)
    reported(outer.page, "it.score === null && it.state.code.scores")
    assert lab.page.evaluate("() => Object.keys(localStorage)") == []
    told = outer.page.evaluate("() => reports.map(({score}) => score)")
    assert {score for score in told if score is not None} <= {0, 0.25, 0.5}
    assert outer.page.evaluate(
        "() => new Set(reports.map((each) => each.message_id)).size === reports.length"
    )

    lab = enter(outer, site, "lab=start&step=check&counts=start")
    expect(lab.region("header").locator("[data-action=score]")).to_have_text(re.compile("Score: 2 of 4"))
    expect(lab.page.locator("h1")).to_have_text("Scores")  # where it was left
    task = Exercise(lab)
    task.only_write()
    assert task.text == PROGRAM
    told = outer.page.evaluate("() => reports.map(({score}) => score)")
    assert set(told) <= {None, 0.5}
    lab.region("header").locator("[data-action=score]").click()
    expect(lab.page.locator(".hand-in")).to_contain_text("kept by the page around")
