"""Training without some of the heads: the gradients are right, and nothing is left of it afterwards."""

import numpy as np
import pytest

from attention import Ordinary, Reader, Vocabulary, cross_entropy, cross_entropy_backward
from attention.train.answers import Plan, train_encoder
from attention.train.dropping import draw_factors, gradients_through, multiplied
from tests.attention.oracles import check_parameter_gradients, wobble

IDS = np.array([[1, 3, 4, 5, 6], [1, 4, 3, 0, 0]])  # the second sentence is padded


@pytest.fixture
def model():
    words = Vocabulary(("<animal>", "cat", "mat", "it", "."))
    made = Ordinary(words, 6, num_heads=3, d_ff=5, n_layers=2, max_len=7, seed=1, dtype=np.float64)
    wobble(made, 3)
    return made


def factors_of(model, *kept):
    """For each block, which of its heads are kept, by hand at a rate of 1/4."""
    rows = [np.repeat(np.array(heads) * 4 / 3, 2)[:, None] for heads in kept]
    return {f"blocks.{number}.attention.w_o": each for number, each in enumerate(rows)}


def test_every_weight_gets_the_gradient_that_moving_it_shows_while_heads_are_left_out(model):
    factors = factors_of(model, (1, 0, 1), (0, 1, 1))
    places = tuple(np.array(column) for column in ((0, 0, 1), (0, 3, 1), (3, 2, 2)))
    targets = np.array([3, 4, 1])

    def loss():
        with multiplied(model, factors):
            return cross_entropy(model.logits(model.trace_ids(IDS), places), targets)

    with multiplied(model, factors):
        trace = model.trace_ids(IDS)
        grad_logits = cross_entropy_backward(model.logits(trace, places), targets)
        gradients = model.backward(trace, places, grad_logits)
    check_parameter_gradients(model, gradients_through(factors, gradients), loss)


def test_a_head_that_is_left_out_is_one_that_looks_nowhere_and_the_others_say_more(model):
    kept = np.array([[1, 0, 1], [0, 0, 1]])

    def look_nowhere(layer, weights):
        return weights * (kept[layer] * 4 / 3)[:, None, None]

    with multiplied(model, factors_of(model, *kept)):
        said = model.trace_ids(IDS).said
    np.testing.assert_allclose(said, model.trace_ids(IDS, look_nowhere).said, rtol=0, atol=1e-12)


def test_afterwards_the_weights_are_what_they_were_also_after_an_error(model):
    before, factors = model.state_dict(), factors_of(model, (1, 0, 1), (0, 1, 1))

    def fail():
        with multiplied(model, factors):
            assert not model.blocks[0].attention.w_o[2:4].any()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert all(np.array_equal(before[name], weight) for name, weight in model.parameters().items())


def test_whole_heads_are_left_out_as_often_as_asked_and_on_average_nothing_is_lost():
    model, rng = Ordinary.random(0), np.random.default_rng(5)
    drawn = np.stack([list(draw_factors(model, 0.25, rng).values()) for _ in range(500)])  # (500, 3, 48, 1)
    heads = drawn.reshape(500, 3, 8, 6)
    assert (heads == heads[..., :1]).all()
    assert set(np.unique(drawn)) == {np.float32(0), np.float32(4 / 3)}
    assert np.mean(heads == 0) == pytest.approx(0.25, abs=0.02)
    assert heads.mean(axis=0) == pytest.approx(1, abs=0.13)


def test_without_it_nothing_is_drawn():
    rng = np.random.default_rng(5)
    assert draw_factors(Reader.random(0), 0, rng) == {}
    assert rng.random() == np.random.default_rng(5).random()


def test_in_training_a_head_that_is_left_out_learns_nothing():
    def learned(p):
        model = Ordinary.random(0)
        before = model.state_dict()
        list(train_encoder(model, Plan(steps=2, batch=8, sentences=50, heads_dropped=p), seed=0))
        ratios = model.blocks[1].attention.w_o / before["blocks.1.attention.w_o"]
        return not np.allclose(ratios, ratios[0, 0], rtol=1e-5)

    assert learned(0)
    assert not learned(1 - 1e-9)  # all that is left is the decay, which is the same for every weight
