import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import (
    CausalModel,
    ConfigError,
    Linear,
    NumberError,
    ShapeError,
    create_causal_mask,
    layer_norm,
    scaled_dot_product_attention,
)

STEP = 1e-5

KINDS = [
    {"positions": positions, "norm": norm, "tied": tied}
    for positions, (norm, tied) in itertools.product(
        ("learned", "sinusoidal", "rotary", "alibi", "none"), (("pre", True), ("post", False))
    )
]


def small_model(**changes) -> CausalModel:
    sizes = {"vocab_size": 11, "d_model": 6, "num_heads": 3, "d_ff": 10, "n_layers": 2, "max_len": 13}
    return CausalModel(**sizes | {"seed": 3} | changes)


def tokens(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 11, shape)


@pytest.mark.parametrize("kind", KINDS)
def test_cached_equals_uncached_however_the_tokens_are_cut(kind):
    model, ids = small_model(**kind), tokens(2, 13)
    whole = model(ids)
    for cuts in ((0, 1, 2, 7, 13), tuple(range(14)), (0, 12, 13)):
        cache = model.new_cache()
        parts = [model(ids[:, a:b], cache) for a, b in itertools.pairwise(cuts)]
        np.testing.assert_allclose(np.concatenate(parts, axis=1), whole, rtol=0, atol=1e-12)
        assert cache.length == 13


