"""A lesson without any host: what teachers have in the site, in the folder and the single file, too."""

from __future__ import annotations

import io

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.conftest import FORMS, Beside
from tests.e2e.lab import Lab
from tests.e2e.test_present import too_small
from tests.e2e.test_print import inside, printed
from tests.e2e.test_teach import taken
from tests.e2e.test_teach_views import code_of


def goes(lab: Lab, options: str) -> Lab:
    """From a page beside the lab to the lab itself, at a step with a prediction."""
    before = lab.page.url.split("#")[0].replace("teach.html", "index.html")
    lab.page.goto("about:blank")
    lab.page.goto(f"{before}?{options}#lab=stepper&step=qkv", wait_until="domcontentloaded")
    lab.wait_ready()
    return lab


@pytest.mark.full(minutes=0.7)
@pytest.mark.parametrize("form", [form for form in FORMS if form != "site"])
def test_a_class_is_polled_presented_to_and_gets_paper_without_a_host(beside: Beside, form: str) -> None:
    student = goes(beside(form), "theme=dark")
    cat, mat = code_of(student, "cat"), code_of(student, "mat")
    paper = printed(student)
    title = student.region("lesson").locator("h1").inner_text()
    assert title in paper.text
    assert "lab=stepper&step=qkv" in paper.text, "the link at the foot"
    assert (paper.pages[0][1] < 90).mean() < 0.05, "the dark theme stays on the screen"
    inside(paper)

    teacher = beside(form).page
    teacher.get_by_label("Codes", exact=True).fill(f"{cat}\n{mat}\n{cat}\nnothing")
    expect(teacher.locator("#poll-tally > p")).to_have_text("3 codes, 1 question.")
    expect(teacher.locator(".poll-wrong li")).to_have_text(["Line 4, “nothing”: there is no code in it."])
    link = teacher.get_by_label("begin with a link")
    link.fill("https://your.school/lab/?lab=scale&step=foo&d_k=128&nonsense=1")
    link.press("Enter")
    expect(teacher.locator("#judged li")).to_have_count(2)
    teacher.get_by_label("Address at which").fill("https://your.school/lab/")
    teacher.get_by_label("Address at which").press("Tab")
    picture = teacher.locator("svg.qr").screenshot()
    [found] = zxingcpp.read_barcodes(np.asarray(Image.open(io.BytesIO(picture)).convert("L")))
    assert found.text == taken(teacher, "link")
    assert found.text == "https://your.school/lab/?lab=scale&step=spread&d_k=128"

    front = goes(beside(form, viewport={"width": 1920, "height": 1080}), "present=1")
    assert too_small(front) == []
    asked = front.region("predict")
    asked.get_by_text("Codes of a poll").click()
    asked.get_by_label("Paste the codes").fill(f"{cat} {mat} {cat}")
    expect(asked).to_contain_text("3 hands")
