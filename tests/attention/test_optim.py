import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import ConfigError, NumberError, ShapeError, WeightsError
from attention.optim import Adam, clip_gradients, gradient_norm, warmup_rate
from tests.attention import oracles


def adam_by_loops(theta, gradients, lr, beta_1, beta_2, eps):
    """Kingma and Ba's algorithm 1 for one number, as it stands there."""
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g * g
        theta -= lr * (m / (1 - beta_1**t)) / (math.sqrt(v / (1 - beta_2**t)) + eps)
    return theta


def test_the_first_step_goes_lr_downhill_however_steep_it_is():
    weights = {"w": np.array([1.0, 1.0, 1.0])}
    Adam(weights, lr=0.25).step({"w": [1000.0, -0.01, 0.0]})
    np.testing.assert_allclose(weights["w"], [0.75, 1.25, 1.0], rtol=0, atol=1e-6)


@pytest.mark.parametrize("settings", [{}, {"lr": 0.1, "betas": (0.5, 0.75), "eps": 0.125}, {"betas": (0, 0)}])
def test_many_steps_equal_the_papers_algorithm_by_loops(settings):
    start, gradients = oracles.sample(0, 2, 3), oracles.sample(1, 11, 2, 3)
    weights = {"w": start.copy(), "b": start[0].copy()}
    adam = Adam(weights, **settings)
    for grad in gradients:
        adam.step({"b": grad[0], "w": grad})
    lr, (beta_1, beta_2), eps = (
        settings.get(name, usual) for name, usual in (("lr", 1e-3), ("betas", (0.9, 0.98)), ("eps", 1e-9))
    )
    for i in np.ndindex(2, 3):
        expected = adam_by_loops(
            float(start[i]), gradients[(slice(None), *i)].tolist(), lr, beta_1, beta_2, eps
        )
        assert weights["w"][i] == pytest.approx(expected, abs=oracles.TOLERANCE)
    np.testing.assert_array_equal(weights["b"], weights["w"][0])
    assert adam.steps == 11


def test_the_learning_rate_may_change_between_steps():
    weights = {"w": np.array([1.0])}
    adam = Adam(weights, lr=0.5)
    adam.step({"w": [2.0]})
    adam.lr = 0.25
    adam.step({"w": [2.0]})
    assert weights["w"][0] == pytest.approx(0.25, abs=1e-8)


def test_adam_finds_the_bottom_of_a_bowl():
    weights = {"w": oracles.sample(0, 3, 5)}
    adam, bottom = Adam(weights, lr=0.05), oracles.sample(1, 3, 5)
    for _ in range(300):
        adam.step({"w": 2 * (weights["w"] - bottom)})
    np.testing.assert_allclose(weights["w"], bottom, rtol=0, atol=0.01)


def test_weights_keep_their_arrays_and_their_dtype_and_gradients_are_left_alone():
    weight, grad = np.ones((2, 3), np.float32), np.ones((2, 3))
    adam = Adam({"w": weight})
    adam.step({"w": grad})
    assert weight.dtype == np.float32
    assert (weight < 1).all()
    assert (grad == 1).all()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"b": None}, WeightsError, "the gradients have no b"),
        ({"W": [1.0]}, WeightsError, "the gradients have W, which is no parameter"),
        ({"b": [1.0, 2.0]}, ShapeError, "the gradient of b has shape (2,), expected (3,)"),
        ({"b": [1.0, math.nan, 2.0]}, NumberError,
         "the gradient of b holds nan at (1,), expected finite numbers"),
        ({"b": [1.0, 1e200, 2.0]}, NumberError,
         "the gradient of b is too large to square in float64: clip it first"),
    ],
)  # fmt: skip
def test_a_gradient_that_does_not_fit_is_refused_by_name_and_changes_nothing(change, error, message):
    def trained(refused):
        weights = {"w": np.ones((2, 3)), "b": np.ones(3)}
        adam, grads = Adam(weights), {"w": np.full((2, 3), 5.0), "b": np.full(3, 7.0)}
        adam.step(grads)
        if refused:
            wrong = {name: grad for name, grad in (grads | change).items() if grad is not None}
            with pytest.raises(error) as caught:
                adam.step(wrong)
            assert str(caught.value) == message
        adam.step({name: -grad for name, grad in grads.items()})
        return weights["w"].tolist(), weights["b"].tolist(), adam.steps

    assert trained(refused=True) == trained(refused=False)


def test_a_learning_rate_set_to_nonsense_is_refused_before_it_moves_anything():
    weights = {"w": np.ones(3)}
    adam = Adam(weights)
    adam.lr = math.nan
    with pytest.raises(NumberError, match="lr must be a finite number above 0, got nan"):
        adam.step({"w": np.ones(3)})
    assert weights["w"].tolist() == [1, 1, 1]


def frozen():
    weight = np.ones(3)
    weight.flags.writeable = False
    return weight