@given(st.sampled_from(KINDS), st.sets(st.integers(1, 12)), st.integers(0, 2**32 - 1))
def test_cached_equals_uncached_at_any_cuts_of_any_tokens(kind, cuts, seed):
    model, ids = small_model(**kind, seed=seed), tokens(13, seed=seed)
    cache = model.new_cache()
    parts = [model(ids[a:b], cache) for a, b in itertools.pairwise([0, *sorted(cuts), 13])]
    np.testing.assert_allclose(np.concatenate(parts), model(ids), rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_no_token_sees_those_after_it(kind):
    model, ids = small_model(**kind), tokens(7)
    before = model(ids)
    ids[4:] = (ids[4:] + 1) % 11
    np.testing.assert_allclose(model(ids)[:4], before[:4], rtol=0, atol=1e-13)
    assert np.abs(model(ids)[4:] - before[4:]).max() > 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_the_trace_is_the_call_with_every_step(kind):
    model, ids = small_model(**kind), tokens(2, 5)
    trace = model.trace(ids)
    assert (trace.logits == model(ids)).all()
    assert (trace.blocks[0].x == trace.x).all()
    assert (trace.blocks[1].x == trace.blocks[0].output).all()
    weights = trace.blocks[1].attention.attention.weights
    assert weights.shape == (2, 3, 5, 5)
    assert (weights[..., ~create_causal_mask(5)] == 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_those_of_small_changes_of_the_weights(kind):
    model, ids, rng = small_model(**kind), tokens(2, 3), np.random.default_rng(1)
    loss, gradients = model.gradients(ids)
    assert loss == pytest.approx(model.loss(ids), abs=1e-14)
    assert list(gradients.parameters) == list(model.parameters())
    assert gradients.inputs == ()
    for name, array in model.parameters().items():
        direction = rng.standard_normal(array.shape)  # one number for all weights of the array
        array += STEP * direction
        above = model.loss(ids)
        array -= 2 * STEP * direction
        below = model.loss(ids)
        array += STEP * direction
        change = (gradients.parameters[name] * direction).sum()
        assert change == pytest.approx((above - below) / (2 * STEP), abs=1e-7), name


def test_one_block_is_the_equations_written_out():
    model = small_model(n_layers=1, num_heads=1, activation="relu", positions="none")
    ids, p = tokens(5), model.parameters()
    p["embedding.weight"] *= 2
    for name, array in p.items():  # biases and gains that are not 0 and 1
        if array.ndim == 1:
            array += 0.1 * np.cos(np.arange(len(array)) + len(name))
    x = math.sqrt(6) * p["embedding.weight"][ids]
    y = layer_norm(x, p["blocks.0.norm_1.gain"], p["blocks.0.norm_1.bias"])
    q, k, v = (y @ p[f"blocks.0.attention.w_{n}"] + p[f"blocks.0.attention.b_{n}"] for n in "qkv")
    gathered, _ = scaled_dot_product_attention(q, k, v, create_causal_mask(5))
    x = x + gathered @ p["blocks.0.attention.w_o"] + p["blocks.0.attention.b_o"]
    y = layer_norm(x, p["blocks.0.norm_2.gain"], p["blocks.0.norm_2.bias"])
    first, second = "blocks.0.feed_forward.first.", "blocks.0.feed_forward.second."
    hidden = np.maximum(y @ p[first + "w"] + p[first + "b"], 0)
    x = x + hidden @ p[second + "w"] + p[second + "b"]
    logits = layer_norm(x, p["final_norm.gain"], p["final_norm.bias"]) @ p["embedding.weight"].T
    np.testing.assert_allclose(model(ids), logits, rtol=0, atol=1e-13)


def test_the_loss_is_the_mean_surprise_at_each_next_token():
    model, ids = small_model(), tokens(2, 5)
    logits = model(ids)
    surprise = [
        math.log(sum(math.exp(z) for z in logits[b, i])) - logits[b, i, ids[b, i + 1]]
        for b in range(2)
        for i in range(4)
    ]
    assert model.loss(ids) == pytest.approx(sum(surprise) / 8, abs=1e-13)


def test_tokens_of_weight_0_are_not_learned_from_and_the_first_never_is():
    model, ids = small_model(), tokens(2, 5)
    weights = np.array([[9, 1, 1, 0, 0], [9, 0, 0, 0, 0]])
    assert model.loss(ids, weights) == pytest.approx(model.loss(ids[0, :3]), abs=1e-14)
    loss, gradients = model.gradients(ids, weights)
    expected_loss, expected = model.gradients(ids[0, :3])
    assert loss == pytest.approx(expected_loss, abs=1e-14)
    for name, gradient in gradients.parameters.items():
        np.testing.assert_allclose(gradient, expected.parameters[name], rtol=0, atol=1e-13, err_msg=name)


def test_weights_of_another_shape_than_the_ids_are_refused():
    with pytest.raises(ShapeError, match=r"weights has shape \(3,\), expected that of ids, \(4,\)"):
        small_model().loss(tokens(4), [1, 1, 1])


def test_an_intervention_gets_each_blocks_weights_and_changes_what_comes_after():
    model, ids, seen = small_model(), tokens(5), []

    def cut(number: int, weights: np.ndarray) -> np.ndarray:
        seen.append((number, weights.shape))
        if number == 0:
            weights[1, 4] = 0
        return weights

    plain, changed = model.trace(ids), model.trace(ids, intervene=cut)
    assert seen == [(0, (3, 5, 5)), (1, (3, 5, 5))]
    assert (changed.blocks[0].attention.attention.weights[1, 4] == 0).all()
    assert (changed.logits[:4] == plain.logits[:4]).all()
    assert (changed.blocks[1].x[4] != plain.blocks[1].x[4]).any()


@pytest.mark.parametrize("kind", KINDS)
def test_float32_weights_give_float32_and_float64_weights_float64(kind):
    for dtype in (np.float32, np.float64):
        model = small_model(**kind, dtype=dtype)
        assert model(tokens(5)).dtype == model.trace(tokens(5)).logits.dtype == dtype
        assert {g.dtype.type for g in model.gradients(tokens(5))[1].parameters.values()} == {dtype}


def test_the_same_seed_gives_the_same_weights_and_every_block_others():
    one, same, other = small_model(), small_model(), small_model(seed=4)
    for name, array in one.parameters().items():
        assert (array == same.parameters()[name]).all()
    assert (one.embedding.weight != other.embedding.weight).all()
    assert (one.blocks[0].attention.w_q != one.blocks[1].attention.w_q).all()


@pytest.mark.parametrize(
    ("ids", "error", "message"),
    [
        ([11], NumberError, "ids holds 11 at (0,), expected whole numbers from 0 to 10"),
        ([0] * 14, ShapeError, "ids ends at position 13, but the model has only 13, counted from 0"),
        (3, ShapeError, "ids must end in the axis (seq,), got shape ()"),
        ([], ShapeError, "ids has shape (0,), expected at least one whole number"),
        ([1.5], NumberError, "ids must hold whole numbers, got dtype float64"),
    ],
)
def test_ids_that_do_not_fit_are_refused_by_name(ids, error, message):
    with pytest.raises(error) as caught:
        small_model()(ids)
    assert str(caught.value) == message


def test_a_refused_call_leaves_the_cache_as_it_was():
    model, ids = small_model(), tokens(5)
    cache = model.new_cache()
    model(ids[:3], cache)
    kept = model.blocks[1].feed_forward.second.w.copy()
    model.blocks[1].feed_forward.second.w[...] = 1e308
    with pytest.raises(NumberError):
        model(ids[3:], cache)
    model.blocks[1].feed_forward.second.w[...] = kept
    assert [layer.length for layer in cache.layers] == [3, 3]
    np.testing.assert_allclose(model(ids[3:], cache), model(ids)[3:], rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"positions": "spiral"},
         "positions must be 'learned' or 'sinusoidal' or 'rotary' or 'alibi' or 'none', got 'spiral'"),
        ({"num_heads": 4}, "n_heads 4 does not divide d_model 6: choose 1 or 2 or 3 or 6"),
        ({"n_layers": 0}, "n_layers must be a whole number of at least 1, got 0"),
        ({"max_len": 0}, "max_len must be a whole number of at least 1, got 0"),
        ({"vocab_size": 0}, "vocab_size must be a whole number of at least 1, got 0"),
        ({"norm": "both"}, "norm must be 'post' or 'pre', got 'both'"),
    ],
)  # fmt: skip
def test_a_model_that_cannot_be_is_refused_by_name(changes, message):
    with pytest.raises(ConfigError) as caught:
        small_model(**changes)
    assert str(caught.value) == message


