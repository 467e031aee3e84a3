import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import (
    ConfigError,
    Cost,
    MultiHeadAttention,
    TransformerBlock,
    attention_cost,
    block_cost,
    conv1d,
    convolution_cost,
    kv_cache_bytes,
    multi_head_attention_cost,
    recurrence_cost,
    rnn,
)

SEQ_Q, SEQ_K, D_K, D_V, HEADS = 5, 7, 11, 13, 3
LONG = 131_072  # its square does not fit 32 bits


def product(rows, inner, columns):
    """FLOPs of (a, b) @ (b, c), counted one by one."""
    return sum(2 for _ in range(rows) for _ in range(inner) for _ in range(columns))


def test_attention_counts_the_two_products_of_each_head_one_by_one():
    each_head = product(SEQ_Q, D_K, SEQ_K) + product(SEQ_Q, SEQ_K, D_V)
    cost = attention_cost(SEQ_Q, SEQ_K, D_K, D_V, HEADS)
    assert cost == Cost(
        flops=HEADS * each_head,
        parameters=0,
        activations=HEADS * (SEQ_Q * SEQ_K + SEQ_Q * D_V),
        sequential_operations=1,
        path_length=1,
    )


def test_values_are_as_wide_as_keys_and_there_is_one_head_unless_said_otherwise():
    assert attention_cost(SEQ_Q, SEQ_K, D_K) == attention_cost(SEQ_Q, SEQ_K, D_K, D_K, 1)


def test_more_queries_than_keys_are_counted_alike():
    assert attention_cost(SEQ_K, SEQ_Q, D_K).activations == SEQ_K * SEQ_Q + SEQ_K * D_K
    assert attention_cost(SEQ_K, SEQ_Q, D_K).sequential_operations == 1


def test_multi_head_attention_counts_its_four_projections_one_by_one():
    d_model = HEADS * D_K
    cost = multi_head_attention_cost(SEQ_Q, d_model, HEADS, seq_k=SEQ_K)
    projections = 2 * product(SEQ_Q, d_model, d_model) + 2 * product(SEQ_K, d_model, d_model)
    attention = attention_cost(SEQ_Q, SEQ_K, D_K, n_heads=HEADS)
    assert cost.flops == projections + attention.flops
    assert cost.parameters == 4 * (d_model**2 + d_model)
    assert cost.activations == 2 * (SEQ_Q + SEQ_K) * d_model + attention.activations
    assert (cost.sequential_operations, cost.path_length) == (1, 1)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("n_kv_heads", [1, 2, 6])
def test_multi_head_attention_has_as_many_weights_as_the_layer_itself(n_kv_heads, bias):
    layer = MultiHeadAttention(12, 6, num_kv_heads=n_kv_heads, bias=bias)
    counted = multi_head_attention_cost(SEQ_Q, 12, 6, n_kv_heads=n_kv_heads, bias=bias).parameters
    assert counted == sum(array.size for array in layer.parameters().values())


def test_multi_head_attention_makes_as_many_numbers_as_its_trace_holds():
    """The trace holds the scores in four forms: raw, scaled, masked and as weights; they are counted once."""
    trace = MultiHeadAttention(12, 6).trace(np.ones((SEQ_Q, 12)), np.ones((SEQ_K, 12)))
    inner = trace.attention
    kept = (inner.q, inner.k, inner.v, inner.weights, trace.concat, trace.output)
    counted = multi_head_attention_cost(SEQ_Q, 12, 6, seq_k=SEQ_K).activations
    assert counted == sum(array.size for array in kept)


def test_a_projection_without_bias_has_a_matrix_only():
    assert multi_head_attention_cost(SEQ_Q, 6, 2, bias=False).parameters == 4 * 6**2


def test_self_attention_has_as_many_keys_as_queries():
    assert multi_head_attention_cost(SEQ_Q, 6, 2) == multi_head_attention_cost(SEQ_Q, 6, 2, seq_k=SEQ_Q)


def test_fewer_heads_of_keys_and_values_make_their_projections_narrower():
    """6 heads of 2 columns, 3 of them for keys and values: W_K and W_V are (12, 6)."""
    cost = multi_head_attention_cost(SEQ_Q, 12, 6, seq_k=SEQ_K, n_kv_heads=3)
    attention = attention_cost(SEQ_Q, SEQ_K, 2, n_heads=6)
    assert cost.parameters == 2 * (12 * 12 + 12) + 2 * (12 * 6 + 6)
    assert cost.flops == 2 * product(SEQ_Q, 12, 12) + 2 * product(SEQ_K, 12, 6) + attention.flops
    assert cost.activations == 2 * SEQ_Q * 12 + 2 * SEQ_K * 6 + attention.activations


