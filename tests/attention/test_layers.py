import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import (
    ConfigError,
    Embedding,
    Layer,
    LayerNorm,
    Linear,
    NumberError,
    ShapeError,
    WeightsError,
    layer_norm,
    linear,
)
from tests.attention import oracles


class Scale(Layer):
    def __init__(self, size: int) -> None:
        self.gain = np.ones(size)
        self._cache = np.zeros(2)


class Two(Layer):
    def __init__(self) -> None:
        self.bias = np.zeros((2, 3), np.float32)
        self.first, self.rest = Scale(5), [Scale(7), Scale(11)]


def test_parameters_are_the_live_arrays_by_dotted_name_without_private_ones():
    two = Two()
    shapes = {name: array.shape for name, array in two.parameters().items()}
    assert shapes == {"bias": (2, 3), "first.gain": (5,), "rest.0.gain": (7,), "rest.1.gain": (11,)}
    two.parameters()["rest.1.gain"][3] = 4
    assert two.rest[1].gain[3] == 4


def test_a_state_goes_from_one_layer_to_another_and_is_a_copy():
    one, other = Two(), Two()
    one.first.gain[:] = np.arange(5)
    state = one.state_dict()
    other.load_state_dict(state)
    state["first.gain"][:] = -1
    assert one.first.gain.tolist() == other.first.gain.tolist() == [0, 1, 2, 3, 4]
    assert other.bias.dtype == np.float32


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"first.gain": None}, WeightsError, "the state has no first.gain"),
        ({"w": np.ones(2)}, WeightsError, "the state has w that is not expected"),
        ({"bias": None, "a": 1, "b": 2, "c": 3, "d": 4}, WeightsError,
         "the state has no bias, and has a, b, c and 1 more that are not expected"),
        ({"rest.1.gain": np.ones(7)}, WeightsError, "rest.1.gain has shape (7,), expected (11,)"),
        ({"rest.1.gain": [np.nan] * 11}, NumberError,
         "rest.1.gain holds nan at (0,), expected finite numbers"),
    ],
)  # fmt: skip
def test_a_state_that_does_not_fit_is_refused_by_name_and_changes_nothing(change, error, message):
    two = Two()
    before = two.state_dict()
    state = {name: array + 1 for name, array in before.items()} | change
    with pytest.raises(error) as caught:
        two.load_state_dict({name: array for name, array in state.items() if array is not None})
    assert str(caught.value) == message
    assert all((array == before[name]).all() for name, array in two.parameters().items())


def test_a_linear_layer_is_its_equation_and_starts_within_glorots_bounds_without_a_bias_to_speak_of():
    layer, x = Linear(7, 5, seed=3), oracles.sample(0, 2, 3, 7)
    assert {name: array.shape for name, array in layer.parameters().items()} == {"w": (7, 5), "b": (5,)}
    assert np.abs(layer.w).max() <= (6 / 12) ** 0.5
    assert layer.b.tolist() == [0] * 5
    oracles.wobble(layer, 1)
    np.testing.assert_array_equal(layer(x), linear(x, layer.w, layer.b))


def test_a_linear_layer_without_bias_has_none():
    layer, x = Linear(3, 2, bias=False), oracles.sample(0, 5, 3)
    assert layer.b is None
    assert list(layer.parameters()) == list(layer.backward(x, np.ones((5, 2))).parameters) == ["w"]
    np.testing.assert_array_equal(layer(x), x @ layer.w)


def test_a_layer_norm_is_its_equation_with_its_own_eps():
    norm, x = LayerNorm(7, eps=0.5), oracles.sample(0, 2, 3, 7)
    assert norm.gain.tolist() == [1] * 7
    assert norm.bias.tolist() == [0] * 7
    oracles.wobble(norm, 1)
    np.testing.assert_array_equal(norm(x), layer_norm(x, norm.gain, norm.bias, 0.5))


def test_layers_start_from_seed_0_and_layer_norm_with_an_eps_of_a_hundred_thousandth():
    np.testing.assert_array_equal(Linear(3, 2).w, Linear(3, 2, seed=0).w)
    np.testing.assert_array_equal(Embedding(5, 3).weight, Embedding(5, 3, seed=0).weight)
    assert LayerNorm(3).eps == 1e-5
    x = oracles.sample(0, 3)
    np.testing.assert_array_equal(layer_norm(x, [1, 1, 1], [0, 0, 0]), LayerNorm(3)(x))


@given(st.lists(st.integers(0, 10), min_size=1, max_size=7))
def test_an_embedding_gives_each_id_its_row(ids):
    embedding = Embedding(11, 3)
    assert embedding(ids).tolist() == [embedding.weight[each].tolist() for each in ids]


def test_an_embedding_of_batches_keeps_their_axes_and_is_a_copy():
    embedding = Embedding(11, 3)
    rows = embedding([[1, 2, 3, 4, 5], [5, 4, 3, 2, 10]])
    assert rows.shape == (2, 5, 3)
    rows[...] = 7
    assert (embedding.weight != 7).all()


