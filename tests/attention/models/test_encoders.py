"""Reader and ordinary encoder: shapes, gradients, arrows that can be moved."""

import numpy as np
import pytest

from attention import (
    JOBS,
    ConfigError,
    EmptyTextError,
    Ordinary,
    Reader,
    ShapeError,
    TextError,
    Vocabulary,
    cross_entropy,
    cross_entropy_backward,
)
from tests.attention.oracles import check_parameter_gradients, softmax_row, wobble

WORDS = ["the", "cat", "sat", "on", "the", "mat", "because", "it", "was", "tired"]
SMALL = Vocabulary(("<animal>", "cat", "mat", "it", "."))
SIZES = {"d_model": 6, "num_heads": 2, "d_ff": 5, "max_len": 7}
MODELS = [Reader, Ordinary]


def small(model):
    made = model(
        SMALL, **SIZES, **({"d_k": 3} if model is Reader else {"n_layers": 2}), seed=1, dtype=np.float64
    )
    wobble(made, 3)
    return made


def places(*triples):
    return tuple(np.array(column) for column in zip(*triples, strict=True))


@pytest.mark.parametrize("model", [Reader, pytest.param(Ordinary, marks=pytest.mark.full)])
def test_every_weight_gets_the_gradient_that_moving_it_shows(model):
    made = small(model)
    ids = np.array([[1, 3, 4, 5, 6], [1, 4, 3, 0, 0]])  # the second sentence is padded
    asked, targets = places((0, 0, 3), (0, 3, 2), (1, 1, 2), (0, 0, 3), (1, 2, 1)), np.array([3, 4, 1, 5, 2])
    counts = np.array([1.0, 0.5, 2.0, 0.0, 1.0])

    def loss():
        return cross_entropy(made.logits(made.trace_ids(ids), asked), targets, counts)

    trace = made.trace_ids(ids)
    grad_logits = cross_entropy_backward(made.logits(trace, asked), targets, counts)
    check_parameter_gradients(made, made.backward(trace, asked, grad_logits), loss)


@pytest.mark.parametrize("model", MODELS)
def test_a_padded_batch_says_what_each_sentence_says_alone(model):
    made = small(model)
    alone = made.trace(["cat", "it"])
    batch = made.trace_ids([[1, 3, 5, 0, 0], [1, 4, 3, 5, 6]])
    np.testing.assert_allclose(batch.said[0, :, :3], alone.said, rtol=0, atol=1e-12)
    assert all((layer[0, :, :, 3:] == 0).all() for layer in batch.layers)


@pytest.mark.parametrize("model", MODELS)
def test_an_answer_is_the_softmax_of_what_was_said_compared_with_every_word(model):
    made = small(model)
    trace = made.trace(["cat", "mat", "it"])
    for number, job in enumerate(JOBS):
        answer = trace.answer(job, 3)
        expected = softmax_row([float(trace.said[number, 3] @ row) for row in made.embedding.weight])
        assert answer.probability == pytest.approx(max(expected), abs=1e-12)
        assert answer.word == made.vocabulary.words[int(np.argmax(expected))]
        assert answer.candidates[0] == (answer.word, answer.probability)
        assert {"<s>", "cat", "mat", "it"} <= {word for word, _ in answer.candidates}
        for word, probability in answer.candidates:
            assert probability == pytest.approx(expected[made.vocabulary.id(word)], abs=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_every_layer_can_be_changed_and_the_change_is_in_the_trace(model):
    made = model.random(0)
    plain = made.trace(WORDS)
    for layer, weights in enumerate(plain.layers):
        assert weights.shape == (made.n_heads, 11, 11)
        np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=0, atol=1e-5)

        def cut(which, weights, layer=layer):
            if which == layer:
                weights[1, 8, 2] = 0
            return weights

        changed = made.trace(WORDS, cut)
        assert changed.layers[layer][1, 8, 2] == 0 != weights[1, 8, 2]
        assert not np.array_equal(changed.said, plain.said)


def test_what_a_read_head_says_depends_on_its_own_weights_and_on_the_words_it_looks_at_alone():
    made = Reader.random(0)

    def look_at_the_cat(layer, weights):
        if layer == 1:
            weights[0, 8] = 0
            weights[0, 8, 2] = 1
        return weights

    said = made.trace(WORDS, look_at_the_cat).said[0, 8]
    word = made.embedding.weight[made.vocabulary.id("cat")]
    np.testing.assert_allclose(said, word @ made.read.w_v @ made.read.w_o, rtol=0, atol=1e-6)


def test_no_word_reads_itself_and_any_may_read_the_start():
    weights = Reader.random(0).trace(WORDS).read.weights
    assert (weights[:, range(1, 11), range(1, 11)] == 0).all()
    assert (weights[:, :, 0] > 0).all()


@pytest.mark.parametrize("model", MODELS)
def test_the_same_seed_starts_with_the_same_weights_and_another_with_others(model):
    one, same, other = model.random(3), model.random(3), model.random(4)
    assert all(np.array_equal(one.parameters()[name], same.parameters()[name]) for name in one.parameters())
    assert not np.array_equal(one.embedding.weight, other.embedding.weight)


@pytest.mark.parametrize("model", MODELS)
def test_words_outweigh_positions_at_the_start_or_no_job_would_be_learned(model):
    made = model.random(0)
    assert made.embedding.weight.std() == pytest.approx(0.1, rel=0.05)
    assert abs(made.positions.weight).max() <= 0.3 + 1e-6


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        (["the", "zebra"], TextError, "does not know the word 'zebra': put its kind in its place"),
        ([], EmptyTextError, "no words"),
        (["the"] * 32, ShapeError, "has 32 words, expected at most 31"),
        ("the cat", TextError, "got the text 'the cat': split it"),
        ([3], TextError, "words must be text, got 3"),
        (["<pad>"], TextError, "'<pad>' is for the model itself"),
        (["<S>"], TextError, "'<s>' is for the model itself"),
    ],
)
def test_what_it_cannot_read_is_refused_by_name(words, error, message):
    with pytest.raises(error, match=message):
        Reader.random(0).trace(words)


@pytest.mark.parametrize(("job", "query", "error"), [("verb", 1, ConfigError), ("pronoun", 11, ShapeError)])
def test_a_question_that_makes_no_sense_is_refused_by_name(job, query, error):
    with pytest.raises(error, match="must be"):
        Reader.random(0).trace(WORDS).answer(job, query)


def test_capital_letters_make_no_difference():
    made = Reader.random(0)
    assert made.trace(["The", "Cat"]).tokens == ("<s>", "the", "cat")
    assert np.array_equal(made.trace(["The", "Cat"]).said, made.trace(["the", "cat"]).said)
