"""The file that a build makes of all-MiniLM-L6-v2, beside the float32 weights that it is made of."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from attention.models import load_card
from attention.models.minilm import MiniLM
from attention_lab.labs.experiments.templates import HEAD, followed, templates
from building.artefacts import Store, load
from building.compression import compressed
from building.minilm import ARTEFACT, INSIDE, minilm_file
from building.stamps import file_sha256
from tests.attention.sentences import sentences

ARTEFACTS = load()


def wheel_file() -> Path:
    return Store().get(ARTEFACTS[ARTEFACT])


@pytest.fixture(scope="module")
def small() -> MiniLM:
    return MiniLM.from_files(minilm_file(ARTEFACTS, {ARTEFACT: wheel_file()}))


@pytest.fixture(scope="module")
def exact() -> MiniLM:
    with zipfile.ZipFile(wheel_file()) as wheel:
        return MiniLM.from_files(wheel.read(INSIDE + "model.safetensors"), wheel.read(INSIDE + "vocab.txt"))


def test_it_takes_at_most_24_megabytes_to_send() -> None:
    file = minilm_file(ARTEFACTS, {ARTEFACT: wheel_file()})
    assert compressed(file, "br").stat().st_size <= 24_000_000


@pytest.mark.full(minutes=1)
def test_int8_looks_where_float32_looks(small: MiniLM, exact: MiniLM) -> None:
    differences, same = [], []
    for text in sentences(200):
        for ours, theirs in zip(small.trace(text).layers, exact.trace(text).layers, strict=True):
            differences.append(np.abs(ours - theirs).ravel())
            same.append((ours.argmax(-1) == theirs.argmax(-1)).ravel())
    card, n_sentences = load_card("minilm"), 200
    found = {
        "int8 difference": float(np.quantile(np.concatenate(differences), 0.999)),
        "int8 top-1": float(np.concatenate(same).mean()),
    }
    assert found["int8 difference"] <= 0.02
    assert found["int8 top-1"] >= 0.99
    for name, value in found.items():
        told = card.figure(name)
        assert told.holds
        assert told.sentences == n_sentences
        assert abs(told.value - value) < 0.0005, f"the card says {told.value} of {name}, found {value}"


def test_a_text_is_cut_where_the_models_publishers_cut_it(small: MiniLM, exact: MiniLM) -> None:
    with zipfile.ZipFile(wheel_file()) as wheel:
        longest = json.loads(wheel.read(INSIDE + "sentence_bert_config.json"))["max_seq_length"]
    for model in (small, exact):
        trace = model.trace("word " * 300)
        assert len(trace.tokens) == longest == 256
        assert trace.pieces.dropped == 300 - 254
        np.testing.assert_array_equal(model("word " * 300), model("word " * 254))


def test_the_card_is_of_this_file_and_of_this_model(small: MiniLM) -> None:
    card = load_card("minilm")
    file = minilm_file(ARTEFACTS, {ARTEFACT: wheel_file()})
    assert card.sha256 == file_sha256(file)
    assert card.parameters == sum(array.size for array in small.bert.parameters().values())
    assert (card.d_model, card.n_layers) == (small.bert.words.weight.shape[1], len(small.bert.blocks))
    assert card.n_heads == small.trace("a").layers[0].shape[0]


CLASSIC = [  # FACTS: sentence, query, target, distractor, head, their weights in float32
    ("The cat sat on the mat because it was tired", "it", "cat", "mat", (5, 11), (0.68, 0.11)),
    ("The cat sat on the mat because it was tired", "it", "cat", "mat", (3, 1), (0.49, 0.14)),
    ("The dogs in the park are playing", "are", "dogs", "park", (3, 1), (0.55, 0.01)),
    ("The book that I bought yesterday was interesting", "was", "book", "yesterday", (3, 1), (0.56, 0.02)),
    ("The cat sat on the mat because it was soft", "it", "cat", "mat", (5, 11), (0.64, 0.11)),
]


@pytest.mark.parametrize(("text", "query", "target", "distractor", "head", "weights"), CLASSIC)
def test_the_classic_experiments_have_the_winners_that_the_lab_names(
    small: MiniLM, exact: MiniLM, text: str, query: str, target: str, distractor: str,
    head: tuple[int, int], weights: tuple[float, float],
) -> None:  # fmt: skip
    for model, tolerance in ((exact, 0.015), (small, 0.035)):
        trace = model.trace(text)
        row, right, wrong = (trace.tokens.index(word) for word in (query, target, distractor))
        found = trace.layers[head[0]][head[1], row]
        assert (abs(found[[right, wrong]] - weights) < tolerance).all(), found[[right, wrong]]
        assert found[1:-1].argmax() + 1 == right  # of the words; [CLS] and [SEP] are none


def test_it_does_not_resolve_the_reference_in_sentences_of_five_forms(small: MiniLM) -> None:
    found, card = followed(small), load_card("minilm")
    assert card.head("pronoun") == HEAD
    assert found.sentences == len({each.text for each in templates()}) == 75
    for name, count in (("first noun", found.first), ("noun that is meant", found.meant)):
        figure = card.figure(name)
        assert figure.sentences == found.sentences
        assert round(figure.value * figure.sentences) == count
    assert found.meant / found.sentences < 0.7, "a coin would be right in half"


def test_it_looks_at_the_cat_whichever_is_meant(small: MiniLM) -> None:
    tired, soft = (small.trace(f"The cat sat on the mat because it was {word}") for word in ("tired", "soft"))
    it, cat, mat = (tired.tokens.index(word) for word in ("it", "cat", "mat"))
    for trace in (tired, soft):
        assert trace.layers[5][11, it, cat] > 5 * trace.layers[5][11, it, mat]


def test_sentences_that_mean_the_same_have_vectors_that_are_alike(small: MiniLM) -> None:
    one, same, other = (
        small(text)
        for text in (
            "A man is playing a guitar.",
            "Someone plays an instrument.",
            "The stock market fell today.",
        )
    )
    assert one @ same > 0.5 > 0.2 > one @ other
