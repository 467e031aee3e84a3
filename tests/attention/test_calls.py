"""What the doors say to PyTorch's names, to arguments by place, to flags, and to a mask in a key's place."""

import inspect

import numpy as np
import pytest

import attention
from attention import (
    ArgumentError,
    ConfigError,
    CrossAttention,
    FeedForward,
    GroupedQueryAttention,
    MaskError,
    MultiHeadAttention,
    MultiQueryAttention,
    NumberError,
    ScaledDotProductAttention,
    SelfAttention,
    SimpleAttention,
    TextError,
    TransformerBlock,
    create_causal_mask,
)
from attention.calls import explained
from tests.attention.oracles import sample

SEQ = 4
X = sample(1, SEQ, SEQ)  # as many rows as columns: a mask has the shape of a key
PROJECTIONS = attention.hand_built_projections(SEQ, 2)
MHA = MultiHeadAttention(SEQ, 2)
MODEL = attention.CausalModel(5, 4, 2, 3, 1, 7)

# Every door that takes a mask: what it gives for X that attends to itself.
MASKED = {
    "trace_attention": lambda *place, **name: attention.trace_attention(X, X, X, *place, **name).head_outputs,
    "scaled_dot_product_attention":
        lambda *place, **name: attention.scaled_dot_product_attention(X, X, X, *place, **name)[0],
    "dot_product_attention":
        lambda *place, **name: attention.dot_product_attention(X, X, X, *place, **name)[0],
    "blockwise_attention": lambda *place, **name: attention.blockwise_attention(X, X, X, *place, **name),
    "trace_self_attention":
        lambda *place, **name: attention.trace_self_attention(X, PROJECTIONS, 2, *place, **name).output,
    "ScaledDotProductAttention":
        lambda *place, **name: ScaledDotProductAttention()(X, X, X, *place, **name)[0],
    "ScaledDotProductAttention.trace":
        lambda *place, **name: ScaledDotProductAttention().trace(X, X, X, *place, **name).head_outputs,
    "SelfAttention": lambda *place, **name: SelfAttention(SEQ)(X, *place, **name)[0],
    "SelfAttention.trace": lambda *place, **name: SelfAttention(SEQ).trace(X, *place, **name).head_outputs,
    "SimpleAttention": lambda *place, **name: SimpleAttention(SEQ, 2)(X, *place, **name),
    "SimpleAttention.forward": lambda *place, **name: SimpleAttention(SEQ, 2).forward(X, *place, **name),
    "SimpleAttention.multi_head_attention":
        lambda *place, **name: SimpleAttention(SEQ, 2).multi_head_attention(X, X, X, *place, **name)[0],
    "MultiHeadAttention": lambda *place, **name: MHA(X, X, X, *place, **name),
    "MultiHeadAttention.trace": lambda *place, **name: MHA.trace(X, X, X, *place, **name).output,
    "CrossAttention": lambda *place, **name: CrossAttention(SEQ, 2)(X, X, X, *place, **name),
    "GroupedQueryAttention": lambda *place, **name: GroupedQueryAttention(SEQ, 2, 1)(X, X, X, *place, **name),
    "MultiQueryAttention": lambda *place, **name: MultiQueryAttention(SEQ, 2)(X, X, X, *place, **name),
    "TransformerBlock": lambda *place, **name: TransformerBlock(SEQ, 2, 3)(X, *place, **name),
    "TransformerBlock.trace":
        lambda *place, **name: TransformerBlock(SEQ, 2, 3).trace(X, *place, **name).output,
}  # fmt: skip

# Those that take a scale.
SCALED = [
    "trace_attention", "scaled_dot_product_attention", "blockwise_attention", "trace_self_attention",
    "ScaledDotProductAttention.trace", "SelfAttention.trace", "MultiHeadAttention.trace",
]  # fmt: skip

