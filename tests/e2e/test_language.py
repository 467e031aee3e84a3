"""The page in languages made of the sources: one with long words, one that runs from right to left."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Request, Route, ViewportSize

from attention_lab.kit.lab import lesson_of
from attention_lab.session import Session
from building.texts import LONG, MIRRORED, pseudo
from tests.e2e.conftest import SITE, NewPage
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices
from tests.e2e.test_first_paint import AS_PAINTED, DRAWN_ANEW, LABS, HeldBokeh, shown
from tests.e2e.test_snapshot import REST

LAPTOP: ViewportSize = {"width": 1366, "height": 650}
PHONE: ViewportSize = {"width": 360, "height": 740}
#: What is wider than the place that it stands in, though nothing there scrolls.
TOO_WIDE = """
() => [...document.querySelectorAll("[data-region] :is(button, label, h2, p, dt, dd, th, td, summary)")]
  .filter((one) => one.clientWidth > 0 && getComputedStyle(one).textOverflow !== "ellipsis")
  .filter((one) => one.scrollWidth > one.clientWidth + 2 && getComputedStyle(one).overflowX === "visible")
  .filter((one) => !one.closest("[data-scrolls], .vh"))
  .map((one) => `${one.closest("[data-region]").dataset.region}: ${one.textContent.trim().slice(0, 60)}`)
