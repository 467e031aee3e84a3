"""The arithmetic behind one number, written out, for the checks.py of exercises."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_TERMS = 8


def short(value: float) -> str:
    """Write a number with at most four digits that count, and a minus sign."""
    return f"{value:.4g}".replace("-", "−")


def products(pairs: Iterable[tuple[float, float]]) -> str:
    """Write a sum of products, with its result: `1 × 2 + 3 × 4 = 14`."""
    kept = [(float(one), float(other)) for one, other in pairs]
    terms = [f"{short(one)} × {_bracketed(other)}" for one, other in kept[:_MOST_TERMS]]
    more = " + …" if len(kept) > _MOST_TERMS else ""
    return f"{' + '.join(terms)}{more} = {short(sum(one * other for one, other in kept))}"


def _bracketed(value: float) -> str:
    return f"({short(value)})" if value < 0 else short(value)
