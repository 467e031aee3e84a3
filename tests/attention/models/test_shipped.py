"""The files in the package: they are what their cards say, and do what their cards say they do."""

import hashlib
import io
import math
from importlib import resources

import numpy as np
import pytest

from attention import (
    MODELS,
    ConfigError,
    Ordinary,
    Reader,
    WeightsError,
    load,
    load_card,
    load_metadata,
    load_model,
    save,
)
from attention.models import file_of, model_from_bytes
from attention.train.encoders import figures_of_ordinary, figures_of_reader
from attention.train.english import BEHAVIOURS
from attention.train.measure import best_head, held_out_sentences

SENTENCES = 300
ENCODERS = ("reader", "ordinary")


def assert_like(measured, figure):
    """The same figure, as closely as fewer sentences can tell: within four standard errors."""
    share = min(max(figure.value, 0.02), 0.98)
    error = math.sqrt(share * (1 - share) / measured.sentences)
    assert measured.value == pytest.approx(figure.value, abs=0.01 + 4 * error), measured.name


@pytest.fixture(scope="module")
def reader():
    return load_model("reader")


@pytest.mark.parametrize("name", ENCODERS)
def test_card_and_file_agree(name):
    card, file, model = load_card(name), file_of(name), load_model(name)
    assert card.name == name
    assert card.sha256 == hashlib.sha256(file).hexdigest()
    assert card.parameters == sum(array.size for array in model.parameters().values())
    assert len(card.seeds) == len(card.seconds) >= 3
    assert card.shipped_seed == card.seeds[0]
    assert max(card.seconds) < 600
    assert all(len(figure.seeds) == len(card.seeds) for figure in card.figures)
    assert all(figure.seeds[0] == figure.value for figure in card.figures)


@pytest.mark.parametrize("name", ENCODERS)
def test_every_seed_on_the_card_keeps_every_threshold(name):
    figures = load_card(name).figures
    assert [figure.name for figure in figures if not figure.holds] == []
    assert sum(figure.threshold is not None for figure in figures) >= 2


@pytest.mark.parametrize("name", ENCODERS)
def test_the_weights_are_stored_in_float16_with_the_words_they_belong_to(name):
    assert {array.dtype for array in load(file_of(name)).values()} == {np.dtype(np.float16)}
    assert load_metadata(file_of(name))["words sha256"] == load_model(name).vocabulary.sha256


def test_all_files_together_are_small():
    folder = resources.files("attention.models") / "files"
    sizes = {
        file.name: len(file.read_bytes()) for file in folder.iterdir() if file.name.endswith(".safetensors")
    }
    assert set(sizes) == {f"{name}.safetensors" for name in MODELS}
    assert sum(sizes.values()) < 600_000


def test_the_readers_figures_can_be_measured_again_on_the_shipped_file(reader):
    card = load_card("reader")
    for measured in figures_of_reader(reader, SENTENCES):
        figure = card.figure(measured.name)
        assert figure.threshold == measured.threshold
        assert (
            measured.value <= measured.threshold if measured.at_most else measured.value >= measured.threshold
        )
        assert_like(measured, figure)


def test_random_weights_do_nothing_of_the_kind():
    for measured in figures_of_reader(Reader.random(0), 60):
        if not measured.at_most:
            assert measured.value < 0.2


def test_the_ordinary_encoder_answers_and_its_best_heads_arrow_does_not_carry_the_answer():
    card = load_card("ordinary")
    for measured in figures_of_ordinary(load_model("ordinary"), SENTENCES):
        if measured.threshold is not None:
            assert (
                measured.value <= measured.threshold
                if measured.at_most
                else measured.value >= measured.threshold
            )
        assert_like(measured, card.figure(measured.name))


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_every_seed_of_the_ordinary_encoder_is_right_where_its_best_heads_arrow_explains_nothing(behaviour):
    accuracy, swap = (load_card("ordinary").figure(f"{behaviour} {what}") for what in ("accuracy", "swap"))
    assert min(accuracy.seeds) >= 0.95
    assert max(swap.seeds) <= 0.10
    assert swap.threshold == 0.10


