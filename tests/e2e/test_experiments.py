"""The experiments: every map, answer and sentence on the screen is what the shipped weights give here, too.

`ASSERTED` lists each sentence of the lab file and of the captions beside the models that says
something about a model or a sentence, with what asserts it; a sentence that is not listed fails.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import expect

from attention import JOBS, Ordinary, Reader, load_card, load_model, recognise
from attention_lab.lessons import load_labs
from attention_lab.views.experiments.captions import CAPTIONS
from building.artefacts import axe_script
from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab
from tests.e2e.test_screens import check_axe, overflow

LAB = next(lab for lab in load_labs() if lab.name == "experiments")
TIRED, SOFT = "The cat sat on the mat because it was tired", "The cat sat on the mat because it was soft"
DOGS = "The dogs in the park are playing"
BOOK = "The book that I bought yesterday was interesting"
# (step, sentence, job, query, key, rival), words counted from 0
CASES = {
    "tired": ("pronoun", 0, TIRED, "pronoun", 7, 1, 5),
    "soft": ("pronoun", 1, SOFT, "pronoun", 7, 1, 5),
    "dogs": ("agreement", 0, DOGS, "subject", 5, 1, 4),
    "book": ("long_range", 0, BOOK, "subject", 6, 1, 5),
}
MODELS = ("random", "ordinary", "reader")
SEED = 7
FLOAT32 = 2e-5  # the page adds in another order


# What the models give here


@cache
def model(name: str) -> Reader | Ordinary:
    return Reader.random(SEED) if name == "random" else cast("Reader | Ordinary", load_model(name))


def trace(name: str, sentence: str, intervene: Any = None) -> Any:
    return model(name).trace([*sentence.lower().split(), "."], intervene)


def swapping(spot: tuple[int, int], query: int, one: int, other: int) -> Any:
    """Exchange two weights of one head; positions count "<s>"."""

    def intervene(layer: int, weights: np.ndarray) -> np.ndarray:
        if layer == spot[0]:
            weights[spot[1], query, [one, other]] = weights[spot[1], query, [other, one]]
        return weights

    return intervene


def best(name: str, sentence: str, job: str, query: int, key: int) -> tuple[int, int]:
    """The head that the page opens: the one with the job's name, or that looks most from query to key."""
    if name in ("reader", "random"):
        return 1, JOBS.index(job)
    layers = trace(name, sentence).layers
    flat = np.concatenate([layer[:, query + 1, key + 1] for layer in layers])
    return divmod(int(flat.argmax()), len(layers[0]))


# What the page shows


def visit(lab: Lab, **settings: Any) -> None:
    """Go to a state by its link, without loading the page again."""
    link = urlencode({"lab": "experiments", **settings})
    lab.page.evaluate(
        """(link) => location.hash === "#" + link ? null : new Promise((done) => {
        addEventListener("hashchange", done, {once: true}); location.hash = link })""",
        link,
    )
    lab.settle()


def open_lab(new_page: NewPage, **options: Any) -> Lab:
    lab = new_page(**options)
    return lab.open("#lab=experiments")


def card_of(lab: Lab, name: str) -> Any:
    return lab.region("models").locator(f".model:has([data-model={name}])")


def answer(lab: Lab) -> dict[str, list[float]]:
    """Each word of the answer, with its probability before, and after where something is tested."""
    rows = lab.region("test").locator("tr[data-word]")
    return {
        str(row.get_attribute("data-word")): [
            float(share)
            for share in row.locator("td").evaluate_all("(all) => all.map((td) => td.dataset.share ?? 'NaN')")
        ]
        for row in rows.all()
    }


def shown_head(lab: Lab) -> tuple[int, int]:
    spot = lab.region("maps").locator("[data-spot][aria-pressed=true]").get_attribute("data-spot")
    layer, head = str(spot).split(".")
    return int(layer), int(head)


def verdict(lab: Lab) -> str:
    return lab.region("test").locator(".judged").inner_text()


def swap_flips(lab: Lab, name: str, case: str) -> bool:
    """Swap the two weights in the page; whether its verdict is that the answer changes."""
    step, sample, _, _, query, key, rival = CASES[case]
    visit(lab, step=step, sample=sample, examined=name, changes=f"swap.{query}.{key}.{rival}")
    said = verdict(lab)
    assert said.startswith(("The answer changes", "The answer stays")), said
    return said.startswith("The answer changes")


