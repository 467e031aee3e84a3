"""The public API at its doors: dtypes, nan, inf, nothing at all, and what is no number."""

import inspect

import numpy as np
import pytest

import attention
from attention import (
    ALiBi,
    AttentionError,
    BertEncoder,
    CausalModel,
    CrossAttention,
    Embedding,
    FeedForward,
    GroupedQueryAttention,
    LayerCache,
    LayerNorm,
    LearnedPositionalEncoding,
    Linear,
    MultiHeadAttention,
    MultiQueryAttention,
    PositionalEncoding,
    RotaryPositionalEncoding,
    ScaledDotProductAttention,
    SelfAttention,
    SimpleAttention,
    TransformerBlock,
)
from tests.attention.oracles import sample

F32 = np.float32
IDS = np.array([1, 0, 2])


def f32(*shape: int) -> np.ndarray:
    return sample(sum(shape), *shape).astype(F32)


def weights_of(x) -> np.ndarray:
    return np.asarray(x) / np.sum(x, axis=-1, keepdims=True)


# name: (call with one array, a float32 array that it takes); whatever else goes in is float32, too.
X, Q, ROW = f32(3, 4), f32(3, 2), f32(4)
TRACE = attention.trace_attention(X, X, X)
HEADS = attention.trace_self_attention(X, attention.hand_built_projections(4, 2), 2)
CALLS = {
    "softmax": (attention.softmax, X),
    "entropy": (attention.entropy, np.full((3, 4), 0.25, F32)),
    "linear": (lambda x: attention.linear(x, Q[:, :2].repeat(2, 0)[:4]), X),
    "linear w": (lambda w: attention.linear(X, w), f32(4, 5)),
    "linear b": (lambda b: attention.linear(X, f32(4, 5), b), f32(5)),
    "relu": (attention.relu, X),
    "erf": (attention.erf, X),
    "gelu": (attention.gelu, X),
    "gelu tanh": (lambda x: attention.gelu(x, approximate="tanh"), X),
    "FeedForward gelu_tanh": (FeedForward(4, 5, "gelu_tanh", dtype=F32), X),
    "layer_norm": (lambda x: attention.layer_norm(x, ROW, ROW), X),
    "layer_norm gain": (lambda gain: attention.layer_norm(X, gain, ROW), ROW),
    "layer_norm bias": (lambda bias: attention.layer_norm(X, ROW, bias), ROW),
    "simple_attention query": (lambda q: attention.simple_attention(q, X, X), ROW),
    "simple_attention keys": (lambda k: attention.simple_attention(ROW, k, X), X),
    "simple_attention values": (lambda v: attention.simple_attention(ROW, X, v), X),
    "dot_product_attention Q": (lambda q: attention.dot_product_attention(q, X, X), X),
    "scaled_dot_product_attention q": (lambda q: attention.scaled_dot_product_attention(q, X, X), X),
    "scaled_dot_product_attention k": (lambda k: attention.scaled_dot_product_attention(X, k, X), X),
    "scaled_dot_product_attention v": (lambda v: attention.scaled_dot_product_attention(X, X, v), X),
    "trace_attention q": (lambda q: attention.trace_attention(q, X, X).head_outputs, X),
    "trace_attention k": (lambda k: attention.trace_attention(X, k, X).head_outputs, X),
    "trace_attention v": (lambda v: attention.trace_attention(X, X, v).head_outputs, X),
    "blockwise_attention q": (lambda q: attention.blockwise_attention(q, X, X), X),
    "blockwise_attention k": (lambda k: attention.blockwise_attention(X, k, X), X),
    "blockwise_attention v": (lambda v: attention.blockwise_attention(X, X, v), X),
    "conv1d": (lambda x: attention.conv1d(x, f32(3, 4, 5)), X),
    "conv1d kernel": (lambda kernel: attention.conv1d(X, kernel), f32(3, 4, 5)),
    "conv1d bias": (lambda bias: attention.conv1d(X, f32(3, 4, 5), bias), f32(5)),
    "rnn": (lambda x: attention.rnn(x, f32(4, 5), f32(5, 5)), X),
    "rnn w_x": (lambda w: attention.rnn(X, w, f32(5, 5)), f32(4, 5)),
    "rnn w_h": (lambda w: attention.rnn(X, f32(4, 5), w), f32(5, 5)),
    "rnn b": (lambda b: attention.rnn(X, f32(4, 5), f32(5, 5), b), f32(5)),
    "rnn h0": (lambda h0: attention.rnn(X, f32(4, 5), f32(5, 5), None, h0), f32(5)),
    "split_heads": (lambda x: attention.split_heads(x, 2), X),
    "merge_heads": (attention.merge_heads, f32(2, 3, 5)),
    "MultiHeadAttention": (MultiHeadAttention(4, 2, dtype=F32), X),
    "MultiHeadAttention key": (lambda key: MultiHeadAttention(4, 2, dtype=F32)(X, key), X),
    "MultiHeadAttention value": (lambda value: MultiHeadAttention(4, 2, dtype=F32)(X, X, value), X),
    "MultiHeadAttention.trace": (lambda x: MultiHeadAttention(4, 2, dtype=F32).trace(x).output, X),
    "CrossAttention": (lambda key: CrossAttention(4, 2, dtype=F32)(X, key), X),
    "GroupedQueryAttention": (GroupedQueryAttention(4, 2, 1, dtype=F32), X),
    "MultiQueryAttention": (MultiQueryAttention(4, 2, dtype=F32), X),
    "SelfAttention": (SelfAttention(4), X),
    "SelfAttention with projections": (SelfAttention(4, projections=True, dtype=F32), X),
    "SelfAttention.backward": (lambda grad: SelfAttention(4).backward(X, grad).inputs, X),
    "SimpleAttention": (SimpleAttention(4, 2, dtype=F32), X),
    "SimpleAttention.multi_head_attention": (
        lambda v: SimpleAttention(4, 2, dtype=F32).multi_head_attention(X, X, v), X),
    "ScaledDotProductAttention": (lambda q: ScaledDotProductAttention()(q, X, X), X),
    "Linear": (Linear(4, 5, dtype=F32), X),
    "LayerNorm": (LayerNorm(4, dtype=F32), X),
    "FeedForward": (FeedForward(4, 5, dtype=F32), X),
    "PositionalEncoding": (PositionalEncoding(4, 5), X),
    "PositionalEncoding.backward": (PositionalEncoding(4, 5).backward, X),
    "LearnedPositionalEncoding": (LearnedPositionalEncoding(5, 4, dtype=F32), X),
    "LearnedPositionalEncoding.backward": (
        lambda grad: LearnedPositionalEncoding(5, 4, dtype=F32).backward(X, grad).inputs, X),
    "RotaryPositionalEncoding": (RotaryPositionalEncoding(4), X),
    "RotaryPositionalEncoding.backward": (RotaryPositionalEncoding(4).backward, X),
    "TransformerBlock": (TransformerBlock(4, 2, 5, dtype=F32), X),
    "TransformerBlock memory": (
        lambda memory: TransformerBlock(4, 2, 5, cross_attention=True, dtype=F32)(X, memory=memory), X),
    "LayerCache.append k": (lambda k: LayerCache().append(k, X)[0], X),
    "softmax_jacobian": (attention.softmax_jacobian, weights_of(np.abs(X))),
    "softmax_backward": (lambda grad: attention.softmax_backward(weights_of(np.abs(X)), grad), X),
    "attention_backward": (lambda grad: attention.attention_backward(TRACE, grad).q, X),
    "multi_head_backward": (lambda grad: attention.multi_head_backward(HEADS, grad).inputs[:0], X),
    "linear_backward x": (lambda x: attention.linear_backward(x, f32(4, 5), f32(3, 5))[1], X),
    "linear_backward w": (lambda w: attention.linear_backward(X, w, f32(3, 5))[0], f32(4, 5)),
    "linear_backward grad": (lambda grad: attention.linear_backward(X, f32(4, 5), grad), f32(3, 5)),
    "relu_backward": (lambda grad: attention.relu_backward(X, grad), X),
    "gelu_backward": (lambda x: attention.gelu_backward(x, x), X),
    "gelu_backward tanh": (lambda x: attention.gelu_backward(x, x, approximate="tanh"), X),
    "layer_norm_backward": (lambda x: attention.layer_norm_backward(x, ROW, 1e-5, X)[0], X),
    "layer_norm_backward gain": (lambda gain: attention.layer_norm_backward(X, gain, 1e-5, X)[0], ROW),
    "embedding_backward": (lambda grad: attention.embedding_backward(IDS, 5, grad), X),
    "cross_entropy": (lambda z: np.array(attention.cross_entropy(z, IDS), np.asarray(z).dtype), X),
    "cross_entropy_backward": (lambda z: attention.cross_entropy_backward(z, IDS), X),
    "clip_gradients": (lambda g: attention.clip_gradients({"w": g}, 1)["w"], X),
    "gradient_norm": (lambda g: np.array(attention.gradient_norm({"w": g}), np.asarray(g).dtype), X),
    "trace_self_attention": (
        lambda x: attention.trace_self_attention(x, attention.hand_built_projections(4, 2), 2).query, X),
    "Layer.load_state_dict": (lambda w: load_into_linear(w), f32(4, 5)),
    "Adam.step": (lambda g: step_of_adam(g), X),
}  # fmt: skip

