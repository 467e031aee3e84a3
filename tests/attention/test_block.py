import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import (
    ConfigError,
    FullyMaskedRowError,
    NumberError,
    RotaryPositionalEncoding,
    ShapeError,
    TransformerBlock,
    create_causal_mask,
    gelu,
    relu,
    split_heads,
)
from tests.attention import oracles

D_MODEL, N_HEADS, D_FF, SEQ, SEQ_MEMORY, BATCH = 6, 3, 7, 5, 4, 2

FORMS = [
    {"norm": norm, "cross_attention": cross, "activation": activation}
    for norm, cross, activation in itertools.product(("post", "pre"), (False, True), ("relu", "gelu"))
]


def make(**options):
    block = TransformerBlock(D_MODEL, N_HEADS, D_FF, **{"eps": 1e-3, **options})
    oracles.wobble(block, 1)
    return block


def inputs(block, seed=0, batch=(BATCH,)):
    """x, and the memory of a block that reads one."""
    call = {"x": oracles.sample(seed, *batch, SEQ, D_MODEL)}
    if block.cross_attention is not None:
        call["memory"] = oracles.sample(seed + 1, *batch, SEQ_MEMORY, D_MODEL)
    return call


def plain_loops(block, x, memory, mask):
    """One sentence through the block: lists of numbers and loops."""

    def add(a, b):
        return [[p + q for p, q in zip(line, row, strict=True)] for line, row in zip(a, b, strict=True)]

    def project(rows, w, b):
        return add(oracles.matmul(rows, w.tolist()), [b.tolist()] * len(rows))

    def multi_head(mha, query, key, allowed):
        q, k, v = (
            project(rows, w, b)
            for rows, w, b in (
                (query, mha.w_q, mha.b_q), (key, mha.w_k, mha.b_k), (key, mha.w_v, mha.b_v)
            )
        )  # fmt: skip
        d_k = D_MODEL // N_HEADS
        heads = [
            oracles.attend(*([row[h : h + d_k] for row in part] for part in (q, k, v)), allowed, d_k**-0.5)
            for h in range(0, D_MODEL, d_k)
        ]
        concat = [[x for head in heads for x in head["head_outputs"][i]] for i in range(len(query))]
        return project(concat, mha.w_o, mha.b_o)

    def feed_forward(rows):
        activate = {"relu": relu, "gelu": gelu}[block.feed_forward.activation]
        hidden = project(rows, block.feed_forward.first.w, block.feed_forward.first.b)
        return project(activate(hidden).tolist(), block.feed_forward.second.w, block.feed_forward.second.b)

    def norm(layer, rows):
        return [oracles.layer_norm_row(row, layer.gain, layer.bias, layer.eps) for row in rows]

    def around(layer, sublayer, rows):
        if block.norm == "pre":
            return add(rows, sublayer(norm(layer, rows)))
        return norm(layer, add(rows, sublayer(rows)))

    everything = [[True] * SEQ_MEMORY] * SEQ
    x = around(block.norm_1, lambda rows: multi_head(block.attention, rows, rows, mask), x)
    if memory is None:
        return around(block.norm_2, feed_forward, x)
    x = around(block.norm_2, lambda rows: multi_head(block.cross_attention, rows, memory, everything), x)
    return around(block.norm_3, feed_forward, x)


@pytest.mark.parametrize("form", FORMS)
def test_a_block_equals_plain_loops(form):
    block = make(**form)
    call, mask = inputs(block), create_causal_mask(SEQ)
    output = block(**call, mask=mask)
    for i in range(BATCH):
        memory = call["memory"][i].tolist() if "memory" in call else None
        expected = plain_loops(block, call["x"][i].tolist(), memory, mask.tolist())
        np.testing.assert_allclose(output[i], expected, rtol=0, atol=1e-11)


@pytest.mark.parametrize("form", FORMS)
def test_called_and_traced_a_block_gives_the_same_bits(form):
    block = make(**form)
    call, mask = inputs(block), create_causal_mask(SEQ)
    np.testing.assert_array_equal(block(**call, mask=mask), block.trace(**call, mask=mask).output)