def says(lab: Lab, name: str, case: str) -> str:
    """The answer of a model in the page, with nothing tested."""
    step, sample, *_ = CASES[case]
    visit(lab, step=step, sample=sample, examined=name)
    return card_of(lab, name).locator(".says bdi").inner_text()


@pytest.mark.parametrize("name", MODELS)
def test_maps_and_answers_are_those_of_the_shipped_weights(new_page: NewPage, name: str) -> None:
    lab = open_lab(new_page)
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
        assert ("changes" in verdict(lab)) == (before.word != after.word)


def test_the_small_maps_are_sorted_by_the_question(new_page: NewPage) -> None:
    lab = open_lab(new_page)
    visit(lab, step="heads", asked="7.5")
    heads = lab.region("maps").locator("[data-spot]")
    shown = [
        (
            tuple(map(int, str(head.get_attribute("data-spot")).split("."))),
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
    assert heads.first.get_attribute("data-spot") == "0.0"
    heads.nth(2).click()
    lab.settle()
    assert shown_head(lab) == (0, 2)


def test_the_mean_is_the_mean_over_all_heads(new_page: NewPage) -> None:
    lab = open_lab(new_page)
    visit(lab, step="mean", table=1)
    mean = np.concatenate(trace("reader", TIRED).layers).mean(axis=0)
    np.testing.assert_allclose(lab.matrix("mean"), mean, atol=FLOAT32)


def test_an_arrow_is_dragged_by_pointer_and_by_keys(new_page: NewPage) -> None:
    lab = open_lab(new_page)
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


def test_every_way_to_test_an_arrow_changes_what_it_says(new_page: NewPage) -> None:
    lab = open_lab(new_page)
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
    lab.page.locator("#weight-slider").fill("25")
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


def test_a_link_reproduces_sentence_model_head_question_and_test(new_page: NewPage) -> None:
    link = urlencode(
        {
            "lab": "experiments", "step": "own", "seed": 12,
            "own": "The zebra slept on the sofa because it was hungry",
            "examined": "random", "at": "0.2", "asked": "7.1", "rival": 5, "changes": "swap.7.1.5~cut.7.0",
            "scope": "all", "kinds": "zebra:animal", "drawn": "map", "order": "layer",
        }
    )  # fmt: skip
    lab = new_page().open("#" + link)
    assert shown_head(lab) == (0, 2)
    words = ["the", "<animal>", "slept", "on", "the", "sofa", "because", "it", "was", "hungry", "."]

    def intervene(_: int, weights: np.ndarray) -> np.ndarray:
        weights[:, 8, [2, 6]] = weights[:, 8, [6, 2]]
        weights[:, 8, 1] = 0
        return weights

    expected = Reader.random(12).trace(words, intervene).layers[0][2]
    np.testing.assert_allclose(lab.matrix("head"), expected, atol=FLOAT32)
    assert lab.page.evaluate("() => location.hash").count("=") == link.count("=")


def test_a_word_that_no_model_knows_asks_for_its_kind(new_page: NewPage) -> None:
    lab = open_lab(new_page)
    field = lab.page.locator("#sentence")
    field.fill("The zebra sat on the mat because it was tired")
    field.press("Enter")
    lab.settle()
    expect(lab.region("stage")).to_contain_text("never met “zebra”")
    expect(lab.region("sentence")).to_contain_text("words that the small models never met")
    lab.page.locator("[data-control=kind-0] select").select_option("<animal>")
    lab.settle()
    said = trace("reader", "The <animal> sat on the mat because it was tired").answer("pronoun", 8)
    assert said.word == "<animal>"
    expect(card_of(lab, "reader").locator(".says bdi")).to_have_text("zebra")
    expect(lab.region("foot")).to_contain_text("inside the grammar")


def test_whatever_is_typed_is_answered_in_words_and_kept(new_page: NewPage) -> None:
    lab = open_lab(new_page)
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


def test_the_card_of_a_model_is_one_click_away(new_page: NewPage) -> None:
    lab = open_lab(new_page)
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


def test_the_menu_leads_from_one_lab_to_the_other(lab: Lab) -> None:
    for title, step in (("Test the arrow", "pronoun"), ("Q, K, V, step by step", "embeddings")):
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
    card = card_of(lab, "minilm")
    lab.page.evaluate(HEAR)
    lab.page.evaluate(TELL, {"state": "available", "bytes": 23_500_000})
    card.get_by_role("button", name="Download (23.5 MB)").click()
    lab.page.evaluate(TELL, {"state": "loading", "loaded": 5_000_000, "total": 23_500_000})
    assert card.locator("progress").evaluate("(bar) => bar.value") == pytest.approx(5 / 23.5)
    card.get_by_role("button", name="Cancel").click()
    assert lab.page.evaluate("() => asked") == ["fetch minilm", "cancel minilm"]
    lab.page.evaluate(TELL, {"state": "failed", "bytes": 23_500_000, "why": "the network is gone"})
    expect(card.get_by_role("alert")).to_have_text(
        "It did not arrive: the network is gone. The other models work without it."
    )
    assert says(lab, "reader", "tired") == "cat"


# The sentences of meaning


def flips_only_where_the_answer_follows(lab: Lab) -> None:
    for case in CASES:
        assert swap_flips(lab, "reader", case), case
        assert not swap_flips(lab, "ordinary", case), case


def answer_comes_from_the_words_looked_at(lab: Lab) -> None:
    """With all weight on one word the read head answers that word, whatever the sentence says."""
    for case in CASES:
        step, sample, sentence, _, query, key, rival = CASES[case]
        for word in (key, rival):
            visit(lab, step=step, sample=sample, changes=f"set.{query}.{word}.100")
            card = card_of(lab, "reader").locator(".says bdi").last
            assert card.inner_text() == sentence.lower().split()[word], (case, word)


def the_last_word_decides(lab: Lab) -> None:
    assert TIRED.split()[:-1] == SOFT.split()[:-1]
    for sentence, right in ((TIRED, 2), (SOFT, 6)):
        found = recognise([*sentence.lower().split(), "."]).sentence
        assert found is not None
        assert found.links["pronoun"][8][0] == right
    for name in ("reader", "ordinary"):
        assert [says(lab, name, case) for case in ("tired", "soft")] == ["cat", "mat"]


def are_belongs_to_dogs(lab: Lab) -> None:
    found = recognise([*DOGS.lower().split(), "."]).sentence
    assert found is not None
    assert found.links["subject"][6] == (2, 5)
    assert [says(lab, name, "dogs") for name in ("reader", "ordinary")] == ["dogs", "dogs"]


def a_clause_stands_between(lab: Lab) -> None:
    found = recognise([*BOOK.lower().split(), "."]).sentence
    assert found is not None
    assert found.links["subject"][7][0] == 2
    assert BOOK.split()[2:6] == ["that", "I", "bought", "yesterday"]


def each_map_is_a_head(lab: Lab) -> None:
    for name in MODELS:
        visit(lab, step="heads", examined=name)
        heads = sum(len(layer) for layer in trace(name, TIRED).layers)
        expect(lab.region("maps").locator("[data-spot]")).to_have_count(heads)


def sorted_by_weight(lab: Lab) -> None:
    visit(lab, step="heads")
    weights = (
        lab.region("maps")
        .locator("[data-weight]")
        .evaluate_all("(all) => all.map((el) => Number(el.dataset.weight))")
    )
    assert weights == sorted(weights, reverse=True)


def looking_is_not_explaining(lab: Lab) -> None:
    _, _, sentence, job, query, key, _ = CASES["tired"]
    spot = best("ordinary", sentence, job, query, key)
    layers = trace("ordinary", sentence).layers
    assert layers[spot[0]][spot[1], 8, 2] == max(float(layer[:, 8, 2].max()) for layer in layers)
    assert not swap_flips(lab, "ordinary", "tired")


def the_mean_hides(lab: Lab) -> None:
    for sample, key in ((0, 1), (1, 5)):
        visit(lab, step="mean", sample=sample, asked=f"7.{key}", table=1)
        assert lab.matrix("head")[8, key + 1] > 0.8
        assert lab.matrix("mean")[8, key + 1] < 0.3


def left_is_one_head_and_right_the_mean(lab: Lab) -> None:
    visit(lab, step="mean")
    expect(lab.region("stage").locator("[data-arrows]").first).to_have_attribute("data-arrows", "head")
    expect(lab.region("stage").locator("[data-arrows]").last).to_have_attribute("data-arrows", "mean")


def a_kind_is_needed(lab: Lab) -> None:
    visit(lab, step="own", own="The zebra was tired")
    expect(card_of(lab, "reader")).to_contain_text("waits for kinds of words")


def outside_they_still_answer(lab: Lab) -> None:
    text = "the tired cat and the soft mat because because"
    assert not recognise([*text.split(), "."]).inside
    visit(lab, step="own", own=text)
    expect(lab.region("sentence").locator(".status")).to_contain_text("outside the grammar")
    for name in MODELS:
        expect(card_of(lab, name).locator(".says bdi")).not_to_be_empty()


def nobody_trained_it(lab: Lab) -> None:
    card = load_card("reader")
    for behaviour in ("pronoun", "attractor", "long range"):
        figure = card.figure(f"{behaviour} accuracy")
        assert figure.random is not None
        assert figure.random < 0.1
    assert says(lab, "random", "tired") == trace("random", TIRED).answer("pronoun", 8).word


def answers_right_and_arrows_do_not_explain(lab: Lab) -> None:
    right = {"tired": "cat", "soft": "mat", "dogs": "dogs", "book": "book"}
    for case, word in right.items():
        assert says(lab, "ordinary", case) == word
    flips_only_where_the_answer_follows(lab)


Check = Callable[[Lab], None]
ASSERTED: dict[Check, tuple[str, ...]] = {
    the_last_word_decides: (
        "The last word decides what “it” stands for: the cat is tired, the mat is soft.",
    ),
    answer_comes_from_the_words_looked_at: (
        "Each read head is built so that its answer can only come from the words it looks at.",
        "This head is built so that its answer can only come from the words it looks at.",
    ),
    flips_only_where_the_answer_follows: (
        "Drag the orange arrow to another word: the answer changes.",
        "Drag the arrow: the answer changes.",
        "Swap the two weights in each model: where the answer follows, the arrow explains it; where it "
        "stays, it does not.",
    ),
    are_belongs_to_dogs: ("“Are” belongs to “dogs”, although “park” stands nearer.",),
    a_clause_stands_between: ("Between “was” and “book” stands a clause of its own.",),
    each_map_is_a_head: ("Each small map is one head.",),
    sorted_by_weight: (
        "Sorted by weight, the first is the one that looks most from the one word to the other.",
    ),
    looking_is_not_explaining: ("Looking is not explaining: open it, and test it.",),
    left_is_one_head_and_right_the_mean: (
        "The left drawing is one head.",
        "The right one is the mean over all heads of this model.",
    ),
    the_mean_hides: ("Compare the thickness of the same line: what one head does clearly, the mean hides.",),
    a_kind_is_needed: ("A word that the small models never met needs a kind: choose one for each.",),
    outside_they_still_answer: ("Outside their grammar they still answer, and nobody measured how well.",),
    answers_right_and_arrows_do_not_explain: (
        "It answers right, and its arrows do not explain how: swap the two weights, and the answer stays.",
        "It answers right.",
        "Swap the two weights in this sentence, and the answer stays.",
    ),
    nobody_trained_it: ("Nobody trained it: its answers and its arrows are chance.",),
}
"""What asserts each sentence that says something."""

ASKING = {  # sentences that say nothing, and only ask
    "Then choose Ordinary and do the same.",
    "Cut the arrow in This head, then in All heads, and see which answers hold.",
    "Write one.",
}
OF_MINILM = (  # asserted by test_minilm_says_what_its_captions_say
    "In the head that looks most from “it” to “cat”, it does so with “soft”, too: the head follows the "
    "subject, it does not resolve the reference.",
    "The best of its 72 heads gives “cat” more than 0.6 of its weight.",
    "Their mean gives it less than 0.1.",
)


def sentences(prose: str) -> list[str]:
    plain = re.sub(r"\*\*|\s+", lambda found: " " if found[0].isspace() else "", prose)
    return re.findall(r"[^.]+(?:\.\d[^.]*)*\.", plain.strip())


def test_no_sentence_of_meaning_is_without_a_test() -> None:
    said = {each.strip() for step in LAB.steps for each in sentences(step.prose)}
    said |= {each.strip() for text in CAPTIONS.values() for each in sentences(text)}
    meant = [sentence for sentences_ in ASSERTED.values() for sentence in sentences_]
    assert said == {*meant, *OF_MINILM, *ASKING}


@pytest.fixture(scope="module")
def shared(browser: Any, site: str) -> Any:
    """One page for all sentences of meaning."""
    from tests.e2e.conftest import Watch

    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", service_workers="block"
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    watch = Watch(page, site)
    yield Lab(page, site, watch).open("#lab=experiments")
    context.close()
    watch.check()


@pytest.mark.parametrize("check", ASSERTED, ids=lambda check: check.__name__)
def test_what_the_page_says_holds_in_the_page(shared: Lab, check: Check) -> None:
    check(shared)


def test_the_badge_tells_the_size_of_the_model(shared: Lab) -> None:
    for name in ("reader", "ordinary"):
        visit(shared, examined=name)
        size = sum(array.size for array in model(name).parameters().values())
        assert size == load_card(name).parameters
        expect(shared.region("sentence").locator(".badge")).to_contain_text(
            f"{size:,}-number model trained by the code here on invented sentences. "
            "It is not ChatGPT and has not read English."
        )


def test_what_was_measured_is_what_the_card_says(shared: Lab) -> None:
    behaviours = {"tired": "pronoun", "dogs": "attractor", "book": "long range"}
    for case, behaviour in behaviours.items():
        for name in ("reader", "ordinary"):
            says(shared, name, case)
            accuracy, swap = (load_card(name).figure(f"{behaviour} {what}") for what in ("accuracy", "swap"))
            shown = shared.region("test").locator(".measured").inner_text()
            assert f"On {swap.sentences:,} held-out" in shown
            for figure in (accuracy, swap):
                numbers = [float(number) / 100 for number in re.findall(r"(\d+\.\d) %", shown)]
                assert any(abs(number - figure.value) < 0.0006 for number in numbers), (shown, figure)


def test_minilm_says_what_its_captions_say(new_page: NewPage) -> None:
    lab = open_lab(new_page)
    card = card_of(lab, "minilm")
    if "comes without it" in card.inner_text():
        pytest.skip("this build has no MiniLM")
    card.get_by_role("button", name="Download").click()
    expect(card.locator("[data-look]")).to_be_visible(timeout=90_000)
    lab.settle()
    spots = []
    for sample in (0, 1):
        visit(lab, step="pronoun", sample=sample, examined="minilm", table=1)
        head = lab.matrix("head")
        assert head[8].argmax() == 2, "it looks most at cat"
        spots.append(shown_head(lab))
        expect(lab.region("test")).to_contain_text("it does not resolve the reference")
        visit(lab, step="mean", sample=sample, examined="minilm", table=1)
        expect(lab.region("maps").locator("[data-spot]")).to_have_count(72)
        assert lab.matrix("head")[8, 2] > 0.6
        assert lab.matrix("mean")[8, 2] < 0.1
    assert spots == [(5, 11), (5, 11)]


# The screen


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1440), ("light", 1024)])
def test_every_step_fits_and_breaks_no_rule(new_page: NewPage, scheme: str, width: int) -> None:
    lab = open_lab(new_page, viewport={"width": width, "height": 900}, color_scheme=scheme)
    lab.page.evaluate(Path(axe_script()).read_text())
    for step in LAB.steps:
        visit(lab, step=step.id, changes="cut.0.1")
        check_axe(lab.page, f"{step.id}, {scheme}, {width} px")
        assert overflow(lab.page) <= 0, step.id
    for more in ({"drawn": "map"}, {"table": 1}, {"step": "own", "own": "the zebra " * 10}):
        visit(lab, **more)
        check_axe(lab.page, f"{more}, {scheme}, {width} px")
        assert overflow(lab.page) <= 0, more
    lab.page.set_viewport_size({"width": 320, "height": 700})
    assert overflow(lab.page) <= 0