# These move numbers and compute nothing with them, or keep them for a call that looked at them.
PASSES_NAN = {"split_heads", "merge_heads", "LayerCache.append k"}
# Number by number, or of any number of rows or batches: of nothing comes nothing.
TAKES_NOTHING = {
    "relu", "erf", "gelu", "gelu tanh", "softmax", "entropy", "softmax_jacobian", "gelu_backward",
    "gelu_backward tanh",
    "clip_gradients",
    "gradient_norm",
}  # fmt: skip
# What need not be given.
MAY_BE_NONE = {
    "linear b", "conv1d bias", "rnn b", "rnn h0", "MultiHeadAttention key", "MultiHeadAttention value",
}  # fmt: skip
# What these return has a dtype of its own.
OWN_DTYPE = {"Layer.load_state_dict", "Adam.step", "cross_entropy", "gradient_norm"}

# Whole numbers: ids of tokens, or of classes.
ID_CALLS = {
    "Embedding": Embedding(5, 4),
    "Embedding.backward": lambda ids: Embedding(5, 4).backward(ids, X),
    "embedding_backward ids": lambda ids: attention.embedding_backward(ids, 5, X),
    "cross_entropy targets": lambda ids: attention.cross_entropy(f32(3, 5), ids),
    "cross_entropy_backward targets": lambda ids: attention.cross_entropy_backward(f32(3, 5), ids),
    "CausalModel": CausalModel(5, 4, 2, 3, 1, 7),
    "CausalModel.trace": CausalModel(5, 4, 2, 3, 1, 7).trace,
    "CausalModel.loss": CausalModel(5, 4, 2, 3, 1, 7).loss,
    "CausalModel.gradients": CausalModel(5, 4, 2, 3, 1, 7).gradients,
    "generate": lambda ids: attention.generate(CausalModel(5, 4, 2, 3, 1, 7), ids, 0),
    "generation_steps": lambda ids: attention.generation_steps(CausalModel(5, 4, 2, 3, 1, 7), ids, 0),
    "BertEncoder": BertEncoder(5, 4, 2, 3, 1),
    "BertEncoder token_types": lambda ids: BertEncoder(5, 4, 2, 3, 1, n_token_types=5)(IDS, token_types=ids),
}

