"""What each setting may hold: one reader for each name, which returns the value to keep or refuses it.

A refusal says what was wrong, what was expected and what to do, since the learner reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from attention_lab import experiment
from attention_lab.refusal import RefusedError, one_of, shown

MAX_TEXT = 1000  # a link of that many emoji can still be read back
MAX_TOKENS = 32
MAX_SEED = 9999
MAX_SCALE = 2.0
MAX_PAD = 6
D_MODELS = (2, 4, 6, 8, 12, 16)
EMBEDDINGS = ("hand-built", "random")
MASKS = ("none", "causal", "padding", "by-hand")
_MAX_KEYS = 64
_KEY_LENGTH = 64

AXES: Mapping[str, tuple[str, str]] = {
    "table": ("vocab", "feature"),
    "x": ("token", "feature"),
    "w_q": ("feature", "feature"),
    "w_k": ("feature", "feature"),
    "w_v": ("feature", "feature"),
    "q": ("query", "feature"),
    "k": ("key", "feature"),
    "v": ("key", "feature"),
    "k_t": ("feature", "key"),
    "raw_scores": ("query", "key"),
    "scaled_scores": ("query", "key"),
    "mask": ("query", "key"),
    "masked_scores": ("query", "key"),
    "weights": ("query", "key"),
    "head_outputs": ("query", "feature"),
}
"""Each matrix on the screen, with what its rows and columns stand for."""


class Cell(TypedDict):
    """One cell of one matrix."""

    matrix: str
    row: int
    col: int


def _whole(name: str, low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise RefusedError(
                f"{name} must be a whole number from {low} to {high}, not {shown(value)}: set one."
            )
        return value

    return read


def _index(name: str) -> Callable[[object], int]:
    """Any whole number from 0: one past the end is clamped later, for the sentence may just have changed."""

    def read(value: object) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise RefusedError(
                f"{name} must be a whole number from 0, not {shown(value)}: pick a cell or a token."
            )
        return value

    return read


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise RefusedError(f"The sentence must be text, not {shown(value)}: type at least one word.")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # half an emoji becomes �


def _name(value: object) -> str:
    if not isinstance(value, str):
        raise RefusedError(f"A name must be text, not {shown(value)}.")
    return value


def _scale(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_SCALE:
        raise RefusedError(
            f"The scale must be a number from 0 to {MAX_SCALE:g}, not {shown(value)}: move the slider."
        )
    return round(float(value), 4)  # what the page prints is then the number that is used


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise RefusedError(f"The table view is on or off, not {shown(value)}.")
    return value


def _blocked(value: object) -> list[list[int]]:
    """Cells of a mask made by hand, each [query, key], sorted and without repeats."""
    if not isinstance(value, list | tuple) or len(value) > 4 * MAX_TOKENS**2:
        raise RefusedError("The mask by hand is a list of blocked cells: click a cell of M to block it.")
    pairs: set[tuple[int, int]] = set()
    for pair in value:
        match pair:
            case [int(row), int(col)] if (
                not isinstance(row, bool) and not isinstance(col, bool) and min(row, col) >= 0
            ):
                pairs.add((row, col))
            case _:
                raise RefusedError(f"{shown(pair)} is no cell of the mask: click a cell of M to block it.")
    return [list(pair) for pair in sorted(pairs)]


def _cell(value: object) -> Cell | None:
    match value:
        case None:
            return None
        case {"matrix": str(matrix), "row": int(row), "col": int(col)} if (
            matrix in AXES and min(row, col) >= 0
        ):
            return {"matrix": matrix, "row": int(row), "col": int(col)}
    raise RefusedError(f"{shown(value)} is no cell on the screen: pick one of a matrix.")


def _guesses(value: object) -> dict[str, int]:
    if (
        not isinstance(value, Mapping)
        or len(value) > _MAX_KEYS
        or not all(
            isinstance(key, str)
            and len(key) <= _KEY_LENGTH
            and type(option) is int
            and 0 <= option < MAX_TOKENS
            for key, option in value.items()
        )
    ):
        raise RefusedError("A guess is the number of one of the options: pick one of the tokens.")
    return dict(value)


def _revealed(value: object) -> list[str]:
    if (
        not isinstance(value, list | tuple)
        or len(value) > _MAX_KEYS
        or not all(isinstance(key, str) and len(key) <= _KEY_LENGTH for key in value)
    ):
        raise RefusedError("What has been shown is a list of predictions: use the buttons beside them.")
    return list(dict.fromkeys(value))


READERS: Mapping[str, Callable[[object], Any]] = {
    "lab": _name,
    "step": _name,
    "text": _text,
    "embedding": one_of("Embeddings", *EMBEDDINGS),
    "seed": _whole("The seed", 0, MAX_SEED),
    "d_model": one_of("d_model", *D_MODELS),
    "n_heads": _whole("The number of heads", 1, max(D_MODELS)),
    "head": _index("The head"),
    "mask": one_of("The mask", *MASKS),
    "n_pad": _whole("The number of PAD tokens", 1, MAX_PAD),
    "blocked": _blocked,
    "scale": _scale,
    "query": _index("The query"),
    "key": _index("The key"),
    "feature": _index("The column"),
    "picked": _cell,
    "hover": _cell,
    "table": _flag,
    "guesses": _guesses,
    "revealed": _revealed,
    "link": _name,
    "own": _text,
    **experiment.READERS,
}
