"""How blocks write numbers and words in a sentence."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from attention_lab.kit.markup import Math
from attention_lab.kit.numbers import EXACT, NOT_COMPUTED, number
from attention_lab.kit.texts import _, plural

_FIGURES = 3
_MOST_DECIMALS = 6
_PLAIN = (1e-4, 1e6)  # between these a number is written without a power of ten
_LONGEST_WHOLE = 1e9  # whole numbers below it are written in full
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
GAP = "\u202f"  # between thousands


@lru_cache(maxsize=8192)  # the places along an axis are the same at every move
def figures(value: float | None) -> str:
    """Write a number with three figures, or fewer where those are exact."""
    if value is None or math.isnan(value):
        return NOT_COMPUTED
    if value == 0 or math.isinf(value):
        return number(value, 0)
    size = abs(value)
    if size < _LONGEST_WHOLE and abs(value - round(value)) < EXACT and round(value):
        return grouped(value)
    if not _PLAIN[0] <= size < _PLAIN[1]:
        return scientific(value)
    most = min(_MOST_DECIMALS, max(0, _FIGURES - 1 - math.floor(math.log10(float(f"{size:.{_FIGURES}g}")))))
    for decimals in range(most):
        if abs(value - round(value, decimals)) < EXACT:
            return number(value, decimals)
    return number(value, most) if most else grouped(round(value))


def grouped(value: float) -> str:
    """Write a whole number, with a narrow gap between thousands from 10,000 on."""
    if abs(value) < 10_000:
        return number(value, 0)
    return ("−" if value < 0 else "") + f"{abs(value):,.0f}".replace(",", GAP)


def scientific(value: float) -> str:
    """Write a number as a power of ten: 1.2 × 10⁶."""
    digits, _, power = f"{value:.1e}".partition("e")
    raised = f"10{str(int(power)).translate(_RAISED)}"
    digits = digits.removesuffix(".0").replace("-", "−")
    return raised if digits == "1" else f"{digits} × {raised}"


def power_of_ten(exponent: int) -> str:
    """Write 10 to a whole power, in full where that is short."""
    if -3 <= exponent <= 4:
        return grouped(10**exponent) if exponent >= 0 else number(10.0**exponent, -exponent)
    return f"10{str(exponent).translate(_RAISED)}"


def span(low: float, high: float) -> str:
    """Write a range in words."""
    return figures(low) if low == high else _("{low} to {high}", low=figures(low), high=figures(high))


def listed(parts: Sequence[str]) -> str:
    """Join words as a sentence does: a, b and c."""
    said = [str(part) for part in parts]
    return (
        _("{before} and {last}", before=", ".join(said[:-1]), last=said[-1])
        if len(said) > 1
        else "".join(said)
    )


def first_of(parts: Sequence[str], most: int) -> str:
    """List the first of some words, and say how many more there are."""
    more = len(parts) - most
    return listed([*parts[:most], _("{n} more", n=more)]) if more > 0 else ", ".join(parts)


def quoted(word: str) -> str:
    """Return a word between the quotation marks of the language that is spoken."""
    return _("“{word}”", word=word)


def counted(n: int, one: str, many: str) -> str:
    """Write how many there are: 1 card, 3 cards."""
    return f"{grouped(n)} {plural(one, many, n)}"


def words_of(text: Math | str) -> str:
    """Return Math as the words in it."""
    if isinstance(text, str):
        return str(text)
    return "".join(_words_of_node(node) for node in text)


def _words_of_node(node: object) -> str:
    if isinstance(node, str):
        return str(node)
    if not isinstance(node, dict):
        return ""
    if "t" in node:
        return str(node["t"])
    if "frac" in node:
        return " / ".join(words_of(part) for part in node["frac"])
    if "root" in node:
        return f"√{words_of(node['root'])}"
    return words_of(next((node[name] for name in ("sup", "sub", "paren", "kids") if name in node), []))


def runs_right_to_left(words: Sequence[str]) -> bool:
    """Say whether a row of words starts at the right: by the first letter that has a direction.

    What stands in brackets is no word of the sentence: "[CLS]", "<s>".
    """
    for char in "".join(word for word in words if not word.startswith(("[", "<"))):
        direction = unicodedata.bidirectional(char)
        if direction in ("R", "AL", "L"):
            return direction != "L"
    return False