# One whole number, of at least 1.
SIZE_CALLS = {
    "create_causal_mask": attention.create_causal_mask,
    "create_bidirectional_mask": attention.create_bidirectional_mask,
    "create_padding_mask": lambda n: attention.create_padding_mask([1], n),
    "create_sliding_window_mask": lambda n: attention.create_sliding_window_mask(5, n),
    "create_prefix_lm_mask": lambda n: attention.create_prefix_lm_mask(n, 1),
    "create_custom_mask": lambda n: attention.create_custom_mask(n, 5, []),
    "split_heads n_heads": lambda n: attention.split_heads(X, n),
    "sinusoidal_positions": lambda n: attention.sinusoidal_positions(n, 4),
    "rotary_angles": lambda n: attention.rotary_angles(n, 4),
    "alibi_slopes": attention.alibi_slopes,
    "ALiBi": ALiBi(2),
    "Linear d_in": lambda n: Linear(n, 3),
    "Embedding d_model": lambda n: Embedding(3, n),
    "FeedForward d_ff": lambda n: FeedForward(3, n),
    "KVCache": attention.KVCache,
    "blockwise_attention block_size": lambda n: attention.blockwise_attention(X, X, X, block_size=n),
    "embedding_backward vocab_size": lambda n: attention.embedding_backward([0], n, X[:1]),
    "warmup_rate": lambda n: attention.warmup_rate(n, 4),
    "generate top_k": lambda n: attention.generate(CausalModel(5, 4, 2, 3, 1, 7), [1], 1, top_k=n),
    "hand_built_embedding": lambda n: attention.hand_built_embedding(attention.tokenize("a b"), n),
    "random_embedding": lambda n: attention.random_embedding(attention.tokenize("a b"), n, 3),
    "hand_built_projections": lambda n: attention.hand_built_projections(4, n),
    "random_projections": lambda n: attention.random_projections(4, n, 3),
    "train_lookup": lambda n: attention.train_lookup(3, n_keys=n, n_pairs=1),
    "draw_lookup_questions": attention.draw_lookup_questions,
    "attention_cost": lambda n: attention.attention_cost(n, 3, 4),
    "multi_head_attention_cost": lambda n: attention.multi_head_attention_cost(n, 4, 2),
    "convolution_cost": lambda n: attention.convolution_cost(n, 4, 3),
    "recurrence_cost": lambda n: attention.recurrence_cost(n, 4),
    "block_cost": lambda n: attention.block_cost(n, 4, 2, 8),
    "kv_cache_bytes": lambda n: attention.kv_cache_bytes(5, n, 2, 4),
}