@given(st.integers(1, 500), st.integers(1, 500))
def test_a_cache_saves_projecting_what_is_in_it_and_nothing_else(cached, new):
    with_cache = multi_head_attention_cost(new, 12, 3, cached=cached)
    without = multi_head_attention_cost(new, 12, 3, seq_k=cached + new)
    assert without.flops - with_cache.flops == 2 * 2 * cached * 12 * 12
    assert without.activations - with_cache.activations == 2 * cached * 12
    assert without.parameters == with_cache.parameters


@given(st.integers(1, 300), st.integers(1, 50))
def test_projections_cost_more_than_attention_up_to_a_length_of_twice_d_model(seq, d_k):
    d_model = 2 * d_k
    attention = attention_cost(seq, seq, d_k, n_heads=2).flops
    projections = multi_head_attention_cost(seq, d_model, 2).flops - attention
    assert (attention > projections) == (seq > 2 * d_model)
    assert (attention == projections) == (seq == 2 * d_model)


def test_the_rows_of_table_1_grow_as_it_says():
    """n^2 d, r n d, n d^2 and k n d^2: what twice n costs, and what twice d costs."""

    def growth(cost):
        return cost(2 * 512, 256).flops / cost(512, 256).flops, cost(512, 512).flops / cost(512, 256).flops

    assert growth(lambda n, d: attention_cost(n, n, d)) == (4, 2)
    assert growth(lambda n, d: attention_cost(n, n, d, window=32)) == (2, 2)
    assert growth(lambda n, d: recurrence_cost(n, d)) == (2, 4)
    assert growth(lambda n, d: convolution_cost(n, d, kernel_size=3)) == (2, 4)


def test_a_window_gives_each_query_that_many_keys():
    assert attention_cost(SEQ_K, SEQ_K, D_K, window=3).flops == attention_cost(SEQ_K, 3, D_K).flops
    assert attention_cost(SEQ_K, SEQ_K, D_K, window=3).activations == SEQ_K * 3 + SEQ_K * D_K
    assert attention_cost(SEQ_K, SEQ_K, D_K, window=100) == attention_cost(SEQ_K, SEQ_K, D_K)


def reach(layers, seq, looks_back):
    """The first position that the last one sees through some layers; `looks_back` lists distances."""
    seen = {seq - 1}
    for layer in reversed(range(layers)):
        seen |= {i - back for i in seen for back in looks_back(layer) if i >= back}
    return min(seen)


@pytest.mark.parametrize("seq", [1, 2, 3, 8, 9, 10, 26, 27, 28, 29])
@pytest.mark.parametrize("size", [2, 3, 5])
def test_a_path_is_as_many_layers_as_it_takes_to_see_the_first_position(seq, size):
    def contiguous(layer):
        return range(size)

    def dilated(layer):
        return range(0, size ** (layer + 1), size**layer)

    for cost, looks_back in (
        (attention_cost(seq, seq, D_K, window=size), contiguous),
        (convolution_cost(seq, 4, size, dilated=False), contiguous),
        (convolution_cost(seq, 4, size), dilated),
    ):
        assert reach(cost.path_length, seq, looks_back) == 0
        assert cost.path_length == 1 or reach(cost.path_length - 1, seq, looks_back) > 0


def test_a_recurrence_needs_a_step_and_a_path_for_every_position():
    cost = recurrence_cost(1009, 4)
    assert (cost.sequential_operations, cost.path_length) == (1009, 1009)
    assert convolution_cost(1009, 4, 3).sequential_operations == 1


def test_convolution_and_recurrence_count_their_products_one_by_one():
    convolution = convolution_cost(SEQ_K, D_K, kernel_size=3, d_out=D_V)
    assert convolution.flops == 3 * product(SEQ_K, D_K, D_V)
    recurrence = recurrence_cost(SEQ_K, D_K, d_hidden=D_V)
    assert recurrence.flops == product(SEQ_K, D_K, D_V) + product(SEQ_K, D_V, D_V)
    assert convolution_cost(SEQ_K, D_K, 3) == convolution_cost(SEQ_K, D_K, 3, d_out=D_K)
    assert recurrence_cost(SEQ_K, D_K) == recurrence_cost(SEQ_K, D_K, D_K)


def test_parameters_and_outputs_are_those_of_the_functions_that_are_counted():
    x = np.zeros((SEQ_K, D_K))
    kernel, bias = np.zeros((3, D_K, D_V)), np.zeros(D_V)
    convolution = convolution_cost(SEQ_K, D_K, kernel_size=3, d_out=D_V)
    assert convolution.parameters == kernel.size + bias.size
    assert convolution.activations == conv1d(x, kernel, bias).size
    w_x, w_h = np.zeros((D_K, D_V)), np.zeros((D_V, D_V))
    recurrence = recurrence_cost(SEQ_K, D_K, d_hidden=D_V)
    assert recurrence.parameters == w_x.size + w_h.size + bias.size
    assert recurrence.activations == rnn(x, w_x, w_h, bias).size


