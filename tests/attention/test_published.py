import dataclasses

import pytest

from attention import (
    PUBLISHED_MODELS,
    ConfigError,
    ModelShape,
    attention_cost,
    kv_cache_bytes,
    model_flops,
    model_parameters,
)

# Two digits of a total leave 5 % open; besides, "about 37000 tokens" stands for the Transformer's vocabulary.
CLOSE = 0.04


@pytest.mark.parametrize("name", PUBLISHED_MODELS)
def test_the_formula_comes_to_the_published_total(name):
    shape = PUBLISHED_MODELS[name]
    assert model_parameters(shape) == pytest.approx(shape.total, rel=CLOSE)


@pytest.mark.parametrize(
    ("name", "digits"), [("GPT-2 small", 6), ("GPT-2 medium", 6), ("GPT-2 large", 6), ("GPT-2 XL", 6)]
)
def test_where_the_total_is_given_to_the_million_the_formula_agrees_to_the_million(name, digits):
    shape = PUBLISHED_MODELS[name]
    assert round(model_parameters(shape), -digits) == shape.total


@pytest.mark.parametrize(("name", "total"), [("LLaMA 7B", 6.7), ("LLaMA 13B", 13.0), ("LLaMA 33B", 32.5)])
def test_where_the_total_is_given_to_a_tenth_of_a_billion_the_formula_agrees_to_that(name, total):
    assert round(model_parameters(PUBLISHED_MODELS[name]) / 1e9, 1) == total


RELEASED = {
    "BERT base": 109_482_240,
    "BERT large": 335_141_888,
    "GPT-2 small": 124_439_808,
    "GPT-2 medium": 354_823_168,
    "GPT-2 large": 774_030_080,
    "GPT-2 XL": 1_557_611_200,
    "LLaMA 7B": 6_738_415_616,
    "LLaMA 13B": 13_015_864_320,
    "LLaMA 33B": 32_528_943_616,
    "LLaMA 65B": 65_285_660_672,
    "Llama 2 7B": 6_738_415_616,
    "Llama 2 13B": 13_015_864_320,
    "Llama 2 70B": 68_976_648_192,
    "Mistral 7B": 7_241_732_096,
    "Llama 3 8B": 8_030_261_248,
    "Llama 3 70B": 70_553_706_496,
}


@pytest.mark.parametrize("name", RELEASED)
def test_where_the_weights_were_released_the_formula_counts_every_one_of_them(name):
    assert model_parameters(PUBLISHED_MODELS[name]) == RELEASED[name]


def test_what_was_not_released_is_counted_by_hand():
    """12 d^2 + 13 d for a block; a decoder's block with cross-attention has 4 d^2 + 6 d more."""
    gpt_3 = (50_257 + 2048) * 12_288 + 96 * (12 * 12_288**2 + 13 * 12_288) + 2 * 12_288
    big = 37_000 * 1024 + 6 * (28 * 1024**2 + 32 * 1024)
    assert model_parameters(PUBLISHED_MODELS["GPT-3 175B"]) == gpt_3
    assert model_parameters(PUBLISHED_MODELS["Transformer big"]) == big


def test_models_know_as_many_positions_as_they_were_trained_on():
    positions = {name.split()[0]: set() for name in PUBLISHED_MODELS}
    for name, shape in PUBLISHED_MODELS.items():
        positions[name.split()[0]].add(shape.max_len)
    assert positions == {
        "Transformer": {None},
        "BERT": {512},
        "GPT-2": {1024},
        "GPT-3": {2048},
        "LLaMA": {2048},
        "Llama": {4096, 8192},
        "Mistral": {8192},
    }


def test_bert_base_by_hand():
    d, d_ff = 768, 3072
    embeddings = (30_522 + 512 + 2) * d + 2 * d
    block = 4 * (d * d + d) + (d * d_ff + d_ff) + (d_ff * d + d) + 2 * 2 * d
    assert (
        model_parameters(PUBLISHED_MODELS["BERT base"]) == embeddings + 12 * block + d * d + d == 109_482_240
    )


def test_gpt_2_small_by_hand():
    d, d_ff = 768, 3072
    block = (d * 3 * d + 3 * d) + (d * d + d) + (d * d_ff + d_ff) + (d_ff * d + d) + 2 * 2 * d
    expected = 50_257 * d + 1024 * d + 12 * block + 2 * d
    assert model_parameters(PUBLISHED_MODELS["GPT-2 small"]) == expected == 124_439_808


def test_llama_2_70b_by_hand():
    d, d_kv, d_ff = 8192, 8 * 128, 28_672
    block = 2 * d * d + 2 * d * d_kv + 3 * d * d_ff + 2 * d
    expected = 2 * 32_000 * d + 80 * block + d
    assert model_parameters(PUBLISHED_MODELS["Llama 2 70B"]) == expected == 68_976_648_192