MASK_CALLS = {
    "as_additive": attention.as_additive,
    "as_boolean": attention.as_boolean,
    "combine_masks": attention.combine_masks,
    "trace_attention mask": lambda mask: attention.trace_attention(X, X, X, mask),
    "blockwise_attention mask": lambda mask: attention.blockwise_attention(X, X, X, mask),
    "trace_self_attention mask": lambda mask: attention.trace_self_attention(
        X, attention.hand_built_projections(4, 2), 2, mask
    ),
    "SelfAttention mask": lambda mask: SelfAttention(4)(X, mask),
    "SimpleAttention mask": lambda mask: SimpleAttention(4, 2)(X, mask),
    "ScaledDotProductAttention mask": lambda mask: ScaledDotProductAttention()(X, X, X, mask),
    "MultiHeadAttention mask": lambda mask: MultiHeadAttention(4, 2)(X, mask=mask),
    "TransformerBlock mask": lambda mask: TransformerBlock(4, 2, 5)(X, mask),
}

# Held at their doors in the test file of their chapter: text, files, clocks, states of other libraries.
ELSEWHERE = {
    "tokenize", "spelling_features", "load", "load_metadata", "save", "profile", "fit_exponent",
    "load_card", "load_model", "recognise", "model_flops", "model_parameters",
    "multi_head_attention_from_torch", "transformer_block_from_torch",
}  # fmt: skip

NO_NUMBERS = (
    [["a", "b"]], [[object()]], np.ones((3, 4), complex), np.array([["2020-01-01"]], "M8[D]"),
    [[1.0], [1.0, 2.0]],
)  # fmt: skip
NO_IDS = (
    [0, 5, 1], [0, -1, 1], [0.0, 1.0, 2.0], [True, False, True], ["a", "b", "c"], [], [[1], [1, 2]],
    [10**400],
)  # fmt: skip
NO_SIZES = (0, -1, 2.0, True, "2", np.array([2]), np.array(2.0), np.True_)
NO_MASKS = (
    np.eye(3), np.full((3, 3), np.nan), np.full((3, 3), np.inf), np.full((3, 3), 2), [["a"] * 3] * 3,
    np.ones((3, 3), complex), [[True], [True, False]], True, np.True_, 1, "causal",
)  # fmt: skip