# One that is True or False.
FLAGS = {
    "SelfAttention projections": lambda flag: SelfAttention(4, projections=flag),
    "SimpleAttention causal": lambda flag: SimpleAttention(4, 2)(X, None, flag),
    "SimpleAttention return_weights": lambda flag: SimpleAttention(4, 2).forward(X, return_weights=flag),
    "MultiHeadAttention bias": lambda flag: MultiHeadAttention(4, 2, bias=flag),
    "Linear bias": lambda flag: attention.Linear(4, 2, bias=flag),
    "FeedForward bias": lambda flag: FeedForward(4, 2, bias=flag),
    "TransformerBlock bias": lambda flag: TransformerBlock(4, 2, 3, bias=flag),
    "TransformerBlock cross_attention": lambda flag: TransformerBlock(4, 2, 3, cross_attention=flag),
    "CausalModel tied": lambda flag: attention.CausalModel(5, 4, 2, 3, 1, 7, tied=flag),
    "RotaryPositionalEncoding interleaved":
        lambda flag: attention.RotaryPositionalEncoding(4, interleaved=flag),
    "create_sliding_window_mask causal": lambda flag: attention.create_sliding_window_mask(5, 2, causal=flag),
    "generate use_cache": lambda flag: attention.generate(MODEL, [1], 1, use_cache=flag),
    "multi_head_attention_cost bias": lambda flag: attention.multi_head_attention_cost(3, 4, 2, bias=flag),
    "convolution_cost dilated": lambda flag: attention.convolution_cost(9, 4, 2, dilated=flag),
    "block_cost bias": lambda flag: attention.block_cost(3, 4, 2, 5, bias=flag),
    "block_cost gated": lambda flag: attention.block_cost(3, 4, 2, 5, gated=flag),
    "block_cost rms_norm": lambda flag: attention.block_cost(3, 4, 2, 5, rms_norm=flag),
    **{f"{name} causal": lambda flag, call=call: call(causal=flag) for name, call in MASKED.items()},
}  # fmt: skip

# One number that is neither True nor text.
NUMBERS = {
    **{f"{name} scale": lambda number, call=MASKED[name]: call(scale=number) for name in SCALED},
    "layer_norm eps": lambda number: attention.layer_norm(X, X[0], X[0], number),
    "LayerNorm eps": lambda number: attention.LayerNorm(4, number),
    "rotary_angles base": lambda number: attention.rotary_angles(3, 4, number),
    "Adam lr": lambda number: attention.Adam({"w": np.ones(3)}, number),
    "Adam weight_decay": lambda number: attention.Adam({"w": np.ones(3)}, weight_decay=number),
    "clip_gradients": lambda number: attention.clip_gradients({"w": X}, number),
    "generate temperature": lambda number: attention.generate(MODEL, [1], 1, temperature=number),
    "generate top_p": lambda number: attention.generate(MODEL, [1], 1, top_p=number),
}  # fmt: skip

TORCH = ("attn_mask", "key_padding_mask", "is_causal", "need_weights", "dropout_p")
WAY_ON = {
    "attn_mask": "mask", "key_padding_mask": "mask", "is_causal": "causal", "need_weights": "trace",
    "dropout_p": "nothing is dropped",
}  # fmt: skip

Q_K_V = {
    "trace_attention": attention.trace_attention,
    "scaled_dot_product_attention": attention.scaled_dot_product_attention,
    "dot_product_attention": attention.dot_product_attention,
    "blockwise_attention": attention.blockwise_attention,
    "ScaledDotProductAttention": ScaledDotProductAttention(),
    "SimpleAttention": SimpleAttention(SEQ, 2).multi_head_attention,
    "MultiHeadAttention": MHA,
    "MultiHeadAttention.trace": MHA.trace,
}


