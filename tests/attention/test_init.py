import inspect
import pkgutil
import re

import attention

PUBLIC = [
    "FEATURES",
    "JOBS",
    "LEXICON",
    "MAX_TOKENS",
    "MODELS",
    "PAD",
    "PAD_KEY",
    "PUBLISHED_MODELS",
    "ALiBi",
    "Activation",
    "Adam",
    "Answer",
    "Array",
    "AttentionError",
    "AttentionGradients",
    "AttentionTrace",
    "BertEncoder",
    "BertTrace",
    "BlockTrace",
    "CachedModel",
    "CausalModel",
    "ConfigError",
    "Cost",
    "CrossAttention",
    "Embedded",
    "Embedding",
    "EmptyTextError",
    "FeedForward",
    "FeedForwardTrace",
    "Figure",
    "FullyMaskedRowError",
    "GenerationStep",
    "Gradients",
    "GroupedQueryAttention",
    "Intervention",
    "KVCache",
    "Layer",
    "LayerCache",
    "LayerIntervention",
    "LayerNorm",
    "LearnedPositionalEncoding",
    "Linear",
    "LookupModel",
    "LookupQuestions",
    "LookupStep",
    "Mask",
    "MaskError",
    "ModelCard",
    "ModelShape",
    "ModelTrace",
    "MultiHeadAttention",
    "MultiHeadTrace",
    "MultiQueryAttention",
    "NormPlace",
    "NumberError",
    "Ordinary",
    "OrdinaryTrace",
    "PartialTrace",
    "PositionalEncoding",
    "Positions",
    "Profile",
    "Projections",
    "Provenance",
    "Reader",
    "ReaderTrace",
    "Recognition",
    "ResidualTrace",
    "RotaryPositionalEncoding",
    "ScaledDotProductAttention",
    "SelfAttention",
    "Sentence",
    "ShapeError",
    "SimpleAttention",
    "SinusoidalPositionalEncoding",
    "Stage",
    "TextError",
    "Tokens",
    "TransformerBlock",
    "Vocabulary",
    "WeightsError",
    "alibi_slopes",
    "as_additive",
    "as_boolean",
    "attention_backward",
    "attention_cost",
    "block_cost",
    "blockwise_attention",
    "clip_gradients",
    "combine_masks",
    "conv1d",
    "convolution_cost",
    "create_bidirectional_mask",
    "create_causal_mask",
    "create_custom_mask",
    "create_padding_mask",
    "create_prefix_lm_mask",
    "create_sliding_window_mask",
    "cross_entropy",
    "cross_entropy_backward",
    "dot_product_attention",
    "draw_lookup_questions",
    "embedding_backward",
    "entropy",
    "erf",
    "fit_exponent",
    "gelu",
    "gelu_backward",
    "generate",
    "generation_steps",
    "gradient_norm",
    "hand_built_embedding",
    "hand_built_projections",
    "kv_cache_bytes",
    "layer_norm",
    "layer_norm_backward",
    "linear",
    "linear_backward",
    "load",
    "load_card",
    "load_metadata",
    "load_model",
    "merge_heads",
    "model_flops",
    "model_parameters",
    "multi_head_attention_cost",
    "multi_head_attention_from_torch",
    "multi_head_backward",
    "profile",
    "random_embedding",
    "random_projections",
    "recognise",
    "recurrence_cost",
    "relu",
    "relu_backward",
    "rnn",
    "rotary_angles",
    "save",
    "scaled_dot_product_attention",
    "simple_attention",
    "sinusoidal_positions",
    "softmax",
    "softmax_backward",
    "softmax_jacobian",
    "spelling_features",
    "split_heads",
    "tokenize",
    "trace_attention",
    "trace_self_attention",
    "train_lookup",
    "transformer_block_from_torch",
    "warmup_rate",
]


def test_the_public_api_is_this_list():
    """A name that goes or comes is a decision: change it here, too."""
    assert sorted(attention.__all__) == sorted(PUBLIC)
    assert all(hasattr(attention, name) for name in PUBLIC)


def test_every_public_function_has_equation_source_arguments_returns_raises_and_an_example():
    for name in PUBLIC:
        thing = getattr(attention, name)
        if inspect.isfunction(thing):
            doc = inspect.getdoc(thing)
            wanted = ["Args:", "Returns:", "Raises:", ">>> "]
            assert [part for part in wanted if part not in doc] == [], name
            assert re.search(r"\b[A-Z][^\n]* (18|19|20)\d\d\b|paper", doc), f"{name} names no source"
            assert doc.splitlines()[0].endswith("."), name


def test_every_public_class_says_what_it_is():
    for name in PUBLIC:
        thing = getattr(attention, name)
        if inspect.isclass(thing):
            assert inspect.getdoc(thing), name


def test_the_table_of_contents_names_every_chapter():
    named = set(re.findall(r"`([a-z]+)`", attention.__doc__))
    chapters = {module.name for module in pkgutil.iter_modules(attention.__path__)}
    assert chapters - named == set()