@pytest.mark.parametrize("cross", [False, True])
@pytest.mark.parametrize(("norm", "activation"), [("post", "gelu"), ("pre", "relu")])
def test_gradients_of_a_block_are_what_small_changes_do(norm, activation, cross):
    block = TransformerBlock(4, 2, 5, norm=norm, activation=activation, cross_attention=cross)
    oracles.wobble(block, 1)
    call = {"x": oracles.sample(2, 3, 4)} | ({"memory": oracles.sample(3, 2, 4)} if cross else {})
    upstream, mask = oracles.sample(4, 3, 4), create_causal_mask(3)

    def loss(**changed):
        return float((block(**{**call, **changed}, mask=mask) * upstream).sum())

    gradients = block.backward(block.trace(**call, mask=mask), upstream)
    assert len(gradients.inputs) == len(call)
    for name, gradient in zip(call, gradients.inputs, strict=True):
        expected = oracles.finite_differences(lambda x, name=name: loss(**{name: x}), call[name])
        np.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-7, err_msg=name)
    oracles.check_parameter_gradients(block, gradients, loss)


@pytest.mark.parametrize("norm", ["post", "pre"])
def test_gradients_of_values_of_their_own_are_what_small_changes_do(norm):
    block = TransformerBlock(4, 2, 5, norm=norm, cross_attention=True)
    oracles.wobble(block, 1)
    call = {name: oracles.sample(i, 3 - (i > 2), 4) for i, name in enumerate(("x", "memory", "values"), 2)}
    upstream = oracles.sample(7, 3, 4)

    def loss(**changed):
        return float((block(**{**call, **changed}) * upstream).sum())

    gradients = block.backward(block.trace(**call), upstream)
    for name, gradient in zip(call, gradients.inputs, strict=True):
        expected = oracles.finite_differences(lambda x, name=name: loss(**{name: x}), call[name])
        np.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-7, err_msg=name)
    oracles.check_parameter_gradients(block, gradients, loss)


def test_values_of_their_own_are_gathered_where_the_memory_is_found():
    """The weights come from the memory; two values that are swapped change what they bring."""
    block = make(cross_attention=True)
    call, values = inputs(block), oracles.sample(5, BATCH, SEQ_MEMORY, D_MODEL)
    with_values, without = block.trace(**call, values=values), block.trace(**call)
    np.testing.assert_array_equal(
        with_values.cross_attention.attention.weights, without.cross_attention.attention.weights
    )
    assert without.values is None
    np.testing.assert_array_equal(with_values.values, values)
    cross = with_values.cross_attention
    gathered = cross.attention.weights @ split_heads(values @ cross.w_v + cross.b_v, N_HEADS)
    np.testing.assert_allclose(cross.attention.head_outputs, gathered, rtol=0, atol=oracles.TOLERANCE)
    assert not np.allclose(with_values.output, without.output)
    np.testing.assert_array_equal(block(**call, values=values), with_values.output)
    np.testing.assert_array_equal(block(**call, values=call["memory"]), without.output)


def test_an_intervention_on_the_cross_attention_gets_its_weights_alone():
    block, seen = make(cross_attention=True), []
    call = inputs(block)
    plain = block.trace(**call)

    def first_row_only(weights):
        seen.append(weights.shape)
        return np.eye(SEQ_MEMORY)[np.zeros(weights.shape[:-1], int)]

    trace = block.trace(**call, intervene_cross=first_row_only)
    assert seen == [(BATCH, N_HEADS, SEQ, SEQ_MEMORY)]
    np.testing.assert_array_equal(trace.attention.attention.weights, plain.attention.attention.weights)
    assert (trace.cross_attention.attention.weights[..., 0] == 1).all()
    only = {"x": call["x"], "memory": call["memory"][:, :1]}
    np.testing.assert_allclose(trace.output, block(**only), rtol=0, atol=oracles.TOLERANCE)


@pytest.mark.parametrize("norm", ["post", "pre"])
def test_gradients_of_a_batch_are_those_of_its_sentences(norm):
    block = make(norm=norm, cross_attention=True)
    call, upstream = inputs(block), oracles.sample(3, BATCH, SEQ, D_MODEL)
    whole = block.backward(block.trace(**call), upstream)
    parts = [
        block.backward(block.trace(**{name: rows[i] for name, rows in call.items()}), upstream[i])
        for i in range(BATCH)
    ]
    for each in range(2):
        expected = [part.inputs[each] for part in parts]
        np.testing.assert_allclose(whole.inputs[each], expected, rtol=0, atol=oracles.TOLERANCE)
    for name, gradient in whole.parameters.items():
        expected = sum(part.parameters[name] for part in parts)
        np.testing.assert_allclose(gradient, expected, rtol=0, atol=10 * oracles.TOLERANCE)


