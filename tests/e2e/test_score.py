"""The score in the header, and what is kept of the work on this device."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from attention_lab.kit.blocks import Choice
from attention_lab.kit.catalogue import counted
from attention_lab.labs.start.lab import Start
from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab
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