def test_a_block_by_hand():
    """2 positions, 4 columns, 1 head, 8 hidden."""
    cost = block_cost(seq=2, d_model=4, n_heads=1, d_ff=8)
    assert cost.flops == 4 * product(2, 4, 4) + 2 * product(2, 4, 2) + 2 * product(2, 4, 8) == 576
    assert cost.parameters == 4 * (16 + 4) + (32 + 8 + 32 + 4) + 2 * (4 + 4) == 172
    assert cost.activations == 3 * 8 + 4 + 8 + 8 + 2 * 8 + 8 + 2 * 8 == 84
    assert (cost.sequential_operations, cost.path_length) == (2, 1)


@pytest.mark.parametrize("cross_attention", [False, True])
@pytest.mark.parametrize("norm", ["pre", "post"])
def test_a_block_has_as_many_weights_as_the_layer_itself(norm, cross_attention):
    layer = TransformerBlock(12, 3, 17, norm=norm, cross_attention=cross_attention)
    counted = block_cost(SEQ_Q, 12, 3, 17, seq_memory=SEQ_K if cross_attention else None).parameters
    assert counted == sum(array.size for array in layer.parameters().values())


def test_a_decoders_block_attends_to_the_memory_too_and_has_a_third_norm():
    encoder, decoder = block_cost(SEQ_Q, 12, 3, 17), block_cost(SEQ_Q, 12, 3, 17, seq_memory=SEQ_K)
    cross = multi_head_attention_cost(SEQ_Q, 12, 3, seq_k=SEQ_K)
    assert decoder.flops - encoder.flops == cross.flops
    assert decoder.parameters - encoder.parameters == cross.parameters + 2 * 12
    assert decoder.activations - encoder.activations == cross.activations + SEQ_Q * 12
    assert decoder.sequential_operations == 3


def test_what_a_gate_no_bias_and_a_norm_without_bias_change_in_a_block():
    plain = block_cost(SEQ_Q, 12, 3, 17)
    gated = block_cost(SEQ_Q, 12, 3, 17, gated=True)
    assert gated.flops - plain.flops == product(SEQ_Q, 12, 17)
    assert gated.parameters - plain.parameters == 12 * 17 + 17
    assert gated.activations - plain.activations == SEQ_Q * 17
    assert plain.parameters - block_cost(SEQ_Q, 12, 3, 17, bias=False).parameters == 4 * 12 + 17 + 12
    assert plain.parameters - block_cost(SEQ_Q, 12, 3, 17, rms_norm=True).parameters == 2 * 12
    grouped = block_cost(SEQ_Q, 12, 3, 17, n_kv_heads=1, seq_memory=SEQ_K)
    assert block_cost(SEQ_Q, 12, 3, 17, seq_memory=SEQ_K).parameters - grouped.parameters == 4 * (12 * 8 + 8)


def test_with_a_cache_the_next_token_costs_what_grows_with_the_length_and_without_one_with_its_square():
    def growth(cost):
        first, second, third = (cost(n).flops for n in (1000, 2000, 3000))
        return third - 2 * second + first  # 0 for what grows linearly

    assert growth(lambda n: block_cost(1, 64, 4, 256, cached=n)) == 0
    assert growth(lambda n: block_cost(n + 1, 64, 4, 256)) == 2 * 4 * 64 * 1000**2


def test_a_block_of_attention_is_what_the_blockwise_form_holds():
    whole, blocks = attention_cost(LONG, LONG, 64), attention_cost(LONG, LONG, 64, block_size=256)
    assert whole.activations == LONG**2 + LONG * 64
    assert blocks.activations == 256**2 + LONG * 64
    assert blocks.flops == whole.flops
    assert blocks.sequential_operations == 512
    assert attention_cost(SEQ_Q, SEQ_K, D_K, block_size=6).activations == SEQ_Q * 6 + SEQ_Q * D_K
    assert attention_cost(SEQ_Q, SEQ_K, D_K, block_size=6).sequential_operations == 2
    assert attention_cost(SEQ_Q, SEQ_K, D_K, block_size=7) == attention_cost(SEQ_Q, SEQ_K, D_K)


def test_bytes_follow_the_size_of_a_number():
    cost = attention_cost(3, 5, 7)
    assert cost.n_bytes() == 8 * (15 + 21)
    assert cost.n_bytes(2) == 2 * (15 + 21)


def test_a_cache_holds_one_key_and_one_value_for_each_token_layer_and_head():
    cache = [np.zeros((2, 3, 5, 7, 11)) for _ in ("k", "v")]  # batch, layer, head, token, column
    assert kv_cache_bytes(seq=7, n_layers=3, n_kv_heads=5, d_k=11, batch=2) == sum(a.nbytes for a in cache)
    assert kv_cache_bytes(7, 3, 5, 11, batch=2, bytes_each=2) == sum(
        a.astype(np.float16).nbytes for a in cache
    )
    assert kv_cache_bytes(0, 3, 5, 11) == 0