@pytest.mark.parametrize(
    ("parameters", "settings", "error", "message"),
    [
        ({}, {"lr": 0}, NumberError, "lr must be a finite number above 0, got 0"),
        ({}, {"eps": -1}, NumberError, "eps must be a finite number above 0, got -1"),
        ({}, {"betas": (1, 0.5)}, ConfigError, "beta_1 must be a number from 0 to below 1, got 1"),
        ({}, {"betas": (0.5, "x")}, ConfigError, "beta_2 must be a number from 0 to below 1, got 'x'"),
        ({}, {"betas": (-0.5, 0.5)}, ConfigError, "beta_1 must be a number from 0 to below 1, got -0.5"),
        ({}, {"betas": (0.9, 0.98, 0.5)}, ConfigError, "betas must be two numbers, got (0.9, 0.98, 0.5)"),
        ({}, {"betas": 0.9}, ConfigError, "betas must be two numbers, got 0.9"),
        ({"w": [1.0]}, {}, WeightsError, "w must be an array of floats, got list"),
        ({"w": np.ones(3, np.int64)}, {}, WeightsError, "w must be an array of floats, got int64"),
        ({"w": frozen()}, {}, WeightsError,
         "w is read-only: pass the weights themselves, as layer.parameters() gives them"),
    ],
)  # fmt: skip
def test_what_adam_cannot_start_from_is_refused_by_name(parameters, settings, error, message):
    with pytest.raises(error) as caught:
        Adam(parameters, **settings)
    assert str(caught.value) == message


# Length and clipping


@given(oracles.matrices(2, 3), oracles.matrices(5))
def test_the_norm_is_that_of_one_long_vector(w, b):
    by_loops = math.sqrt(math.fsum(x * x for x in [*w.ravel().tolist(), *b.tolist()]))
    assert gradient_norm({"w": w, "b": b}) == pytest.approx(by_loops, rel=1e-12, abs=1e-300)


def test_the_norm_of_nothing_is_0_and_that_of_very_large_numbers_is_finite():
    assert gradient_norm({}) == gradient_norm({"w": np.zeros((2, 3))}) == gradient_norm({"w": []}) == 0
    assert gradient_norm({"w": [3e200], "b": [4e200]}) == pytest.approx(5e200, rel=1e-15)


def test_long_gradients_are_shortened_together_and_short_ones_stay_as_they_are():
    grads = {"w": np.array([[3.0, 0.0]]), "b": np.array([4.0])}
    clipped = clip_gradients(grads, max_norm=2.5)
    assert (clipped["w"].tolist(), clipped["b"].tolist()) == ([[1.5, 0.0]], [2.0])
    for enough in (5, 7):
        same = clip_gradients(grads, enough)
        assert (same["w"].tolist(), same["b"].tolist()) == ([[3.0, 0.0]], [4.0])
    assert grads["b"].tolist() == [4.0]


@given(oracles.matrices(2, 3), st.floats(1e-3, 1e3))
def test_clipped_gradients_are_never_too_long_and_point_the_same_way(w, max_norm):
    clipped = clip_gradients({"w": w}, max_norm)["w"]
    assert gradient_norm({"w": clipped}) <= max_norm * (1 + 1e-12)
    np.testing.assert_allclose(
        clipped * gradient_norm({"w": w}), w * gradient_norm({"w": clipped}), atol=1e-9
    )


def test_clipping_refuses_by_name():
    with pytest.raises(NumberError, match="max_norm must be a finite number above 0, got 0"):
        clip_gradients({}, 0)
    with pytest.raises(NumberError, match=r"the gradient of w holds inf at \(0,\), expected finite numbers"):
        clip_gradients({"w": [math.inf]}, 1)


def test_clipping_keeps_float32():
    assert clip_gradients({"w": np.ones(3, np.float32)}, 1)["w"].dtype == np.float32


# The schedule


def test_the_rate_rises_in_a_line_peaks_at_the_end_of_the_warm_up_and_falls_with_the_root():
    rates = [warmup_rate(step, d_model=512) for step in (1, 2, 2000, 4000, 16000)]
    peak = 1 / math.sqrt(512 * 4000)  # of the paper's base model: 0.0007
    np.testing.assert_allclose(rates, [peak / 4000, peak / 2000, peak / 2, peak, peak / 2], rtol=1e-14)
    assert max(range(1, 200), key=lambda step: warmup_rate(step, 8, warmup_steps=97)) == 97


@pytest.mark.parametrize("arguments", [(0, 512, 4000), (1, 0, 4000), (1, 512, 0)])
def test_the_schedule_refuses_what_is_no_count(arguments):
    with pytest.raises(ConfigError, match="must be a whole number of at least 1, got 0"):
        warmup_rate(*arguments)


def test_weight_decay_takes_a_share_of_each_weight_whatever_its_gradient():
    """Loshchilov and Hutter 2019, algorithm 2: apart from the step along the gradient, by lr * decay."""
    weights = {"w": np.array([2.0, -4.0])}
    adam = Adam(weights, lr=0.5, weight_decay=0.1)
    adam.step({"w": [0.0, 0.0]})
    np.testing.assert_allclose(weights["w"], [1.9, -3.8], rtol=0, atol=1e-12)
    plain, decayed = {"w": np.array([2.0])}, {"w": np.array([2.0])}
    Adam(plain, lr=0.5).step({"w": [3.0]})
    Adam(decayed, lr=0.5, weight_decay=0.1).step({"w": [3.0]})
    np.testing.assert_allclose(plain["w"] - decayed["w"], [0.1], rtol=0, atol=1e-12)


@pytest.mark.parametrize("bad", [-0.1, np.nan, np.inf, "much"])
def test_a_weight_decay_that_is_none_is_refused_by_name(bad):
    with pytest.raises(ConfigError, match="weight_decay must be a number of at least 0"):
        Adam({"w": np.ones(2)}, weight_decay=bad)
