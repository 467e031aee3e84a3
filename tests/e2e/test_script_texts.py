"""Whatever a page says is in its language: what scripts say too, before Python and without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from building.texts import LONG, pseudo
from tests.e2e.conftest import NewPage, one_page
from tests.e2e.lab import Lab
from tests.e2e.test_boot import ASSETS
from tests.e2e.test_build import WRONG, Exercise
from tests.lab.test_every_text import left

pytestmark = pytest.mark.xdist_group("texts")  # one page for all

#: What of a page is no text: code, keys, formulas, figures, and the words that models or learners write.
NO_TEXT = "script, style, template, noscript, code, pre, kbd, time, .cm-content, [translate=no], .plot"
NO_TEXT += ", [data-fact=Build], [data-language]"
#: Attributes that are read, aloud or beside the pointer.
READ = ["aria-label", "aria-description", "aria-valuetext", "title", "alt", "placeholder"]
#: Names, units, and kinds of files, which are the same in every language.
FILE = re.compile(r"[\w/]+\.py\b")
KINDS = {"png", "svg", "csv", "npy", "json", "zip"}
SAME = {*KINDS, "ab", "wq", "wk", "wv", "english", "en-xa", "ms", "mb", "python", "pyodide"}

#: What stands outside the brackets of translations. A sentence goes on through the elements in it.
OUTSIDE = r"""
([noText, read]) => {
  const found = [];
  let depth = 0;
  const outside = (text) => [...text].map((sign) => {
    const before = depth;
    depth += (sign === "⟦") - (sign === "⟧");
    return before > 0 || depth > 0 ? " " : sign;
  }).join("");
  const placeOf = (el) => el.closest("[data-region]")?.dataset.region ?? el.closest("[class]")?.className;
  const tell = (el, name, text) => {
    if (/\p{L}{2}/u.test(text)) found.push([placeOf(el) ?? "", name, text.trim()]);
  };
  const walk = (el, quiet) => {
    const silent = quiet || el.matches(noText);
    const begun = depth;
    for (const name of read) {
      const [text, held] = [el.getAttribute(name), depth];
      depth = 0;
      if (text) tell(el, name, outside(text));
      depth = held;
    }
    for (const node of [...(el.shadowRoot?.childNodes ?? []), ...el.childNodes]) {
      if (node.nodeType === Node.TEXT_NODE && !silent) tell(el, "", outside(node.data));
      if (node.nodeType === Node.ELEMENT_NODE) walk(node, silent);
    }
    if (el.matches(".term")) depth = begun; // a term of a lesson is cut from its sentence
  };
  walk(document.body, false);
  if (depth !== 0) found.push(["", "", "a bracket that is not closed"]);
  return found;
}
"""

#: A step for every block that there is (but the self test's, which is for whoever builds the lab).
STEPS = {
    "start": ["welcome", "products", "check"],
    "experiments": ["pronoun"],
    "cross": ["own"],
    "stepper": ["recap"],
    "position": ["waves"],
    "beyond": ["paint"],
    "lookup": ["shelf"],
    "chain": ["sentence", "time"],
    "scale": ["spread"],
    "build": ["choose"],
}


def english(lab: Lab) -> set[tuple[str, str, str]]:
    """What a page says in English, with the region and the attribute that it stands in."""
    own = {
        word.lower()
        for word in re.findall(
            r"\w+", lab.page.evaluate("() => document.querySelector('#sentence')?.value ?? ''")
        )
    }
    found: list[Any] = lab.page.evaluate(OUTSIDE, [NO_TEXT, READ])
    return {
        (place, name, text)
        for place, name, text in found
        if [word for word in left(FILE.sub("", text)) if word.lower() not in own | SAME]
    }


@pytest.fixture(scope="module")
def long(browser: Browser, site: str) -> Iterator[Lab]:
    """One page in the language of long words."""
    laptop = {"width": 1366, "height": 650}
    address = f"?lab=start&language={LONG}"
    with one_page(browser, site, address, viewport=laptop, reduced_motion="no-preference") as page:
        yield page


def test_every_block_speaks_the_language_of_the_page(long: Lab) -> None:
    found: dict[str, set[tuple[str, str, str]]] = {}
    for lab, steps in STEPS.items():
        long.follow(f"lab={lab}")
        for step in steps:
            if long.region("transport").locator(f"[data-step={step}][aria-current=step]").count() == 0:
                long.go(step)
            found[f"{lab}: {step}"] = english(long)
    assert not {place: said for place, said in found.items() if said}


def test_a_guess_hints_tables_and_menus_speak_it_too(long: Lab) -> None:
    long.follow("lab=stepper")
    long.go("qkv")
    long.region("predict").locator("[data-guess='0']").click()
    long.settle()
    long.region("predict").locator("[data-action=class-code]").click()
    expect(long.region("predict").locator(".class-code b")).to_be_visible()
    long.page.locator("[data-action=export]").click()
    long.page.locator("[data-action=table]").click()
    long.settle()
    expect(long.region("stage").locator("table")).not_to_have_count(0)
    assert not english(long)
    long.page.locator("[data-action=table]").click()
    long.settle()


def test_the_editor_and_its_verdict_speak_it_too(long: Lab) -> None:
    long.follow("lab=build")
    long.go("write")
    written = Exercise(long)
    assert not english(long)
    expect(long.page.locator(".code-host")).to_be_visible()
    written.run(WRONG)
    written.write("def softmax(x)\n    return x\n\n")
    marker = long.page.locator(".cm-lint-marker-warning")
    expect(marker).to_have_count(1)
    marker.hover()
    expect(long.page.locator(".cm-diagnostic")).to_have_text(re.compile("⟦Cáñ Pýthóñ réád thíš líñé"))
    long.region("ladder").locator("[data-action=hint]").click()
    long.settle()
    assert not english(long)


@pytest.mark.full  # as its blocks do
def test_presenting_speaks_it(new_page: NewPage) -> None:
    lab = new_page().open(f"?lab=stepper&language={LONG}&present=1")
    assert not english(lab)
    lab.page.keyboard.press("PageDown")
    lab.settle()
    lab.page.locator(".hand-codes summary").click()
    lab.page.locator(".hand-codes textarea").fill("Hannah and ABC-DEF\nmine: XXX-XXX\nnothing")
    lab.page.keyboard.press("Escape")
    lab.page.locator("[data-present=spot]").click()
    expect(lab.page.locator(".hand-codes [role=status] p")).to_have_count(4)
    assert not english(lab)


def test_what_goes_wrong_before_python_is_told_in_it(new_page: NewPage) -> None:
    lab = new_page()
    lab.watch.expect("Failed to load resource", "status 503")
    lab.page.route("**/*.wasm", lambda route: route.fulfill(status=503, body="later"))
    lab.open(f"?lab=stepper&language={LONG}", ready=False)
    why = pseudo("the server answered {status}", LONG).format(status=503)
    lab.expect_error(why)  # the worker has told it
    assert not english(lab)


def test_without_its_own_script_a_page_speaks_its_language_once_it_has_it(new_page: NewPage) -> None:
    lab = new_page()
    lab.watch.expect("Failed to load resource", "status 404", "integrity", "MIME type", "Refused")
    lab.page.route("**/boot-*.js*", lambda route: route.fulfill(status=404, body="none"))
    texts = f"**/{ASSETS[f'texts.{LONG}.json']['url']}*"
    held: list[Route] = []
    lab.page.route(texts, lambda route: held.append(route))
    with lab.page.expect_request(texts):
        lab.open(f"?lab=stepper&language={LONG}", ready=False)
    told = lab.page.get_by_role("alert")
    expect(told.get_by_role("heading")).to_have_text("The lab could not start")
    for route in held:  # one of them was asked for ahead
        route.continue_()
    expect(told.get_by_role("heading")).to_have_text(pseudo("The lab could not start", LONG))
    assert lab.page.locator("html").get_attribute("lang") == LONG
    assert not english(lab)
