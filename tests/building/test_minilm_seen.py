"""What the labs say that MiniLM was seen to do, on the weights that the lab fetches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from attention.models.minilm import MiniLM
from attention_lab import optional
from attention_lab.labs.beyond import reading, texts
from attention_lab.labs.lookup import titles
from attention_lab.labs.lookup.lab import Lookup
from attention_lab.labs.position import real
from building.artefacts import Store, load
from building.minilm import ARTEFACT, minilm_file

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
    for kept in (reading.read, titles.vector, real.alike):
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
