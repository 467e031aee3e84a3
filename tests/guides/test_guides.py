"""Every guide: what it leads to exists, what it says in digits is computed, and its key is the lab's own."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from attention_lab.guides.checking import LESSONS, filled, numbers_of, printed, problems, worked_out
from attention_lab.guides.keys import at_the_end, plain_text, predictions, right_answers
from attention_lab.guides.reading import LEVELS, Guide, GuideError, guide_of, parse_guide
from attention_lab.guides.showing import NotShownError, opened, shown
from attention_lab.kit.catalogue import lab_class, names
from attention_lab.kit.scene import made
from building.forms import guides_beside
from building.guides import INDEX, STYLES, all_pages, file_of, page_of, spoken

LABS = names()


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return all_pages()


@pytest.mark.parametrize("name", LABS)
def test_links_minutes_and_digits_of_a_guide_hold(name: str) -> None:
    assert problems(guide_of(name)) == []


@pytest.mark.parametrize("name", LABS)
def test_the_key_is_what_the_lab_judges_right(name: str) -> None:
    lab = lab_class(name)()
    for answers in at_the_end(name):
        assert [plain_text(each.ask) for each in answers] == [plain_text(q.ask) for q in lab.questions()]
        lab.apply({"answers": right_answers(lab)})
        assert lab.asked_at_the_end().passed
        lab.apply({"fresh": (lab.fresh * 7 + 13) % 10_000, "answers": {}})


@pytest.mark.parametrize("name", LABS)
def test_a_guide_says_what_a_teacher_needs(name: str) -> None:
    guide = guide_of(name)
    assert len(guide.beliefs) >= 3
    assert {"step=" in each.link for each in guide.beliefs} == {True}
    assert len(guide.exit) >= 2
    assert guide.fifty[0].link == "", "a lesson opens without computers"
    for each in LESSONS:
        assert "exit" in getattr(guide, each)[-1].what.lower()
    assert len({each.example for each in guide.rubric}) == len(LEVELS)


def test_every_page_is_plain_ascii_without_a_script_and_with_its_own_links(pages: dict[str, str]) -> None:
    known = {STYLES, "index.html", "index.html?present=1", "teach.html", "check.html"}
    known |= {file_of(each, language) for each in pages for language in spoken()}
    for name, page in pages.items():
        assert page.isascii(), name
        assert not [each for each in ("<script", "{{", " style=") if each in page], name
        for link in re.findall(r'href="([^"#]*)', page):
            assert link in known, name


def test_the_index_leads_to_every_guide(pages: dict[str, str]) -> None:
    assert [name for name in LABS if f'href="{page_of(name)}.html"' not in pages[INDEX]] == []


def test_in_the_folder_pages_find_their_styles_below_the_name_that_changes(tmp_path: Path) -> None:
    for name, text in {"guide-a.html": '<link href="guide.css">', "guide.css": "p {}"}.items():
        (tmp_path / name).write_text(text)
    assert guides_beside(tmp_path, "lab-1/") == {
        "guide-a.html": b'<link href="lab-1/guide.css">',
        "lab-1/guide.css": b"p {}",
    }


# The checks themselves


@pytest.fixture
def guide() -> Guide:
    return guide_of("scale")


def changed(guide: Guide, **fields: Any) -> list[str]:
    return problems(dataclasses.replace(guide, **fields))


def test_minutes_that_do_not_add_up_are_told(guide: Guide) -> None:
    assert "make 40, not 50" in changed(guide, fifty=guide.fifty[1:])[0]


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("step=nowhere", "could not be used"),
        ("step=law&d_k=5000", "could not be used"),
        ("step=law&size=3", "no setting 'size'"),
        ("step=law&fresh=3", "no setting 'fresh'"),
        ("d_k=64", "names no step"),
    ],
)
def test_a_link_that_leads_nowhere_is_told(guide: Guide, link: str, said: str) -> None:
    belief = dataclasses.replace(guide.beliefs[0], link=link)
    assert any(said in each for each in changed(guide, beliefs=(belief, *guide.beliefs[1:])))


def test_a_prediction_that_the_lab_does_not_ask_is_told(guide: Guide) -> None:
    part = dataclasses.replace(guide.fifty[1], link="step=check")
    assert "asks nothing there" in changed(guide, fifty=(guide.fifty[0], part, *guide.fifty[2:]))[0]


def test_a_digit_that_nothing_computes_is_told(guide: Guide) -> None:
    assert changed(guide, aim="At 77 it is wider.") == ["'77' is typed: compute it, or vouch for it"]


def test_a_sum_that_comes_to_something_else_is_told(guide: Guide) -> None:
    vouched = {**guide.vouched, "0.88": "1 / (1 + exp(-3))"}
    assert "0.9525" in changed(guide, vouched=vouched)[0]
    assert "say why" in changed(guide, vouched={**guide.vouched, "0.88": "0.88"})[0]


def test_a_number_that_the_lab_does_not_show_is_told(guide: Guide) -> None:
    numbers = {**guide.numbers, "stuck": "step=gradient > Facts / stuck in the mud"}
    assert any("stuck in the mud" in each for each in changed(guide, numbers=numbers))
    with pytest.raises(NotShownError, match="not on the screen"):
        shown("scale", "step=law > Table / rows")


def test_numbers_follow_the_lab(guide: Guide) -> None:
    measured = made(opened("scale", "step=law&d_k=256").scene().numbers)
    assert numbers_of(guide)["at256"] == measured["spread"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1 / (1 + exp(-1))", 0.7310585786300049), ("sqrt(2 ** 4)", 4.0), ("64", None), ("a year", None)],
)
def test_a_sum_is_worked_out_and_words_are_not(text: str, value: float | None) -> None:
    assert worked_out(text) == (value if value is None else pytest.approx(value))


def test_a_file_that_cannot_be_read_is_told_by_its_name() -> None:
    with pytest.raises(GuideError, match=r"probe/guide.md: a guide starts"):
        parse_guide("probe", "no fence")
    with pytest.raises(GuideError, match=r"no \[\[fifty\]\]"):
        parse_guide("probe", '+++\naim = "x"\n+++\n')


def test_a_program_of_a_guide_is_run() -> None:
    assert printed("print(6 * 7)\n") == "42\n"
    assert filled("At {a}.", {"a": "2"}) == "At 2."


def test_predictions_of_states_that_a_guide_leads_to_are_in_its_key() -> None:
    asked = {answer.right for _, answer in predictions("lookup", ("step=twins",))}
    assert any(right.startswith("both, in equal shares") for right in asked)