def test_the_weights_of_a_backward_pass_are_those_of_the_trace():
    block = make(cross_attention=True, activation="gelu")
    trace, upstream = block.trace(**inputs(block)), oracles.sample(3, BATCH, SEQ, D_MODEL)
    before = block.backward(trace, upstream)
    oracles.wobble(block, 5)
    after = block.backward(trace, upstream)
    for one, other in zip(before.inputs, after.inputs, strict=True):
        np.testing.assert_array_equal(one, other)
    for name, gradient in before.parameters.items():
        np.testing.assert_array_equal(gradient, after.parameters[name])


def test_rotary_positions_reach_the_self_attention_alone_and_its_gradients():
    rotary = RotaryPositionalEncoding(D_MODEL // N_HEADS, base=10)
    block, plain = make(rotary=rotary, cross_attention=True), make(cross_attention=True)
    assert block.attention.rotary is rotary
    assert block.cross_attention.rotary is None
    call, upstream = inputs(block, batch=()), oracles.sample(3, SEQ, D_MODEL)
    assert not np.allclose(block(**call), plain(**call))
    gradient = block.backward(block.trace(**call), upstream).inputs[0]
    expected = oracles.finite_differences(
        lambda x: float((block(x, memory=call["memory"]) * upstream).sum()), call["x"]
    )
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-7)


@pytest.mark.parametrize("norm", ["post", "pre"])
def test_a_trace_holds_every_step_and_they_fit_together(norm):
    block = make(norm=norm, cross_attention=True)
    call = inputs(block)
    trace = block.trace(**call)
    sublayers = [trace.attention, trace.cross_attention, trace.feed_forward]
    rows = call["x"]
    for i, (step, sublayer) in enumerate(zip(trace.residuals, sublayers, strict=True)):
        layer = (block.norm_1, block.norm_2, block.norm_3)[i]
        np.testing.assert_array_equal(step.x, rows)
        np.testing.assert_array_equal(step.summed, rows + sublayer.output)
        np.testing.assert_array_equal(step.normed, layer(step.summed if norm == "post" else rows))
        np.testing.assert_array_equal(step.gain, layer.gain)
        np.testing.assert_array_equal(step.bias, layer.bias)
        went_in = sublayer.x if sublayer is trace.feed_forward else sublayer.query
        np.testing.assert_array_equal(went_in, rows if norm == "post" else step.normed)
        rows = step.normed if norm == "post" else step.summed
        np.testing.assert_array_equal(step.output, rows)
    np.testing.assert_array_equal(trace.output, rows)
    np.testing.assert_array_equal(trace.x, call["x"])
    np.testing.assert_array_equal(trace.memory, call["memory"])
    np.testing.assert_array_equal(trace.cross_attention.key, call["memory"])


def test_a_trace_is_read_only_and_no_view_of_the_blocks_weights():
    block = make()
    trace = block.trace(**inputs(block))
    assert trace.cross_attention is None
    assert trace.memory is None
    for array in (trace.x, trace.output, trace.residuals[0].gain, trace.feed_forward.w_1):
        assert array.base is None
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_where_the_sublayers_say_nothing_pre_norm_passes_x_on_and_post_norm_normalises_it():
    for norm in ("pre", "post"):
        block = TransformerBlock(D_MODEL, N_HEADS, D_FF, norm=norm)
        block.attention.w_o[:] = block.feed_forward.second.w[:] = 0
        x = oracles.sample(0, SEQ, D_MODEL)
        expected = x if norm == "pre" else block.norm_2(block.norm_1(x))
        np.testing.assert_array_equal(block(x), expected)


@given(st.integers(0, SEQ - 2), st.sampled_from(["post", "pre"]))
def test_under_a_causal_mask_the_past_knows_nothing_of_the_future(position, norm):
    block = make(norm=norm)
    x, mask = oracles.sample(0, SEQ, D_MODEL), create_causal_mask(SEQ)
    changed = x.copy()
    changed[position + 1 :] = oracles.sample(1, SEQ - position - 1, D_MODEL)
    before, after = block(x, mask=mask), block(changed, mask=mask)
    np.testing.assert_array_equal(before[: position + 1], after[: position + 1])
    assert (before[position + 1 :] != after[position + 1 :]).any()


