"""Whatever a new student types is shown as text, answered clearly, and loses nothing."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices


@pytest.mark.parametrize("text", ["", pytest.param("   ", marks=pytest.mark.full), "\u200b"])
def test_a_text_without_words_is_refused_and_the_sentence_stays(lab: Lab, text: str) -> None:
    lab.type_sentence("The dogs are playing")
    lab.type_sentence(text)
    expect(lab.region("sentence").get_by_role("alert")).to_contain_text("word")
    assert lab.chips() == ["The", "dogs", "are", "playing"]
    lab.type_sentence("hello")
    expect(lab.region("sentence").get_by_role("alert")).to_have_count(0)
    assert lab.chips() == ["hello"]


def test_one_word_attends_to_itself(lab: Lab) -> None:
    lab.type_sentence("hello")
    lab.go("weights")
    np.testing.assert_array_equal(lab.matrix("weights"), [[1.0]])


def test_sixty_words_are_cut_with_a_message_and_mapped(lab: Lab) -> None:
    words = [f"word{i}" for i in range(60)]
    lab.type_sentence(" ".join(words))
    assert len(lab.chips()) == 32
    expect(lab.region("sentence")).to_contain_text("28")
    lab.go("weights")
    expect(lab.region("stage").locator("canvas").first).to_be_visible()
    lab.region("sentence").get_by_role("button", name="Table").click()
    lab.settle()
    expected = matrices(Settings(text=" ".join(words[:32])))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)


def test_a_long_sentence_still_reaches_queries_keys_and_values(lab: Lab) -> None:
    text = " ".join(["the cat sat on"] * 5)
    lab.type_sentence(text)
    lab.go("qkv")
    lab.region("stage").get_by_text("Table of these numbers").click()
    for label, name in (("V", "v"), ("K", "k"), ("Q", "q")):
        lab.region("stage").get_by_role("radio", name=label, exact=True).click()
        lab.settle()
        np.testing.assert_allclose(lab.matrix(name), matrices(Settings(text=text))[name], atol=1e-12)


def test_markup_is_text(lab: Lab) -> None:
    lab.page.evaluate("() => { window.__ran = false; }")
    lab.type_sentence("<script>window.__ran=true</script> <img src=x onerror=window.__ran=true>")
    assert "<" in lab.chips()
    assert "script" in lab.chips()
    for step in ("embeddings", "weights"):
        lab.go(step)
    assert lab.page.evaluate("() => window.__ran") is False
    assert lab.page.locator("#app script, #app img").count() == 0


def test_a_hostile_link_is_harmless(lab: Lab) -> None:
    lab.page.goto("about:blank")
    hostile = (
        "text=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&d_model=9999999&n_heads=-3&scale=1e999&blocked=%00"
    )
    lab.open(f"#lab=stepper&step=nonsense&seed=x&head=99&{hostile}")
    assert lab.page.locator("#app img").count() == 0
    lab.go("weights")
    assert np.isfinite(lab.matrix("weights")).all()


@pytest.mark.parametrize(
    "name",
    ["__proto__", *(pytest.param(name, marks=pytest.mark.full) for name in ("nonsense", "constructor"))],
)
def test_a_link_to_a_lab_that_is_not_there_opens_the_front_door_and_says_so(lab: Lab, name: str) -> None:
    lab.page.goto("about:blank")
    lab.open(f"#lab={name}&step=weights")
    assert lab.page.locator(".screen").get_attribute("data-lab") == "start"
    assert "no lab of that name" in lab.region("sentence").inner_text()


def test_typing_fast_ends_at_the_last_value(lab: Lab) -> None:
    lab.go("weights")
    slider = lab.page.locator("[data-control=scale] input")
    slider.evaluate(
        """async (node) => {  // much faster than Python answers
          for (let value = 1; value < 60; value++) {
            node.value = value / 50;
            node.dispatchEvent(new Event("input", {bubbles: true}));
            await new Promise((next) => setTimeout(next));
          }
        }"""
    )
    lab.settle()
    np.testing.assert_allclose(
        lab.matrix("weights"), matrices(Settings(scale=59 / 50))["weights"], atol=1e-12
    )
