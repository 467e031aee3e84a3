"""The writer: what it does with words, and what the shipped weights do."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from attention import (
    MODELS,
    ConfigError,
    EmptyTextError,
    ShapeError,
    TextError,
    Vocabulary,
    Writer,
    load_card,
    load_model,
)
from attention.models import file_of
from attention.models.writer import NEW_WORDS
from attention.train.writer import Induction, measure_writer, repeated_texts, without_offset

FACTS = ["anna", "smith", "saw", "the", "dog", ".", "tom", "potter", "met", "the", "cat", ".", "anna"]
STEP = 1e-6


def small(seed=1):
    return Writer(
        Vocabulary((*NEW_WORDS[:2], "the", "cat", "sat", ".")), 6, 3, 5, 2, 9, seed=seed, dtype=np.float64
    )


@cache
def shipped():
    return load_model("writer")


@cache
def measured():
    return measure_writer(shipped(), 200)


# Words


def test_a_word_that_it_does_not_know_takes_the_place_of_a_new_one_wherever_it_comes():
    reading = small().read(["Zorp", "sat", "the", "blick", "zorp"])
    assert reading.tokens == ("<s>", "<new0>", "sat", "the", "<new1>", "<new0>")
    assert reading.shown == ("<s>", "Zorp", "sat", "the", "blick", "zorp")
    assert reading.invented == ("zorp", "blick")


def test_a_place_that_the_learner_has_taken_is_not_given_to_another_word():
    assert small().read(["<new0>", "zorp"]).tokens == ("<s>", "<new0>", "<new1>")


def test_what_is_said_of_new_words_is_said_in_the_learners_own():
    writer = small()
    trace = writer.trace(["zorp", "sat"])
    names = [name for name, _ in trace.answer().candidates]
    assert "zorp" in names
    assert "<new0>" not in names
    assert "<new1>" in names  # nobody has taken that
    assert len(names) == 8
    plain = writer.trace(["<new0>", "sat"])
    np.testing.assert_array_equal(plain.model.logits, trace.model.logits)


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        ([], EmptyTextError, "the text has no words: give at least one"),
        (["the"] * 9, ShapeError, "the text has 9 words, expected at most 8"),
        (["zorp", "blick", "wug"], TextError,
         "the text has 3 words that the model does not know, and room for 2: put words that it knows in "
         "place of at least 1 of them, such as 'wug'"),
    ],
)  # fmt: skip
def test_a_text_that_it_cannot_read_is_refused_by_name(words, error, message):
    with pytest.raises(error) as caught:
        small().read(words)
    assert str(caught.value) == message


def test_more_words_than_there_is_room_for_are_refused_before_any_is_written():
    with pytest.raises(ConfigError, match="come to 12 positions, but the model has 9"):
        small().generate(["the", "cat"], 9)


def test_a_query_outside_the_text_is_refused():
    trace = small().trace(["the", "cat"])
    for query in (3, -4):
        with pytest.raises(ShapeError, match=f"query must be a position from 0 to 2, got {query}"):
            trace.answer(query)


# The maths


def test_each_weight_gets_the_gradient_that_small_changes_give():
    writer, rng = small(), np.random.default_rng(2)
    ids = np.array([[1, 2, 4, 5, 2, 0], [1, 3, 3, 6, 7, 2]])
    counts = np.array([[0, 1, 1, 0, 3, 0], [0, 0, 1, 1, 1, 0.5]])
    loss, gradients = writer.gradients(ids, counts)
    assert loss > 0
    assert list(gradients.parameters) == list(writer.parameters())
    for name, weight in writer.parameters().items():
        direction = rng.standard_normal(weight.shape)
        weight += STEP * direction
        above = writer.gradients(ids, counts)[0]
        weight -= 2 * STEP * direction
        below = writer.gradients(ids, counts)[0]
        weight += STEP * direction
        change = (gradients.parameters[name] * direction).sum()
        assert change == pytest.approx((above - below) / (2 * STEP), rel=1e-6, abs=1e-7), name


def test_answers_are_the_softmax_of_the_logits_best_first():
    trace = small().trace(["the", "cat"])
    answer = trace.answer(1)
    likely = np.exp(trace.model.logits[1]) / np.exp(trace.model.logits[1]).sum()
    assert [share for _, share in answer.candidates] == pytest.approx(sorted(likely, reverse=True), abs=1e-12)
    assert (answer.word, answer.probability) == answer.candidates[0]
    assert trace.answer().candidates == trace.answer(2).candidates


def test_a_cut_takes_one_offset_of_the_first_layer_and_rows_still_sum_to_1():
    weights = np.tri(5) / np.arange(1, 6)[:, None]
    cut = without_offset(1, 0, weights[None].copy())[0]
    assert (np.diagonal(cut, -1) == 0).all()
    np.testing.assert_allclose(cut.sum(axis=-1), 1, rtol=0, atol=1e-15)
    np.testing.assert_array_equal(without_offset(1, 1, weights[None].copy())[0], weights)


def test_texts_to_measure_with_ask_only_where_the_next_word_was_seen_before():
    writer = Writer.random(0)
    texts = repeated_texts(writer, 50)
    for text, query, source in zip(texts.text, texts.query, texts.source, strict=True):
        ids = texts.ids[text].tolist()
        assert source <= query
        assert ids[query + 1] == ids[source]
        assert ids[query] == ids[source - 1]
        assert ids[:query].count(ids[query]) == 1  # it can be known, and has come only once


# What the shipped weights do


def test_the_shipped_writer_goes_on_with_texts_that_nobody_has_seen():
    assert measured().induction >= 0.98
    assert measured().new_words >= 0.98


def test_without_the_word_before_in_layer_1_it_cannot_and_another_cut_does_little():
    assert measured().previous_cut <= 0.05
    assert measured().second_cut >= 0.9


def test_in_layer_1_a_head_looks_at_the_word_before_and_in_layer_2_at_what_came_next_and_both_are_needed():
    assert max(measured().previous_weight) >= 0.5
    assert max(measured().induction_weight) >= 0.8
    assert measured().without_seconds <= 0.05
    assert min(measured().without_first) <= 0.5


@pytest.mark.parametrize(
    ("text", "surname"),
    [
        ("anna smith saw the dog . tom potter met the cat . anna", "smith"),
        ("anna smith saw the dog . tom potter met the cat . tom", "potter"),
        ("anna blick saw the dog . tom wug met the cat . tom", "wug"),  # invented by a learner
        ("anna blick saw the dog . tom wug met the cat . anna", "blick"),
    ],
)
def test_it_looks_up_a_surname_that_it_never_met_with_this_name(text, surname):
    assert measured().facts >= 0.98
    trace = shipped().trace(text.split())
    assert trace.answer().word == surname
    head = int(np.argmax(measured().induction_weight))
    assert trace.tokens[int(trace.layers[1][head, -1].argmax())] == surname


def test_words_that_a_learner_invents_are_looked_up_where_they_come_again():
    for text in ("zorp blick wug fep zorp blick wug", "the zorp blick red wug the zorp blick red"):
        assert shipped().trace(text.split()).answer().word == {"wug": "fep", "red": "wug"}[text.split()[-1]]


def test_the_card_admits_that_an_invented_first_name_is_not_looked_up():
    words = ["zorp", *FACTS[1:-1], "zorp"]
    assert shipped().trace(words).answer().word != "smith"
    assert any("first name" in limit for limit in load_card("writer").limits)


def test_a_changed_surname_changes_the_answer():
    for surname in ("fisher", "wood", "dog"):
        words = [surname if word == "smith" else word for word in FACTS]
        assert shipped().trace(words).answer().word == surname


def test_cutting_the_arrow_to_the_surname_changes_the_answer():
    def cut(layer, weights):
        if layer == 1:
            weights[:, -1, 2] = 0
        return weights

    assert shipped().trace(FACTS).answer().word == "smith"
    assert shipped().trace(FACTS, cut).answer().word != "smith"


def test_cached_equals_uncached():
    writer = shipped()
    for text in ("the cat sat on", " ".join(FACTS)):
        words = text.split()
        cached, plain = (writer.generate(words, 9, use_cache=use) for use in (True, False))
        assert cached.words == plain.words
        assert cached.words[: len(words)] == tuple(words)
        for one, other in zip(cached.steps, plain.steps, strict=True):
            np.testing.assert_allclose(one.probabilities, other.probabilities, rtol=0, atol=1e-5)
        assert plain.cache_bytes == 0
        assert cached.cache_bytes == 2 * 2 * 64 * (len(words) + 9) * 4  # all but the last one, and "<s>"


def test_what_it_writes_are_sentences_of_its_grammar_more_often_than_not():
    ends = [shipped().generate(["the", "cat"], 12, temperature=0.7, seed=seed).words for seed in range(5)]
    assert sum("." in words or "!" in words for words in ends) >= 3


def test_random_weights_do_none_of_this():
    random = measure_writer(Writer.random(0), 50)
    assert max(random.induction, random.new_words, random.facts) < 0.3
    assert max(random.induction_weight) < 0.3


def test_the_measure_of_a_writer_that_always_knows_is_1():
    """What `accuracy` counts, on a text that is written by hand."""

    def trace(ids, intervene=None):
        logits = np.zeros((*ids.shape, 9))
        np.put_along_axis(logits[:, :-1], ids[:, 1:, None], 1, axis=-1)
        return SimpleNamespace(logits=logits)

    texts = Induction(np.array([[1, 5, 6, 7, 5, 6, 7]]), np.array([0, 0]), np.array([4, 5]), np.array([2, 3]))
    assert texts.accuracy(SimpleNamespace(model=SimpleNamespace(trace=trace))) == 1


@pytest.mark.parametrize(
    "name", ["induction", "induction, word before cut in layer 1", "surnames of made-up people"]
)
def test_the_card_holds_for_three_seeds(name):
    figure = load_card("writer").figure(name)
    assert figure.threshold is not None
    assert len(figure.seeds) >= 3
    assert figure.holds


def test_the_files_of_all_models_together_are_smaller_than_600_kilobytes():
    assert sum(len(file_of(name)) for name in MODELS) < 600_000
