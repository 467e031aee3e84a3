import math

import numpy as np
import pytest

from attention import ConfigError, NumberError, WeightsError
from attention.importing import (
    StateReader,
    multi_head_attention_from_torch,
    transformer_block_from_torch,
)
from tests.attention.oracles import TOLERANCE, sample

D_MODEL, HEADS, D_FF = 6, 3, 11

# What PyTorch's modules compute, from their own arrays in their own layout, head by head.


def linear(state, prefix, x):
    return x @ state[f"{prefix}weight"].T + state.get(f"{prefix}bias", 0)


def layer_norm(state, prefix, x, eps):
    spread = np.sqrt(((x - x.mean(-1, keepdims=True)) ** 2).mean(-1, keepdims=True) + eps)
    return (x - x.mean(-1, keepdims=True)) / spread * state[f"{prefix}weight"] + state.get(f"{prefix}bias", 0)


def multi_head(state, prefix, query, key, value, heads, allowed=None):
    d_model, d_k, found = query.shape[-1], query.shape[-1] // heads, []
    weight, bias = state[f"{prefix}in_proj_weight"], state.get(f"{prefix}in_proj_bias", np.zeros(3 * d_model))
    for head in range(heads):
        q, k, v = (
            x @ weight[rows].T + bias[rows]
            for i, x in enumerate((query, key, value))
            for rows in [slice(i * d_model + head * d_k, i * d_model + (head + 1) * d_k)]
        )
        scores = q @ k.swapaxes(-1, -2) / math.sqrt(d_k)
        if allowed is not None:
            scores = np.where(allowed, scores, -np.inf)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        found.append(weights / weights.sum(-1, keepdims=True) @ v)
    return linear(state, f"{prefix}out_proj.", np.concatenate(found, -1))


def relu(x):
    return np.maximum(x, 0)


gelu = np.vectorize(lambda x: x / 2 * (1 + math.erf(x / math.sqrt(2))))


def block(state, x, heads, norm, activation, eps, memory=None, mask=None):
    def attend(x):
        return multi_head(state, "self_attn.", x, x, x, heads, mask)

    def look(x):
        return multi_head(state, "multihead_attn.", x, memory, memory, heads)

    def feed(x):
        return linear(state, "linear2.", activation(linear(state, "linear1.", x)))

    for i, sublayer in enumerate([attend, feed] if memory is None else [attend, look, feed], 1):
        if norm == "post":
            x = layer_norm(state, f"norm{i}.", x + sublayer(x), eps)
        else:
            x = x + sublayer(layer_norm(state, f"norm{i}.", x, eps))
    return x


def numbers(seed, shapes, dtype=np.float64):
    return {name: sample(seed + i, *shape).astype(dtype) for i, (name, shape) in enumerate(shapes.items())}


def multi_head_shapes(prefix="", bias=True):
    shapes = {
        f"{prefix}in_proj_weight": (3 * D_MODEL, D_MODEL),
        f"{prefix}out_proj.weight": (D_MODEL, D_MODEL),
    }
    if bias:
        shapes |= {f"{prefix}in_proj_bias": (3 * D_MODEL,), f"{prefix}out_proj.bias": (D_MODEL,)}
    return shapes


def block_state(seed=1, decoder=False, bias=True, dtype=np.float64):
    shapes = multi_head_shapes("self_attn.", bias)
    if decoder:
        shapes |= multi_head_shapes("multihead_attn.", bias)
    shapes |= {"linear1.weight": (D_FF, D_MODEL), "linear2.weight": (D_MODEL, D_FF)}
    shapes |= {f"norm{i}.weight": (D_MODEL,) for i in range(1, 4 if decoder else 3)}
    if bias:
        shapes |= {"linear1.bias": (D_FF,), "linear2.bias": (D_MODEL,)}
        shapes |= {f"norm{i}.bias": (D_MODEL,) for i in range(1, 4 if decoder else 3)}
    return numbers(seed, shapes, dtype)


def without(state, *names):
    return {name: array for name, array in state.items() if name not in names}


# Multi-head attention


def test_a_multi_head_attention_worked_by_hand():
    """W_K = 0 makes all weights equal: the mean of the values, which W_V swaps, b_V lifts and W_O doubles."""
    in_proj = np.zeros((6, 2))
    in_proj[4:] = [[0, 1], [1, 0]]
    state = {"in_proj_weight": in_proj, "in_proj_bias": [7, 7, 7, 7, 10, 20]}
    state |= {"out_proj.weight": [[2, 0], [0, 2]], "out_proj.bias": [100, 200]}
    mha = multi_head_attention_from_torch(state, num_heads=2)
    assert mha([[1, 5], [3, 7]]).tolist() == [[100 + 2 * (10 + 6), 200 + 2 * (20 + 2)]] * 2


