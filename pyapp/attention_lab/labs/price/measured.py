"""Time and memory of attention on this device: one round a press, the fastest of all rounds kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from attention import Profile, blockwise_attention, profile, scaled_dot_product_attention
from attention_lab.kit.texts import lazy

LENGTHS = (64, 128, 192, 256, 384)
WIDTH = 16
BLOCK = 64
MIN_SECONDS = 0.002
WHOLE, BLOCKS = lazy("whole table"), lazy("in blocks")


def one_round(timer: Callable[[], float] = time.perf_counter) -> dict[str, Profile]:
    """Time each length once, whole and in blocks; memory is watched in a call of its own."""
    subjects = {WHOLE: _whole, BLOCKS: _in_blocks}
    return profile(subjects, LENGTHS, repeats=1, min_seconds=MIN_SECONDS, timer=timer)


def fastest(rounds: Sequence[dict[str, Profile]], name: str) -> Profile:
    """Return the fastest time of each length: what disturbs only adds."""
    seconds = zip(*(each[name].seconds for each in rounds), strict=True)
    last = rounds[-1][name]
    return Profile(last.lengths, tuple(map(min, seconds)), last.peak_bytes)


def _rows(n: int) -> list[np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    rng = np.random.default_rng(n)
    return [rng.standard_normal((n, WIDTH), dtype=np.float32) for _ in range(3)]


def _whole(n: int) -> Callable[[], object]:
    q, k, v = _rows(n)
    return lambda: scaled_dot_product_attention(q, k, v)


def _in_blocks(n: int) -> Callable[[], object]:
    q, k, v = _rows(n)
    return lambda: blockwise_attention(q, k, v, block_size=BLOCK)
