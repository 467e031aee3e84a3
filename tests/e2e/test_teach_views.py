"""Poll and marking on the page for teachers: from a guess in the lab to the count, from files to a table."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from building.artefacts import axe_script
from tests.building.test_results import file, item
from tests.e2e.conftest import Beside, NewPage
from tests.e2e.lab import Lab
from tests.e2e.test_screens import check_axe, overflow

CODE = re.compile(r"[34679ABCDEFHJKMNPRTVWXY]{3}-[34679ABCDEFHJKMNPRTVWXY]{3}")


def code_of(lab: Lab, guess: str) -> str:
    """What the page gives a student for a guess."""
    asked = lab.region("predict")
    asked.get_by_role("button", name=guess, exact=True).click()
    lab.settle()
    button = asked.get_by_role("button", name="code for a class poll")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    code = asked.locator(".class-code b")
    expect(code).to_have_text(CODE)
    expect(asked.locator("svg.qr")).to_have_attribute("aria-label", f"The code {code.inner_text()}")
    return code.inner_text()


def test_guesses_become_codes_that_are_counted_by_the_teacher_and_beside_the_question(
    new_page: NewPage, beside: Beside
) -> None:
    lab = new_page()
    lab.open("?lab=stepper&step=qkv")
    cat, mat = code_of(lab, "cat"), code_of(lab, "mat")
    assert cat != mat
    lab.type_sentence("The dogs are playing")
    dogs = code_of(lab, "dogs")
    pasted = f"Ann {cat}\n{mat.lower()}\n{cat.replace('-', '')}, {dogs}\nBen K0M-4PX\nhello\n"

    teacher = beside("site").page
    teacher.get_by_label("Codes", exact=True).fill(pasted)
    tables = teacher.locator(".poll-table")
    expect(teacher.locator("#poll-tally > p")).to_have_text("4 codes, 2 questions.")
    expect(tables.first.locator("caption")).to_contain_text("Q, K, V, step by step: ")
    expect(tables.first.locator("caption")).to_contain_text("question 1 (another sentence")
    rows = [row.inner_text().split() for row in tables.first.locator("tbody tr").all()]
    assert rows == [
        ["1", "0", "0", "%"], ["2", "2", "67", "%"], ["3", "0", "0", "%"], ["4", "0", "0", "%"],
        ["5", "0", "0", "%"], ["6", "1", "33", "%"],
    ]  # fmt: skip
    expect(teacher.locator(".poll-wrong li")).to_have_text(
        ["Line 4, “K0M-4PX”: “0” is in no code.", "Line 5, “hello”: there is no code in it."]
    )
    expect(teacher.locator("#poll")).to_contain_text("cannot show")

    front = new_page(viewport={"width": 1920, "height": 1080})
    front.open("?lab=stepper&step=qkv&present=1")
    asked = front.region("predict")
    asked.get_by_text("Codes of a poll").click()
    asked.get_by_label("Paste the codes").fill(pasted)
    expect(asked).to_contain_text("3 hands")
    expect(asked).to_contain_text("1 of another question")
    expect(asked.get_by_label("cat")).to_have_value("2")


EVIL = "<img src=x onerror=\"document.title='run'\">"


def course_zip(folder: Path) -> Path:
    """What a course system collects: a folder a student, with the zip that was handed in."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Zoë/results.json", json.dumps(file("Zoë", item())))
        archive.writestr("Zoë/exercise_softmax.py", "x = 1\n")
    path = folder / "course.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Zoë_123_assign/attention-lab-Zoë.zip", inner.getvalue())
        archive.writestr("Eve_124_assign/attention-lab-Eve.json", json.dumps(file(EVIL)))
        archive.writestr("Max_125_assign/essay.docx", b"PK\x03\x04 no zip at all")
    return path


@pytest.mark.parametrize(
    "form", ["site", *(pytest.param(form, marks=pytest.mark.full) for form in ("folder", "single"))]
)
def test_results_are_read_shown_and_saved_and_stay_here(beside: Beside, tmp_path: Path, form: str) -> None:
    outer = beside(form)
    page = outer.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    loose = tmp_path / "ada.json"
    loose.write_text(json.dumps(file("=Ada", item(), item("check:masks:leak", result="wrong", points=0))))
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"\x89PNG\r\n")
    page.get_by_label("Files, chosen or dropped here").set_input_files([loose, photo, course_zip(tmp_path)])
    expect(page.locator("#marking-said")).to_have_text(
        "3 results, 1 program beside them, 2 files not understood."
    )
    wrong = page.locator("#marking-wrong li").all_inner_texts()
    assert wrong[0] == "photo.png: it is not JSON, or a part of it is missing."
    assert wrong[1].startswith("course.zip/Max_125_assign/essay.docx: ")
    names = page.locator("#marking-table tbody th").all_inner_texts()
    assert sorted(names) == sorted(["=Ada", "Zoë", EVIL])
    assert page.title() != "run"
    assert page.locator("#marking-table img").count() == 0
    page.get_by_label("every item").check()
    ada = page.locator("#marking-table tbody tr", has_text="=Ada")
    expect(ada.locator("td")).to_have_text(
        ["1", "2", "50", "2026-11-29 08:00:00", "ada.json", "", "✓ right", "✗ wrong"]
    )
    page.set_viewport_size({"width": 360, "height": 740})
    assert overflow(page) <= 0
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as CSV").click()
    data = saving.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    lines = {line["name"]: line for line in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))}
    assert set(lines) == {"'=Ada", "Zoë", EVIL}
    assert (lines["Zoë"]["points"], lines["Zoë"]["exercise:softmax"]) == ("1", "right")
    assert lines["'=Ada"]["check:masks:leak"] == "wrong"
    assert [url for url in asked if not url.startswith(("blob:", "data:"))] == []
    if form == "site":  # elsewhere the rules cannot read the style sheet
        page.evaluate(Path(axe_script()).read_text())
        check_axe(page, "poll and marking")
    class_of_two = {
        "seed": 3,
        "limits": ["time"],
        "sandbox": False,
        "results": [
            {"student": "Ada", "file": "exercise_softmax.py", "passed": True},
            {"student": "Ben", "file": "exercise_softmax.py", "passed": False},
        ],
    }
    marked = tmp_path / "marked.json"
    marked.write_text(json.dumps(class_of_two))
    page.get_by_label("Files, chosen or dropped here").set_input_files(marked)
    expect(page.locator("#marking-said")).to_have_text(
        "5 results, 1 program beside them, 2 files not understood."
    )
    ben = page.locator("#marking-table tbody tr", has=page.locator("th", has_text="Ben"))
    expect(ben.locator("td").nth(0)).to_have_text("0")
    expect(ben.locator("td").nth(5)).to_have_text("the grader ran these programs")
    page.locator("#marking").get_by_role("button", name="Empty").click()
    expect(page.locator("#marking-table")).to_have_count(0)
    page.get_by_label("Codes", exact=True).fill("K7M-4P0")
    expect(page.locator(".poll-wrong li")).to_have_text("Line 1, “K7M-4P0”: “0” is in no code.")
