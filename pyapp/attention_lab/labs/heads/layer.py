"""One small layer of several heads, in the four lines that the lab shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attention import Array, AttentionTrace, Projections, merge_heads, split_heads, trace_attention

D_MODEL = 8


def cut(x: Array, projections: Projections, n_heads: int) -> tuple[Array, Array, Array]:
    """Project the rows, and give each head its columns: three times (n_heads, n, d_k)."""
    q = split_heads(x @ projections.w_q, n_heads)
    k = split_heads(x @ projections.w_k, n_heads)
    v = split_heads(x @ projections.w_v, n_heads)
    return q, k, v


def attended(q: Array, k: Array, v: Array, off: int | None) -> AttentionTrace:
    """Let every head attend; `off` finds nothing."""

    def silence(weights: Array) -> Array:
        if off is not None:
            weights[off] = 0
        return weights

    return trace_attention(q, k, v, intervene=silence)


def joined(found: AttentionTrace) -> Array:
    """Put the heads' columns side by side again: (n, n_heads * d_k)."""
    return merge_heads(found.head_outputs)


def mixed(concat: Array, w_o: Array) -> Array:
    """Mix them: (n, d_model)."""
    output: Array = concat @ w_o
    return output


def moved(before: Array, after: Array) -> Array:
    """Say how far each row moves: the length of the difference, (n,)."""
    length: Array = np.linalg.norm(after - before, axis=-1)
    return length


@dataclass(frozen=True, eq=False)
class Pass:
    """One pass of a sentence through the layer."""

    whole: Array  # (n, d_model)   the queries before they are cut
    found: AttentionTrace  # with a head axis
    concat: Array  # (n, d_model)
    output: Array  # (n, d_model)


def passed(x: Array, projections: Projections, w_o: Array, n_heads: int, off: int | None = None) -> Pass:
    """Take a sentence through the layer."""
    found = attended(*cut(x, projections, n_heads), off)
    concat = joined(found)
    return Pass(x @ projections.w_q, found, concat, mixed(concat, w_o))