@pytest.mark.parametrize("bias", [True, False])
def test_an_imported_multi_head_attention_gives_pytorchs_output(bias):
    state = numbers(2, multi_head_shapes(bias=bias))
    query, key, value = sample(3, 2, 5, D_MODEL), sample(4, 2, 7, D_MODEL), sample(5, 2, 7, D_MODEL)
    allowed = sample(6, 5, 7) > -0.5
    allowed[:, 3] = True
    mha = multi_head_attention_from_torch(state, HEADS)
    expected = multi_head(state, "", query, key, value, HEADS, allowed)
    assert np.abs(mha(query, key, value, mask=allowed) - expected).max() < TOLERANCE * 100
    assert sorted(mha.parameters()) == sorted(
        [f"{kind}_{part}" for kind in ("wb" if bias else "w") for part in "qkvo"]
    )


def test_what_is_imported_is_a_copy():
    state = numbers(2, multi_head_shapes())
    mha = multi_head_attention_from_torch(state, HEADS)
    before = mha.state_dict()
    for array in state.values():
        array[...] = 7
    assert all((array == before[name]).all() for name, array in mha.parameters().items())


def test_float32_stays_and_a_single_float64_makes_all_of_them_that():
    state = numbers(2, multi_head_shapes(), np.float32)
    assert multi_head_attention_from_torch(state, HEADS).w_q.dtype == np.float32
    state["out_proj.bias"] = state["out_proj.bias"].astype(np.float64)
    assert multi_head_attention_from_torch(state, HEADS).w_q.dtype == np.float64


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"q_proj_weight": np.ones((6, 6))}, WeightsError,
         "the state has q_proj_weight: keys or values of another width (kdim, vdim) is not supported"),
        ({"k_proj_weight": np.ones((6, 5)), "in_proj_weight": None}, WeightsError,
         "the state has k_proj_weight: keys or values of another width (kdim, vdim) is not supported"),
        ({"bias_v": np.ones((1, 1, 6))}, WeightsError,
         "the state has bias_v: an added key and value (add_bias_kv) is not supported"),
        ({"in_proj_weight": None}, WeightsError, "the state has no in_proj_weight"),
        ({"out_proj.weight": None}, WeightsError, "the state has no out_proj.weight"),
        ({"out_proj.bias": None}, WeightsError, "the state has no out_proj.bias"),
        ({"in_proj_bias": None}, WeightsError, "the state has out_proj.bias that is not expected"),
        ({"in_proj_weight": np.ones((18, 5))}, WeightsError,
         "in_proj_weight has shape (18, 5), expected (18, 6)"),
        ({"in_proj_weight": np.ones((12, 6))}, WeightsError,
         "in_proj_weight has shape (12, 6), expected (18, 6)"),
        ({"in_proj_bias": np.ones((18, 1))}, WeightsError, "in_proj_bias has shape (18, 1), expected (18,)"),
        ({"out_proj.weight": np.ones(6)}, WeightsError,
         "out_proj.weight has shape (6,), expected (any, any)"),
        ({"out_proj.bias": np.full(6, np.nan)}, NumberError,
         "out_proj.bias holds nan at (0,), expected finite numbers"),
        ({"rest": np.ones(2)}, WeightsError, "the state has rest that is not expected"),
        ({"b": [1], "a": [2]}, WeightsError, "the state has b and 1 more that are not expected"),
    ],
)  # fmt: skip
def test_a_state_that_is_no_multi_head_attention_is_refused_by_its_own_names(change, error, message):
    state = without(
        numbers(2, multi_head_shapes()) | change, *[n for n, new in change.items() if new is None]
    )
    with pytest.raises(error) as caught:
        multi_head_attention_from_torch(state, HEADS)
    assert str(caught.value) == message


def test_a_matrix_out_that_is_not_square_is_refused():
    state = numbers(2, multi_head_shapes()) | {
        "out_proj.weight": np.ones((5, 6)),
        "out_proj.bias": np.ones(5),
    }
    with pytest.raises(WeightsError, match=r"w_o has shape \(6, 5\), expected \(6, 6\)"):
        multi_head_attention_from_torch(state, HEADS)


