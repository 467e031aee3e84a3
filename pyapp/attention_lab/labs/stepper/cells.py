"""The matrices of the seven steps: what their rows and columns stand for, and the cells in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

MAX_TOKENS = 32

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
