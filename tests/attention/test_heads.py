import ast
import inspect
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import (
    AttentionError,
    ConfigError,
    FullyMaskedRowError,
    MaskError,
    MultiHeadAttention,
    NumberError,
    Projections,
    ShapeError,
    create_causal_mask,
    create_padding_mask,
    hand_built_embedding,
    hand_built_projections,
    heads,
    merge_heads,
    random_projections,
    split_heads,
    tokenize,
    trace_self_attention,
)
from attention import output as outputs
from attention.grad import multi_head_backward
from tests.attention import oracles

SENTENCE = "The cat sat on the mat"


def default_trace(**options):
    x = hand_built_embedding(tokenize(SENTENCE), 4).x
    return trace_self_attention(x, hand_built_projections(4, 2), n_heads=2, **options)


def test_splitting_gives_each_head_its_own_columns():
    x = oracles.sample(0, 5, 21)
    split = split_heads(x, 3)
    assert split.shape == (3, 5, 7)
    for head in range(3):
        np.testing.assert_array_equal(split[head], x[:, 7 * head : 7 * head + 7])


@given(st.integers(1, 5), st.integers(1, 7), st.integers(1, 3), st.booleans())
def test_merging_undoes_splitting(n_heads, seq, d_k, batched):
    shape = (2, seq, n_heads * d_k) if batched else (seq, n_heads * d_k)
    x = oracles.sample(1, *shape)
    np.testing.assert_array_equal(merge_heads(split_heads(x, n_heads)), x)


@pytest.mark.parametrize(
    "split", [lambda n: split_heads(np.ones((3, 4)), n), lambda n: hand_built_projections(4, n)]
)
def test_heads_that_do_not_divide_d_model_are_refused_with_those_that_do(split):
    with pytest.raises(ConfigError) as caught:
        split(3)
    assert str(caught.value) == "n_heads 3 does not divide d_model 4: choose 1 or 2 or 4"


@pytest.mark.parametrize("n_heads", [0, -2, 2.0, True])
def test_the_number_of_heads_is_a_whole_number(n_heads):
    with pytest.raises(ConfigError, match="n_heads must be a whole number of at least 1, got "):
        split_heads(np.ones((3, 4)), n_heads)


def test_arrays_without_the_axes_of_heads_are_refused():
    with pytest.raises(ShapeError, match=r"x must end in the axes \(seq, d_model\), got shape \(4,\)"):
        split_heads([1, 2, 3, 4], 2)
    with pytest.raises(
        ShapeError, match=r"heads must end in the axes \(n_heads, seq, d_v\), got shape \(2, 3\)"
    ):
        merge_heads(np.ones((2, 3)))


def test_each_head_equals_plain_loops_on_its_own_columns():
    seq, d_model, n_heads, d_k = 5, 21, 3, 7
    x = oracles.sample(2, seq, d_model)
    projections = random_projections(d_model, n_heads, seed=3)
    mask = create_causal_mask(seq)
    trace = trace_self_attention(x, projections, n_heads, mask, scale=0.3)
    assert trace.attention.weights.shape == (n_heads, seq, seq)
    assert trace.concat.shape == (seq, d_model)
    for head in range(n_heads):
        columns = slice(head * d_k, (head + 1) * d_k)
        q, k, v = (
            oracles.matmul(x.tolist(), w[:, columns].tolist())
            for w in (projections.w_q, projections.w_k, projections.w_v)
        )
        for stage, values in oracles.attend(q, k, v, mask.tolist(), 0.3).items():
            np.testing.assert_allclose(
                getattr(trace.attention, stage)[head], values, rtol=0, atol=1e-11, err_msg=stage
            )
        np.testing.assert_array_equal(trace.concat[:, columns], trace.attention.head_outputs[head])


def test_the_trace_holds_what_went_in():
    x = hand_built_embedding(tokenize(SENTENCE), 4).x
    projections = hand_built_projections(4, 2)
    trace = trace_self_attention(x, projections, 2)
    for name in ("query", "key", "value"):
        np.testing.assert_array_equal(getattr(trace, name), x)
    assert trace.output is trace.concat
    for name in ("w_q", "w_k", "w_v"):
        np.testing.assert_array_equal(getattr(trace, name), getattr(projections, name))