def load_into_linear(w) -> np.ndarray:
    layer = Linear(4, 5, bias=False, dtype=F32)
    layer.load_state_dict({"w": w})
    return layer.w


def step_of_adam(grad) -> np.ndarray:
    w = np.ones((3, 4), F32)
    attention.Adam({"w": w}).step({"w": grad})
    return w


def arrays(result) -> list[np.ndarray]:
    return [*result] if isinstance(result, tuple) else [result]


def test_every_public_function_stands_in_a_table():
    named = {name.split()[0].split(".")[0] for name in (*CALLS, *ID_CALLS, *SIZE_CALLS, *MASK_CALLS)}
    functions = {name for name in attention.__all__ if inspect.isfunction(getattr(attention, name))}
    assert functions - named - ELSEWHERE == set()
    assert named - set(attention.__all__) - {"Layer"} == set()


@pytest.mark.parametrize("name", CALLS)
def test_float32_gives_float32_and_all_else_float64_without_nan(name):
    call, good = CALLS[name]
    for array in arrays(call(good)):
        assert array.dtype == F32 or name in OWN_DTYPE
        assert np.isfinite(array).all()
    for other in (good.astype(np.float64), good.astype(np.float16)):
        assert all(array.dtype == np.float64 for array in arrays(call(other))) or name in OWN_DTYPE


@pytest.mark.parametrize("name", sorted(CALLS.keys() - PASSES_NAN))
def test_nan_and_inf_are_refused_by_name(name):
    call, good = CALLS[name]
    for bad in (np.nan, np.inf):
        array = good.copy()
        array[..., -1] = bad
        with pytest.raises(AttentionError, match=rf" (holds|sum of) {bad}"):
            call(array)


@pytest.mark.parametrize("name", sorted(PASSES_NAN))
def test_what_only_moves_numbers_moves_nan_too(name):
    call, good = CALLS[name]
    assert np.isnan(arrays(call(np.full_like(good, np.nan)))[0]).all()


@pytest.mark.parametrize("name", CALLS)
def test_an_empty_axis_is_refused_by_name_or_gives_nothing(name):
    call, good = CALLS[name]
    empty = good[:0]
    if name in TAKES_NOTHING:
        assert arrays(call(empty))[0].size in (0, 1)
    else:
        with pytest.raises(AttentionError, match=r"shape|seq|n_heads 0|d_k 0|d_in 0"):
            call(empty)


@pytest.mark.parametrize("name", CALLS)
def test_what_is_no_array_of_real_numbers_is_refused_by_name(name):
    call, _ = CALLS[name]
    for bad in NO_NUMBERS:
        with pytest.raises(AttentionError, match=r"numbers|dtype|shape"):
            call(bad)


@pytest.mark.parametrize("name", sorted(CALLS.keys() - MAY_BE_NONE))
def test_none_where_numbers_belong_is_refused_by_name(name):
    with pytest.raises(AttentionError, match=r" is None, expected real numbers|is missing"):
        CALLS[name][0](None)


@pytest.mark.parametrize("name", ID_CALLS)
def test_ids_that_are_none_are_refused_by_name(name):
    ID_CALLS[name](IDS)
    for bad in NO_IDS:
        with pytest.raises(AttentionError, match=r"(ids|targets|token_types) (holds|has|must)"):
            ID_CALLS[name](bad)


@pytest.mark.parametrize("name", SIZE_CALLS)
def test_sizes_that_are_none_are_refused_by_name(name):
    SIZE_CALLS[name](1)
    SIZE_CALLS[name](np.int64(1))
    for bad in NO_SIZES:
        with pytest.raises(attention.ConfigError, match="must be a whole number"):
            SIZE_CALLS[name](bad)


@pytest.mark.parametrize("name", MASK_CALLS)
def test_masks_that_are_none_are_refused_by_name(name):
    MASK_CALLS[name](np.tri(3, dtype=bool))
    for bad in NO_MASKS:
        with pytest.raises(attention.MaskError):
            MASK_CALLS[name](bad)
