"""Attention, step by step, in NumPy.

Attention lets each token of a sentence gather what it needs from the others. Everything in this package is
one equation, what leads up to it and what is built on it:

    Attention(Q, K, V) = softmax(Q K^T / sqrt(d_k) + M) V   (Vaswani et al. 2017, section 3.2.1, eq. 1)

It is a short book. Each file is a chapter, each function stands beside its equation, and each example runs.
Read it in this order.

From a sentence to what one query gathers:

1. `tokens` cuts a text into tokens.
2. `embedding` looks each token up in a table: a row of d_model numbers. `lexicon` holds a table built by
   hand, and `seeded` the random numbers of another.
3. `positional` says in which order the rows stand, which attention alone cannot see.
4. `core` computes the equation, and keeps every intermediate. Start here if you start in one place.
5. `masks` says which query may attend to which key: the M of the equation. True = may attend.
6. `ops` turns scores into weights (softmax), and holds what is done to one row at a time.
7. `trace` names what was computed on the way, `errors` what can go wrong; `checks` looks for it at the door,
   and `calls` at the names that arguments go by elsewhere.

From one attention to many:

8. `heads` turns rows X into queries Q, keys K and values V, several heads side by side; `output` lets
   them take turns where only the result is wanted, and `projections` holds matrices to follow by hand.
9. `variants` is attention under its other names: self, cross, grouped-query, multi-query. `simple` is
   attention as a first lesson writes it.

From attention to a model:

10. `layers` are functions with weights of their own; `initial` says where these start.
11. `feedforward` lets each row think for itself, and `block` puts it together with attention: the
   transformer's block.
12. `model` stacks blocks to predict the next token; `cache` keeps keys and values while it generates.

How it learns:

13. `grad` takes each step backwards: how the loss changes with all that went in.
14. `optim` takes a step downhill; `train` holds what is small enough to learn while you watch, and how the
   models of chapter 18 were trained.

What it costs, and where weights come from:

15. `blockwise` computes the same output without ever holding all scores; `baselines` is what came before
   attention.
16. `cost` counts operations and bytes, `published` does so for known models, `profiling` measures.
17. `weights` reads and writes files of weights; `importing` takes them from PyTorch, and `bert` is a model
   to put them in. `quantised` makes them small, `wordpiece` cuts text into the pieces that a BERT was trained
   on, by the tables in `characters`.
18. `models` holds small trained ones, whose arrows can be put to the test, and loads a real one.

A whole pass, from text to output:

>>> tokens = tokenize("The cat sat on the mat")
>>> x = hand_built_embedding(tokens, d_model=4).x                                   # (seq, d_model)
>>> trace = trace_self_attention(x, hand_built_projections(4, n_heads=2), n_heads=2)
>>> trace.attention.raw_scores[0, 2].tolist()                                       # head 0, query "sat"
[-2.0, 5.0, -1.0, -3.0, -2.0, 2.0]
>>> trace.attention.weights[0, 2].round(2).tolist()
[0.01, 0.87, 0.01, 0.0, 0.01, 0.1]

The numbers behind it were chosen by hand, so that you can check them; they were not learned, and say nothing
about English. A layer with weights of its own is called for its output, or traced for every step of it:

>>> mha = MultiHeadAttention(embed_dim=4, num_heads=2, seed=7)
>>> mha(x, mask=create_causal_mask(6)).shape, mha.trace(x).attention.weights.shape
((6, 4), (2, 6, 6))

Axes are always (n_heads, seq_q, seq_k), query rows first; batch axes lead. Arrays are float64 unless all that
went in is float32. What cannot be computed with (nan, an infinity, a sequence of nothing, text) is refused by
name, as one of `errors`; so is a result that its dtype cannot hold. No call changes another: the same call
gives the same numbers.
"""