def test_rows_of_an_embedding_start_with_a_length_of_about_1():
    weight = Embedding(101, 211, seed=5).weight
    np.testing.assert_allclose(np.linalg.norm(weight, axis=-1), 1, rtol=0, atol=0.2)
    assert np.linalg.norm(weight, axis=-1).mean() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("layer", "given_shape", "out_shape"),
    [
        (Linear(3, 2), (2, 5, 3), (2, 5, 2)),
        (Linear(3, 2, bias=False), (5, 3), (5, 2)),
        (LayerNorm(7, eps=0.1), (2, 3, 7), (2, 3, 7)),
    ],
)
def test_gradients_of_a_layer_are_what_small_changes_do(layer, given_shape, out_shape):
    oracles.wobble(layer, 0)
    x, upstream = oracles.sample(1, *given_shape), oracles.sample(2, *out_shape)
    gradients = layer.backward(x, upstream)
    expected = oracles.finite_differences(lambda x: float((layer(x) * upstream).sum()), x)
    np.testing.assert_allclose(gradients.inputs[0], expected, rtol=0, atol=1e-7)
    oracles.check_parameter_gradients(layer, gradients, lambda: float((layer(x) * upstream).sum()))


def test_the_gradient_of_an_embedding_adds_up_where_an_id_comes_twice():
    layer, ids, upstream = Embedding(5, 3), [[4, 1], [4, 4]], oracles.sample(2, 2, 2, 3)
    gradients = layer.backward(ids, upstream)
    assert gradients.inputs == ()
    oracles.check_parameter_gradients(layer, gradients, lambda: float((layer(ids) * upstream).sum()))


@pytest.mark.parametrize("make", [
    lambda **options: Linear(3, 2, **options), lambda **options: Embedding(5, 3, **options),
])  # fmt: skip
def test_a_seed_settles_the_start_and_a_generator_goes_on(make):
    def first(layer):
        return next(iter(layer.parameters().values()))

    np.testing.assert_array_equal(first(make(seed=1)), first(make(seed=1)))
    assert (first(make(seed=1)) != first(make(seed=2))).all()
    rng = np.random.default_rng(1)
    assert (first(make(seed=rng)) != first(make(seed=rng))).all()


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (Linear(3, 2, dtype=np.float32), np.ones((5, 3), np.float32)),
        (LayerNorm(3, dtype="float32"), np.ones((5, 3), np.float32)),
        (Embedding(7, 3, dtype=np.float32), [0, 1]),
    ],
)
def test_float32_weights_and_rows_give_float32(layer, x):
    assert all(array.dtype == np.float32 for array in layer.parameters().values())
    output = layer(x)
    assert output.dtype == np.float32
    gradients = layer.backward(x, np.ones_like(output))
    assert all(each.dtype == np.float32 for each in (*gradients.inputs, *gradients.parameters.values()))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Linear(0, 2), ConfigError, "d_in must be a whole number of at least 1, got 0"),
        (lambda: Linear(2, 0), ConfigError, "d_out must be a whole number of at least 1, got 0"),
        (lambda: Linear(2, 2, dtype=np.int32), ConfigError, "dtype must be float64 or float32, got int32"),
        (lambda: Linear(5, 2)(np.ones(3)), ShapeError, "x has d_in 3, but w has d_in 5"),
        (lambda: LayerNorm(0), ConfigError, "d_model must be a whole number of at least 1, got 0"),
        (lambda: LayerNorm(3, eps=0), NumberError, "eps must be a finite number above 0, got 0"),
        (lambda: LayerNorm(3)(np.ones(5)), ShapeError, "x has d_model 5, but gain has shape (3,)"),
        (lambda: Embedding(0, 3), ConfigError, "vocab_size must be a whole number of at least 1, got 0"),
        (lambda: Embedding(5, 0), ConfigError, "d_model must be a whole number of at least 1, got 0"),
        (lambda: Embedding(5, 3)([[0, 1, 5]]), NumberError,
         "ids holds 5 at (0, 2), expected whole numbers from 0 to 4"),
        (lambda: Embedding(5, 3)([-1]), NumberError,
         "ids holds -1 at (0,), expected whole numbers from 0 to 4"),
        (lambda: Embedding(5, 3)([1.0]), NumberError, "ids must hold whole numbers, got dtype float64"),
        (lambda: Embedding(5, 3)([True]), NumberError, "ids must hold whole numbers, got dtype bool"),
        (lambda: Embedding(5, 3)("a"), NumberError, "ids must hold whole numbers, got dtype <U1"),
        (lambda: Embedding(5, 3)([]), ShapeError, "ids has shape (0,), expected at least one whole number"),
        (lambda: Embedding(5, 3).backward([7], np.ones((1, 3))), NumberError,
         "ids holds 7 at (0,), expected whole numbers from 0 to 4"),
    ],
)  # fmt: skip
def test_layers_say_what_does_not_fit(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_ragged_ids_are_refused():
    with pytest.raises(ShapeError, match="ids must be a full rectangle of whole numbers"):
        Embedding(5, 3)([[1], [1, 2]])


def test_a_state_too_large_for_the_weights_dtype_is_refused_and_changes_nothing():
    layer = Linear(2, 3, bias=False, dtype=np.float32)
    before = layer.w.copy()
    with pytest.raises(NumberError, match=r"^w holds inf at \(0, 0\), too large for float32$"):
        layer.load_state_dict({"w": np.full((2, 3), 1e300)})
    assert (layer.w == before).all()