@pytest.mark.parametrize("foreign", TORCH)
@pytest.mark.parametrize("name", MASKED)
def test_pytorchs_names_are_answered_by_what_they_are_called_here(name, foreign):
    with pytest.raises(ArgumentError, match=rf"^{foreign} .*{WAY_ON[foreign]}") as caught:
        MASKED[name](**{foreign: None})
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, ConfigError)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MultiHeadAttention(8, 2, batch_first=True), "batch_first is not needed here"),
        (lambda: GroupedQueryAttention(8, 2, 1, dropout=0.1), "dropout has no counterpart here"),
        (lambda: TransformerBlock(d_model=8, nhead=2, dim_feedforward=16), "nhead is called num_heads here"),
        (lambda: FeedForward(8, dim_feedforward=16), "dim_feedforward is called d_ff here"),
        (lambda: attention.Linear(in_features=8, out_features=2), "in_features is called d_in here"),
        (lambda: attention.Embedding(num_embeddings=8, embedding_dim=2), "is called vocab_size here"),
        (lambda: attention.LayerNorm(normalized_shape=8), "normalized_shape is called d_model here"),
        (lambda: attention.softmax(X, dim=-1), "dim is called axis here"),
        (lambda: attention.BertEncoder(5, 4, 2, 3, 1)([1], attention_mask=[1]), "is called mask here"),
        (
            lambda: attention.BertEncoder(5, 4, 2, 3, 1).trace([1], token_type_ids=[0]),
            "called token_types here",
        ),
    ],
)
def test_pytorchs_names_are_answered_where_layers_are_made(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()


def test_a_name_that_nobody_knows_is_pythons_own_error():
    with pytest.raises(TypeError, match="unexpected keyword argument 'masc'"):
        attention.scaled_dot_product_attention(X, X, X, masc=None)


@pytest.mark.parametrize("name", SCALED)
def test_nothing_by_place_is_taken_for_a_scale(name):
    with pytest.raises(ArgumentError, match=r"takes \d arguments? by place .*name \(.*scale"):
        MASKED[name](None, 0.0)


def test_what_is_one_too_many_is_told_by_name():
    with pytest.raises(ArgumentError) as caught:
        SelfAttention(8, 4)
    assert str(caught.value) == (
        "SelfAttention takes 1 argument by place (d_model), got 2: "
        "give the others by name (projections, seed, dtype)"
    )
    with pytest.raises(ArgumentError) as caught:
        MHA(X, X, X, create_causal_mask(SEQ))
    assert str(caught.value) == (
        "MultiHeadAttention takes 3 arguments by place (query, key, value), got 4: "
        "give the others by name (mask, bias, causal, cache)"
    )


def test_what_is_explained_looks_as_before():
    def call(x: int, *, y: int = 3) -> int:
        """Add."""
        return x + y

    assert explained(call)(2, y=5) == 7
    assert inspect.signature(explained(call)) == inspect.signature(call)
    assert explained(call).__doc__ == "Add."


@pytest.mark.parametrize("name", FLAGS)
def test_a_number_is_no_answer_to_yes_or_no(name):
    FLAGS[name](False)
    FLAGS[name](np.True_)
    for bad in (4, 0, 1.0, None, "yes", np.ones((2, 2))):
        with pytest.raises(ConfigError, match="must be True or False, got"):
            FLAGS[name](bad)


@pytest.mark.parametrize("name", NUMBERS)
def test_neither_true_nor_text_is_a_number(name):
    NUMBERS[name](0.5)
    for bad in (True, np.True_, np.array(True), "0.5", b"0.5"):
        with pytest.raises((NumberError, ConfigError), match=r"must be a (finite )?number"):
            NUMBERS[name](bad)


@pytest.mark.parametrize("name", MASKED)
def test_one_value_is_no_mask_and_no_bias(name):
    for bad in (True, False, np.True_, 1, 0.0):
        with pytest.raises(MaskError, match=r"mask must be an array .* pass causal=True"):
            MASKED[name](mask=bad)
        with pytest.raises(MaskError, match="bias must be an array"):
            MASKED[name](bias=bad)


@pytest.mark.parametrize("name", MASKED)
def test_causal_is_the_causal_mask_and_joins_another(name):
    call, mask = MASKED[name], np.ones((SEQ, SEQ), bool)
    mask[:, 1], mask[1, 1] = False, True
    np.testing.assert_allclose(call(causal=True), call(mask=create_causal_mask(SEQ)), rtol=0, atol=1e-12)
    both = call(mask=mask & create_causal_mask(SEQ))
    np.testing.assert_allclose(call(mask=mask, causal=True), both, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", MASKED)
def test_a_bias_of_0_and_1_is_added(name):
    call, bias = MASKED[name], np.eye(SEQ)
    with pytest.raises(MaskError, match=r"looks like a 0/1 mask: .*bias=mask"):
        call(mask=bias)
    moved = call(mask=bias - 0.5)  # the same, less 0.5 everywhere, which softmax does not see
    np.testing.assert_allclose(call(bias=bias), moved, rtol=0, atol=1e-12)
    np.testing.assert_allclose(call(bias=bias.astype(int)), moved, rtol=0, atol=1e-12)
    assert np.abs(moved - call()).max() > 1e-6
    causal = call(mask=np.where(create_causal_mask(SEQ), bias - 0.5, -np.inf))
    np.testing.assert_allclose(call(bias=bias, causal=True), causal, rtol=0, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", MASKED)
def test_a_row_of_the_lowest_number_is_refused_by_name(name, dtype):
    mask = np.zeros((SEQ, SEQ), dtype)
    mask[2, 1:] = np.finfo(dtype).min
    blocked = MASKED[name](mask=np.where(mask < 0, -np.inf, 0))
    np.testing.assert_array_equal(MASKED[name](mask=mask), blocked)
    mask[2] = np.finfo(dtype).min
    for given in ({"mask": mask}, {"bias": mask}):
        with pytest.raises(attention.FullyMaskedRowError, match="no key for query row 2"):
            MASKED[name](**given)


def test_rows_that_two_masks_empty_together_are_refused_by_name():
    lowest = np.finfo(np.float32).min
    with pytest.raises(attention.FullyMaskedRowError, match="query row 0 "):
        attention.trace_attention(X, X, X, bias=np.full((SEQ, 1), [[lowest], [0], [0], [0]]))
    with pytest.raises(attention.FullyMaskedRowError, match="query row 0 "):
        attention.trace_attention(X, X, X, np.array([lowest, 0, 0, 0], np.float32), causal=True)


@pytest.mark.parametrize("name", MASKED)
def test_what_combine_masks_gives_can_be_handed_on(name):
    halves = np.eye(SEQ) / 2
    both = attention.combine_masks(halves, halves)  # 0 and 1 alone
    np.testing.assert_array_equal(MASKED[name](bias=both), MASKED[name](bias=np.eye(SEQ)))
    joined = attention.combine_masks(create_causal_mask(SEQ), bias=np.eye(SEQ))
    expected = MASKED[name](bias=np.eye(SEQ), causal=True)
    np.testing.assert_allclose(MASKED[name](bias=joined), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("batch", [(), (2,)])
@pytest.mark.parametrize("seq_q", [1, 2, 4])
def test_fewer_queries_than_keys_are_the_last_of_them(batch, seq_q):
    x = sample(3, *batch, SEQ, SEQ)
    last = x[..., SEQ - seq_q :, :]
    np.testing.assert_allclose(
        MHA(last, x, causal=True), MHA(x, causal=True)[..., SEQ - seq_q :, :], rtol=0, atol=1e-12
    )
    output, weights = attention.scaled_dot_product_attention(last, x, x, causal=True)
    assert ((weights == 0) == ~np.tri(seq_q, SEQ, SEQ - seq_q, dtype=bool)).all()
    whole, _ = attention.scaled_dot_product_attention(x, x, x, causal=True)
    np.testing.assert_allclose(output, whole[..., SEQ - seq_q :, :], rtol=0, atol=1e-12)


def test_causal_with_a_cache_sees_what_came_before():
    cache = attention.LayerCache()
    parts = [MHA(X[:1], causal=True, cache=cache), MHA(X[1:], causal=True, cache=cache)]
    np.testing.assert_allclose(np.concatenate(parts), MHA(X, causal=True), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", Q_K_V)
def test_a_mask_in_the_place_of_the_values_is_refused(name):
    with pytest.raises(NumberError, match=r"holds True and False, .*mask=\?"):
        Q_K_V[name](X, X, create_causal_mask(SEQ))
    with pytest.raises(NumberError, match=r"holds True and False, .*mask=\?"):
        Q_K_V[name](X, X, create_causal_mask(SEQ).tolist())


@pytest.mark.parametrize(
    "mask",
    [
        create_causal_mask(SEQ), create_causal_mask(7), create_causal_mask(SEQ).astype(int),
        create_causal_mask(SEQ).astype(float), np.ones((2, 1, SEQ)), np.ones(SEQ), [[1, 0, 0, 0]],
    ],
)  # fmt: skip
def test_a_mask_in_the_place_of_the_keys_is_refused(mask):
    for call in (MHA, MHA.trace, CrossAttention(SEQ, 2), GroupedQueryAttention(SEQ, 2, 1)):
        with pytest.raises(NumberError, match=r"^key holds .*mask=\?"):
            call(X, mask)


def test_keys_of_0_and_1_are_keys_where_no_mask_can_be_meant():
    key = np.eye(7, SEQ)
    np.testing.assert_array_equal(MHA(X, key), MHA(X, key, key))
    one_hot = np.eye(SEQ)
    np.testing.assert_array_equal(MHA(one_hot, one_hot), MHA(one_hot))


def test_a_mask_stands_second_where_there_is_no_key():
    mask = create_causal_mask(SEQ)
    for layer in (SelfAttention(SEQ), TransformerBlock(SEQ, 2, 3), SimpleAttention(SEQ, 2)):
        for one, other in zip(layer(X, mask), layer(X, mask=mask), strict=True):
            np.testing.assert_array_equal(one, other)


def test_biases_of_a_memory_may_be_0_and_1():
    block, bias = TransformerBlock(SEQ, 2, 3, cross_attention=True), np.eye(SEQ, 7)
    memory = sample(4, 7, SEQ)
    biased = block(X, memory=memory, memory_bias=bias)
    np.testing.assert_array_equal(biased, block.trace(X, memory=memory, memory_bias=bias).output)
    moved = block(X, memory=memory, memory_mask=bias - 0.5)
    np.testing.assert_allclose(biased, moved, rtol=0, atol=1e-12)


def test_gradients_go_through_causal_and_bias():
    layer, bias, grad = SelfAttention(SEQ), np.eye(SEQ), sample(5, SEQ, SEQ)
    both = np.where(create_causal_mask(SEQ), bias - 0.5, -np.inf)
    ours, expected = layer.backward(X, grad, bias=bias, causal=True), layer.backward(X, grad, both)
    np.testing.assert_allclose(ours.inputs[0], expected.inputs[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("axis", [None, 1.0, "1", True, (0, 1)])
@pytest.mark.parametrize("call", [attention.softmax, attention.entropy])
def test_an_axis_is_one_whole_number(call, axis):
    with pytest.raises(ConfigError) as caught:
        call([[0.5, 0.5]], axis=axis)
    assert str(caught.value) == f"axis must be one whole number, got {axis!r}"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: attention.hand_built_embedding("the cat", 4), "tokens must be Tokens, got str: pass tok"),
        (lambda: attention.random_embedding(["the"], 4, 7), "tokens must be Tokens, got list: pass tokenize"),
        (lambda: attention.Reader.random(0).trace("the cat"), "words must be a list of words, got the text"),
        (lambda: attention.Writer.random(0).read(None), "words must be a list of words, got NoneType"),
        (lambda: attention.recognise(3), "words must be a list of words, got int"),
        (lambda: attention.Vocabulary().ids("the cat"), "words must be a list of words, got the text"),
        (lambda: attention.Vocabulary("the cat"), "words must be a list of words, got the text"),
        (lambda: attention.Vocabulary().id(3), "words must be text, got 3"),
        (lambda: attention.Vocabulary().kind(None), "words must be text, got None"),
    ],
)  # fmt: skip
def test_text_and_what_is_made_of_it_are_not_taken_for_each_other(call, message):
    with pytest.raises(TextError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: attention.trace_self_attention(X, X, 2), "Projections"),
        (lambda: attention.attention_backward(X, X), "AttentionTrace"),
        (lambda: attention.multi_head_backward(X, X), "MultiHeadTrace"),
        (lambda: MHA.backward(MHA(X), X), "MultiHeadTrace"),
        (lambda: TransformerBlock(4, 2, 3).backward(MHA.trace(X), X), "BlockTrace"),
        (lambda: attention.CausalModel(5, 4, 2, 3, 1, 7).backward(X, X), "ModelTrace"),
    ],
)
def test_what_belongs_to_another_class_is_refused_by_name(call, kind):
    with pytest.raises(ConfigError, match=f"must be of the class {kind}, got"):
        call()


def test_every_layer_has_forward():
    called = {
        name: value
        for name in attention.__all__
        if inspect.isclass(value := getattr(attention, name))
        and "__call__" in vars(value)
        and not getattr(value, "_is_protocol", False)
    }
    assert {"Linear", "CausalModel", "BertEncoder", "ALiBi", "MiniLM", "LookupModel"} <= called.keys()
    for name, value in called.items():
        assert "forward" in vars(value), name
        assert value.forward is value.__call__ or value is SimpleAttention, name


def test_sizes_go_by_both_names():
    for layer in (MultiHeadAttention(12, 3), GroupedQueryAttention(12, 3, 1), CrossAttention(12, 3)):
        assert (layer.embed_dim, layer.num_heads, layer.head_dim) == (12, 3, 4)
        assert (layer.d_model, layer.n_heads, layer.d_k) == (12, 3, 4)
    simple, block, one = SimpleAttention(12, 3), TransformerBlock(12, 3, 5), SelfAttention(12)
    assert (simple.embed_dim, simple.num_heads, simple.head_dim) == (12, 3, 4)
    assert (simple.d_model, simple.n_heads, simple.d_k) == (12, 3, 4)
    assert (block.embed_dim, block.num_heads, block.head_dim) == (12, 3, 4)
    assert (one.embed_dim, one.num_heads, one.head_dim) == (12, 1, 12)