@given(st.permutations(range(SEQ)), st.sampled_from(["post", "pre"]))
def test_without_positions_a_block_gives_rows_in_another_order_in_that_order(order, norm):
    block, x = make(norm=norm), oracles.sample(0, SEQ, D_MODEL)
    np.testing.assert_allclose(block(x[list(order)]), block(x)[list(order)], rtol=0, atol=1e-12)


def test_the_order_of_the_memory_does_not_matter_and_its_mask_cuts_rows_off():
    block = make(cross_attention=True)
    call = inputs(block)
    turned = block(call["x"], memory=call["memory"][:, ::-1])
    np.testing.assert_allclose(turned, block(**call), rtol=0, atol=1e-12)
    cut = block(**call, memory_mask=[[True, True, False, True]])
    without = block(call["x"], memory=np.delete(call["memory"], 2, axis=1))
    np.testing.assert_allclose(cut, without, rtol=0, atol=1e-12)
    traced = block.trace(**call, memory_mask=[[True, True, False, True]])
    np.testing.assert_array_equal(traced.output, cut)


class ListCache:
    def __init__(self):
        self.k, self.v, self.length = None, None, 0

    def append(self, k, v):
        self.k = k if self.k is None else np.concatenate([self.k, k], axis=-2)
        self.v = v if self.v is None else np.concatenate([self.v, v], axis=-2)
        self.length = self.k.shape[-2]
        return self.k, self.v


