"""The experiments: every map and answer on the screen is what the shipped weights give here, too.

What is said in sentences is asserted in tests/e2e/test_experiments_sentences.py.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from attention import Reader, load_card
from building.artefacts import axe_script
from tests.e2e.conftest import DESKTOP, NewPage
from tests.e2e.experiments import (
    CASES,
    FLOAT32,
    LAB,
    MODELS,
    TIRED,
    answer,
    best,
    card_of,
    open_lab,
    says,
    shared_page,
    shown_head,
    swapping,
    trace,
    verdict,
    visit,
)
from tests.e2e.lab import Lab
from tests.e2e.test_screens import Scheme, check_axe, overflow
from tests.lab.experiments.truth import STANDS_OUT

shared = pytest.fixture(shared_page, scope="module")


@pytest.mark.parametrize(
    "name", ["reader", *(pytest.param(n, marks=pytest.mark.full) for n in MODELS if n != "reader")]
)
def test_maps_and_answers_are_those_of_the_shipped_weights(shared: Lab, name: str) -> None:
    lab = shared
    for step, sample, sentence, job, query, key, rival in CASES.values():
        visit(lab, step=step, sample=sample, examined=name, table=1)
        spot = best(name, sentence, job, query, key)
        assert shown_head(lab) == spot
        plain = trace(name, sentence)
        np.testing.assert_allclose(lab.matrix("head"), plain.layers[spot[0]][spot[1]], atol=FLOAT32)
        weight = card_of(lab, name).locator("[data-look]").get_attribute("data-look")
        assert float(str(weight)) == pytest.approx(
            plain.layers[spot[0]][spot[1], query + 1, key + 1], abs=FLOAT32
        )

        visit(lab, step=step, sample=sample, examined=name, changes=f"swap.{query}.{key}.{rival}")
        tested = trace(name, sentence, swapping(spot, query + 1, key + 1, rival + 1))
        before, after = plain.answer(job, query + 1), tested.answer(job, query + 1)
        for word, (was, now) in answer(lab).items():
            assert was == pytest.approx(dict(before.candidates).get(word, math.nan), abs=1e-4, nan_ok=True)
            assert now == pytest.approx(dict(after.candidates).get(word, math.nan), abs=1e-4, nan_ok=True)
        assert {before.word, after.word} <= set(answer(lab))
        was, now = (said.word if said.probability >= STANDS_OUT else None for said in (before, after))
        begins = "The answer" if was or now else "No word stands out"
        assert verdict(lab).startswith(begins)
        assert ("changes" in verdict(lab)) == (was != now)


def test_the_small_maps_are_sorted_by_the_question(shared: Lab) -> None:
    lab = shared
    visit(lab, step="heads", asked="7.5")
    heads = lab.region("maps").locator("[data-map]")
    shown = [
        (
            tuple(map(int, str(head.get_attribute("data-map")).split("."))),
            float(str(head.get_attribute("data-weight"))),
        )
        for head in heads.all()
    ]
    layers = trace("reader", TIRED).layers
    expected = {(i, h): layer[h, 8, 6] for i, layer in enumerate(layers) for h in range(len(layer))}
    assert dict(shown) == pytest.approx(expected, abs=FLOAT32)
    assert [weight for _, weight in shown] == sorted((weight for _, weight in shown), reverse=True)
    lab.region("maps").locator("[data-value=layer]").click()
    lab.settle()
    assert heads.first.get_attribute("data-map") == "0.0"
    heads.nth(2).click()
    lab.settle()
    assert shown_head(lab) == (0, 2)


def test_the_mean_is_the_mean_over_all_heads(shared: Lab) -> None:
    lab = shared
    visit(lab, step="mean", table=1)
    mean = np.concatenate(trace("reader", TIRED).layers).mean(axis=0)
    np.testing.assert_allclose(lab.matrix("mean"), mean, atol=FLOAT32)


def test_an_arrow_is_dragged_by_pointer_and_by_keys(shared: Lab) -> None:
    lab = shared
    visit(lab)
    cat, mat = (lab.region("stage").locator(f"[data-to='{place}']") for place in (2, 6))
    cat.drag_to(mat)
    lab.settle()
    assert verdict(lab) == "The answer changes: cat → mat."
    assert float(str(cat.get_attribute("data-value"))) == 0
    by_pointer = lab.page.evaluate("() => location.hash")
    assert "changes=move.7.1.5" in by_pointer

    lab.region("test").locator("[data-undo='0']").click()
    lab.settle()
    assert verdict(lab) == ""
    cat.focus()
    lab.page.keyboard.press("Enter")
    for _ in range(4):
        lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("Enter")
    lab.settle()
    assert verdict(lab) == "The answer changes: cat → mat."
    assert lab.page.evaluate("() => location.hash") == by_pointer


def test_the_orange_line_is_dragged_by_itself_stays_orange_and_leaves_no_line_behind(shared: Lab) -> None:
    lab = shared
    visit(lab)
    stage = lab.region("stage")

    def row(place: int) -> tuple[float, float]:
        box = stage.locator(f"[data-to='{place}']").bounding_box()
        assert box is not None
        return box["x"] - 12, box["y"] + box["height"] / 2  # on the line, left of the word

    def ends() -> list[tuple[str, float]]:
        """The lines from the word in question: their colour, and the row at which they end."""
        found = stage.locator(".lines .asked, .lines .own").evaluate_all(
            "(all) => all.map((path) => [getComputedStyle(path).stroke,"
            " Number(path.getAttribute('d').split(' ').at(-1))])"
        )
        return [(colour, place - 0.5) for colour, place in found]

    orange, at = min(ends(), key=lambda end: end[1] != 2)
    assert at == 2
    for start, over in ((2, 6), (6, 3)):
        lab.page.mouse.move(*row(start))
        lab.page.mouse.down()
        lab.page.mouse.move(*row(over), steps=4)
        assert stage.locator(".lines .moving").evaluate("(path) => getComputedStyle(path).stroke") == orange
        lab.page.mouse.up()
        lab.settle()
        drawn = ends()
        assert (orange, over) in drawn
        assert [end for end in drawn if end[0] == orange] == [(orange, over)]
        assert start not in [place for _, place in drawn], "no line for a weight of 0"
    assert "changes=move.7.1.5~move.7.5.2" in lab.page.evaluate("() => location.hash")
    assert verdict(lab) == "The answer changes: cat → sat."


def test_on_a_school_laptop_a_list_of_twelve_arrows_fits(shared: Lab) -> None:
    lab = shared
    before = lab.page.viewport_size
    lab.page.set_viewport_size({"width": 1366, "height": 650})
    for step in ("pronoun", "agreement", "long_range", "mean"):
        visit(lab, step=step)
        room = lab.region("stage").locator(".canvas")
        hidden = "(el) => [el.scrollHeight - el.clientHeight, el.scrollWidth - el.clientWidth]"
        assert max(room.evaluate(hidden)) <= 1, step
    assert before is not None
    lab.page.set_viewport_size(before)


def test_every_way_to_test_an_arrow_changes_what_it_says(shared: Lab) -> None:
    lab = shared
    visit(lab)
    row = trace("reader", TIRED).layers[1][0, 8]

    def act(name: str) -> None:
        lab.region("test").locator(f"[data-action={name}]").click()
        lab.settle()

    def weights() -> np.ndarray:
        ends = lab.region("stage").locator("[data-arrows=head] [data-to]")
        return np.array(
            [float(value) for value in ends.evaluate_all("(all) => all.map((el) => el.dataset.value)")]
        )

    np.testing.assert_allclose(weights(), row, atol=FLOAT32)
    act("cut")
    np.testing.assert_allclose(weights(), np.where(np.arange(12) == 2, 0, row), atol=FLOAT32)
    lab.region("test").locator("[data-undo='0']").click()
    lab.settle()
    shown = weights()  # the page's own: what is shared out is divided by the little that was left
    lab.page.locator("[data-control=weight] input").fill("25")
    lab.settle()
    expected = shown * (1 - 0.25) / (shown.sum() - shown[2])
    expected[2] = 0.25
    np.testing.assert_allclose(weights(), expected, atol=FLOAT32)
    lab.region("test").locator("[data-undo='0']").click()
    lab.settle()
    act("off")
    assert not weights().any()
    lab.region("test").locator("[data-undo='0']").click()
    lab.settle()
    act("exchange")
    assert lab.chips()[1] == "mat"
    assert lab.chips()[5] == "cat"
    changed = trace("reader", "The mat sat on the cat because it was tired")
    np.testing.assert_allclose(weights(), changed.layers[1][0, 8], atol=FLOAT32)
    assert lab.region("test").locator(".judged").inner_text().endswith(".")


def test_a_link_reproduces_sentence_model_head_question_and_test(shared: Lab) -> None:
    fields = {
            "step": "own", "seed": 12,
            "own": "The zebra slept on the sofa because it was hungry",
            "examined": "random", "at": "0.2", "asked": "7.1", "rival": 5, "changes": "swap.7.1.5~cut.7.0",
            "scope": "all", "kinds": "zebra:animal", "drawn": "map", "order": "layer",
        }  # fmt: skip
    lab = shared
    visit(lab, **fields)
    assert shown_head(lab) == (0, 2)
    words = ["the", "<animal>", "slept", "on", "the", "sofa", "because", "it", "was", "hungry", "."]

    def intervene(_: int, weights: np.ndarray) -> np.ndarray:
        weights[:, 8, [2, 6]] = weights[:, 8, [6, 2]]
        weights[:, 8, 1] = 0
        return weights

    expected = Reader.random(12).trace(words, intervene).layers[0][2]
    np.testing.assert_allclose(lab.matrix("head"), expected, atol=FLOAT32)
    assert lab.page.evaluate("() => location.hash").count("=") == len(fields) + 1


def test_a_word_that_no_model_knows_asks_for_its_kind(shared: Lab) -> None:
    lab = shared
    visit(lab)
    field = lab.page.locator("#sentence")
    field.fill("The wug sat on the mat because it was tired")
    field.press("Enter")
    lab.settle()
    expect(lab.region("stage")).to_contain_text("never met “wug”")
    expect(lab.region("sentence")).to_contain_text("words that the small models never met")
    lab.page.locator("[data-control=kind-0] select").select_option("<animal>")
    lab.settle()
    said = trace("reader", "The <animal> sat on the mat because it was tired").answer("pronoun", 8)
    assert said.word == "<animal>"
    expect(card_of(lab, "reader").locator(".says bdi")).to_have_text("wug")
    expect(lab.region("foot")).to_contain_text("inside the grammar")


def test_each_picture_is_saved_as_it_is_drawn_and_under_its_name(shared: Lab, tmp_path: Path) -> None:
    lab = shared
    visit(lab, step="mean")
    sentence = lab.region("sentence")

    def save(kind: str) -> Path:
        sentence.locator("[data-action=export]").click()
        with lab.page.expect_download() as download:
            sentence.locator(f"[data-export='{kind}']").click()
        download.value.save_as(tmp_path / download.value.suggested_filename)
        return tmp_path / download.value.suggested_filename

    named = lab.region("stage").locator("figcaption").all_inner_texts()
    offered = sentence.locator(".saves > span").evaluate_all("(all) => all.map((el) => el.textContent)")
    assert offered == [*named, "everything of this step"]
    layers = trace("reader", TIRED).layers
    expected = {"": layers[1][0], " mean": np.concatenate(layers).mean(axis=0)}
    for (which, array), name in zip(expected.items(), named, strict=True):
        np.testing.assert_allclose(np.load(save(f"npy{which}")), array, atol=FLOAT32)
        drawn = save(f"svg{which}").read_text(encoding="utf-8")
        assert name in drawn
        assert "trained: Reader" in drawn
        n = len(array)
        lines = [(r, c) for r in range(n) for c in range(n) if array[r, c] >= (0.005 if r == 8 else 0.08)]
        assert drawn.count("<path ") == len(lines), "lines, as on the screen"
    tables = json.loads(save("json").read_text(encoding="utf-8"))["tables"]
    assert [table["title"] for table in tables] == named


def test_a_guess_is_asked_for_before_the_test_and_judged_with_a_reason_after_it(shared: Lab) -> None:
    lab = shared
    visit(lab, step="agreement", examined="ordinary")
    asked = lab.region("predict")
    expect(asked).to_contain_text("The weights of “dogs” and “park” are swapped in this head.")
    asked.get_by_role("button", name="“park”", exact=True).click()
    lab.settle()
    expect(asked).to_contain_text("Kept")
    expect(asked).not_to_contain_text("computed")
    lab.region("test").locator("[data-action=swap]").click()
    lab.settle()
    expect(asked.locator(".verdict.wrong")).to_contain_text("computed")
    expect(asked.locator(".why")).to_contain_text("to which all of its 24 heads add; 7 of them, in")
    lab.region("test").locator("[data-undo='0']").click()
    lab.settle()
    expect(asked).to_contain_text("The weight of “dogs” is moved to “park” in this head.")


def test_whatever_is_typed_is_answered_in_words_and_kept(shared: Lab) -> None:
    lab = shared
    visit(lab)
    field = lab.page.locator("#sentence")

    def typed(text: str) -> None:
        field.fill(text)
        field.press("Enter")
        lab.settle()
        assert field.input_value() == text

    typed("   ")
    expect(lab.region("sentence").get_by_role("alert")).to_contain_text("There is no word in it")
    expect(lab.region("stage").locator("[data-arrows=head]")).to_be_visible()
    typed(" ".join(["the", "cat"] * 30))
    expect(lab.region("sentence")).to_contain_text(
        "holds up to 30 tokens, so 30 words and signs were left out"
    )
    assert len(lab.chips()) == 30
    for text in (
        "cat",
        "tired 🦓🏽 👩‍👩‍👧",
        "القطة جلست على السجادة",
        "<script>alert(1)</script> is <animal>",
    ):
        typed(text)
        expect(lab.region("stage")).to_be_visible()
    typed("cat cat cat")
    expect(lab.region("sentence").locator(".status")).to_contain_text("outside the grammar")
    expect(card_of(lab, "reader").locator(".says bdi")).not_to_be_empty()


def test_the_card_of_a_model_is_one_click_away(shared: Lab) -> None:
    lab = shared
    visit(lab)
    lab.region("sentence").locator(".badge summary").click()
    card = lab.region("sentence").locator(".card")
    known = load_card("reader")
    expect(card).to_contain_text(known.what)
    for figure in known.figures:
        row = card.get_by_role("row").filter(
            has=lab.page.get_by_role("rowheader", name=figure.name, exact=True)
        )
        expect(row).to_contain_text(f"{figure.value:.4f}")
        for seed in figure.seeds:
            expect(row).to_contain_text(f"{seed:.4f}")
    for limit in known.limits:
        expect(card).to_contain_text(limit)


def test_the_menu_leads_from_one_lab_to_the_other(shared: Lab) -> None:
    lab = shared
    visit(lab, step="mean")
    for title, step in (("Q, K, V, step by step", "embeddings"), ("Test the arrow", "mean")):
        lab.region("header").locator(".labs summary").click()
        lab.region("header").get_by_role("link", name=title).click()
        lab.region("transport").locator(f"[data-step={step}][aria-current=step]").wait_for()
        lab.settle()


HEAR = """() => {
  window.asked = []
  for (const what of ["fetch", "cancel"]) {
    const heard = (event) => { asked.push(`${what} ${event.detail.name}`); event.stopImmediatePropagation() }
    addEventListener(`attention-lab:${what}`, heard, true)
  }
}"""
TELL = """(state) => {
  dispatchEvent(new CustomEvent("attention-lab:optional", {detail: {name: "minilm", ...state}}))
}"""


def test_minilm_is_asked_for_and_a_failure_leaves_the_others(new_page: NewPage) -> None:
    lab = open_lab(new_page)
    lab.watch.expect("/assets/minilm-")  # it is cancelled
    lab.page.route("**/assets/minilm-*", lambda route: None)  # what it says of itself comes from here alone
    card = card_of(lab, "minilm")
    lab.page.evaluate(HEAR)
    lab.page.evaluate(TELL, {"state": "available", "bytes": 23_500_000})
    card.get_by_role("button", name="Download (23.5 MB)").click()
    lab.page.evaluate(TELL, {"state": "loading", "loaded": 5_000_000, "total": 23_500_000})
    assert card.locator("progress").evaluate("(bar) => bar.value") == pytest.approx(5 / 23.5)
    card.get_by_role("button", name="Cancel").click()
    expect(card.get_by_role("button", name="Cancel")).to_have_count(0)
    assert lab.page.evaluate("() => asked") == ["fetch minilm", "cancel minilm"]
    lab.page.evaluate(TELL, {"state": "failed", "bytes": 23_500_000, "why": "the network is gone"})
    expect(card.get_by_role("alert")).to_have_text(
        "It did not arrive: the network is gone. The other models work without it."
    )
    expect(lab.page.get_by_text("the network is gone")).to_have_count(1)  # told once
    assert says(lab, "reader", "tired") == "cat"


# The screen


@pytest.fixture
def resized(shared: Lab) -> Iterator[Lab]:
    """That page, which is as it was when the test ends."""
    yield shared
    shared.page.set_viewport_size(DESKTOP)
    shared.page.emulate_media(color_scheme="light")
    shared.page.locator("html[data-theme=light]").wait_for(state="attached")


#: What can be seen of the lab: each step, and what changes a step more than in its numbers.
PLACES: list[dict[str, Any]] = [{"step": step.id, "changes": "cut.0.1"} for step in LAB.steps]
PLACES += [
    {"drawn": "map"},
    {"table": 1},
    {"step": "heads", "examined": "ordinary"},
    {"step": "own", "own": "the zebra " * 10},
]


@pytest.mark.parametrize(
    ("scheme", "width", "places"),
    [  # a few of them; all are full
        ("light", 360, PLACES[::3]),
        pytest.param("light", 360, PLACES, marks=pytest.mark.full),
        pytest.param("dark", 1440, PLACES, marks=pytest.mark.full),
        pytest.param("light", 1024, PLACES, marks=pytest.mark.full),
    ],
)
def test_every_step_fits_and_breaks_no_rule(
    resized: Lab, scheme: Scheme, width: int, places: list[dict[str, Any]]
) -> None:
    lab = resized
    lab.page.set_viewport_size({"width": width, "height": 900})
    lab.page.emulate_media(color_scheme=scheme)
    lab.page.locator(f"html[data-theme={scheme}]").wait_for(state="attached")
    lab.page.evaluate(Path(axe_script()).read_text())
    for place in places:
        visit(lab, **place)
        check_axe(lab.page, f"{place}, {scheme}, {width} px")
        assert overflow(lab.page) <= 0, place
    lab.page.set_viewport_size({"width": 320, "height": 700})
    assert overflow(lab.page) <= 0
