"""Measuring how time and memory grow with the length of the sequence.

What grows like c n^p is a straight line of slope p on paper with logarithmic axes: p is 1 where twice the
length costs twice as much, and 2 where it costs four times as much.
"""

from __future__ import annotations

import math
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, overload

from attention.checks import whole_number
from attention.errors import ConfigError, NumberError

__all__ = ["Profile", "Subject", "fit_exponent", "profile"]

Call: TypeAlias = Callable[[], object]

Subject: TypeAlias = Callable[[int], Call]
"""Takes a length, makes the input of that length, and returns the call that is to be measured."""

_MOST_CALLS = 2**20


@dataclass(frozen=True, slots=True)
class Profile:
    """What was measured at each length, and how it grows.

    >>> profile = Profile(lengths=(10, 100), seconds=(0.01, 0.1), peak_bytes=(8, 800))
    >>> round(profile.time_exponent, 6), round(profile.memory_exponent, 6)
    (1.0, 2.0)
    """

    lengths: tuple[int, ...]
    seconds: tuple[float, ...]  # of one call, the fastest of the repeats
    peak_bytes: tuple[int, ...]  # the most that one call held at once, besides its input

    @property
    def time_exponent(self) -> float:
        """The p of seconds = c n^p."""
        return fit_exponent(self.lengths, self.seconds)

    @property
    def memory_exponent(self) -> float:
        """The p of peak_bytes = c n^p."""
        return fit_exponent(self.lengths, self.peak_bytes)


def fit_exponent(lengths: Sequence[float], values: Sequence[float]) -> float:
    """Find the p for which c n^p comes closest to what was measured.

        p = sum (x - mean x) (y - mean y) / sum (x - mean x)^2, x = log n, y = log value
        (least squares: Legendre 1805, appendix; the slope of the line through the logarithms)

    Args:
        lengths: n, at least two different ones, above 0.
        values: one for each length, above 0.

    Returns:
        p, the slope.

    Raises:
        ConfigError: `lengths must hold at least two different lengths, got [8]`
        ConfigError: `there are 3 lengths, but 2 values`
        NumberError: `lengths and values must be finite and above 0, got 0`

    >>> round(fit_exponent([1, 2, 4], [3, 12, 48]), 6)
    2.0
    """
    if len(lengths) != len(values):
        raise ConfigError(f"there are {len(lengths)} lengths, but {len(values)} values")
    if len(set(lengths)) < 2:
        raise ConfigError(f"lengths must hold at least two different lengths, got {list(lengths)}")
    for number in (*lengths, *values):
        if not 0 < number < math.inf:
            raise NumberError(f"lengths and values must be finite and above 0, got {number}")
    xs, ys = [math.log(n) for n in lengths], [math.log(value) for value in values]
    mean_x, mean_y = math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)
    rise = math.fsum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return rise / math.fsum((x - mean_x) ** 2 for x in xs)


@overload
def profile(
    subjects: Subject,
    lengths: Iterable[int],
    *,
    repeats: int = 5,
    min_seconds: float = 0.005,
    timer: Callable[[], float] = ...,
) -> Profile: ...
@overload
def profile(
    subjects: Mapping[str, Subject],
    lengths: Iterable[int],
    *,
    repeats: int = 5,
    min_seconds: float = 0.005,
    timer: Callable[[], float] = ...,
) -> dict[str, Profile]: ...
def profile(
    subjects: Subject | Mapping[str, Subject],
    lengths: Iterable[int],
    *,
    repeats: int = 5,
    min_seconds: float = 0.005,
    timer: Callable[[], float] = time.perf_counter,
) -> Profile | dict[str, Profile]:
    """Measure seconds and peak bytes over several lengths, to see how they grow.

        seconds = c n^p, p = 2 for the n^2 d of self-attention   (Vaswani et al. 2017, table 1)

    All lengths and subjects take turns, so that a machine that is busy for a while slows them all; the
    fastest of the repeats is kept, since whatever disturbs only adds. Memory is measured in a call of its
    own, because watching it takes time.

    Args:
        subjects: takes a length and returns the call to measure; or several of them by name.
        lengths: which lengths, at least two different ones.
        repeats: how many times each call is timed, at least 1; once more beforehand, to warm up.
        min_seconds: a call that takes less is made several times in a row, since the clock of a browser may
            go in steps of a millisecond.
        timer: a clock in seconds.

    Returns:
        A Profile; or for several subjects, one for each name.

    Raises:
        ConfigError: `lengths must hold at least two different lengths, got [8]`
        ConfigError: `repeats must be a whole number of at least 1, got 0`
        ConfigError: `min_seconds must be above 0, got 0`
        ConfigError: `timer must go forward: 1048576 calls took no time`

    >>> found = profile(lambda n: lambda: bytearray(n), lengths=[100_000, 400_000], repeats=1)
    >>> found.lengths, round(found.memory_exponent, 2)
    ((100000, 400000), 1.0)
    """
    if not isinstance(subjects, Mapping):
        return profile({"": subjects}, lengths, repeats=repeats, min_seconds=min_seconds, timer=timer)[""]
    sizes = tuple(whole_number("each of lengths", length, 1) for length in lengths)
    if len(set(sizes)) < 2:
        raise ConfigError(f"lengths must hold at least two different lengths, got {list(sizes)}")
    repeats = whole_number("repeats", repeats, 1)
    if not min_seconds > 0:
        raise ConfigError(f"min_seconds must be above 0, got {min_seconds}")

    calls = {(name, size): subject(size) for size in sizes for name, subject in subjects.items()}
    peaks = {turn: _peak_bytes(call) for turn, call in calls.items()}  # warms up, too
    seconds = dict.fromkeys(calls, math.inf)
    for _ in range(repeats):
        for turn, call in calls.items():
            seconds[turn] = min(seconds[turn], _seconds(call, timer, min_seconds))
    return {
        name: Profile(
            lengths=sizes,
            seconds=tuple(seconds[name, size] for size in sizes),
            peak_bytes=tuple(peaks[name, size] for size in sizes),
        )
        for name in subjects
    }


def _seconds(call: Call, timer: Callable[[], float], min_seconds: float) -> float:
    """Time one call; a short one is made as often as it takes to fill `min_seconds`."""
    number = 1
    while number <= _MOST_CALLS:
        start = timer()
        for _ in range(number):
            call()
        elapsed = timer() - start
        if elapsed >= min_seconds:
            return elapsed / number
        number *= 2
    raise ConfigError(f"timer must go forward: {_MOST_CALLS} calls took no time")


def _peak_bytes(call: Call) -> int:
    """Measure the most memory that a call holds at once, besides what was there before it."""
    was_tracing = tracemalloc.is_tracing()
    if not was_tracing:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        call()
        _, peak = tracemalloc.get_traced_memory()
        return peak - before
    finally:
        if not was_tracing:
            tracemalloc.stop()
