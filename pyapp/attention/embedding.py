"""Tokens -> vectors: each token is looked up in a table and becomes a row of numbers.

Two kinds of table: *hand-built* from a small lexicon with named columns, and *random* from a seed. In both, a
word's row depends on that word alone: not on the sentence, not on where it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from attention.checks import whole_number
from attention.errors import TextError
from attention.lexicon import FEATURES, LEXICON
from attention.seeded import checked_seed, normal
from attention.tokens import PAD_KEY, Tokens
from attention.trace import Array, freeze_arrays

__all__ = ["Embedded", "Provenance", "hand_built_embedding", "random_embedding", "spelling_features"]

Provenance = Literal["hand-built", "random"]


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """A sentence as vectors, with the table they were looked up in and where its numbers come from.

    x_i = E[id_i]   (Vaswani et al. 2017, section 3.4, without its factor sqrt(d_model))

    >>> from attention import tokenize
    >>> embedded = hand_built_embedding(tokenize("The cat the"), d_model=4)
    >>> embedded.vocab, embedded.ids
    (('the', 'cat'), (0, 1, 0))
    """

    table: Array  # (vocab, d_model)   one row for each distinct key
    vocab: tuple[str, ...]  # (vocab,)   the keys, in order of first appearance
    ids: tuple[int, ...]  # (seq,)   each token's row in the table
    x: Array  # (seq, d_model)   table[ids]
    columns: tuple[str, ...]  # (d_model,)   what each column is about; "0", "1", ... if nothing
    provenance: Provenance
    seed: int | None  # of a random table
    spelled: tuple[
        str, ...
    ]  # the words of vocab that the lexicon lacks, whose numbers come from their letters

    def __post_init__(self) -> None:
        freeze_arrays(self)


def hand_built_embedding(tokens: Tokens, d_model: int) -> Embedded:
    """Look each token up in the hand-built lexicon; words outside it get numbers from their letters.

        x_i = E[id_i]   (Vaswani et al. 2017, section 3.4, without its factor sqrt(d_model))

    Args:
        tokens: a sentence of seq tokens; PAD becomes a row of zeros.
        d_model: number of columns, from 1 to 16: the first ones of `FEATURES`.

    Returns:
        Embedded, with x (seq, d_model), whole numbers from -2 to 2.

    Raises:
        TextError: `tokens must be Tokens, got str: pass tokenize(text)`
        ConfigError: `d_model of a hand-built table must be a whole number from 1 to 16, got 17`

    >>> from attention import tokenize
    >>> embedded = hand_built_embedding(tokenize("the cat sat"), d_model=4)
    >>> embedded.columns
    ('animal', 'place', 'action', 'function')
    >>> embedded.x.tolist()
    [[0.0, 0.0, 0.0, 1.0], [2.0, 0.0, 1.0, 0.0], [0.0, 1.0, 2.0, 0.0]]
    """
    d_model = whole_number("d_model of a hand-built table", d_model, 1, len(FEATURES))

    def row(word: str) -> list[float]:
        return [float(value) for value in (LEXICON.get(word) or spelling_features(word))[:d_model]]

    return _embedded(tokens, row, FEATURES[:d_model], "hand-built", seed=None)


def random_embedding(tokens: Tokens, d_model: int, seed: int) -> Embedded:
    """Give each word random numbers that depend on the seed, the word and the column, and on nothing else.

        E_wc ~ N(0, 1), rounded to one decimal; x_i = E[id_i]   (Vaswani et al. 2017, section 3.4)

    Args:
        tokens: a sentence of seq tokens; PAD becomes a row of zeros.
        d_model: number of columns, at least 1.
        seed: a whole number from 0 to 4294967295.

    Returns:
        Embedded, with x (seq, d_model).

    Raises:
        TextError: `tokens must be Tokens, got str: pass tokenize(text)`
        ConfigError: `seed must be a whole number from 0 to 4294967295, got -1`

    >>> from attention import tokenize
    >>> first = random_embedding(tokenize("the cat sat"), d_model=4, seed=7)
    >>> longer = random_embedding(tokenize("a cat"), d_model=8, seed=7)
    >>> first.x[1].tolist() == longer.x[1, :4].tolist()
    True
    """
    d_model, seed = whole_number("d_model", d_model, 1), checked_seed(seed)

    def row(word: str) -> list[float]:
        return [round(normal(seed, "embedding", word, column), 1) for column in range(d_model)]

    return _embedded(tokens, row, tuple(str(column) for column in range(d_model)), "random", seed)


def spelling_features(word: str) -> tuple[int, ...]:
    """Compute numbers from -1 to 2 from a word's letters alone, for words that the lexicon lacks.

        f_c = (sum_i code_i (i + c)^2) mod 997 mod 4 - 1   for letters i = 1, 2, ... and columns c = 0, 1, ...

    In words: multiply each letter's code point by the square of its place plus the column, add up, divide by
    997 and keep the remainder, divide that by 4 and keep the remainder, take 1 off. It says how the word is
    spelled, not what it means. The rule is ours, not the paper's.

    Args:
        word: any text.

    Returns:
        16 whole numbers, one for each of `FEATURES`.

    Raises:
        TextError: `word must be a str, got int`

    >>> (ord("o") * 1 + ord("x") * 4) % 997 % 4 - 1  # "ox", column 0, by hand
    2
    >>> spelling_features("ox")[:4]
    (2, 2, 0, -1)
    """
    if not isinstance(word, str):
        raise TextError(f"word must be a str, got {type(word).__name__}")
    return tuple(
        sum(ord(letter) * (place + column) ** 2 for place, letter in enumerate(word, start=1)) % 997 % 4 - 1
        for column in range(len(FEATURES))
    )


def _embedded(
    tokens: Tokens,
    row: Callable[[str], list[float]],
    columns: tuple[str, ...],
    provenance: Provenance,
    seed: int | None,
) -> Embedded:
    """Build the table of the distinct words and look each token up in it."""
    if not isinstance(tokens, Tokens):
        raise TextError(f"tokens must be Tokens, got {type(tokens).__name__}: pass tokenize(text)")
    keys = tokens.keys
    vocab = tuple(dict.fromkeys(keys))
    table = np.array(
        [[0.0] * len(columns) if word == PAD_KEY else row(word) for word in vocab]
    )  # (vocab, d_model)
    ids = [vocab.index(key) for key in keys]  # (seq,)
    x = table[ids]  # (seq, d_model)

    hand_built = provenance == "hand-built"
    spelled = tuple(word for word in vocab if hand_built and word not in LEXICON and word != PAD_KEY)
    return Embedded(table, vocab, tuple(ids), x, columns, provenance, seed, spelled)
