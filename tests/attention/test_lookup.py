from functools import cache
from itertools import islice

import numpy as np
import pytest

from attention import ConfigError, NumberError
from attention.grad import cross_entropy, cross_entropy_backward
from attention.train import LookupModel, LookupQuestions, draw_lookup_questions, train_lookup
from tests.attention import oracles


@cache
def run(seed):
    return list(train_lookup(40, seed=seed))


# The task


def test_a_question_shows_different_keys_and_asks_for_the_value_of_one_of_them():
    questions = draw_lookup_questions(batch=97, n_keys=7, n_values=3, n_pairs=5, seed=1)
    assert questions.keys.shape == questions.values.shape == (97, 5)
    assert all(len(set(row)) == 5 for row in questions.keys.tolist())
    for row in range(97):
        place = int(questions.asked[row])
        assert questions.asked_keys[row] == questions.keys[row, place]
        assert questions.answers[row] == questions.values[row, place]


def test_every_key_value_and_place_is_drawn_about_equally_often():
    questions = draw_lookup_questions(batch=5000, n_keys=7, n_values=3, n_pairs=5, seed=1)
    for drawn, n in ((questions.asked_keys, 7), (questions.answers, 3), (questions.asked, 5)):
        shares = (drawn[:, None] == np.arange(n)).mean(axis=0)
        assert shares.sum() == pytest.approx(1)  # nothing else was drawn
        np.testing.assert_allclose(shares, 1 / n, rtol=0, atol=0.03)  # four standard deviations


def test_a_key_says_nothing_about_its_value():
    questions = draw_lookup_questions(batch=5000, n_keys=3, n_values=2, n_pairs=2, seed=1)
    for key in range(3):
        assert questions.answers[questions.asked_keys == key].mean() == pytest.approx(0.5, abs=0.05)


def test_the_same_seed_draws_the_same_questions_and_another_one_others():
    one, same, other = (draw_lookup_questions(11, seed=seed) for seed in (3, 3, 4))
    assert one.keys.tolist() == same.keys.tolist() != other.keys.tolist()


# The model


def test_each_weight_gets_the_gradient_that_finite_differences_give():
    model = LookupModel(n_keys=5, n_values=3, d_model=2, seed=1)
    questions = draw_lookup_questions(batch=7, n_keys=5, n_values=3, n_pairs=4, seed=2)
    trace = model.trace(questions)
    grad_logits = cross_entropy_backward(model.logits(trace), questions.answers)
    grads = model.backward(questions, trace, grad_logits).parameters
    assert list(grads) == list(model.parameters())
    for name, weight in model.parameters().items():

        def loss(moved, weight=weight):
            kept = weight.copy()
            weight[...] = moved
            surprise = cross_entropy(model(questions), questions.answers)
            weight[...] = kept
            return surprise

        slopes = oracles.finite_differences(loss, weight.copy())
        np.testing.assert_allclose(grads[name], slopes, rtol=0, atol=oracles.DIFFERENCES, err_msg=name)


def test_the_model_called_and_traced_gives_the_same_logits():
    model, questions = LookupModel(8, 8), draw_lookup_questions(11)
    np.testing.assert_allclose(
        model(questions), model.logits(model.trace(questions)), rtol=0, atol=oracles.TOLERANCE
    )


def test_the_order_of_the_pairs_makes_no_difference():
    model, questions = LookupModel(8, 8), draw_lookup_questions(11)
    order = np.array([3, 0, 4, 1, 2])
    moved = LookupQuestions(
        questions.keys[:, order], questions.values[:, order], np.argsort(order)[questions.asked]
    )
    np.testing.assert_allclose(model(moved), model(questions), rtol=0, atol=oracles.TOLERANCE)


def test_every_matrix_starts_from_the_seed():
    one, same, other = (LookupModel(5, 3, seed=seed).parameters() for seed in (1, 1, 2))
    for name in one:
        assert (one[name] == same[name]).all()
        assert name == "answer.b" or (one[name] != other[name]).all()


# Learning


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_one_head_learns_to_look_up_what_it_has_never_seen(seed):
    last = run(seed)[-1]
    assert last.step == 40
    assert last.accuracy >= 0.98
    assert last.right_weight >= 0.95
    assert last.loss < 0.05


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_before_learning_it_guesses(seed):
    first = run(seed)[0]
    assert first.step == 0
    assert first.accuracy == pytest.approx(1 / 8, abs=0.12)  # four standard deviations of 128 blind guesses
    assert first.right_weight == pytest.approx(1 / 5, abs=0.15)
    assert first.loss > 2  # ln 8 = 2.08 for a guess that knows that it guesses


def test_the_weight_goes_to_the_right_pair_while_the_answers_get_better():
    steps = run(0)
    for name in ("accuracy", "right_weight"):
        early, late = (np.mean([getattr(each, name) for each in part]) for part in (steps[:10], steps[-10:]))
        assert late > early + 0.3


def test_what_is_handed_out_is_measured_on_the_same_held_out_questions():
    steps = run(0)
    questions = steps[0].questions
    assert all(each.questions is questions for each in steps)
    last = steps[-1]
    right = [last.weights[i, place] for i, place in enumerate(questions.asked)]
    assert last.weights.shape == (128, 5)
    assert last.right_weight == pytest.approx(np.mean(right), abs=oracles.TOLERANCE)
    answers = last.model(questions).argmax(axis=-1)
    assert last.accuracy == (answers == questions.answers).mean()
    assert last.loss == pytest.approx(
        cross_entropy(last.model(questions), questions.answers), abs=oracles.TOLERANCE
    )


def test_a_trained_head_follows_the_key_and_not_the_place():
    """Ask each question for each of its pairs in turn: the weight goes along."""
    model, questions = run(1)[-1].model, draw_lookup_questions(31, seed=5)
    for place in range(5):
        asked = LookupQuestions(questions.keys, questions.values, np.full(31, place))
        weights = model.trace(asked).attention.weights[:, 0, 0]
        assert weights[:, place].mean() > 0.9
        assert (model(asked).argmax(axis=-1) == questions.values[:, place]).mean() > 0.9


def test_steps_are_computed_when_they_are_asked_for():
    """A lab may stop early: a run of a million steps costs only those that it draws."""
    drawn = list(islice(train_lookup(1_000_000), 3))
    assert [each.step for each in drawn] == [0, 1, 2]
    assert [each.loss for each in drawn] == [each.loss for each in run(0)[:3]]


def test_another_seed_is_another_run():
    assert run(0)[3].loss != run(1)[3].loss


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"steps": -1}, ConfigError, "steps must be a whole number of at least 0, got -1"),
        ({"n_pairs": 9}, ConfigError, "n_pairs must be a whole number from 1 to 8, got 9"),
        ({"n_keys": 0}, ConfigError, "n_keys must be a whole number of at least 1, got 0"),
        ({"n_values": 0}, ConfigError, "n_values must be a whole number of at least 1, got 0"),
        ({"d_model": 0}, ConfigError, "d_model must be a whole number of at least 1, got 0"),
        ({"batch": 0}, ConfigError, "batch must be a whole number of at least 1, got 0"),
        ({"held_out": 0}, ConfigError, "batch must be a whole number of at least 1, got 0"),
        ({"lr": 0}, NumberError, "lr must be a finite number above 0, got 0"),
        ({"seed": -1}, ConfigError, "seed must be a whole number from 0 to 4294967295, got -1"),
    ],
)
def test_what_cannot_be_trained_is_refused_at_the_call_and_not_at_the_first_step(settings, error, message):
    with pytest.raises(error) as caught:
        train_lookup(**settings)
    assert str(caught.value) == message