def test_a_number_of_heads_that_does_not_divide_is_refused():
    with pytest.raises(ConfigError, match="does not divide d_model 6"):
        multi_head_attention_from_torch(numbers(2, multi_head_shapes()), 4)


# Blocks


@pytest.mark.parametrize("norm", ["post", "pre"])
@pytest.mark.parametrize("activation", [relu, gelu], ids=["relu", "gelu"])
@pytest.mark.parametrize("decoder", [False, True], ids=["encoder", "decoder"])
@pytest.mark.parametrize("bias", [True, False], ids=["biases", "no biases"])
def test_an_imported_block_gives_pytorchs_output(norm, activation, decoder, bias):
    state = block_state(7, decoder, bias)
    x, memory = sample(8, 2, 5, D_MODEL), sample(9, 2, 7, D_MODEL) if decoder else None
    mask = np.tri(5, dtype=bool)
    name = "relu" if activation is relu else "gelu"
    imported = transformer_block_from_torch(state, HEADS, norm=norm, activation=name, eps=1e-3)
    expected = block(state, x, HEADS, norm, activation, 1e-3, memory, mask)
    assert np.abs(imported(x, mask=mask, memory=memory) - expected).max() < TOLERANCE * 1000


def test_a_block_is_post_norm_with_relu_unless_told():
    state, x = block_state(7), sample(8, 5, D_MODEL)
    expected = block(state, x, HEADS, "post", relu, 1e-5)
    assert np.abs(transformer_block_from_torch(state, HEADS)(x) - expected).max() < TOLERANCE * 1000


def test_a_float32_block_stays_float32():
    imported = transformer_block_from_torch(block_state(7, dtype=np.float32), HEADS)
    assert {array.dtype for array in imported.parameters().values()} == {np.dtype(np.float32)}
    assert imported(sample(8, 5, D_MODEL).astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    ("decoder", "change", "message"),
    [
        (False, {"norm1.weight": None}, "the state has no norm1.weight"),
        (True, {"norm3.bias": None}, "the state has no norm3.bias"),
        (False, {"norm3.weight": np.ones(6)}, "the state has norm3.weight that is not expected"),
        (True, {"multihead_attn.in_proj_weight": None}, "the state has no multihead_attn.in_proj_weight"),
        (False, {"linear1.weight": np.ones((11, 5))}, "linear1.weight has shape (11, 5), expected (any, 6)"),
        (False, {"linear2.weight": np.ones((6, 7))}, "linear2.weight has shape (6, 7), expected (6, 11)"),
        (False, {"linear1.bias": np.ones(7)}, "linear1.bias has shape (7,), expected (11,)"),
        (True, {"norm2.weight": np.ones(7)}, "norm2.weight has shape (7,), expected (6,)"),
        (True, {"multihead_attn.bias_k": np.ones((1, 1, 6))},
         "the state has multihead_attn.bias_k: an added key and value (add_bias_kv) is not supported"),
        (True, {"multihead_attn.out_proj.weight": np.ones((5, 5))},
         "multihead_attn.out_proj.bias has shape (6,), expected (5,)"),
    ],
)  # fmt: skip
def test_a_state_that_is_no_block_is_refused_by_its_own_names(decoder, change, message):
    state = block_state(7, decoder) | change
    with pytest.raises(WeightsError) as caught:
        transformer_block_from_torch(without(state, *[n for n, new in change.items() if new is None]), HEADS)
    assert str(caught.value) == message


@pytest.mark.parametrize("wrong", [{"norm": "middle"}, {"activation": "swish"}, {"num_heads": 4}])
def test_a_setting_that_the_block_does_not_have_is_refused(wrong):
    with pytest.raises(ConfigError):
        transformer_block_from_torch(block_state(7), **({"num_heads": HEADS} | wrong))


# The reader


def test_an_array_is_handed_out_once():
    reader = StateReader({"w": np.ones((2, 3))})
    assert "w" in reader
    assert reader.take("w", None, 3).shape == (2, 3)
    assert "w" not in reader
    reader.finish()
    with pytest.raises(WeightsError, match="the state has no w"):
        reader.take("w", 2, 3)


def test_what_is_not_numbers_is_refused_by_its_name():
    with pytest.raises(NumberError, match=r"norm1\.weight must hold real numbers, got dtype <U1"):
        StateReader({"norm1.weight": ["a"]})
