"""What vouches for the digits in this lab's texts."""

import numpy as np

from attention import Reader, load_card
from attention_lab.labs.heads.census import _model
from attention_lab.labs.heads.lab import Heads


def of_minilm() -> tuple[float, float]:
    """Layers of the real transformer, and heads in each."""
    card = load_card("minilm")
    return float(card.n_layers), float(card.n_heads)


def split() -> tuple[float, float]:
    """How many heads the question splits its columns into, and how many columns each has."""
    column = next(each for each in Heads().questions() if each.id == "column")
    size = len(column.right)
    return len(column.columns) / size, float(size)


def first_columns() -> tuple[float, float, float]:
    """The number of the first head, and those of its columns, both counted from 1."""
    first, last = 1, int(split()[1])
    return 1.0, float(first), float(last)


def untrained_seed() -> float:
    """The seed whose random reader gives the weights that the census shows."""
    text = "the cat sat on the mat because it was tired ."
    seeds = [
        seed
        for seed in range(3)
        if all(
            map(
                np.array_equal,
                Reader.random(seed).trace(text.split()).layers,
                _model("untrained").trace(text.split()).layers,
            )
        )
    ]
    return float(seeds[0])


VOUCHED = {
    "4 heads of 2 columns": split,
    "Head 1 has columns 1 and 2": first_columns,
    "6 layers of 12 heads": of_minilm,
    "seed 0": untrained_seed,
}
