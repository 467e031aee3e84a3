"""One sentence asks itself, or another: the same three lines."""

from __future__ import annotations

from attention import Array, AttentionTrace, Projections, trace_attention


def ask(asks: Array, holds: Array, projections: Projections) -> AttentionTrace:
    """Let the rows of one sentence ask those of another; for self-attention it is the same one."""
    q = asks @ projections.w_q
    k = holds @ projections.w_k
    v = holds @ projections.w_v
    return trace_attention(q, k, v)
