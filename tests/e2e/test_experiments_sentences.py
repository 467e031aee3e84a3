"""The experiments: every sentence on the screen says what the shipped weights do in the page.

`ASSERTED` lists each sentence of the lab file and of the captions beside the models that says
something about a model or a sentence, with what asserts it; a sentence that is not listed fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from attention import load_card, recognise
from attention_lab.labs.experiments.captions import CAPTIONS
from tests.e2e.conftest import PATIENCE_MS, NewPage, Watch
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
    open_lab,
    says,
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
    card = load_card("ordinary")
    for behaviour in ("pronoun", "attractor", "long range"):
        assert min(card.figure(f"{behaviour} accuracy").seeds) >= 0.95
        assert max(card.figure(f"{behaviour} swap").seeds) <= 0.1


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
def shared(browser: Browser, site: str) -> Iterator[Lab]:
    """One page for all sentences of meaning."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", service_workers="block"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
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
        expect(lab.region("maps").locator("[data-map]")).to_have_count(72)
        assert lab.matrix("head")[8, 2] > 0.6
        assert lab.matrix("mean")[8, 2] < 0.1
    assert spots == [(5, 11), (5, 11)]
