"""Each setting is read, or refused in words that say what to do."""

from __future__ import annotations

import math
from typing import Any

import pytest

from attention_lab.kit.lab import settings_of
from attention_lab.kit.refusal import RefusedError
from attention_lab.labs.stepper.cells import AXES
from attention_lab.labs.stepper.lab import Stepper

READERS = settings_of(Stepper)
WRONG: list[tuple[str, Any]] = [
    ("step", None),
    ("text", 12),
    ("text", ["cat"]),
    ("embedding", "trained"),
    ("embedding", True),
    ("seed", -1),
    ("seed", 10_000),
    ("seed", 1.5),
    ("seed", True),
    ("seed", "7"),
    ("seed", math.nan),
    ("seed", 10**5000),
    ("d_model", 3),
    ("d_model", True),
    ("n_heads", 0),
    ("n_heads", 17),
    ("head", -1),
    ("mask", "sideways"),
    ("n_pad", 0),
    ("n_pad", 7),
    ("blocked", "all"),
    ("blocked", [[1]]),
    ("blocked", [[1, -1]]),
    ("blocked", [[True, 0]]),
    ("blocked", [["0", "1"]]),
    ("blocked", [[0, 0]] * 5000),
    ("scale", -0.1),
    ("scale", 2.01),
    ("scale", math.inf),
    ("scale", math.nan),
    ("scale", True),
    ("scale", "big"),
    ("query", -1),
    ("key", 0.5),
    ("feature", "0"),
    ("picked", {"matrix": "secrets", "row": 0, "col": 0}),
    ("picked", {"matrix": "q", "row": -1, "col": 0}),
    ("picked", {"matrix": "q", "row": 0}),
    ("hover", 7),
    ("table", 1),
    ("guesses", {"key": 99}),
    ("guesses", {"k" * 100: 1}),
    ("guesses", {f"{i}": 1 for i in range(100)}),
    ("guesses", [1]),
    ("revealed", "key"),
    ("revealed", [1]),
    ("blocked", [[0, 32]]),
    ("picked", "q.1.1"),
    ("mask", ["none"]),
    ("embedding", {}),
]
WRONG_IDS = [f"{name}-{i}" for i, (name, _) in enumerate(WRONG)]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=WRONG_IDS)
def test_what_cannot_be_is_refused_in_a_short_sentence(name: str, value: Any) -> None:
    with pytest.raises(RefusedError) as refusal:
        READERS[name].read(value)
    assert str(refusal.value).endswith(".")
    assert len(str(refusal.value)) < 160


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("seed", 12.0, 12),
        ("seed", 9999, 9999),
        ("d_model", 16, 16),
        ("scale", 0, 0.0),
        ("scale", None, None),
        ("scale", 0.123456, 0.1235),
        ("blocked", [[9, 0], [0, 1], [1, 0], [9, 0], [5, 5]], [[0, 1], [1, 0], [5, 5], [9, 0]]),
        ("d_model", 8.0, 8),
        ("blocked", ((0, 1),), [[0, 1]]),
        ("text", "half \ud83d", "half \ufffd"),
        ("text", "\ud83d\ude00", "😀"),
        ("revealed", ["a", "a"], ["a"]),
    ],
)
def test_what_can_be_is_kept_in_one_form(name: str, value: Any, kept: Any) -> None:
    read = READERS[name].read(value)
    assert read == kept
    assert type(read) is type(kept)


def test_every_matrix_has_a_kind_of_row_and_of_column() -> None:
    kinds = {"vocab", "token", "query", "key", "feature"}
    assert all(set(axes) <= kinds for axes in AXES.values())