def test_long_sequences_are_counted_exactly_whatever_whole_numbers_they_are_given_as():
    """131072 = 2^17, so every count below is a power of two that 32 bits cannot hold."""
    for n in (LONG, np.int32(LONG), np.int64(LONG), np.arange(LONG, LONG + 1)[0]):
        assert attention_cost(n, n, np.int32(64), n_heads=np.int32(16)).flops == 2 ** (2 + 4 + 34 + 6)
        assert attention_cost(n, n, 64).n_bytes() == 2**3 * (2**34 + 2**23)
        assert recurrence_cost(n, np.int32(4096)).flops == 2 ** (2 + 17 + 24)
        assert convolution_cost(n, np.int32(4096), np.int32(4)).flops == 2 ** (1 + 2 + 17 + 24)
        cache = kv_cache_bytes(n, np.int32(64), np.int32(8), np.int32(128), bytes_each=2)
        assert cache == 2 ** (1 + 17 + 6 + 3 + 7 + 1)
        cost = block_cost(n, np.int32(4096), np.int32(32), np.int32(16384))
        assert cost.flops == 2 ** (3 + 17 + 24) + 2 ** (2 + 34 + 12) + 2 ** (2 + 17 + 12 + 14)
        assert all(type(value) is int for value in dataclasses.astuple(cost))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: attention_cost(0, 5, 7), "seq_q must be a whole number of at least 1, got 0"),
        (lambda: attention_cost(5, 0, 7), "seq_k must be a whole number of at least 1, got 0"),
        (lambda: attention_cost(5, 5, 0), "d_k must be a whole number of at least 1, got 0"),
        (lambda: attention_cost(5, 5, 7, 0), "d_v must be a whole number of at least 1, got 0"),
        (lambda: attention_cost(5, 5, 7, 7, 0), "n_heads must be a whole number of at least 1, got 0"),
        (lambda: attention_cost(5, 5, 7, window=1), "window must be a whole number of at least 2, got 1"),
        (
            lambda: attention_cost(5, 5, 7, block_size=0),
            "block_size must be a whole number of at least 1, got 0",
        ),
        (lambda: attention_cost(5.0, 5, 7), "seq_q must be a whole number of at least 1, got 5.0"),
        (lambda: multi_head_attention_cost(5, 4, 3), "n_heads 3 does not divide d_model 4"),
        (
            lambda: multi_head_attention_cost(5, 12, 4, n_kv_heads=3),
            "n_kv_heads 3 does not divide n_heads 4",
        ),
        (
            lambda: multi_head_attention_cost(5, 4, 2, seq_k=5, cached=7),
            "cached must be a whole number from 0 to 5, got 7",
        ),
        (
            lambda: multi_head_attention_cost(5, 4, 2, cached=-1),
            "cached must be a whole number of at least 0, got -1",
        ),
        (
            lambda: multi_head_attention_cost(5, 4, 2, seq_k=0),
            "seq_k must be a whole number of at least 1, got 0",
        ),
        (lambda: convolution_cost(5, 4, 1), "kernel_size must be a whole number of at least 2, got 1"),
        (lambda: convolution_cost(0, 4, 2), "seq must be a whole number of at least 1, got 0"),
        (lambda: convolution_cost(5, 4, 2, d_out=0), "d_out must be a whole number of at least 1, got 0"),
        (lambda: recurrence_cost(5, 0), "d_model must be a whole number of at least 1, got 0"),
        (lambda: recurrence_cost(5, 4, 0), "d_hidden must be a whole number of at least 1, got 0"),
        (lambda: block_cost(5, 4, 2, 0), "d_ff must be a whole number of at least 1, got 0"),
        (
            lambda: block_cost(5, 4, 2, 8, seq_memory=0),
            "seq_memory must be a whole number of at least 1, got 0",
        ),
        (lambda: kv_cache_bytes(-1, 1, 1, 1), "seq must be a whole number of at least 0, got -1"),
        (lambda: kv_cache_bytes(1, 0, 1, 1), "n_layers must be a whole number of at least 1, got 0"),
        (lambda: kv_cache_bytes(1, 1, 1, 1, 0), "batch must be a whole number of at least 1, got 0"),
        (lambda: kv_cache_bytes(1, 1, 1, 1, 1, 0), "bytes_each must be a whole number of at least 1, got 0"),
    ],
)
def test_sizes_that_cannot_be_are_refused_by_name(call, message):
    with pytest.raises(ConfigError) as caught:
        call()
    assert str(caught.value) == message