@pytest.mark.parametrize(
    ("text", "job", "query", "answer"),
    [
        ("the cat sat on the mat because it was tired", "pronoun", "it", "cat"),
        ("the cat sat on the mat because it was soft", "pronoun", "it", "mat"),
        ("the dogs in the park are playing", "subject", "are", "dogs"),
        ("the book that i bought yesterday was interesting", "subject", "was", "book"),
        ("the trophy did not fit in the suitcase because it was too big", "pronoun", "it", "trophy"),
        ("the trophy did not fit in the suitcase because it was too small", "pronoun", "it", "suitcase"),
        ("the keys near the house are missing", "subject", "are", "keys"),
        ("the <animal> sat on the mat because it was tired", "pronoun", "it", "<animal>"),
    ],
)
def test_the_classic_sentences_are_answered_by_an_arrow_that_can_be_read(reader, text, job, query, answer):
    words = text.split()
    trace = reader.trace(words)
    place, right = words.index(query) + 1, words.index(answer) + 1
    assert trace.answer(job, place).word == answer
    assert trace.read.weights[("pronoun", "subject").index(job), place].argmax() == right


def test_a_new_model_comes_with_each_call(reader):
    reader_2 = load_model("reader")
    reader_2.embedding.weight[...] = 0
    assert reader.embedding.weight.any()


def test_a_model_that_is_not_there_is_told_with_those_that_are():
    for door in (load_model, load_card, file_of):
        with pytest.raises(ConfigError, match="there is no model 'raeder': choose 'reader' or 'ordinary' or"):
            door("raeder")


def test_a_file_that_is_not_the_cards_is_refused():
    file = bytearray(file_of("reader"))
    file[-1] ^= 1
    with pytest.raises(WeightsError, match=r"not those of its card: their sha256 is .* get the file again"):
        model_from_bytes("reader", bytes(file), load_card("reader").sha256)


def changed(name, metadata=True, **arrays):
    """The reader's file with other arrays in it; None takes one out."""
    state = load(file_of("reader")) | arrays
    out = io.BytesIO()
    state = {name: array for name, array in state.items() if array is not None}
    save(out, state, load_metadata(file_of("reader")) if metadata else None)
    return out.getvalue()


def other_words():
    out = io.BytesIO()
    save(out, load(file_of("reader")), {"words sha256": "0" * 64})
    return out.getvalue()


HOSTILE = {
    "empty": lambda: b"",
    "cut short": lambda: file_of("reader")[:-1000],
    "cut in the header": lambda: file_of("reader")[:100],
    "no safetensors": lambda: b"PK\x03\x04" + bytes(1000),
    "a header of exabytes": lambda: (2**62).to_bytes(8, "little") + file_of("reader")[8:],
    "another model": lambda: file_of("ordinary"),
    "without its words": lambda: changed("reader", metadata=False),
    "other words": other_words,
    "nan": lambda: changed("reader", **{"read.w_v": np.full((48, 24), np.nan, np.float16)}),
    "another shape": lambda: changed("reader", **{"read.w_v": np.zeros((24, 48), np.float16)}),
    "an array too few": lambda: changed("reader", **{"read.w_v": None}),
    "an array too many": lambda: changed("reader", **{"read.w_x": np.zeros(3, np.float16)}),
    "whole numbers": lambda: changed("reader", **{"read.w_v": np.zeros((48, 24), np.int64)}),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_or_damaged_file_is_refused_with_the_models_name(what):
    with pytest.raises(WeightsError, match="the weights of reader do not fit: "):
        model_from_bytes("reader", HOSTILE[what]())


def test_the_heads_that_were_measured_stand_on_the_card(reader):
    card = load_card("reader")
    assert [card.head(name) for name in ("pronoun", "attractor", "adjective", "previous")] == [
        (1, 0), (1, 1), (1, 2), (1, 3),
    ]  # fmt: skip
    sentences = held_out_sentences(SENTENCES)
    assert load_card("ordinary").head("pronoun") == best_head(load_model("ordinary"), sentences, "pronoun")


def test_each_name_loads_its_own_kind():
    assert isinstance(load_model("reader"), Reader)
    assert isinstance(load_model("ordinary"), Ordinary)
