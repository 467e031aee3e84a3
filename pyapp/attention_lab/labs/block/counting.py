"""How many numbers a block holds, and a model made of blocks."""

from __future__ import annotations

from attention import ModelShape, block_cost, model_parameters
from attention_lab.kit.markup import Math, it, sub, sup

ATTENTION: Math = ["4 ", it("d"), sup("2"), " + 4 ", it("d")]
FEED_FORWARD: Math = ["2 ", it("d"), " ", it("d"), sub("ff"), " + ", it("d"), sub("ff"), " + ", it("d")]
NORMS: Math = ["4 ", it("d")]


def parameters(d_model: int, d_ff: int) -> tuple[int, int, int]:
    """Count attention, feed-forward network and both layer norms of a block."""
    attention = 4 * d_model * d_model + 4 * d_model
    feed_forward = 2 * d_model * d_ff + d_ff + d_model
    norms = 2 * 2 * d_model
    return attention, feed_forward, norms


def per_block(shape: ModelShape) -> int:
    """Count one block of a published model; of a transformer, one of its encoder and one of its decoder."""
    llama = shape.family == "llama"
    sides: list[int | None] = [None, 1] if shape.family == "transformer" else [None]
    return sum(
        block_cost(
            1, shape.d_model, shape.n_heads, shape.d_ff, seq_memory=memory, n_kv_heads=shape.n_kv_heads,
            bias=not llama, gated=llama, rms_norm=llama,
        ).parameters
        for memory in sides
    )  # fmt: skip


def in_blocks(shape: ModelShape) -> int:
    """Count all blocks of a published model."""
    return shape.n_layers * per_block(shape)


def outside(shape: ModelShape) -> int:
    """Count what stands around the blocks: words, positions, last norm."""
    return model_parameters(shape) - in_blocks(shape)
