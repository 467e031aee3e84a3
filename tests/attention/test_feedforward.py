"""The feed-forward network: by hand, its gradients, and what it refuses."""

import numpy as np
import pytest

from attention import ConfigError, FeedForward, ShapeError
from tests.attention import oracles


def test_a_feed_forward_network_by_hand():
    network = FeedForward(2, 3)
    network.first.w[:], network.first.b[:] = [[1, 0, 2], [0, 1, -2]], [0, 1, 0]
    network.second.w[:], network.second.b[:] = [[1, 10], [2, 20], [3, 30]], [0.5, 0]
    # rows (1, 2): hidden (1, 3, -2), activated (1, 3, 0);  (2, -3): hidden (2, -2, 10), activated (2, 0, 10)
    trace = network.trace([[1, 2], [2, -3]])
    assert trace.hidden.tolist() == [[1, 3, -2], [2, -2, 10]]
    assert trace.activated.tolist() == [[1, 3, 0], [2, 0, 10]]
    assert trace.output.tolist() == network([[1, 2], [2, -3]]).tolist() == [[7.5, 70], [32.5, 320]]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_gradients_of_a_feed_forward_network_are_what_small_changes_do(activation, bias):
    network = FeedForward(3, 5, activation, bias=bias)
    oracles.wobble(network, 0)
    x, upstream = oracles.sample(1, 2, 7, 3), oracles.sample(2, 2, 7, 3)
    gradients = network.backward(x, upstream)
    expected = oracles.finite_differences(lambda x: float((network(x) * upstream).sum()), x)
    np.testing.assert_allclose(gradients.inputs[0], expected, rtol=0, atol=1e-7)
    oracles.check_parameter_gradients(network, gradients, lambda: float((network(x) * upstream).sum()))


def test_a_feed_forward_network_has_seed_0_unless_told():
    np.testing.assert_array_equal(FeedForward(3, 5).first.w, FeedForward(3, 5, seed=0).first.w)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: FeedForward(3, 5)(np.ones((2, 7))), ShapeError, "x has d_model 7, expected 3"),
        (
            lambda: FeedForward(3, 5, "tanh"),
            ConfigError,
            "activation must be 'relu' or 'gelu' or 'gelu_tanh', got 'tanh'",
        ),
    ],
)
def test_a_feed_forward_network_says_what_does_not_fit(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message
