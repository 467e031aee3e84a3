"""What is measured of a writer is what a plain loop over its texts finds; and a small training learns."""

import numpy as np
import pytest

from attention import Writer, load_model
from attention.train.writer import measure_writer, repeated_texts, train_writer, without_offset


def lookup_by_hand(texts):
    """For each question: the word that came after the same word the first time."""
    found = []
    for text, query in zip(texts.text, texts.query, strict=True):
        ids = texts.ids[text].tolist()
        found.append(ids[ids.index(ids[query]) + 1])
    return found


def test_the_right_answer_to_each_question_is_what_came_after_the_same_word_before():
    texts = repeated_texts(Writer.random(0), 40, seed=3)
    assert lookup_by_hand(texts) == texts.ids[texts.text, texts.source].tolist()
    assert lookup_by_hand(texts) == texts.ids[texts.text, texts.query + 1].tolist()
    assert len(texts.query) > 200


def half_right():
    """The trained writer, with noise on its weights: some of it is right and some is wrong."""
    writer, rng = load_model("writer"), np.random.default_rng(0)
    for weight in writer.parameters().values():
        weight += 0.3 * weight.std() * rng.standard_normal(weight.shape)
    return writer


def test_accuracy_is_the_share_of_questions_answered_right_text_by_text():
    writer = half_right()
    texts = repeated_texts(writer, 15, seed=4)
    for change in (None, lambda layer, weights: without_offset(1, layer, weights)):
        said = [
            writer.model.trace(texts.ids[text], change).logits[query].argmax()
            for text, query in zip(texts.text, texts.query, strict=True)
        ]
        right = np.mean([one == other for one, other in zip(said, lookup_by_hand(texts), strict=True)])
        assert texts.accuracy(writer, change) == pytest.approx(right, abs=1e-12)
        assert change is not None or 0.1 < right < 0.95


def test_weights_on_the_word_before_and_on_what_came_next_are_read_off_the_arrows():
    writer = Writer.random(1)
    texts = repeated_texts(writer, 15, seed=4)
    trace = writer.model.trace(texts.ids)
    weights = trace.blocks[1].attention.attention.weights
    questions = list(zip(texts.text, texts.query, texts.source, strict=True))
    mean = np.mean([weights[t, 1, q, s] for t, q, s in questions])
    before = trace.blocks[0].attention.attention.weights
    previous = np.mean([before[t, 0, q, q - 1] for t, q, _ in questions])
    measured = measure_writer(writer, 15, seed=4)
    assert measured.induction_weight[1] == pytest.approx(mean, abs=1e-6)
    assert measured.previous_weight[0] == pytest.approx(previous, abs=1e-6)


@pytest.mark.full
def test_a_writer_that_learns_for_a_few_seconds_finds_next_words_less_surprising():
    writer = Writer.random(5)
    told = [each.loss for each in train_writer(writer, 5, steps=60, learned=600)]
    assert np.mean(told[-5:]) < np.mean(told[:5]) - 1
    ends = writer.trace(["the", "cat", "sat", "on", "the", "mat", "because", "it", "was", "tired"]).answer()
    assert ends.word in (".", "!", "the")


def test_the_same_seed_trains_the_same_writer():
    writers = [Writer.random(1), Writer.random(1)]
    for writer in writers:
        assert len(list(train_writer(writer, 1, steps=2, learned=60))) == 2
    for name, weight in writers[0].parameters().items():
        np.testing.assert_array_equal(weight, writers[1].parameters()[name], err_msg=name)