"""


def fetched(lab: Lab) -> list[str]:
    """What the page has fetched of the assets."""
    urls = lab.page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    return sorted({plain_name(url) for url in urls if "/assets/" in url})


def plain_name(url: str) -> str:
    """The name of an asset, without what tells its contents."""
    return re.sub(r"-[0-9a-f]{12}", "", url.rpartition("/")[2])


def test_a_language_is_painted_before_python_in_agreement_with_the_kernel(new_page: NewPage) -> None:
    lab = new_page()
    held = HeldBokeh(lab, f"?language={LONG}&lab=stepper")
    painted = shown(lab)
    assert re.match("⟦Stép 1 óf [0-9]~⟧ ⟦Émbéddíñgš", painted["lesson"])
    assert "⟦Táblé~⟧" in painted["sentence"], "what scripts say is said in it, too"
    assert lab.page.get_by_role("button", name="⟦Pláý áll štépš~⟧").count() == 1
    held.release()
    assert lab.fact("Document") == pseudo(AS_PAINTED, LONG)
    assert shown(lab) == painted
    found = [name for name in fetched(lab) if name.startswith(("document", "texts"))]
    assert found == [f"document-stepper.{LONG}.json", f"texts.{LONG}.json"], "besides what the worker fetches"
    lab.choose("mask", "causal")
    lab.go("masked_scores")
    assert re.match("⟦Stép 5 óf [0-9]~⟧ ⟦Mášk", shown(lab)["lesson"])
    assert lab.page.locator("html").get_attribute("lang") == LONG


@pytest.mark.full
@pytest.mark.parametrize("boot", ["snapshot", "plain"])
def test_before_it_is_interactive_a_visit_in_spanish_fetches_what_english_needs_and_its_own_texts(
    new_page: NewPage, boot: str
) -> None:
    needed = {language: visited(new_page(), boot, language) for language in ("en", "es")}
    more = {name: size for name, size in needed["es"].items() if name not in needed["en"]}
    assert not [name for name in needed["en"] if name.startswith("texts")], "English fetches no catalogue"
    assert not needed["en"].keys() - needed["es"].keys()
    assert sorted(more) == ["document-start.es.json", "texts.es.json", "texts.es.mo"]
    assert sum(more.values()) < 0.02 * sum(needed["en"].values()), "as stored"


def visited(lab: Lab, boot: str, language: str) -> dict[str, int]:
    """Open the front door and go through its steps, while the files of the other labs are held.

    Returns what was asked for of the assets until all of it could be used, with its bytes.
    """
    asked: dict[str, int] = {}
    held: list[Route] = []

    def note(request: Request) -> None:
        url = request.url.removeprefix(lab.url)
        if url.startswith("assets/") and "-rest-" not in url:
            asked[plain_name(url)] = (SITE / url).stat().st_size

    lab.page.on("request", note)
    lab.page.route(REST[boot], lambda route: held.append(route))
    lab.open(f"?boot={boot}&lab=start&language={language}")
    lab.page.remove_listener("request", note)
    html = lab.page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == (language, "ltr")
    for step in lesson_of(type(Session("start").current)).ids:
        lab.go(step)
    lab.page.unroute(REST[boot])
    return asked


def speak(lab: Lab, language: str) -> None:
    """Choose a language in the header, and wait until it is spoken."""
    lab.page.locator("[data-action=language]").click()
    lab.page.locator(f".languages [data-language={language}]").click()
    lab.page.locator(f"html[lang={language}]").wait_for(state="attached")
    lab.wait_ready()


def test_a_spanish_browser_gets_spanish_until_another_language_is_chosen(new_page: NewPage) -> None:
    lab = new_page(locale="es-MX").open("?lab=start")
    assert lab.page.locator("html").get_attribute("lang") == "es"
    assert shown(lab)["lesson"].startswith("Paso 1 de")
    assert lab.page.locator("[data-action=language]").inner_text() == "Español"
    lab.follow("lab=masks")
    lab.page.locator("#sentence").fill("hello you")
    lab.page.keyboard.press("Enter")
    lab.settle()
    speak(lab, "en")
    assert shown(lab)["lesson"].startswith("Step 1 of")
    assert lab.chips() == ["hello", "you"], "the lab, and the sentence, are those of before"
    lab.follow("lab=stepper&step=weights")
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings())["weights"], atol=1e-12)
    lab.page.reload()
    lab.wait_painted()
    assert lab.page.locator("html").get_attribute("lang") == "en", "it is remembered on this device"
    assert "language" not in lab.page.url, "a link that is shared names no language that was chosen here"


@pytest.mark.full
def test_spanish_can_be_chosen_again(new_page: NewPage) -> None:
    lab = new_page(locale="es-MX").open("?lab=masks")
    lab.page.locator("#sentence").fill("hello you")
    lab.page.keyboard.press("Enter")
    lab.settle()
    for language, begins in (("en", "Step 1 of"), ("es", "Paso 1 de"), ("en", "Step 1 of")):
        speak(lab, language)
        assert shown(lab)["lesson"].startswith(begins)
        assert lab.chips() == ["hello", "you"]


@pytest.mark.full  # as in the language of long words
def test_a_lab_is_painted_in_spanish_in_agreement_with_the_kernel(new_page: NewPage) -> None:
    lab = new_page()
    held = HeldBokeh(lab, "?language=es&lab=heads")
    painted = shown(lab)
    assert painted["lesson"].startswith("Paso 1 de")
    assert "Tabla" in painted["sentence"], "what scripts say is in Spanish, too"
    held.release()
    lab.wait_ready()
    assert shown(lab) == painted
    found = [name for name in fetched(lab) if name.startswith(("document", "texts"))]
    assert found == ["document-heads.es.json", "texts.es.json"], "besides what the worker fetches"


@pytest.mark.full  # as one that the browser asks for
def test_a_language_that_the_address_names_changes_there(new_page: NewPage) -> None:
    lab = new_page().open(f"#lab=stepper&mask=causal&language={LONG}")
    assert f"?language={LONG}#" in lab.page.url
    assert shown(lab)["lesson"].startswith("⟦Stép 1 óf")
    assert "⟦Táblé~⟧" in shown(lab)["sentence"]
    speak(lab, "en")
    assert "?language=en#" in lab.page.url
    assert "mask=causal" in lab.page.url
    assert shown(lab)["lesson"].startswith("Step 1 of")


@pytest.mark.parametrize(
    ("language", "screen", "labs"),
    [  # each lab in one of them; all in both, and the other two, are full
        (LONG, PHONE, LABS[::2]),
        (MIRRORED, LAPTOP, LABS[1::2]),
        *(
            pytest.param(language, screen, LABS, marks=pytest.mark.full)
            for language in (LONG, MIRRORED)
            for screen in (LAPTOP, PHONE)
        ),
    ],
)
def test_no_layout_breaks_in_any_lab(
    new_page: NewPage, language: str, screen: ViewportSize, labs: list[str]
) -> None:
    lab = new_page().open(f"?language={language}&lab=masks")
    assert lab.fact("Document") == pseudo(DRAWN_ANEW, language)
    assert lab.page.locator("html").get_attribute("dir") == ("rtl" if language == MIRRORED else "ltr")
    lab.page.set_viewport_size(screen)
    broken: dict[str, object] = {}
    for name in labs:
        lab.follow(f"lab={name}")
        assert "⟦" in lab.region("lesson").inner_text(), name
        over = lab.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found = lab.page.evaluate(TOO_WIDE)
        if over > 0 or found:
            broken[name] = (over, found)
    assert not broken
