"""The lab under `panel serve`: the same screen, the same numbers, no state shared between visitors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from building.extension import write_texts
from building.texts import MIRRORED, pseudo
from tests.e2e.conftest import NewPage
from tests.e2e.hosts import ServedLab, check, panel_serve, walk
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings

APP = """
from pathlib import Path

from attention_lab import lab, languages

languages.FOLDER = Path({folder!r})
lab("stepper").servable()
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("app")
    write_texts(home, [MIRRORED])
    app = home / "app.py"
    app.write_text(APP.format(folder=str(home)))
    with panel_serve(app) as address:
        yield address


def visitor(new_page: NewPage, address: str) -> ServedLab:
    """A page in a context of its own, watched as any other: no error, and no request to another host."""
    page = new_page(url=address.rpartition("/")[0])
    return ServedLab(page.page, address, page.watch)


def test_what_a_learner_does_gives_numpys_numbers_in_the_page(lab: Lab) -> None:
    walk(lab)


def test_what_a_learner_does_gives_numpys_numbers_under_panel_serve(new_page: NewPage, served: str) -> None:
    lab = visitor(new_page, served)
    lab.open()
    walk(lab)


def test_two_visitors_share_nothing(new_page: NewPage, served: str) -> None:
    one, other = visitor(new_page, served), visitor(new_page, served)
    one.open()
    other.open()
    one.type_sentence("hello you")
    one.choose("mask", "causal")
    check(other, "weights", ["weights"], Settings())
    check(one, "weights", ["weights"], Settings(text="hello you", mask="causal"))
    assert other.chips() != one.chips()


@pytest.mark.full  # tests/lab/test_hosts.py has the language of an address
def test_one_visitor_reads_another_language_than_the_other(new_page: NewPage, served: str) -> None:
    lab, english = visitor(new_page, served), visitor(new_page, served)
    lab.open(f"?language={MIRRORED}")
    english.open()
    lab.choose("mask", "causal")
    lab.go("masked_scores")
    assert "⟦" in lab.region("lesson").inner_text()
    play = pseudo("Play all steps", MIRRORED)
    assert lab.page.get_by_role("button", name=play).count() == 1, "what scripts say is said in it, too"
    house = lab.page.locator(".house")
    assert [house.get_attribute(name) for name in ("lang", "dir")] == [MIRRORED, "rtl"]
    assert lab.page.locator("header [data-language=en]").count() > 0, "there is another to choose"
    assert "⟦" not in english.page.locator(".house").inner_text()
    assert english.page.get_by_role("button", name="Play all steps").count() == 1


@pytest.mark.full
def test_a_link_opens_the_state_that_it_names(new_page: NewPage, served: str) -> None:
    lab = visitor(new_page, served)
    lab.open("?lab=stepper&step=weights&mask=causal")
    expect(lab.region("transport").locator("[aria-current=step]")).to_have_attribute("data-step", "weights")
    check(lab, "masked_scores", ["masked_scores"], Settings(mask="causal"))
    assert "step=masked_scores" in lab.page.url.partition("#")[2]