def test_the_transformer_by_hand():
    d, d_ff = 512, 2048
    attention, feed_forward, norm = 4 * (d * d + d), d * d_ff + d_ff + d_ff * d + d, 2 * d
    encoder, decoder = attention + feed_forward + 2 * norm, 2 * attention + feed_forward + 3 * norm
    expected = 37_000 * d + 6 * (encoder + decoder)
    assert model_parameters(PUBLISHED_MODELS["Transformer base"]) == expected


@pytest.mark.parametrize("name", PUBLISHED_MODELS)
def test_every_model_says_where_its_shape_was_published_and_its_heads_fit(name):
    shape = PUBLISHED_MODELS[name]
    assert "et al. 20" in shape.source
    assert shape.d_model % shape.n_heads == 0
    assert shape.n_heads % (shape.n_kv_heads or shape.n_heads) == 0


def test_names_in_a_family_differ_in_their_shape():
    shapes = [dataclasses.replace(shape, source="", total=None) for shape in PUBLISHED_MODELS.values()]
    distinct = {dataclasses.astuple(shape) for shape in shapes}
    assert len(distinct) == len(shapes)


@pytest.mark.parametrize("name", ["GPT-2 XL", "GPT-3 175B", "Llama 3 70B"])
def test_one_token_takes_two_flops_for_each_weight_that_is_multiplied(name):
    """All but the tables that are only looked up, the biases and the norms: a few thousandths."""
    shape = PUBLISHED_MODELS[name]
    looked_up = (shape.vocab_size if shape.family == "llama" else shape.max_len) * shape.d_model
    assert model_flops(shape, 1) / 2 == pytest.approx(model_parameters(shape) - looked_up, rel=2e-3)


@pytest.mark.parametrize("name", PUBLISHED_MODELS)
def test_more_tokens_cost_as_much_more_as_their_attention_does(name):
    shape = PUBLISHED_MODELS[name]
    stacks = 3 if shape.family == "transformer" else 1  # encoder, decoder, and from one to the other
    d_k = shape.d_model // shape.n_heads

    def attention(seq):
        return stacks * shape.n_layers * attention_cost(seq, seq, d_k, n_heads=shape.n_heads).flops

    once = 2 * shape.d_model**2 if shape.family == "bert" else 0  # the pooler
    first, later = (model_flops(shape, seq) - attention(seq) - once for seq in (1, 512))
    assert later == 512 * first


def test_flops_of_a_small_model_by_hand():
    """3 tokens, 4 columns, 2 heads, 8 hidden, 10 words; 2 blocks."""
    gpt = ModelShape(family="gpt", n_layers=2, d_model=4, n_heads=2, d_ff=8, vocab_size=10, max_len=5)
    block = 2 * 3 * 4 * (4 * 4 + 2 * 8) + 2 * 2 * 3 * 3 * 4
    assert model_flops(gpt, 3) == 2 * block + 2 * 3 * 4 * 10
    bert = dataclasses.replace(gpt, family="bert")
    assert model_flops(bert, 3) == 2 * block + 2 * 4 * 4
    both = dataclasses.replace(gpt, family="transformer", max_len=None)
    cross = 2 * 3 * 4 * 4 * 4 + 2 * 2 * 3 * 3 * 4
    assert model_flops(both, 3) == 2 * (2 * block + cross) + 2 * 3 * 4 * 10
    llama = dataclasses.replace(gpt, family="llama", n_kv_heads=1)
    gated = 2 * 3 * 4 * (2 * 4 + 2 * 2 + 3 * 8) + 2 * 2 * 3 * 3 * 4
    assert model_flops(llama, 3) == 2 * gated + 2 * 3 * 4 * 10


def test_sharing_keys_and_values_makes_the_cache_of_70_billion_smaller_than_that_of_7():
    """In float16: 320 KiB for each token, against 512."""

    def each_token(name):
        shape = PUBLISHED_MODELS[name]
        heads = shape.n_kv_heads or shape.n_heads
        return kv_cache_bytes(1, shape.n_layers, heads, shape.d_model // shape.n_heads, bytes_each=2)

    assert each_token("Llama 2 70B") == 320 * 1024
    assert each_token("Llama 2 7B") == 512 * 1024


def test_more_tokens_than_a_model_knows_positions_for_are_refused():
    with pytest.raises(ConfigError) as caught:
        model_flops(PUBLISHED_MODELS["GPT-2 small"], 1025)
    assert str(caught.value) == "seq must be a whole number from 1 to 1024, got 1025"
    assert model_flops(PUBLISHED_MODELS["Transformer base"], 131_072) > 2**49


@pytest.mark.parametrize("count", [model_parameters, lambda shape: model_flops(shape, 3)])
def test_a_family_that_is_not_known_is_refused(count):
    shape = dataclasses.replace(PUBLISHED_MODELS["GPT-2 small"], family="t5")
    with pytest.raises(ConfigError) as caught:
        count(shape)
    assert str(caught.value) == 'family must be "transformer", "bert", "gpt" or "llama", got \'t5\''
