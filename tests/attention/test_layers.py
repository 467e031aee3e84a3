import numpy as np
import pytest

from attention import Layer, NumberError, WeightsError


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