@given(st.permutations(range(6)))
def test_without_positions_shuffling_the_sentence_shuffles_the_output(order):
    x = hand_built_embedding(tokenize(SENTENCE), 4).x
    shuffled = trace_self_attention(x[order], hand_built_projections(4, 2), 2).concat
    np.testing.assert_allclose(shuffled, default_trace().concat[order], rtol=0, atol=oracles.TOLERANCE)


def test_widths_of_queries_and_values_may_differ():
    projections = Projections(np.ones((3, 10)), np.ones((3, 10)), np.ones((3, 14)), "hand-built", None)
    trace = trace_self_attention(np.eye(5, 3), projections, n_heads=2)
    assert trace.attention.q.shape == (2, 5, 5)
    assert trace.attention.head_outputs.shape == (2, 5, 7)
    assert trace.concat.shape == (5, 14)


def test_batches_lead():
    trace = trace_self_attention(oracles.sample(5, 3, 5, 4), hand_built_projections(4, 2), n_heads=2)
    assert trace.attention.weights.shape == (3, 2, 5, 5)
    assert trace.concat.shape == (3, 5, 4)


def test_switching_a_head_off_empties_its_columns_and_no_others():
    def off(weights):
        weights[1] = 0
        return weights

    concat = default_trace(intervene=off).concat
    assert (concat[:, 2:] == 0).all()
    np.testing.assert_array_equal(concat[:, :2], default_trace().concat[:, :2])


def test_a_row_blocked_for_all_heads_is_named_for_each():
    mask = np.ones((6, 6), bool)
    mask[2] = False
    with pytest.raises(FullyMaskedRowError) as caught:
        default_trace(mask=mask)
    assert caught.value.rows == ((0, 2), (1, 2))
    assert caught.value.partial.q.shape == (2, 6, 2)


def test_x_that_does_not_fit_the_matrices_is_refused():
    with pytest.raises(ShapeError, match="x has d_model 3, but w_q has d_model 4"):
        trace_self_attention(np.ones((5, 3)), hand_built_projections(4, 2), 2)
    with pytest.raises(NumberError, match=r"x holds nan at \(0, 1\), expected finite numbers"):
        trace_self_attention([[0, np.nan]], hand_built_projections(2, 1), 1)


def test_q_k_and_v_are_assigned_once_each_on_one_line():
    """The page shows these lines beside the step."""
    tree = ast.parse(inspect.getsource(heads))
    function = next(
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "trace_self_attention"
    )
    lines = [ast.unparse(node) for node in ast.walk(function) if isinstance(node, ast.Assign)]
    for name in "qkv":
        assert lines.count(f"{name} = split_heads(x @ w_{name}, n_heads)") == 1


# MultiHeadAttention

BATCH, SEQ_Q, SEQ_K, HEADS, D_K = 2, 5, 7, 3, 11  # a different prime for every axis
D_MODEL = HEADS * D_K


def mha(**options):
    """Several heads, with biases that are not 0."""
    layer = MultiHeadAttention(D_MODEL, HEADS, **{"seed": 1, **options})
    for i, (name, array) in enumerate(layer.parameters().items()):
        if name.startswith("b_"):
            array[...] = oracles.sample(20 + i, *array.shape)
    return layer


def rows(seq=SEQ_Q, seed=2, *batch):
    return oracles.sample(seed, *batch, seq, D_MODEL)