def test_one_token_alone_has_no_next_to_learn_from():
    with pytest.raises(ShapeError, match=r"ids has shape \(1,\), expected at least two tokens to learn from"):
        small_model().loss([3])


def test_gradients_of_logits_of_another_shape_are_refused():
    model = small_model()
    with pytest.raises(ShapeError, match=r"grad_logits has shape \(2, 3\), expected \(2, 11\)"):
        model.backward(model.trace([1, 2]), np.ones((2, 3)))


@pytest.mark.parametrize("tied", [True, False])
def test_logits_too_large_are_refused_by_name_and_leave_the_cache(tied):
    model = small_model(tied=tied)
    if tied:
        model.embedding.weight[7] = 1e308
    else:
        model.head.w[...] = 1e308
    model.final_norm.gain[...] = 1e5
    cache = model.new_cache()
    with pytest.raises(NumberError, match=r"output holds (-?inf|nan) at \(.*, too large for float64"):
        model([1, 2], cache)
    assert cache.length == 0


def test_what_is_not_said_is_learned_positions_pre_norm_gelu_tied_and_seed_0():
    sizes = {"vocab_size": 11, "d_model": 6, "num_heads": 3, "d_ff": 10, "n_layers": 2, "max_len": 13}
    said = {"positions": "learned", "norm": "pre", "activation": "gelu", "tied": True, "seed": 0}
    plain, same = CausalModel(**sizes), CausalModel(**sizes, **said)
    assert list(plain.parameters()) == list(same.parameters())
    assert (plain(tokens(5)) == same(tokens(5))).all()


@pytest.mark.parametrize(
    ("setting", "choices"),
    [
        ("positions", ("sinusoidal", "rotary", "alibi", "none")),
        ("activation", ("relu", "gelu")),
        ("norm", ("pre", "post")),
    ],
)
def test_each_setting_changes_what_comes_out_of_the_same_weights(setting, choices):
    fixed = {"positions": "none"} | ({} if setting == "norm" else {"norm": "post"})
    logits = [small_model(**fixed | {setting: choice})(tokens(5)) for choice in choices]
    for one, other in itertools.combinations(logits, 2):
        assert np.abs(one - other).max() > 1e-3


def test_only_a_stack_of_pre_norm_blocks_ends_in_one_more_layer_norm():
    assert "final_norm.gain" in small_model(norm="pre").parameters()
    assert "final_norm.gain" not in small_model(norm="post").parameters()


def test_all_random_weights_come_from_the_seed_and_no_two_from_the_same_numbers():
    def starts(model: CausalModel) -> list[float]:  # what stays whatever the matrix is scaled by
        return [a.flat[0] / a.flat[1] for a in model.parameters().values() if a.ndim == 2]

    starts_3, starts_4 = starts(small_model(tied=False)), starts(small_model(tied=False, seed=4))
    assert len(set(starts_3 + starts_4)) == len(starts_3 + starts_4)
    assert (Linear(6, 11, bias=False, seed=3).w != small_model(tied=False).head.w).all()


def test_the_trace_shows_the_rows_before_and_after_positions_are_added():
    model, ids = small_model(), tokens(5)
    trace = model.trace(ids)
    np.testing.assert_allclose(trace.embedded, math.sqrt(6) * model.embedding.weight[ids], rtol=0, atol=1e-15)
    np.testing.assert_allclose(trace.x - trace.embedded, model.positions.weight[:5], rtol=0, atol=1e-15)


def test_a_width_that_is_no_whole_number_is_refused_by_name():
    with pytest.raises(ConfigError, match=r"d_model must be a whole number of at least 1, got 7\.0"):
        small_model(d_model=7.0)