@pytest.mark.parametrize("rotary", [None, RotaryPositionalEncoding(D_MODEL // N_HEADS)])
@pytest.mark.parametrize("norm", ["post", "pre"])
def test_row_by_row_with_a_cache_is_the_same_as_all_at_once(norm, rotary):
    block, cache = make(norm=norm, cross_attention=True, rotary=rotary), ListCache()
    call = inputs(block)
    whole = block(**call, mask=create_causal_mask(SEQ))
    rows = [block(call["x"][:, i : i + 1], memory=call["memory"], cache=cache) for i in range(SEQ)]
    np.testing.assert_allclose(np.concatenate(rows, axis=1), whole, rtol=0, atol=oracles.TOLERANCE)


def test_an_intervention_changes_the_self_attention_and_has_no_gradient():
    block = make(cross_attention=True)
    call = inputs(block)
    trace = block.trace(**call, intervene=lambda weights: weights * 0)
    assert not trace.attention.attention.weights.any()
    assert trace.cross_attention.attention.weights.any()
    assert not np.allclose(trace.output, block(**call))
    with pytest.raises(NumberError, match="intervene changed them"):
        block.backward(trace, np.ones((BATCH, SEQ, D_MODEL)))


def test_weights_have_these_names_and_no_biases_where_none_are_wanted():
    names = list(TransformerBlock(6, 3, 7, cross_attention=True, bias=False).parameters())
    assert names == [
        *(f"{name}.w_{each}" for name in ("attention", "cross_attention") for each in "qkvo"),
        "feed_forward.first.w", "feed_forward.second.w",
        *(f"norm_{i}.{each}" for i in (1, 2, 3) for each in ("gain", "bias")),
    ]  # fmt: skip
    block = make(bias=False)
    trace = block.trace(**inputs(block))
    gradients = block.backward(trace, np.ones((BATCH, SEQ, D_MODEL)))
    assert list(gradients.parameters) == list(block.parameters())


def test_a_seed_settles_a_block_and_no_two_parts_start_alike():
    one, same, other = (TransformerBlock(6, 3, 6, cross_attention=True, seed=seed) for seed in (1, 1, 2))
    for name, weight in one.parameters().items():
        np.testing.assert_array_equal(weight, same.parameters()[name])
    matrices = [*one.parameters().values(), *other.parameters().values()]
    drawn = {matrix.tobytes() for matrix in matrices if matrix.ndim == 2}
    assert len(drawn) == 2 * (4 + 4 + 2)


def test_a_block_is_post_norm_with_relu_biases_and_an_eps_of_a_hundred_thousandth_unless_told():
    block = TransformerBlock(6, 3, 7)
    assert (block.norm, block.feed_forward.activation, block.cross_attention) == ("post", "relu", None)
    assert [block.norm_1.eps, block.norm_2.eps, block.norm_3] == [1e-5, 1e-5, None]
    assert block.attention.b_o is not None
    for name, weight in TransformerBlock(6, 3, 7, seed=0).parameters().items():
        np.testing.assert_array_equal(weight, block.parameters()[name])


def test_eps_and_dtype_reach_every_part():
    block = TransformerBlock(6, 3, 7, cross_attention=True, eps=0.25, dtype=np.float32)
    assert {weight.dtype for weight in block.parameters().values()} == {np.dtype(np.float32)}
    assert [norm.eps for norm in (block.norm_1, block.norm_2, block.norm_3)] == [0.25] * 3
    call = {name: rows.astype(np.float32) for name, rows in inputs(block).items()}
    trace = block.trace(**call)
    gradients = block.backward(trace, trace.output)
    assert trace.output.dtype == block(**call).dtype == np.float32
    assert {each.dtype for each in (*gradients.inputs, *gradients.parameters.values())} == {
        np.dtype(np.float32)
    }


X = np.ones((SEQ, D_MODEL))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: TransformerBlock(4, 3, 7), ConfigError,
         "n_heads 3 does not divide d_model 4: choose 1 or 2 or 4"),
        (lambda: TransformerBlock(0, 1, 7), ConfigError,
         "d_model must be a whole number of at least 1, got 0"),
        (lambda: TransformerBlock(6, 3, 0), ConfigError, "d_ff must be a whole number of at least 1, got 0"),
        (lambda: make(norm="both"), ConfigError, "norm must be 'post' or 'pre', got 'both'"),
        (lambda: make(activation="tanh"), ConfigError,
         "activation must be 'relu' or 'gelu' or 'gelu_tanh', got 'tanh'"),
        (lambda: make(activation=["relu"]), ConfigError,
         "activation must be 'relu' or 'gelu' or 'gelu_tanh', got ['relu']"),
        (lambda: make(eps=0), NumberError, "eps must be a finite number above 0, got 0"),
        (lambda: make()(np.ones((SEQ, 5))), ShapeError, "x has d_model 5, expected 6"),
        (lambda: make()(np.ones(6)), ShapeError, "x must end in the axes (seq, d_model), got shape (6,)"),
        (lambda: make()(X[:0]), ShapeError, "x has seq 0, expected at least 1"),
        (lambda: make()(X * np.nan), NumberError, "x holds nan at (0, 0), expected finite numbers"),
        (lambda: make()(X, memory=X), ConfigError,
         "memory is given, but this block has no cross_attention to read it"),
        (lambda: make()(X, memory_mask=[[True]]), ConfigError,
         "memory_mask is given, but this block has no cross_attention to read it"),
        (lambda: make(cross_attention=True)(X), ConfigError,
         "memory is missing: this block has cross_attention, which reads it"),
        (lambda: make(cross_attention=True)(X, memory=X[:, :5]), ShapeError,
         "memory has d_model 5, expected 6"),
        (lambda: make(cross_attention=True)(X, memory=X[None]), ShapeError,
         "memory has leading axes (1,), expected those of x, ()"),
        (lambda: make()(X, values=X), ConfigError,
         "values is given, but this block has no cross_attention to read it"),
        (lambda: make().trace(X, intervene_cross=np.sqrt), ConfigError,
         "intervene_cross is given, but this block has no cross_attention to read it"),
        (lambda: make(cross_attention=True)(X, memory=X, values=X[:3]), ShapeError,
         "values has shape (3, 6), expected that of memory, (5, 6)"),
        (lambda: make().backward(make().trace(X), X[:3]), ShapeError,
         "grad_output has shape (3, 6), expected (5, 6)"),
        (lambda: make().backward(make().trace(X), X * np.inf), NumberError,
         "grad_output holds inf at (0, 0), expected finite numbers"),
    ],
)  # fmt: skip
def test_blocks_say_what_does_not_fit(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_a_row_without_a_key_is_named():
    with pytest.raises(FullyMaskedRowError, match="the mask leaves no key for query row 2 of head 0"):
        make()(X, mask=np.arange(SEQ)[:, None] != [2] * SEQ)


def test_a_sum_too_large_for_its_dtype_is_refused():
    block = TransformerBlock(D_MODEL, N_HEADS, D_FF)
    block.norm_1.bias[2] = block.feed_forward.second.b[2] = 1e308
    block.feed_forward.first.w[:] = 0
    with pytest.raises(NumberError, match=r"summed holds inf at \(0, 2\), too large for float64"):
        block(X)
