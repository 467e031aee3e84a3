"""The lab under `panel serve`: the same screen, the same numbers, no state shared between visitors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewPage
from tests.e2e.hosts import ServedLab, check, panel_serve, walk
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings

APP = """
from attention_lab import lab

lab("stepper").servable()
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    app = tmp_path_factory.mktemp("app") / "app.py"
    app.write_text(APP)
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


def test_a_link_opens_the_state_that_it_names(new_page: NewPage, served: str) -> None:
    lab = visitor(new_page, served)
    lab.open("?lab=stepper&step=weights&mask=causal")
    expect(lab.region("transport").locator("[aria-current=step]")).to_have_attribute("data-step", "weights")
    check(lab, "masked_scores", ["masked_scores"], Settings(mask="causal"))
    assert "step=masked_scores" in lab.page.url.partition("#")[2]
