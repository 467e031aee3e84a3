"""The score in the header, and what is kept of the work on this device."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from attention_lab.kit.blocks import Choice
from attention_lab.kit.catalogue import counted
from attention_lab.labs.start.lab import Start
from tests.e2e.conftest import NewPage, Watch
from tests.e2e.lab import Lab
from tests.e2e.test_build import WRONG, Exercise
from tests.e2e.test_screens import overflow

[WHAT] = [each for each in Start().questions() if isinstance(each, Choice)]
OF = len(counted())


def answer(lab: Lab, option: int) -> None:
    """Choose an answer to the last question of the front door."""
    lab.page.locator(f"[data-question={WHAT.id}] [data-spot='{option}']").click()
    lab.settle()


def points(lab: Lab) -> Locator:
    return lab.region("header").locator("[data-action=score]")


def test_the_score_is_in_the_header_and_outlives_a_reload_and_each_row_leads_to_its_place(
    new_page: NewPage,
) -> None:
    lab = new_page(viewport={"width": 360, "height": 740})
    lab.open("?lab=start&step=check")
    expect(points(lab)).to_have_text(re.compile(f"Score: 0 of {OF}"))
    answer(lab, (WHAT.right + 1) % 2)
    expect(points(lab)).to_have_text(re.compile(f"Score: 0 of {OF}"))
    answer(lab, WHAT.right)
    expect(points(lab)).to_have_text(re.compile(f"Score: 1 of {OF}"))
    lab.page.reload()
    lab.wait_ready()
    expect(points(lab)).to_have_text(re.compile(f"Score: 1 of {OF}"))
    expect(lab.page.locator(f"[data-question={WHAT.id}] .right")).to_have_count(1)  # the answer, too
    points(lab).click()
    menu = lab.page.locator(".points .pop")
    expect(menu).to_contain_text(f"{OF - 1} are open")
    assert overflow(lab.page) <= 0
    menu.get_by_role("link", name="Softmax open", exact=True).click()
    expect(lab.page.locator("h1")).to_have_text("Softmax")
    expect(menu).to_be_hidden()


def saved(lab: Lab, action: str) -> Path:
    with lab.page.expect_download() as download:
        lab.page.locator(f"[data-action={action}]").click()
    return Path(download.value.path())


def test_what_is_handed_in_says_what_came_of_each_and_has_the_programs(new_page: NewPage) -> None:
    lab = new_page()
    lab.open("?lab=build&step=write&exercise=softmax")
    task = Exercise(lab)
    task.only_write()
    task.write(WRONG)
    lab.visit("lab=start&step=check")
    expect(lab.page.locator("h1")).to_have_text("Check yourself")
    answer(lab, (WHAT.right + 1) % 2)
    answer(lab, WHAT.right)
    points(lab).click()
    lab.page.get_by_label("Your name").fill("Ada 👩🏽‍🚀 Löve")
    lab.page.get_by_label("Your name").press("Tab")
    results = json.loads(saved(lab, "save-results").read_text(encoding="utf-8"))
    assert (results["format"], results["version"], results["name"]) == (
        "attention-lab results",
        1,
        "Ada 👩🏽‍🚀 Löve",
    )
    assert results["score"] == {"points": 1, "of": OF, "open": OF - 1}
    assert results["build"] == lab.config()["build"]
    assert "Self-reported" in results["self_reported"]
    items = {item["id"]: item for item in results["items"]}
    assert len(items) == OF
    told = items[f"check:start:{WHAT.id}"]
    assert (told["kind"], told["lab"], told["result"], told["tries"], told["first"]) == (
        "check", "start", "right", 2, False,
    )  # fmt: skip
    assert (told["points"], told["of"], items["exercise:softmax"]["result"]) == (1, 1, "open")
    with zipfile.ZipFile(saved(lab, "save-all")) as archive:
        assert archive.read("Ada-Löve/exercise_softmax.py").decode() == WRONG
        assert json.loads(archive.read("Ada-Löve/results.json"))["items"] == results["items"]


def test_whoever_comes_to_kept_work_is_asked_and_may_start_as_someone_else(new_page: NewPage) -> None:
    lab = new_page()
    lab.open("?lab=start&step=check")
    answer(lab, WHAT.right)
    lab.watch.expect("-rest-")  # what other labs need may be on its way
    lab.page.goto("about:blank")
    again = another_tab(lab, ready=False)
    expect(again.page.locator(".people")).to_contain_text(f"1 of {OF} points")
    assert json.loads(saved(again, "save-first").read_text())["score"]["points"] == 1
    with again.page.expect_navigation():
        again.page.locator("[data-action=start-anew]").click()
    again.wait_ready()
    expect(points(again)).to_have_text(re.compile("Score: 0 of"))
    assert again.page.locator(f"[data-question={WHAT.id}] .right").count() == 0
    assert of_the_first(again) == {WHAT.id: [1, True, True, False]}


def of_the_first(lab: Lab) -> object:
    """What the device keeps of what the first one did in the front door."""
    kept = lab.page.evaluate("() => localStorage.getItem('attention-lab-progress')")
    return json.loads(kept)["start"]["results"]


@pytest.mark.full
def test_another_tab_of_a_visit_asks_nothing_and_the_first_one_finds_their_work_again(
    new_page: NewPage,
) -> None:
    lab = new_page()
    lab.open("?lab=start&step=check")
    answer(lab, WHAT.right)
    beside = another_tab(lab)
    expect(points(beside)).to_have_text(re.compile("Score: 1 of"))
    assert beside.page.locator(".people").count() == 0
    beside.page.close()
    lab.page.goto("about:blank")
    again = another_tab(lab)
    with again.page.expect_navigation():
        again.page.locator("[data-action=start-anew]").click()
    again.wait_ready()
    again.page.goto("about:blank")
    third = another_tab(lab)
    points(third).click()
    third.page.locator("[data-action=someone-else]").wait_for()
    assert of_the_first(third) == {WHAT.id: [1, True, True, False]}


def another_tab(lab: Lab, *, ready: bool = True) -> Lab:
    page = lab.page.context.new_page()
    tab = Lab(page, lab.url, Watch(page, lab.url))
    return tab.open("?lab=start&step=check", ready=ready)


@pytest.mark.full
def test_where_nothing_can_be_kept_that_is_said_beforehand(new_page: NewPage) -> None:
    lab = new_page()
    refused = "() => { throw new DOMException('no room', 'QuotaExceededError') }"
    lab.page.add_init_script(f"Storage.prototype.setItem = {refused}")
    lab.open("?lab=start&step=check")
    points(lab).click()
    expect(lab.page.locator(".hand-in")).to_contain_text("Nothing can be kept here")
    answer(lab, WHAT.right)
    expect(points(lab)).to_have_text(re.compile("Score: 1 of"))
    points(lab).click()
    assert json.loads(saved(lab, "save-results").read_text())["score"]["points"] == 1
