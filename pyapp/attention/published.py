"""Shapes of published models, and what `cost` makes of them.

Each row says where its numbers come from. What a paper leaves open is taken from the released weights, and
the row says so. The totals are the publishers' own; a test compares them with what the formula comes to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from attention.checks import whole_number
from attention.cost import block_cost
from attention.errors import ConfigError

__all__ = ["PUBLISHED_MODELS", "ModelShape", "model_flops", "model_parameters"]

Family = Literal["transformer", "bert", "gpt", "llama"]

_SEGMENTS = 2  # of BERT: sentence A, sentence B


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelShape:
    """The sizes of a model, by which everything else can be counted.

    >>> PUBLISHED_MODELS["BERT base"].d_model
    768
    """

    family: Family
    n_layers: int  # of the encoder and of the decoder each, where there are both
    d_model: int
    n_heads: int
    d_ff: int
    vocab_size: int
    max_len: int | None  # positions that the model was trained on; None: any number
    n_kv_heads: int | None = None  # n_heads unless given
    total: float | None = None  # parameters, as published
    source: str = ""


def model_parameters(shape: ModelShape) -> int:
    """Count every weight of a model.

        embeddings + n_layers blocks + what the family adds   (a block: Vaswani et al. 2017, section 3)

    - transformer: an encoder and a decoder; one table of embeddings, shared by both and by the output
      (section 3.4); sinusoidal positions have no weights.
    - bert: tables of positions and of 2 segments, a norm after them, and the pooler (d_model, d_model) at the
      end. The heads of the pre-training are not counted.
    - gpt: a table of positions, a norm at the end; the output shares the table of embeddings.
    - llama: no biases, gated feed-forward, norms with a gain only, rotary positions without weights, and a
      table of its own for the output.

    Args:
        shape: the sizes.

    Returns:
        Number of parameters.

    Raises:
        ConfigError: `family must be "transformer", "bert", "gpt" or "llama", got 't5'`

    >>> model_parameters(PUBLISHED_MODELS["GPT-2 small"])
    124439808
    """
    d_model = shape.d_model
    vocabulary = shape.vocab_size * d_model
    positions = (shape.max_len or 0) * d_model
    blocks = shape.n_layers * _block(shape, seq=1)[1]
    match shape.family:
        case "transformer":
            return vocabulary + blocks + shape.n_layers * _block(shape, seq=1, memory=1)[1]
        case "bert":
            norm, pooler = 2 * d_model, d_model * d_model + d_model
            return vocabulary + positions + _SEGMENTS * d_model + norm + blocks + pooler
        case "gpt":
            return vocabulary + positions + blocks + 2 * d_model
        case "llama":
            return 2 * vocabulary + blocks + d_model
    raise ConfigError(_unknown_family(shape))


def model_flops(shape: ModelShape, seq: int) -> int:
    """Count the matrix products of one pass over a sequence, all blocks and the output.

        n_layers blocks + 2 seq d_model vocab_size   (a block: `block_cost`; Vaswani et al. 2017, section 3.4)

    An encoder-decoder is given `seq` tokens on both sides. BERT ends with its pooler, on one token.

    Args:
        shape: the sizes.
        seq: number of tokens.

    Returns:
        FLOPs.

    Raises:
        ConfigError: `seq must be a whole number from 1 to 1024, got 4096`

    >>> shape = PUBLISHED_MODELS["GPT-3 175B"]
    >>> round(model_flops(shape, seq=1) / model_parameters(shape), 2)  # two for each weight: one token
    2.0
    """
    seq = whole_number("seq", seq, 1, shape.max_len)
    output = 2 * seq * shape.d_model * shape.vocab_size
    blocks = shape.n_layers * _block(shape, seq)[0]
    match shape.family:
        case "transformer":
            return blocks + shape.n_layers * _block(shape, seq, memory=seq)[0] + output
        case "bert":
            return blocks + 2 * shape.d_model**2
        case "gpt" | "llama":
            return blocks + output
    raise ConfigError(_unknown_family(shape))


def _block(shape: ModelShape, seq: int, memory: int | None = None) -> tuple[int, int]:
    """FLOPs and parameters of one block."""
    llama = shape.family == "llama"
    cost = block_cost(
        seq,
        shape.d_model,
        shape.n_heads,
        shape.d_ff,
        seq_memory=memory,
        n_kv_heads=shape.n_kv_heads,
        bias=not llama,
        gated=llama,
        rms_norm=llama,
    )
    return cost.flops, cost.parameters


def _unknown_family(shape: ModelShape) -> str:
    return f'family must be "transformer", "bert", "gpt" or "llama", got {shape.family!r}'


def _shapes(
    family: Family,
    source: str,
    vocab_size: int,
    max_len: int | None,
    rows: dict[str, tuple[int, int, int, int | None, int, float]],
) -> dict[str, ModelShape]:
    """Rows of n_layers, d_model, n_heads, n_kv_heads, d_ff and the published total."""
    return {
        name: ModelShape(
            family=family, source=source, vocab_size=vocab_size, max_len=max_len,
            n_layers=n_layers, d_model=d_model, n_heads=n_heads, n_kv_heads=n_kv_heads, d_ff=d_ff,
            total=total,
        )
        for name, (n_layers, d_model, n_heads, n_kv_heads, d_ff, total) in rows.items()
    }  # fmt: skip


PUBLISHED_MODELS: dict[str, ModelShape] = {
    **_shapes(
        "transformer",
        'Vaswani et al. 2017, table 3; "about 37000 tokens": section 5.1',
        37_000,
        None,
        {
            "Transformer base": (6, 512, 8, None, 2048, 65e6),
            "Transformer big": (6, 1024, 16, None, 4096, 213e6),
        },
    ),
    **_shapes(
        "bert",
        "Devlin et al. 2019, section 3; vocabulary (uncased) and positions as released",
        30_522,
        512,
        {
            "BERT base": (12, 768, 12, None, 3072, 110e6),
            "BERT large": (24, 1024, 16, None, 4096, 340e6),
        },
    ),
    **_shapes(
        "gpt",
        "Radford et al. 2019, table 2 and section 2.3; heads, d_ff and totals as released (the table's own "
        "totals are too small, say the authors)",
        50_257,
        1024,
        {
            "GPT-2 small": (12, 768, 12, None, 3072, 124e6),
            "GPT-2 medium": (24, 1024, 16, None, 4096, 355e6),
            "GPT-2 large": (36, 1280, 20, None, 5120, 774e6),
            "GPT-2 XL": (48, 1600, 25, None, 6400, 1558e6),
        },
    ),
    **_shapes(
        "gpt",
        "Brown et al. 2020, table 2.1 and section 2.1; vocabulary of GPT-2; its sparse attentions counted "
        "as if they were dense",
        50_257,
        2048,
        {"GPT-3 175B": (96, 12288, 96, None, 49152, 175.0e9)},
    ),
    **_shapes(
        "llama",
        "Touvron et al. 2023 (LLaMA), table 2; d_ff, vocabulary and positions as released",
        32_000,
        2048,
        {
            "LLaMA 7B": (32, 4096, 32, None, 11008, 6.7e9),
            "LLaMA 13B": (40, 5120, 40, None, 13824, 13.0e9),
            "LLaMA 33B": (60, 6656, 52, None, 17920, 32.5e9),
            "LLaMA 65B": (80, 8192, 64, None, 22016, 65.2e9),
        },
    ),
    **_shapes(
        "llama",
        "Touvron et al. 2023 (Llama 2), table 1: sizes and 4096 positions; shape as released",
        32_000,
        4096,
        {
            "Llama 2 7B": (32, 4096, 32, None, 11008, 7e9),
            "Llama 2 13B": (40, 5120, 40, None, 13824, 13e9),
            "Llama 2 70B": (80, 8192, 64, 8, 28672, 70e9),
        },
    ),
    **_shapes(
        "llama",
        "Jiang et al. 2023 (Mistral 7B), table 1; total: the release's own 7.3B",
        32_000,
        8192,
        {"Mistral 7B": (32, 4096, 32, 8, 14336, 7.3e9)},
    ),
    **_shapes(
        "llama",
        "Grattafiori et al. 2024 (Llama 3), table 3; d_ff, vocabulary and 8192 positions as released",
        128_256,
        8192,
        {
            "Llama 3 8B": (32, 4096, 32, 8, 14336, 8e9),
            "Llama 3 70B": (80, 8192, 64, 8, 28672, 70e9),
        },
    ),
}
"""By name: models whose shape was published."""
