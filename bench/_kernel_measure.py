"""What kernel.py measures; runs in native Python and inside Pyodide, and needs `attention` and NumPy only.

`run(settings as JSON)` returns its findings as JSON.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from attention import (
    CausalModel,
    MultiHeadAttention,
    blockwise_attention,
    fit_exponent,
    generate,
    profile,
    scaled_dot_product_attention,
)

Array = Any
Subject = Callable[[int], Callable[[], object]]
MIN_SECONDS = 0.002  # in a row, so that what another form left in the processor's caches does not count
TOLERANCE = 1e-10  # all forms sum the same numbers, in another order


def run(settings: str) -> str:
    options = json.loads(settings)
    parts = {"heads": heads, "blockwise": blockwise, "generation": generation}
    return json.dumps({name: parts[name](**options[name]) for name in options["parts"]})


# MultiHeadAttention beside the same maths as loops over heads, and as einsum


def heads(lengths: list[int], d_model: int, num_heads: int, repeats: int) -> dict[str, Any]:
    """The output of `MultiHeadAttention`, of its trace, and of two other ways to write it."""
    mha = MultiHeadAttention(d_model, num_heads, seed=1)
    for name, bias in mha.parameters().items():
        if name.startswith("b_"):
            bias[...] = np.random.default_rng(2).standard_normal(bias.shape)
    forms: dict[str, Callable[[Array], Array]] = {
        "ours": mha,
        "loops": partial(with_loops, mha),
        "einsum": partial(with_einsum, mha),
        "trace": lambda x: mha.trace(x).output,
    }

    def subject(form: Callable[[Array], Array]) -> Subject:
        def of_length(n: int) -> Callable[[], object]:
            x = np.random.default_rng(3).standard_normal((n, d_model))
            np.testing.assert_allclose(form(x), with_loops(mha, x), rtol=0, atol=TOLERANCE)
            return lambda: form(x)

        return of_length

    return measured({name: subject(form) for name, form in forms.items()}, lengths, repeats)


def with_loops(mha: MultiHeadAttention, x: Array) -> Array:
    """One head after the other, as it is first written down."""
    q, k, v = x @ mha.w_q + mha.b_q, x @ mha.w_k + mha.b_k, x @ mha.w_v + mha.b_v
    outputs = []
    for head in range(mha.n_heads):
        own = slice(head * mha.d_k, (head + 1) * mha.d_k)
        scores = q[:, own] @ k[:, own].T / math.sqrt(mha.d_k)
        exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights = exponentials / exponentials.sum(axis=-1, keepdims=True)
        outputs.append(weights @ v[:, own])
    return np.concatenate(outputs, axis=-1) @ mha.w_o + mha.b_o


def with_einsum(mha: MultiHeadAttention, x: Array) -> Array:
    """Every product as one einsum."""
    split = (mha.d_model, mha.n_heads, mha.d_k)
    q = np.einsum("nm,mhd->hnd", x, mha.w_q.reshape(split), optimize=True) + per_head(mha, mha.b_q)
    k = np.einsum("nm,mhd->hnd", x, mha.w_k.reshape(split), optimize=True) + per_head(mha, mha.b_k)
    v = np.einsum("nm,mhd->hnd", x, mha.w_v.reshape(split), optimize=True) + per_head(mha, mha.b_v)
    scores = np.einsum("hqd,hkd->hqk", q, k, optimize=True) / math.sqrt(mha.d_k)
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = exponentials / exponentials.sum(axis=-1, keepdims=True)
    w_o = mha.w_o.reshape(mha.n_heads, mha.d_k, mha.d_model)
    return np.einsum("hqk,hkd,hdm->qm", weights, v, w_o, optimize=True) + mha.b_o


def per_head(mha: MultiHeadAttention, bias: Array) -> Array:
    return bias.reshape(mha.n_heads, 1, mha.d_k)


# blockwise_attention beside the plain form


def blockwise(lengths: list[int], d_k: int, repeats: int) -> dict[str, Any]:
    """One head, the plain form and the blockwise one; `causal` is blockwise, too."""
    forms: dict[str, Callable[..., Array]] = {
        "plain": lambda *qkv: scaled_dot_product_attention(*qkv)[0],
        "blockwise": blockwise_attention,
        "causal": partial(blockwise_attention, causal=True),
    }

    def subject(form: Callable[..., Array]) -> Subject:
        def of_length(n: int) -> Callable[[], object]:
            q, k, v = np.random.default_rng(4).standard_normal((3, n, d_k))
            return lambda: form(q, k, v)

        return of_length

    q, k, v = np.random.default_rng(5).standard_normal((3, 600, d_k))
    np.testing.assert_allclose(forms["blockwise"](q, k, v), forms["plain"](q, k, v), rtol=0, atol=TOLERANCE)
    return measured({name: subject(form) for name, form in forms.items()}, lengths, repeats)


# Generation with and without a cache


def generation(
    tokens: int, d_model: int, num_heads: int, d_ff: int, n_layers: int, vocab_size: int, repeats: int
) -> dict[str, Any]:
    """Greedy generation from one token on.

    The time per token is taken from the differences of growing numbers of tokens: fastest(2m) - fastest(m)
    are the tokens from m to 2m, the middle one of which attends to 1.5 m others.
    """
    model = CausalModel(vocab_size, d_model, num_heads, d_ff, n_layers, max_len=tokens + 1)

    def ids(number: int, use_cache: bool) -> list[int]:
        return generate(model, [1], number, use_cache=use_cache)

    numbers = [tokens // 8, tokens // 4, tokens // 2, tokens]
    assert ids(numbers[0], True) == ids(numbers[0], False), "a cache changes no token"
    found: dict[str, Any] = {"numbers": numbers}
    fastest = {(name, number): math.inf for name in ("cached", "uncached") for number in numbers}
    for _ in range(repeats):
        for name, number in fastest:
            start = time.perf_counter()
            ids(number, name == "cached")
            fastest[name, number] = min(fastest[name, number], time.perf_counter() - start)
    for name in ("cached", "uncached"):
        totals = [fastest[name, number] for number in numbers]
        each = [(b - a) / m for a, b, m in zip(totals, totals[1:], numbers, strict=False)]
        middles = [1.5 * m for m in numbers[:-1]]
        exponent = fit_exponent(middles, each) if min(each) > 0 else math.nan
        found[name] = {"seconds": totals, "per_token": each, "per_token_exponent": exponent}
    return found


def measured(subjects: dict[str, Subject], lengths: list[int], repeats: int) -> dict[str, Any]:
    """A profile of each, in turns short enough that some fall between the interruptions."""
    found = profile(subjects, lengths, repeats=repeats, min_seconds=MIN_SECONDS)
    return {
        name: {
            "lengths": each.lengths,
            "seconds": each.seconds,
            "peak_bytes": each.peak_bytes,
            "time_exponent": each.time_exponent,
            "memory_exponent": each.memory_exponent,
        }
        for name, each in found.items()
    }
