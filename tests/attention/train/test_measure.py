"""The four figures of a behaviour, compared with one sentence at a time."""

import numpy as np
import pytest

from attention import JOBS, Ordinary, Reader
from attention.train.english import BEHAVIOURS
from attention.train.measure import best_head, held_out_sentences, measure, questions_of


def one_by_one(model, sentences, behaviour, head):
    """The same figures by tracing each sentence alone, and asking it."""
    (layer, number), job = head, BEHAVIOURS[behaviour]
    right_ones, weights, swapped, cuts = [], [], [], []
    for question in questions_of(sentences, behaviour):
        words, query = sentences[question.sentence].words, question.query
        tokens = ("<s>", *words)

        def swap(which, found, question=question):
            if which == layer:
                one, other = found[number, question.query, [question.right, question.wrong]]
                found[number, question.query, [question.right, question.wrong]] = other, one
            return found

        def cut(which, found, question=question):
            if which == layer:
                found[number, question.query, question.wrong] = 0
            return found

        plain = model.trace(words)
        weights.append(plain.layers[layer][number, query, question.right])
        right_ones.append(plain.answer(job, query).word == tokens[question.right])
        swapped.append(model.trace(words, swap).answer(job, query).word == tokens[question.wrong])
        cuts.append(model.trace(words, cut).answer(job, query).word == tokens[question.right])
    accuracy = np.mean(right_ones)
    return accuracy, np.mean(weights), np.mean(swapped), accuracy - np.mean(cuts)


@pytest.mark.parametrize("model", [Reader, Ordinary])
@pytest.mark.parametrize("behaviour", ["pronoun", "previous"])
def test_the_figures_are_those_of_one_sentence_at_a_time(model, behaviour):
    made, sentences = model.random(0), held_out_sentences(12)
    made.embedding.weight[...] *= 10  # so that a random model answers with words that it sees
    head = best_head(made, sentences, behaviour)
    measured = measure(made, sentences, behaviour)
    expected = one_by_one(made, sentences, behaviour, head)
    found = measured.accuracy, measured.weight, measured.swap, measured.cut
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)
    assert measured.head == head


def test_the_readers_head_is_that_of_the_job_and_anothers_is_the_one_that_looks_most():
    sentences = held_out_sentences(40)
    assert best_head(Reader.random(0), sentences, "long range") == (1, JOBS.index("subject"))
    model = Ordinary.random(0)
    heads = [(layer, head) for layer in range(3) for head in range(8)]
    weights = [measure(model, sentences, "pronoun", head).weight for head in heads]
    assert best_head(model, sentences, "pronoun") == heads[int(np.argmax(weights))]


def test_kinds_take_the_place_of_the_right_word_and_of_the_one_in_its_way():
    sentences = held_out_sentences(30)
    model = Reader.random(0)
    model.embedding.weight[model.vocabulary.ids(model.vocabulary.kinds)] = 0  # nothing can be read there
    assert measure(model, sentences, "pronoun", kinds=True).accuracy == 0


def test_a_question_needs_another_word_in_the_right_ones_way():
    for behaviour in BEHAVIOURS:
        for question in questions_of(held_out_sentences(50), behaviour):
            assert len({question.right, question.wrong, question.query}) == 3
