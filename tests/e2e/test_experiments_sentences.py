"""The experiments: every sentence of the lab file says what the shipped weights do in the page.

`ASSERTED` lists each that says something about a model or a sentence, with what asserts it; one that is
not listed fails. What stands beside the pictures is computed: see tests/lab/experiments/test_claims.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from attention import load_card, recognise
from attention_lab.labs.experiments.words import ABOUT
from tests.e2e.experiments import (
    BOOK,
    CASES,
    DOGS,
    LAB,
    MODELS,
    SOFT,
    TIRED,
    best,
    card_of,
    model,
    says,
    shared_page,
    shown_head,
    swap_flips,
    trace,
    visit,
)
from tests.e2e.lab import Lab


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
        expect(lab.region("maps").locator("[data-map]")).to_have_count(heads)


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
        visit(lab, step="mean", sample=sample, table=1)
        head, mean = lab.matrix("head")[8, key + 1], lab.matrix("mean")[8, key + 1]
        assert head > 0.8 > 0.3 > mean
        expect(lab.region("lesson")).to_contain_text(
            f" {head:.2f} of the weight of “it”, the mean over all heads of this model {mean:.2f}:"
        )
    visit(lab, step="mean")
    drawn = lab.region("stage").locator("[data-arrows]")
    expect(drawn.first).to_have_attribute("data-arrows", "head")
    expect(drawn.last).to_have_attribute("data-arrows", "mean")


def a_kind_is_needed(lab: Lab) -> None:
    visit(lab, step="own", own="The wug was tired")
    expect(card_of(lab, "reader")).to_contain_text("waits for kinds of words")


def outside_they_still_answer(lab: Lab) -> None:
    text = "the tired cat and the soft mat because because"
    assert not recognise([*text.split(), "."]).inside
    visit(lab, step="own", own=text)
    expect(lab.region("sentence").locator(".status")).to_contain_text("outside the grammar")
    for name in MODELS:
        expect(card_of(lab, name).locator(".says bdi")).not_to_be_empty()


def what_is_measured_stands_below(lab: Lab) -> None:
    for name in MODELS:
        visit(lab, step="agreement", examined=name)
        expect(lab.region("test").locator(".measured")).to_contain_text("On 292 held-out questions")


Check = Callable[[Lab], None]
ASSERTED: dict[Check, tuple[str, ...]] = {
    the_last_word_decides: (
        "The last word decides what “it” stands for: the cat is tired, the mat is soft.",
    ),
    answer_comes_from_the_words_looked_at: (
        "Each read head is built so that its answer can only come from the words it looks at.",
    ),
    are_belongs_to_dogs: ("“Are” belongs to “dogs”, although “park” stands nearer.",),
    what_is_measured_stands_below: (
        "One sentence shows what can happen; below their tests stands how often it does on many.",
    ),
    a_clause_stands_between: ("Between “was” and “book” stands a clause of its own.",),
    each_map_is_a_head: ("Each small map is one head.",),
    sorted_by_weight: (
        "Sorted by weight, the first is the one that looks most from the one word to the other.",
    ),
    looking_is_not_explaining: ("Looking is not explaining: open it, and test it.",),
    the_mean_hides: (
        "The head that is shown gives “{key}” {head} of the weight of “{query}”, the mean over all heads of "
        "this model {mean}: what one head does clearly may be hidden in the mean.",
    ),
    a_kind_is_needed: (
        "A word that the small models never met is read by its kind: choose one for each that has none.",
    ),
    outside_they_still_answer: ("Outside their grammar they still answer, and nobody measured how well.",),
}
"""What asserts each sentence that says something."""

ASKING = {  # sentences that say nothing, and only ask
    "In Reader, drag the orange line to another word: does the answer follow?",
    "Choose Reader, then Ordinary, and swap the two weights: does the answer follow?",
    "Then choose Ordinary and do the same.",
    "Cut the arrow in This head, then in All heads, and see which answers hold.",
    "Write one.",
}


def sentences(prose: str) -> list[str]:
    plain = re.sub(r"\*\*|\s+", lambda found: " " if found[0].isspace() else "", prose)
    return re.findall(r"[^.?]+[.?]", plain.strip())


def test_no_sentence_of_meaning_is_without_a_test() -> None:
    proses = [step.prose.replace("{about}", ABOUT.get(step.id, "")) for step in LAB.steps]
    said = {each.strip() for prose in proses for each in sentences(prose)}
    meant = [sentence for sentences_ in ASSERTED.values() for sentence in sentences_]
    assert said == {*meant, *ASKING}


shared = pytest.fixture(shared_page, scope="module")


@pytest.mark.parametrize("check", ASSERTED, ids=lambda check: check.__name__)
def test_what_the_page_says_holds_in_the_page(shared: Lab, check: Check) -> None:
    check(shared)


def test_the_badge_tells_the_size_of_the_model(shared: Lab) -> None:
    for name in ("reader", "ordinary"):
        visit(shared, examined=name)
        size = sum(array.size for array in model(name).parameters().values())
        assert size == load_card(name).parameters
        expect(shared.region("sentence").locator(".badge")).to_contain_text(
            f"A model of {size:,} numbers, trained by the code here on invented sentences. "
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


def test_minilm_says_what_was_measured_of_it(shared: Lab) -> None:
    card = card_of(shared, "minilm")
    visit(shared)
    if "comes without it" in card.inner_text():
        pytest.skip("this build has no MiniLM")
    card.get_by_role("button", name="Download").click()
    expect(card.locator("[data-look]")).to_be_visible(timeout=90_000)
    shared.settle()
    visit(shared, step="pronoun", examined="minilm", table=1)
    assert shown_head(shared) == (5, 11)
    assert shared.matrix("head")[8].argmax() == 2, "it looks most at cat"
    known = load_card("minilm")
    for name in ("first noun", "noun that is meant"):
        figure = known.figure(name)
        expect(shared.region("test")).to_contain_text(f" in {round(figure.value * figure.sentences)}")
    visit(shared, step="mean", examined="minilm", table=1)
    expect(shared.region("maps").locator("[data-map]")).to_have_count(72)
    assert shared.matrix("head")[8, 2] > 0.6 > 0.1 > shared.matrix("mean")[8, 2]
