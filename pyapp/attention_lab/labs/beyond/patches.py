"""A picture as attention sees it: patches of four pixels that look at each other by these pixels."""

from __future__ import annotations

import numpy as np

from attention import Array, softmax
from attention_lab.kit.texts import lazy

SIDE = 8  # pixels of the picture, across and down
SIZE = 2  # pixels of a patch, across and down
ACROSS = SIDE // SIZE  # patches, across and down
N = ACROSS**2


def patches(picture: Array) -> Array:  # (8, 8) -> (16, 4)
    """Cut a picture into patches, row by row; ink becomes 1 and paper −1."""
    squares = picture.reshape(ACROSS, SIZE, ACROSS, SIZE).swapaxes(1, 2)
    ink: Array = 2 * squares.reshape(N, SIZE**2) - 1
    return ink


def picture_of(rows: Array) -> Array:  # (16, 4) -> (8, 8)
    """Put patches together again; ink is 1 and paper −1."""
    squares = rows.reshape(ACROSS, ACROSS, SIZE, SIZE).swapaxes(1, 2)
    return squares.reshape(SIDE, SIDE)


def weights_of(q: Array, k: Array, sharpness: float = 1.0) -> Array:  # (m, d), (16, d) -> (m, 16)
    """Return where each query looks: pixels that agree minus pixels that differ, over √4."""
    scores = q @ k.T / np.sqrt(SIZE**2)
    return softmax(sharpness * scores)


def placed(rows: Array) -> Array:  # (16, 4) -> (16, 8)
    """Put its place beside the pixels of each patch: a clock hand for its row, and one for its column."""
    row, column = np.divmod(np.arange(N), ACROSS)
    turn = np.pi / ACROSS
    hands = [np.cos(turn * row), np.sin(turn * row), np.cos(turn * column), np.sin(turn * column)]
    return np.concatenate([rows, SIZE * np.stack(hands, axis=1)], axis=1)


def mixed(rows: Array, sharpness: float, places: bool) -> Array:  # (16, 4) -> (16, 4)
    """Return what each patch takes home: the pixels of all, by weight."""
    x = placed(rows) if places else rows
    taken: Array = weights_of(x, x, sharpness) @ rows
    return taken


def convolved(rows: Array) -> Array:  # (16, 4) -> (16, 4)
    """Return the mean of each patch and its neighbours, three across and three down; paper lies outside."""
    padded = np.pad(rows.reshape(ACROSS, ACROSS, -1), ((1, 1), (1, 1), (0, 0)), constant_values=-1)
    near = [padded[i : i + ACROSS, j : j + ACROSS] for i in range(3) for j in range(3)]
    mean: Array = np.mean(near, axis=0).reshape(rows.shape)
    return mean


def shuffled(seed: int) -> list[int]:
    """Return which patch stands at each place once they are shuffled."""
    order: list[int] = np.random.default_rng(seed).permutation(N).tolist()
    return order


# Pictures to start from


def drawn(text: str) -> list[list[float]]:
    """Read a picture: # is ink."""
    return [[float(char == "#") for char in row] for row in text.split()]


FACE = drawn("........ ........ ##....## ##....## ........ #......# .#....#. ..####..")
STAIRS = drawn("#....... ##...... .##..... ..##.... ...##... ....##.. .....##. ......##")
HOUSE = drawn("...##... ..#..#.. .#....#. ######## #......# #..##..# #..##..# ########")
DRAWINGS = {"face": FACE, "stairs": STAIRS, "house": HOUSE}
DRAWINGS_CALLED = {"face": lazy("face"), "stairs": lazy("stairs"), "house": lazy("house")}
EYE, OTHER_EYE, BESIDE, MOUTH = (1, 0), (1, 3), (1, 1), (3, 1)
"""Patches of the face, as (row, column)."""

WORDS = {
    "full": (1, 1, 1, 1),
    "empty": (-1, -1, -1, -1),
    "top": (1, 1, -1, -1),
    "left": (1, -1, 1, -1),
    "falling": (1, -1, -1, 1),
    "rising": (-1, 1, 1, -1),
}
"""Words, and the four pixels that each asks for: top left, top right, bottom left, bottom right."""
CALLED = {
    "full": lazy("full"),
    "empty": lazy("empty"),
    "top": lazy("top"),
    "left": lazy("left"),
    "falling": lazy("falling"),
    "rising": lazy("rising"),
}
