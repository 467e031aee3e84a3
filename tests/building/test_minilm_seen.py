"""What the labs say that MiniLM was seen to do, on the weights that the lab fetches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from attention import Array
from attention.models.minilm import MiniLM
from attention_lab import optional
from attention_lab.labs.beyond import reading, texts
from attention_lab.labs.experiments import examined
from attention_lab.labs.experiments.lab import Experiments
from attention_lab.labs.lookup import titles
from attention_lab.labs.lookup.lab import Lookup
from attention_lab.labs.position import real
from building.artefacts import Store, load
from building.minilm import ARTEFACT, minilm_file
from tests.lab.experiments.truth import CASES, Case
from tests.lab.helpers import plain, views

SAMPLES = {**reading.SEARCHES, **reading.LINES}


@pytest.fixture(scope="module", autouse=True)
def model() -> Iterator[MiniLM]:
    """MiniLM where the labs look for it."""
    artefacts = load()
    file = minilm_file(artefacts, {ARTEFACT: Store().get(artefacts[ARTEFACT])})
    optional.take("minilm", file.read_bytes())
    model = optional.minilm()
    assert model is not None
    yield model
    optional._models.clear()
    for kept in (reading.read, titles.vector, real.alike, examined.examined, examined.look):
        kept.cache_clear()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_head_joins_the_words_that_are_said_to_belong_together_and_the_mean_does_not(name: str) -> None:
    sample = SAMPLES[name]
    seen = reading.read(sample.text)
    assert len(seen.weights) == 72
    for each in sample.said:
        query, key = seen.place(each.query), seen.place(each.key)
        row = seen.weights[:, query]
        assert row[:, key].max() > 1.5 / len(seen.words), each.words
        assert seen.words[int(row.mean(axis=0).argmax())] == "[CLS]"
        assert row[:, key].mean() < row[:, key].max() / 4, each.words


def test_the_head_that_finds_a_word_again_in_english_finds_names_again_in_code() -> None:
    """What "Does it carry over?" shows."""
    rows = texts.carried().rows
    assert [row[0] for row in rows[1:]] == ["code: width", "code: height", "code: math", "code: radius"]
    assert all(weight > 4 * even for _, weight, even in rows)


def test_a_question_finds_the_title_that_it_shares_no_word_with() -> None:
    """What the library says of its own question."""
    wish = Lookup().wish
    best = titles.TITLES[int(titles.cosines_of(wish, titles.TITLES).argmax())]
    assert best == "Feline Nutrition"
    assert not set(wish.lower().split()) & set(best.lower().split())


SHUFFLED = ("mat the on sat cat the", "the mat sat on the cat", "sat the the mat cat on")


@pytest.mark.parametrize("moved", SHUFFLED)
def test_with_its_positions_the_model_tells_orders_apart_and_without_it_does_not(
    model: MiniLM, moved: str
) -> None:
    written = "the cat sat on the mat"
    assert 0.7 < real.alike(written, moved, True) < 0.98
    assert real.alike(written, moved, True) == pytest.approx(float(model(written) @ model(moved)), abs=1e-5)
    assert real.alike(written, moved, False) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("case", [case for case in CASES if case.step != "own"], ids=str)
def test_what_the_experiments_say_of_it_holds_before_and_after_a_test(model: MiniLM, case: Case) -> None:
    plain_trace = model.trace(case.sentence.lower())
    place = {word: plain_trace.tokens.index(word) for word in case.sentence.lower().split()}
    words = case.sentence.lower().split()
    query, key = place[words[case.query]], place[words[case.key]]
    flat = np.concatenate([layer[:, query, key] for layer in plain_trace.layers])
    layer, head = divmod(int(flat.argmax()), 12)

    def off(which: int, weights: Array) -> Array:
        if which == layer:
            weights[head] = 0
        return weights

    for changes, trace in (([], plain_trace), ([["off"]], model.trace(case.sentence.lower(), off))):
        lab = Experiments()
        lab.param.update(optional=("minilm",))
        lab.apply({"step": case.step, "sample": case.sample, "examined": "minilm", "changes": changes})
        view = views(lab)
        test = view["test"]
        assert test["where"] == f"MiniLM, layer {layer + 1}, head {head + 1}"
        assert float(test["value"]) == pytest.approx(trace.layers[layer][head, query, key], abs=0.0051)
        assert (test["caption"], test["verdict"], view["predict"]) == (None, None, None)
        cosine = float(plain_trace.sentence_vector @ trace.sentence_vector)
        assert changes or test["remark"] is None
        assert not changes or plain(test["remark"]).endswith(f"cosine {cosine:.3f}")
        if case.job == "pronoun":
            (note,) = test["notes"]
            assert plain(note).startswith("In 75 sentences of five forms, layer 6, head 12 looks more")
        else:
            assert test["notes"] == [], "it was measured for pronouns"
        if case.step == "mean":
            of_head, of_all = (
                f"{float(each):.2f}" if each else "0"
                for each in (
                    trace.layers[layer][head, query, key],
                    np.concatenate([layer[:, query, key] for layer in trace.layers]).mean(),
                )
            )
            said = f"{of_head} of the weight of “it”, the mean over all heads of this model {of_all}"
            assert said in view["lesson"]["html"].replace("\n", " ")
