"""How numbers are written: short where they are exact, rounded where they must be, and clear about which.

`0` is exactly zero and `0.00` is rounded; the minus sign is the real one; a dash was not computed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from attention import Array

EXACT = 1e-9  # closer than this to a short decimal counts as that decimal
NOT_COMPUTED = "–"
_FIRST_DIGITS, _LAST_DIGITS = 4, 8
_MAX_DECIMALS = 2


def number(value: float | None, decimals: int) -> str:
    """Write one number with that many decimals."""
    if value is None:
        return NOT_COMPUTED
    if value == 0:
        return "0"
    text = f"{value:.{decimals}f}"
    if text in ("0", "-0"):
        return "0.0"
    if text[0] != "-":
        return text if text != "inf" else "∞"
    if text == "-inf":
        return "−∞"
    return "−" + text[1:] if text.strip("-0.") else text[1:]


def term(value: float, digits: int = _FIRST_DIGITS) -> str:
    """Write a number in an explanation: with few decimals if those are exact, else with `digits`."""
    if not math.isfinite(value):
        return number(value, 0)
    if value and abs(value) < EXACT:
        return number(value, digits)
    for decimals in range(_FIRST_DIGITS):
        if abs(value - round(value, decimals)) < EXACT:
            return number(value, decimals)
    return number(value, digits)


def is_rounded(value: float, digits: int = _FIRST_DIGITS) -> bool:
    """Say whether `term` leaves something of this number out."""
    if not math.isfinite(value):
        return False
    return 0 < abs(value) < EXACT or abs(value - round(value, digits)) >= EXACT


def decimals_of(values: Array) -> int:
    """Return how many decimals a matrix needs: none or one if that is exact for every cell, else two."""
    finite = [value for value in values.ravel().tolist() if math.isfinite(value)]
    for decimals in range(_MAX_DECIMALS):
        if all(abs(value - round(value, decimals)) < EXACT for value in finite):
            return decimals
    return _MAX_DECIMALS


def largest(*arrays: Array) -> float:
    """Return the largest magnitude among finite numbers: the end of a range centred on 0."""
    return max([abs(v) for array in arrays for v in array.ravel().tolist() if math.isfinite(v)] + [EXACT])


@dataclass(frozen=True, slots=True)
class Sum:
    """Products as they are printed, and their sum: what is printed adds up."""

    digits: int
    products: tuple[float, ...]
    total: float


def add_up(factors: Sequence[tuple[float, float]], shown: str) -> Sum:
    """Round products to as few digits as let them add up to what rounds to `shown`, the cell's text."""
    for digits in range(_FIRST_DIGITS, _LAST_DIGITS + 1):
        products = tuple(round(a * b, digits) for a, b in factors)
        total = round(math.fsum(products), digits)
        if rounds_to(total, shown):
            break
    return Sum(digits, products, total)


def rounds_to(value: float, shown: str) -> bool:
    """Say whether `shown` is a rounding of `value`."""
    half = 0.5 * 10.0 ** -len(shown.partition(".")[2])
    return abs(value - read(shown)) <= half + EXACT


def read(shown: str) -> float:
    """Read a number that was written by `number`."""
    return float(shown.replace("−", "-").replace("∞", "inf"))
