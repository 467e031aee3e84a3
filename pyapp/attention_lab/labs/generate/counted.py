"""What the next word costs, and how its chances are made."""

from __future__ import annotations

import numpy as np

from attention import Array, ModelShape, block_cost, kv_cache_bytes, softmax


def at_temperature(logits: Array, temperature: float) -> Array:  # (vocab,) -> (vocab,)
    """Return the chances at a temperature; at 0 the likeliest word has all of it."""
    if temperature == 0:
        taken: Array = (np.arange(len(logits)) == logits.argmax()).astype(float)
        return taken
    return softmax((logits - logits.max()) / temperature)


def next_word(shape: ModelShape, seen: int, *, cached: bool) -> int:
    """Count the multiplications of one pass that ends in the word after `seen` words."""
    llama = shape.family == "llama"
    new, kept = (1, seen - 1) if cached else (seen, 0)
    block = block_cost(
        new, shape.d_model, shape.n_heads, shape.d_ff, n_kv_heads=shape.n_kv_heads, cached=kept, gated=llama
    )
    return shape.n_layers * block.flops // 2 + new * shape.d_model * shape.vocab_size


def kept_bytes(shape: ModelShape, seen: int, bytes_each: int) -> int:
    """Return the bytes of the keys and values of `seen` words."""
    n_kv_heads = shape.n_kv_heads or shape.n_heads
    return kv_cache_bytes(seen, shape.n_layers, n_kv_heads, shape.d_model // shape.n_heads, 1, bytes_each)
