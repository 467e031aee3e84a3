"""Faults that were found by trying it, each with its kind: what was typed and reloaded, addresses that go
back, input methods, names that mean something to every object, letters that are more than one sign."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices
from tests.e2e.test_boot import HeldPython

DOGS = "The dogs are playing"
#: Words that every object of JavaScript, or of Python, knows.
KNOWN_TO_ALL = ["constructor", "__proto__", "toString", "hasOwnProperty", "__class__"]


def shows(lab: Lab, text: str) -> None:
    lab.go("weights")
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings(text=text))["weights"], atol=1e-12)


def test_a_text_that_is_reloaded_at_once_is_there_again(lab: Lab) -> None:
    field = lab.page.get_by_label("Your sentence")
    field.fill(DOGS)  # neither confirmed nor left
    lab.page.reload()
    lab.wait_ready()
    expect(field).to_have_value(DOGS)
    shows(lab, DOGS)
    lab.page.reload()  # what was answered is in the address, and is not carried
    lab.wait_ready()
    assert lab.page.evaluate("() => sessionStorage.getItem('attention-lab-carried')") is None
    shows(lab, DOGS)


#: Write in a field as a key does, and what the tab keeps at that moment: after a pause, or when the field is
#: left, it is kept in another way.
WRITE = """(field, text) => {
  field.focus();
  field.value = text;
  field.dispatchEvent(new InputEvent("input", {bubbles: true}));
  return JSON.stringify(sessionStorage);
}"""


@pytest.mark.full  # as in the first drawing
def test_what_is_typed_and_chosen_while_python_comes_outlives_a_reload(new_page: NewPage) -> None:
    lab = new_page()
    HeldPython(lab)
    lab.page.wait_for_function("() => globalThis.Bokeh?.documents?.length")
    lab.region("transport").locator("[data-step=weights]").click()
    lab.page.wait_for_function("() => JSON.stringify(sessionStorage).includes('weights')")
    kept = lab.page.get_by_label("Your sentence").evaluate(WRITE, DOGS)
    assert DOGS in kept
    assert "weights" in kept
    lab.page.unroute("**/*.wasm")
    lab.page.reload()
    lab.wait_ready()
    expect(lab.region("transport").locator("[aria-current=step]")).to_have_attribute("data-step", "weights")
    shows(lab, DOGS)


def test_what_is_typed_and_chosen_in_the_first_drawing_outlives_a_reload(new_page: NewPage) -> None:
    lab = new_page()
    lab.page.route("**/bokeh-*.js", lambda route: None)  # on a slow line, a while
    lab.open(ready=False)
    lab.wait_painted()
    lab.region("transport").locator("[data-step=weights]").click()
    assert DOGS in lab.page.get_by_label("Your sentence").evaluate(WRITE, DOGS)
    lab.page.unroute("**/bokeh-*.js")
    lab.page.reload()
    lab.wait_ready()
    expect(lab.region("transport").locator("[aria-current=step]")).to_have_attribute("data-step", "weights")
    shows(lab, DOGS)


@pytest.mark.full  # as answers and the score (test_score.py)
def test_guesses_and_the_steps_that_were_seen_outlive_a_reload(new_page: NewPage) -> None:
    lab = new_page().open("?step=qkv")
    lab.region("predict").locator("[data-guess='1']").click()
    lab.go("masked_scores")
    seen = "(bar) => bar.style.width"
    bar = lab.region("header").locator(".progress .now b")
    before = bar.evaluate(seen)
    assert before not in ("", "0%")
    lab.page.reload()
    lab.wait_ready()
    assert bar.evaluate(seen) == before
    lab.go("raw_scores")
    expect(lab.region("predict").locator(".verdict")).to_contain_text("your guess")


@pytest.mark.full
def test_what_was_typed_goes_to_no_other_address(lab: Lab) -> None:
    lab.page.get_by_label("Your sentence").fill(DOGS)
    lab.page.goto("about:blank")
    lab.open("#lab=stepper&text=Birds+sing")
    shows(lab, "Birds sing")


def test_the_address_follows_back_to_the_defaults_and_back_goes_a_step(lab: Lab) -> None:
    lab.go("weights")
    lab.choose("mask", "causal")
    lab.choose("mask", "none")
    lab.go("embeddings")
    lab.page.reload()
    lab.wait_ready()
    current = lab.region("transport").locator("[aria-current=step]")
    expect(current).to_have_attribute("data-step", "embeddings")
    lab.go("qkv")
    lab.go("raw_scores")
    for step in ("qkv", "embeddings"):
        lab.page.go_back()
        expect(current).to_have_attribute("data-step", step)
    lab.page.go_forward()
    expect(current).to_have_attribute("data-step", "qkv")


def test_a_composition_that_is_committed_arrives_by_itself(lab: Lab) -> None:
    field = lab.page.get_by_label("Your sentence")
    field.fill("")
    keys = lab.page.context.new_cdp_session(lab.page)
    for part in ("n", "ne", "neko"):
        at = len(part)
        keys.send("Input.imeSetComposition", {"text": part, "selectionStart": at, "selectionEnd": at})
    keys.send("Input.insertText", {"text": "猫 が いる"})
    expect(lab.region("sentence").locator("[data-chip] bdi")).to_have_text(["猫", "が", "い", "る"])
    expect(field).to_be_focused()
    keys.detach()


ODD = "𝓱𝓮𝓵𝓵𝓸 👨‍👩‍👧‍👦 extraordinarily extraordinariness straße"


def test_what_is_saved_has_whole_words_that_spreadsheets_can_read(lab: Lab, tmp_path: Path) -> None:
    lab.type_sentence(ODD)
    lab.go("weights")
    saved = {}
    for kind in ("csv", "svg", "json"):
        lab.region("sentence").locator("[data-action=export]").click()
        with lab.page.expect_download() as download:
            lab.region("sentence").locator(f"[data-export^={kind}]").first.click()
        download.value.save_as(tmp_path / kind)
        saved[kind] = (tmp_path / kind).read_bytes()
    words = ODD.split()
    assert saved["csv"].startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(saved["csv"].decode("utf-8-sig").splitlines())
    assert head[1:] == words
    assert [row[0] for row in rows] == words
    for kind in ("svg", "json"):
        assert "\ufffd" not in saved[kind].decode("utf-8")  # half a sign
    assert all(word in saved["json"].decode("utf-8") for word in words)


def test_words_that_every_object_knows_are_words(lab: Lab) -> None:
    for name in ("stepper", "heads", "masks", "position", "experiments", "start"):
        lab.visit(f"lab={name}")
        field = lab.page.locator("#sentence")
        field.fill(" ".join(KNOWN_TO_ALL))
        field.press("Enter")
        lab.settle()
        assert lab.page.locator("html").get_attribute("data-kernel") == "ready", name
    ready = lab.page.locator("html[data-kernel=ready]")
    lab.visit("lab=experiments&step=own&own=the+constructor+sat&kinds=constructor:thing")
    kind = lab.page.locator("[data-control=kind-0] select")
    expect(kind).to_have_value("<thing>")
    kind.select_option("<animal>")
    lab.settle()
    expect(kind).to_have_value("<animal>")
    expect(ready).to_have_count(1)


@pytest.mark.full
def test_a_frame_of_a_moment_before_its_start_and_a_shorter_sentence_do_not_stop_the_player(
    new_page: NewPage,
) -> None:
    lab = new_page(reduced_motion="no-preference")
    lab.page.add_init_script(
        """const asked = requestAnimationFrame;
        globalThis.requestAnimationFrame = (act) => asked((now) => act(now - 1000));"""
    )
    lab.open("?lab=stepper&step=qkv")
    lab.page.locator("[data-action=play]").click()
    lab.page.locator("[data-region=stage] .result [data-coming]").first.wait_for()
    lab.page.get_by_label("Your sentence").fill("Birds sing")
    lab.page.get_by_label("Your sentence").press("Enter")
    current = lab.region("transport").locator("[aria-current=step]")
    expect(current).to_have_attribute("data-step", "raw_scores")
    lab.page.locator("[data-action=play]").click()