from attention.baselines import conv1d, rnn
from attention.bert import BertEncoder, BertTrace
from attention.block import BlockTrace, NormPlace, ResidualTrace, TransformerBlock
from attention.blockwise import blockwise_attention
from attention.cache import (
    CachedModel,
    GenerationStep,
    KVCache,
    LayerCache,
    generate,
    generation_steps,
)
from attention.core import Intervention, scaled_dot_product_attention, trace_attention
from attention.cost import (
    Cost,
    attention_cost,
    block_cost,
    convolution_cost,
    kv_cache_bytes,
    multi_head_attention_cost,
    recurrence_cost,
)
from attention.embedding import (
    Embedded,
    Provenance,
    hand_built_embedding,
    random_embedding,
    spelling_features,
)
from attention.errors import (
    ArgumentError,
    AttentionError,
    ConfigError,
    EmptyTextError,
    FullyMaskedRowError,
    MaskError,
    NumberError,
    ShapeError,
    TextError,
    WeightsError,
)
from attention.feedforward import Activation, FeedForward, FeedForwardTrace
from attention.grad import (
    AttentionGradients,
    attention_backward,
    cross_entropy,
    cross_entropy_backward,
    embedding_backward,
    gelu_backward,
    layer_norm_backward,
    linear_backward,
    multi_head_backward,
    relu_backward,
    softmax_backward,
    softmax_jacobian,
)
from attention.heads import MultiHeadAttention, merge_heads, split_heads, trace_self_attention
from attention.importing import multi_head_attention_from_torch, transformer_block_from_torch
from attention.layers import Embedding, Gradients, Layer, LayerNorm, Linear
from attention.lexicon import FEATURES, LEXICON
from attention.masks import (
    as_additive,
    as_boolean,
    combine_masks,
    create_bidirectional_mask,
    create_causal_mask,
    create_custom_mask,
    create_padding_mask,
    create_prefix_lm_mask,
    create_sliding_window_mask,
)
from attention.model import CausalModel, LayerIntervention, ModelTrace, Positions
from attention.models import (
    JOBS,
    MODELS,
    Answer,
    CrossIntervention,
    Figure,
    ModelCard,
    Ordinary,
    OrdinaryTrace,
    Reader,
    ReaderTrace,
    Reading,
    TranslationTrace,
    Translator,
    TranslatorTrace,
    Vocabulary,
    Writer,
    WriterTrace,
    Written,
    load_card,
    load_model,
)
from attention.models.minilm import MiniLM, MiniLMTrace
from attention.ops import entropy, erf, gelu, layer_norm, linear, relu, softmax
from attention.optim import Adam, clip_gradients, gradient_norm, warmup_rate
from attention.positional import (
    ALiBi,
    LearnedPositionalEncoding,
    PositionalEncoding,
    RotaryPositionalEncoding,
    SinusoidalPositionalEncoding,
    alibi_slopes,
    rotary_angles,
    sinusoidal_positions,
)
from attention.profiling import Profile, fit_exponent, profile
from attention.projections import Projections, hand_built_projections, random_projections
from attention.published import PUBLISHED_MODELS, ModelShape, model_flops, model_parameters
from attention.simple import (
    ScaledDotProductAttention,
    SimpleAttention,
    dot_product_attention,
    simple_attention,
)
from attention.tokens import MAX_TOKENS, PAD, PAD_KEY, Tokens, tokenize
from attention.trace import Array, AttentionTrace, Mask, MultiHeadTrace, PartialTrace, Stage
from attention.train import (
    LookupModel,
    LookupQuestions,
    LookupStep,
    Recognition,
    Sentence,
    draw_lookup_questions,
    recognise,
    train_lookup,
)
from attention.variants import CrossAttention, GroupedQueryAttention, MultiQueryAttention, SelfAttention
from attention.weights import load, load_metadata, save

__all__ = [
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
    "ArgumentError",
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
    "CrossIntervention",
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
    "MiniLM",
    "MiniLMTrace",
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
    "Reading",
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
    "TranslationTrace",
    "Translator",
    "TranslatorTrace",
    "Vocabulary",
    "WeightsError",
    "Writer",
    "WriterTrace",
    "Written",
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
