"""The axis of a chart: where it starts and ends, and what is written along it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from attention_lab.kit.blocks.base import View
from attention_lab.kit.blocks.writing import figures, grouped, power_of_ten, scientific
from attention_lab.kit.numbers import number

_TICKS = 5
_ROOM = 0.04  # of the range, beyond the outermost value


def axis(values: Sequence[float], *, title: str = "", log: bool = False, from_zero: bool = False) -> View:
    """Return an axis that holds these values; its ends and ticks are powers of ten where it is logarithmic.

    Args:
        values: what must fit; infinities and nan are left out.
        title: what is measured, with its unit.
        log: whether equal steps are equal factors.
        from_zero: whether the axis starts at 0 and leaves room only above.
    """
    finite = [float(value) for value in values if math.isfinite(value) and not (log and value <= 0)]
    if not finite:
        finite = [1.0] if log else [0.0, 1.0]
    low, high = min(finite), max(finite)
    ends, ticks = _decades(low, high) if log else _even(low, high, from_zero)
    return {"title": title, "log": log, "low": ends[0], "high": ends[1], "ticks": ticks}


def _even(low: float, high: float, from_zero: bool) -> tuple[tuple[float, float], list[View]]:
    if from_zero:
        low = min(0.0, low)
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-12):
        wider = abs(low) / 2 or 1.0
        low, high = (low, high + wider) if from_zero else (low - wider, high + wider)
    room = _ROOM * (high - low)
    step = _nice((high - low) / _TICKS)
    ends = (low if from_zero and low == 0 else low - room, high + room)
    first = math.ceil(ends[0] / step - 1e-9)
    last = math.floor(ends[1] / step + 1e-9)
    return ends, [{"at": i * step, "text": _tick(i * step, step)} for i in range(first, last + 1)]


def _nice(step: float) -> float:
    """Return the next step of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * (1 - 1e-9))


def _tick(value: float, step: float) -> str:
    if abs(value) < step / 2:
        return "0"
    if not 1e-5 <= step < 1e6:
        return scientific(value)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return number(value, decimals) if decimals else grouped(round(value))


def _decades(low: float, high: float) -> tuple[tuple[float, float], list[View]]:
    """Return the ends as exponents of ten, and ticks at powers of ten, or closer where those are few."""
    start, end = math.log10(low), math.log10(high)
    if end - start < 1e-9:
        start, end = start - 0.5, end + 0.5
    room = _ROOM * (end - start)
    start, end = start - room, end + room
    first, last = math.ceil(start - 1e-9), math.floor(end + 1e-9)
    by = max(1, math.ceil((last - first) / (_TICKS + 2)))
    ticks = [{"at": float(power), "text": power_of_ten(power)} for power in range(first, last + 1, by)]
    if len(ticks) < 3:
        between = [
            (power + math.log10(factor), factor * 10.0**power)
            for power in range(first - 1, last + 1)
            for factor in (1, 2, 5)
        ]
        ticks = [{"at": at, "text": figures(value)} for at, value in between if start <= at <= end]
    return (start, end), ticks
