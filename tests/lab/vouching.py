"""What vouches for the digits in the texts of a lab: `digits.py` beside its tests lists the pieces with one.

    VOUCHED = {"weights that add up to 1": sum_of_weights}

A piece is vouched for by a function that computes its numbers, in their order; or by the name of a test of
that lab that asserts them; or, where the digit is part of a name and no number, by words that say of what.
"""

from __future__ import annotations

import importlib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np

from attention import scaled_dot_product_attention, softmax
from attention_lab.guides.checking import DIGITS, NAME
from attention_lab.kit.numbers import EXACT, read, rounds_to
from building.texts import messages

Numbers: TypeAlias = float | tuple[float, ...]
Vouched: TypeAlias = Mapping[str, Callable[[], Numbers] | str]

HERE = Path(__file__).parent
TEST = re.compile(r"^def (test_\w+)", re.MULTILINE)


def texts_in(folder: str) -> list[str]:
    """Every text of the files in a folder of the package, but for guides, which have a list of their own."""
    place = f"pyapp/attention_lab/{folder}/"
    found = []
    for message in messages():
        if any(path.startswith(place) and not path.endswith("guide.md") for path, _ in message.locations):
            found += [message.id] if isinstance(message.id, str) else list(message.id)
    return [each for each in found if each]


def list_of(lab: str) -> Vouched:
    """What vouches for the digits of a lab."""
    if not (HERE / lab / "digits.py").exists():
        return {}
    vouched: Vouched = importlib.import_module(f"tests.lab.{lab}.digits").VOUCHED
    return vouched


def typed(text: str) -> list[str]:
    """The digits of a text that are typed, and no place of a number."""
    return DIGITS.findall(NAME.sub("", text))


def problems(lab: str, texts: list[str], vouched: Vouched) -> Iterator[str]:
    """Say which digits nothing vouches for, which pieces are in no text, and which numbers are others."""
    for piece in vouched:
        if not any(piece in text for text in texts):
            yield f"{piece!r} is in no text any more"
    for text in texts:
        rest = text
        for piece in sorted(vouched, key=len, reverse=True):
            rest = rest.replace(piece, "")
        if typed(rest):
            yield f"{typed(rest)} in {text!r}: compute it, or vouch for it in tests/lab/{lab}/digits.py"
    for piece, by in vouched.items():
        yield from _not_vouched(lab, piece, by)


def _not_vouched(lab: str, piece: str, by: Callable[[], Numbers] | str) -> Iterator[str]:
    if isinstance(by, str):
        if by.startswith("test_"):
            known = {
                name for path in (HERE / lab).glob("test_*.py") for name in TEST.findall(path.read_text())
            }
            if by not in known:
                yield f"{piece!r}: there is no test {by}"
        elif len(by.split()) < 3:
            yield f"{piece!r}: say of what its digit is a part of the name"
        return
    numbers = by()
    numbers = numbers if isinstance(numbers, tuple) else (numbers,)
    told = typed(piece)
    if len(told) != len(numbers) or not all(map(_is, numbers, told)):
        yield f"{piece!r} says {told}, and computed is {numbers}"


def _is(value: float, shown: str) -> bool:
    """Whether a number is what is shown: to the digits that are, and a whole one exactly."""
    return rounds_to(value, shown) if "." in shown else abs(value - read(shown)) < EXACT


# What vouches in several labs


def sum_of_weights() -> float:
    """The sum of a row of attention's weights."""
    rng = np.random.default_rng(0)
    q, k, v = (rng.normal(size=(5, 3)) for _ in range(3))
    _, weights = scaled_dot_product_attention(q, k, v)
    assert np.ptp(weights.sum(axis=-1)) < EXACT
    return float(weights.sum(axis=-1).mean())


def bounds_of_weights() -> tuple[float, float]:
    """The least and the largest that a weight can be: of a key that is masked, and of one that is alone."""
    weights = softmax(np.array([-math.inf, 3.0]))
    return float(weights[0]), float(weights[1])