def by_loops(layer, query, key, value, allowed, sharing=1, scale=None):
    """Multi-head attention over lists: (output, weights of each head)."""

    def project(x, w, b):
        return [
            [y + c for y, c in zip(row, [0.0] * len(row) if b is None else b.tolist(), strict=True)]
            for row in oracles.matmul(x.tolist(), w.tolist())
        ]

    q, k, v = (
        project(x, w, b)
        for x, w, b in (
            (query, layer.w_q, layer.b_q),
            (key, layer.w_k, layer.b_k),
            (value, layer.w_v, layer.b_v),
        )
    )
    heads = []
    for head in range(HEADS):
        of_q = slice(head * D_K, head * D_K + D_K)
        of_k = slice(head // sharing * D_K, head // sharing * D_K + D_K)
        q_i, k_i, v_i = ([r[columns] for r in x] for x, columns in ((q, of_q), (k, of_k), (v, of_k)))
        heads.append(oracles.attend(q_i, k_i, v_i, allowed[head], scale or 1 / math.sqrt(D_K)))
    concat = [[x for head in heads for x in head["head_outputs"][i]] for i in range(len(query))]
    return project(np.array(concat), layer.w_o, layer.b_o), [head["weights"] for head in heads]


def all_allowed(seq_q=SEQ_Q, seq_k=SEQ_K):
    return np.ones((HEADS, seq_q, seq_k), bool).tolist()


@pytest.mark.parametrize("bias", [True, False])
def test_several_heads_on_rows_of_two_sequences_equal_plain_loops(bias):
    layer, query, key, value = mha(bias=bias), rows(), rows(SEQ_K, 3), rows(SEQ_K, 4)
    output, weights = by_loops(layer, query, key, value, all_allowed())
    trace = layer.trace(query, key, value)
    np.testing.assert_allclose(trace.output, output, rtol=0, atol=1e-11)
    np.testing.assert_allclose(trace.attention.weights, weights, rtol=0, atol=1e-12)


def test_shared_key_heads_equal_plain_loops():
    layer, query, key = mha(num_kv_heads=1), rows(), rows(SEQ_K, 3)
    output, weights = by_loops(layer, query, key, key, all_allowed(), sharing=3)
    trace = layer.trace(query, key)
    np.testing.assert_allclose(trace.output, output, rtol=0, atol=1e-11)
    np.testing.assert_allclose(trace.attention.weights, weights, rtol=0, atol=1e-12)


def test_query_heads_next_to_each_other_share_a_key_head():
    layer = MultiHeadAttention(12, 6, num_kv_heads=2, seed=1)
    k = layer.trace(oracles.sample(2, 5, 12)).attention.k
    for head in range(6):
        np.testing.assert_array_equal(k[head], k[head // 3 * 3])
    assert (k[0] != k[3]).any()


def test_key_heads_of_their_own_are_plain_several_heads():
    one, other = mha(), mha(num_kv_heads=HEADS)
    np.testing.assert_array_equal(one(rows()), other(rows()))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("options", [{}, {"bias": False}, {"num_kv_heads": 1}])
@pytest.mark.parametrize("mask", [None, np.tri(SEQ_Q, SEQ_K, 2, dtype=bool), oracles.sample(9, SEQ_Q, SEQ_K)])
def test_a_call_gives_the_bits_of_the_trace(dtype, options, mask):
    layer = mha(dtype=dtype, **options)
    query, key, value = (
        rows(seq, seed, BATCH).astype(dtype) for seq, seed in ((SEQ_Q, 2), (SEQ_K, 3), (SEQ_K, 4))
    )
    output = layer(query, key, value, mask=mask)
    assert output.dtype == dtype
    np.testing.assert_array_equal(output, layer.trace(query, key, value, mask=mask).output)


def test_a_long_sequence_gives_the_bits_of_the_trace(monkeypatch):
    x = rows(SEQ_Q, 2, BATCH)
    expected = mha().trace(x).output
    monkeypatch.setattr(outputs, "MAX_BLOCK", 1)
    np.testing.assert_array_equal(mha()(x), expected)


def test_the_trace_holds_inputs_weights_and_each_step():
    layer, query, key, value = mha(), rows(), rows(SEQ_K, 3), rows(SEQ_K, 4)
    trace = layer.trace(query, key, value)
    for name, array in {"query": query, "key": key, "value": value, **layer.parameters()}.items():
        np.testing.assert_array_equal(getattr(trace, name), array, err_msg=name)
    q, k, v = trace.attention.q, trace.attention.k, trace.attention.v
    np.testing.assert_allclose(merge_heads(q), query @ layer.w_q + layer.b_q, rtol=0, atol=oracles.TOLERANCE)
    np.testing.assert_allclose(merge_heads(k), key @ layer.w_k + layer.b_k, rtol=0, atol=oracles.TOLERANCE)
    np.testing.assert_allclose(merge_heads(v), value @ layer.w_v + layer.b_v, rtol=0, atol=oracles.TOLERANCE)
    np.testing.assert_array_equal(trace.concat, merge_heads(trace.attention.head_outputs))
    np.testing.assert_array_equal(trace.output, trace.concat @ layer.w_o + layer.b_o)


def test_without_a_bias_there_is_none_in_the_layer_or_the_trace():
    layer = mha(bias=False)
    assert list(layer.parameters()) == ["w_q", "w_k", "w_v", "w_o"]
    assert layer.trace(rows()).b_q is None


def test_weights_start_random_and_biases_at_0():
    one, same, other = (MultiHeadAttention(D_MODEL, HEADS, seed=seed) for seed in (1, 1, 2))
    assert len({array.tobytes() for name, array in one.parameters().items() if name[0] == "w"}) == 4
    assert all((array == 0).all() for name, array in one.parameters().items() if name[0] == "b")
    for name, array in one.parameters().items():
        np.testing.assert_array_equal(array, same.parameters()[name])
    assert (one.w_q != other.w_q).any()


def test_layers_that_share_a_generator_start_differently():
    rng = np.random.default_rng(1)
    assert (MultiHeadAttention(4, 2, seed=rng).w_q != MultiHeadAttention(4, 2, seed=rng).w_q).any()


def test_float32_rows_and_weights_stay_float32_and_anything_else_is_float64():
    x = rows().astype(np.float32)
    assert mha(dtype=np.float32)(x).dtype == np.float32
    assert mha(dtype=np.float32)(x, x.astype(np.float64)).dtype == np.float64
    assert mha()(x).dtype == np.float64
    mixed = (x, rows(SEQ_K, 3))
    layer = mha(dtype=np.float32)
    bias = oracles.sample(9, SEQ_Q, SEQ_K)
    np.testing.assert_array_equal(layer(*mixed, mask=bias), layer.trace(*mixed, mask=bias).output)


def test_d_model_is_another_name_for_embed_dim():
    layer = MultiHeadAttention(d_model=6, num_heads=3)
    assert (layer.d_model, layer.n_heads, layer.n_kv_heads, layer.d_k) == (6, 3, 3, 2)
    with pytest.raises(ConfigError, match="embed_dim 4 and d_model 6 name the same number: give one"):
        MultiHeadAttention(4, 2, d_model=6)


def test_a_batch_gives_what_its_sentences_give_alone():
    layer, query, key = mha(), rows(SEQ_Q, 2, BATCH), rows(SEQ_K, 3, BATCH)
    whole = layer(query, key)
    for i in range(BATCH):
        np.testing.assert_allclose(whole[i], layer(query[i], key[i]), rtol=0, atol=1e-12)


def test_one_memory_serves_a_whole_batch():
    layer, query, key = mha(), rows(SEQ_Q, 2, BATCH), rows(SEQ_K, 3)
    np.testing.assert_allclose(layer(query, key)[1], layer(query[1], key), rtol=0, atol=1e-12)
    mask = np.tri(SEQ_Q, SEQ_K, 1, dtype=bool)[None]  # (1, seq_q, seq_k)
    np.testing.assert_allclose(
        layer(query, key, mask=mask)[1], layer(query[1], key, mask=mask[0]), rtol=0, atol=1e-12
    )


def test_one_query_sequence_asks_a_whole_batch_under_its_masks():
    layer, query, key = mha(), rows(), rows(SEQ_K, 3, BATCH)
    mask = create_padding_mask([4, 6], SEQ_K)
    output = layer(query, key, mask=mask)
    for i, length in enumerate([4, 6]):
        np.testing.assert_allclose(output[i], layer(query, key[i, :length]), rtol=0, atol=1e-12)


def square_mask(*shape):
    mask = np.random.default_rng(11).random(shape) < 0.5
    mask[..., 0] = True
    return mask


@pytest.mark.parametrize("shape", [(3, 3), (3, 3, 3), (1, 3, 3), (3, 1, 3), (3, 3, 3, 3)])
@pytest.mark.parametrize("additive", [False, True])
def test_masks_mean_the_same_where_batch_heads_and_sequence_have_one_size(shape, additive):
    """The trap: (3, 3, 3) would broadcast as a mask of heads, too, and nobody would notice."""
    layer = MultiHeadAttention(6, 3, seed=1)
    x, mask = oracles.sample(12, 3, 3, 6), square_mask(*shape)
    given = np.where(mask, 0.0, -np.inf) if additive else mask
    trace, output = layer.trace(x, mask=given), layer(x, mask=given)
    np.testing.assert_array_equal(output, trace.output)
    for sentence, head, i, j in np.ndindex(3, 3, 3, 3):
        if len(shape) == 2:
            allowed = mask[i, j]
        elif len(shape) == 3:
            allowed = mask[sentence % shape[0], i % shape[1], j]
        else:
            allowed = mask[sentence, head, i, j]
        assert (trace.attention.weights[sentence, head, i, j] > 0) == allowed


def test_padding_masks_of_a_batch_hide_each_sentences_own_padding():
    layer, lengths = MultiHeadAttention(6, 3, seed=1), [1, 3, 2]
    x = oracles.sample(12, 3, 3, 6)
    mask = create_padding_mask(lengths, max_length=3)  # (batch, 1, seq_k), batch = n_heads = seq
    together = layer(x, mask=mask)
    for i, length in enumerate(lengths):
        np.testing.assert_allclose(together[i], layer(x[i], x[i, :length]), rtol=0, atol=1e-12)


def test_a_mask_for_each_head_reaches_that_head():
    mask = np.ones((1, HEADS, 1, SEQ_Q), bool)
    mask[0, 2, 0, 3] = False
    weights = mha().trace(rows(SEQ_Q, 2, BATCH), mask=mask).attention.weights
    assert np.argwhere((weights == 0).all(axis=(0, 2))).tolist() == [[2, 3]]


def test_an_intervention_and_a_scale_reach_all_heads():
    layer, x = mha(), rows()

    def off(weights):
        weights[1] = 0
        return weights

    trace = layer.trace(x, scale=0.0, intervene=off)
    assert (trace.attention.weights[0] == 1 / SEQ_Q).all()
    assert (trace.concat[:, D_K : 2 * D_K] == 0).all()
    np.testing.assert_array_equal(trace.output, trace.concat @ layer.w_o + layer.b_o)


class Turn:
    """Adds to each row its position: not a rotation, but as easy to follow."""

    def __call__(self, x, offset=0):
        return x + offset + np.arange(x.shape[-2])[:, None]

    def backward(self, grad_output, offset=0):
        return 3 * grad_output  # so that a test can see it


class Kept:
    """Everything that was appended, and with what length it was asked for."""

    def __init__(self):
        self.k = self.v = None

    @property
    def length(self):
        return 0 if self.k is None else self.k.shape[-2]

    def append(self, k, v):
        self.k = k if self.k is None else np.concatenate([self.k, k], axis=-2)
        self.v = v if self.v is None else np.concatenate([self.v, v], axis=-2)
        return self.k, self.v


def test_positions_turn_queries_and_keys_of_each_head_but_not_values():
    plain, turned = mha().trace(rows()).attention, mha(rotary=Turn()).trace(rows()).attention
    np.testing.assert_array_equal(turned.q, Turn()(plain.q))
    np.testing.assert_array_equal(turned.k, Turn()(plain.k))
    np.testing.assert_array_equal(turned.v, plain.v)


@pytest.mark.parametrize("options", [{}, {"num_kv_heads": 1}, {"rotary": Turn()}])
def test_a_cache_gives_row_by_row_what_a_causal_mask_gives_at_once(options):
    layer, x, cache = mha(**options), rows(SEQ_K, 3, BATCH), Kept()
    whole = layer(x, mask=create_causal_mask(SEQ_K))
    first = layer(x[:, :2], mask=create_causal_mask(2), cache=cache)
    later = [layer(x[:, i : i + 1], cache=cache) for i in range(2, SEQ_K)]
    np.testing.assert_allclose(np.concatenate([first, *later], axis=-2), whole, rtol=0, atol=1e-11)
    assert cache.k.shape == (BATCH, layer.n_kv_heads, SEQ_K, D_K)


def test_a_mask_with_a_cache_counts_the_earlier_keys():
    layer, x, cache = mha(), rows(SEQ_K, 3), Kept()
    whole = layer(x, mask=create_causal_mask(SEQ_K))
    layer(x[:4], mask=create_causal_mask(4), cache=cache)
    rest = layer(x[4:], mask=create_causal_mask(SEQ_K)[4:], cache=cache)
    np.testing.assert_allclose(rest, whole[4:], rtol=0, atol=1e-11)


@pytest.mark.parametrize(
    "wrong", [{"mask": np.ones((1, 2), bool)}, {"mask": [[0.0, 1.0, 0.0]]}, {"query": np.ones((1, 4))}]
)
def test_a_refused_call_leaves_the_cache_as_it_was(wrong):
    layer, cache = mha(), Kept()
    layer(rows(2), cache=cache)
    before = cache.k
    with pytest.raises(AttentionError):
        layer(**{"query": rows(1), "cache": cache, **wrong})
    assert cache.k is before


def test_backward_hands_over_the_trace_and_the_positions():
    layer, x = mha(rotary=Turn()), rows()
    trace, grad = layer.trace(x, rows(SEQ_K, 3)), rows(SEQ_Q, 8)
    ours, expected = layer.backward(trace, grad), multi_head_backward(trace, grad)
    for one, other in zip(ours.inputs, expected.inputs, strict=True):
        np.testing.assert_array_equal(one, other)
    assert list(ours.parameters) == list(layer.parameters())


ONES = np.ones
BAD_CALLS = [
    ((ONES((5, 3)),), ShapeError, "query has d_model 3, expected 4"),
    ((ONES((5, 4)), ONES((7, 3))), ShapeError, "key has d_model 3, expected 4"),
    ((ONES((5, 4)), ONES((7, 4)), ONES((7, 5))), ShapeError, "value has d_model 5, expected 4"),
    ((ONES((5, 4)), ONES((7, 4)), ONES((6, 4))), ShapeError, "key has seq_k 7, but value has seq_k 6"),
    ((ONES(4),), ShapeError, "query must end in the axes (seq_q, d_model), got shape (4,)"),
    ((ONES((0, 4)),), ShapeError, "query has seq_q 0, expected at least 1"),
    (
        (ONES((2, 5, 4)), ONES((3, 5, 4))),
        ShapeError,
        "query has leading axes (2,), key (3,) and value (3,): they do not broadcast with each other",
    ),
    (([[0, 0, math.nan, 0]],), NumberError, "query holds nan at (0, 2), expected finite numbers"),
    ((ONES((1, 4)), [[0, math.inf, 0, 0]]), NumberError, "key holds inf at (0, 1), expected finite numbers"),
    ((ONES((1, 4)), None, [["a"] * 4]), NumberError, "value must hold real numbers, got dtype <U1"),
]


@pytest.mark.parametrize(("arrays", "error", "message"), BAD_CALLS, ids=[call[2] for call in BAD_CALLS])
def test_calls_that_cannot_be_computed_are_refused_by_name(arrays, error, message):
    layer = MultiHeadAttention(4, 2)
    for call in (layer, layer.trace):
        with pytest.raises(error) as caught:
            call(*arrays)
        assert str(caught.value) == message


@pytest.mark.parametrize("name", ["mask", "bias"])
def test_a_mask_that_does_not_fit_the_scores_is_refused_by_its_name(name):
    layer = MultiHeadAttention(4, 2)
    for call in (layer, layer.trace):
        with pytest.raises(MaskError) as caught:
            call(ONES((5, 4)), **{name: ONES((3, 5)) * 2})
        assert str(caught.value) == (
            f"{name} has shape (3, 5), which does not broadcast to scores of shape (2, 5, 5) "
            "(..., n_heads, seq_q, seq_k)"
        )


def test_numbers_too_large_to_project_are_refused_by_name():
    layer = MultiHeadAttention(2, 1)
    layer.w_q[...] = 1e200
    for call in (layer, layer.trace):
        with pytest.raises(NumberError, match=r"q holds inf at \(0, 0, 0\)"):
            call([[1e200, 1e200]])
    layer.w_q[...], layer.w_v[...], layer.w_o[...] = 0, np.eye(2), 1e200
    for call in (layer, layer.trace):
        with pytest.raises(NumberError, match=r"output holds inf at \(0, 0\), too large for float64"):
            call([[1e200, 1e200]])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"embed_dim": 4, "num_heads": 3}, "n_heads 3 does not divide d_model 4: choose 1 or 2 or 4"),
        ({"embed_dim": 0, "num_heads": 1}, "embed_dim must be a whole number of at least 1, got 0"),
        ({"num_heads": 1}, "embed_dim must be a whole number of at least 1, got None"),
        ({"embed_dim": 4}, "num_heads must be a whole number of at least 1, got None"),
        (
            {"embed_dim": 12, "num_heads": 6, "num_kv_heads": 4},
            "num_kv_heads 4 does not divide num_heads 6: choose 1 or 2 or 3 or 6",
        ),
        (
            {"embed_dim": 4, "num_heads": 2, "num_kv_heads": 4},
            "num_kv_heads must be a whole number from 1 to 2, got 4",
        ),
        ({"embed_dim": 4, "num_heads": 2, "dtype": int}, "dtype must be float64 or float32, got int64"),
    ],
)
def test_settings_outside_their_range_are_refused(arguments, message):
    with pytest.raises(ConfigError) as caught:
        MultiHeadAttention(**arguments)
    assert str(caught.value).replace("int32", "int64") == message


def test_rows_too_large_to_project_are_refused_by_name():
    with pytest.raises(NumberError, match=r"q holds -?inf at"):
        trace_self_attention(np.full((3, 4), 1e308), Projections(*[np.full((4, 4), 3.0)] * 3, "random", 1), 2)
