"""Stepping, and every control: the numbers on the page are NumPy's."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab
from tests.e2e.reference import DEFAULT_TEXT, Settings, matrices

# The matrices that each step shows.
SHOWN = {
    "embeddings": ["table", "x"],
    "qkv": ["x", "w_q", "w_k", "w_v", "q", "k", "v"],
    "raw_scores": ["q", "k_t", "raw_scores"],
    "scaled_scores": ["raw_scores", "scaled_scores"],
    "masked_scores": ["scaled_scores", "mask", "masked_scores"],
    "weights": ["masked_scores", "weights"],
    "head_outputs": ["weights", "v", "head_outputs"],
}


def check_step(lab: Lab, step: str, settings: Settings) -> None:
    expected = matrices(settings)
    for name in SHOWN[step]:
        shown = lab.matrix(name)
        np.testing.assert_allclose(
            shown, expected[name], rtol=0, atol=1e-12, err_msg=f"{name} at {step}, {settings}"
        )


def test_every_step_forward_and_back_shows_numpys_numbers(lab: Lab) -> None:
    lab.choose("mask", "causal")  # with which the mask step opens
    settings = Settings(mask="causal")
    steps = list(SHOWN)
    for step in steps:
        lab.go(step)
        check_step(lab, step, settings)
    back = lab.page.get_by_role("button", name="Step back")
    for step in reversed(steps[:-1]):
        back.click()
        lab.settle()
        expect(lab.region("transport").locator("[aria-current=step]")).to_have_attribute("data-step", step)
        check_step(lab, step, settings)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The dogs in the park are playing", marks=pytest.mark.full),
        "hello",
        pytest.param("Ünïcode naïve façade", marks=pytest.mark.full),
        "مرحبا بالعالم",
        "I like 🐈‍⬛ and 🍕!",
    ],
)
def test_a_sentence_of_ones_own_gives_its_numbers(lab: Lab, text: str) -> None:
    lab.type_sentence(text)
    for step in ("embeddings", "weights", "head_outputs"):
        lab.go(step)
        check_step(lab, step, Settings(text=text))


def test_head_selector_changes_the_head_everywhere(lab: Lab) -> None:
    lab.go("weights")
    lab.region("heads").get_by_role("button", name="Head 2").click()
    lab.settle()
    for step in ("qkv", "raw_scores", "weights", "head_outputs"):
        lab.go(step)
        check_step(lab, step, Settings(head=1))


def test_masks_causal_and_padding(lab: Lab) -> None:
    lab.go("weights")
    lab.choose("mask", "causal")
    check_step(lab, "weights", Settings(mask="causal"))
    lab.go("masked_scores")
    check_step(lab, "masked_scores", Settings(mask="causal"))
    lab.choose("mask", "padding")
    assert lab.chips()[-2:] == ["PAD", "PAD"]
    check_step(lab, "masked_scores", Settings(mask="padding", n_pad=2))
    lab.set_field("n_pad", "3")
    assert lab.chips()[-3:] == ["PAD", "PAD", "PAD"]
    lab.go("weights")
    check_step(lab, "weights", Settings(mask="padding", n_pad=3))


def test_mask_by_hand_blocks_the_clicked_cell(lab: Lab) -> None:
    lab.go("masked_scores")
    lab.choose("mask", "none")
    lab.choose("mask", "by-hand")
    lab.pick("mask", 2, 1)
    lab.pick("mask", 4, 0)
    settings = Settings(blocked=frozenset({(2, 1), (4, 0)}))
    check_step(lab, "masked_scores", settings)
    lab.go("weights")
    check_step(lab, "weights", settings)
    lab.go("masked_scores")
    lab.pick("mask", 2, 1)  # a second click allows it again
    check_step(lab, "masked_scores", Settings(blocked=frozenset({(4, 0)})))


def test_a_row_with_no_key_left_is_named_and_the_rest_goes_on(lab: Lab) -> None:
    lab.go("masked_scores")
    lab.choose("mask", "none")
    lab.choose("mask", "by-hand")
    for column in range(6):
        lab.pick("mask", 2, column)
    lab.go("weights")
    alert = lab.region("foot").get_by_role("alert")
    expect(alert).to_contain_text("sat")
    expect(alert).to_contain_text("FullyMaskedRowError")
    assert np.isnan(lab.matrix("weights")).all(), "below the mask step nothing is computed"
    lab.go("masked_scores")
    lab.pick("mask", 2, 3)
    lab.go("weights")
    blocked = frozenset((2, c) for c in range(6) if c != 3)
    check_step(lab, "weights", Settings(blocked=blocked))


def test_scale_slider_and_back_to_the_usual(lab: Lab) -> None:
    lab.go("scaled_scores")
    lab.set_field("scale", "1.5")
    check_step(lab, "scaled_scores", Settings(scale=1.5))
    lab.go("weights")
    check_step(lab, "weights", Settings(scale=1.5))
    lab.page.locator("[data-control=scale]").get_by_role("button").click()
    lab.settle()
    check_step(lab, "weights", Settings())


def test_random_embeddings_follow_the_seed(lab: Lab) -> None:
    lab.choose("embedding", "random")
    for seed in ("7", "1234"):
        lab.set_field("seed", seed)
        for step in ("embeddings", "weights"):
            lab.go(step)
            check_step(lab, step, Settings(random_seed=int(seed)))
    expect(lab.region("sentence")).to_contain_text("seed 1234")


@pytest.mark.parametrize(
    ("d_model", "n_heads"),
    [(6, 3), *(pytest.param(*sizes, marks=pytest.mark.full) for sizes in ((8, 4), (16, 2)))],
)
def test_sizes(lab: Lab, d_model: int, n_heads: int) -> None:
    lab.choose("d_model", str(d_model))
    lab.choose("n_heads", str(n_heads))
    for step in ("raw_scores", "weights", "head_outputs"):
        lab.go(step)
        check_step(lab, step, Settings(d_model=d_model, n_heads=n_heads))


def test_the_picked_cells_arithmetic_adds_up_to_its_number(lab: Lab) -> None:
    lab.go("raw_scores")
    expected = matrices(Settings())
    for row, col in ((0, 0), (2, 1), (5, 4)):
        lab.pick("raw_scores", row, col)
        panel = lab.region("arithmetic")
        products = [float(t.replace("−", "-")) for t in panel.locator("[data-product]").all_inner_texts()]
        np.testing.assert_allclose(products, expected["q"][row] * expected["k"][col], atol=1e-12)
        assert sum(products) == pytest.approx(expected["raw_scores"][row, col], abs=1e-12)


def test_a_link_reproduces_the_state(lab: Lab) -> None:
    lab.type_sentence("The dogs in the park are playing")
    lab.choose("mask", "causal")
    lab.choose("embedding", "random")
    lab.set_field("seed", "99")
    lab.go("weights")
    link = lab.page.url.split("#", 1)[1]
    lab.page.goto("about:blank")
    lab.open(f"#{link}")
    assert lab.chips()[:2] == ["The", "dogs"]
    check_step(
        lab, "weights", Settings(text="The dogs in the park are playing", mask="causal", random_seed=99)
    )


def test_default_sentence_is_what_the_build_painted(lab: Lab) -> None:
    assert lab.chips() == DEFAULT_TEXT.split()
    assert lab.fact("Document") == "as painted by the build"
