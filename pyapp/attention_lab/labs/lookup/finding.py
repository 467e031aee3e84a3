"""What the lab computes: a lookup of one entry, a lookup of a little of each, and voices in a room."""

from __future__ import annotations

import numpy as np

from attention import Array, softmax
from attention_lab.kit.texts import lazy

TITLES = ("Cats and Their Behaviour", "Car Maintenance Guide", "Feline Nutrition")
COLUMNS = (lazy("cats"), lazy("how-to"), lazy("animals"))
QUERY = (1, 0, 1)
KEYS = ((1, 0, 1), (0, 1, 0), (1, 1, 1))
VALUES = ((10, 20, 30), (1, 2, 3), (5, 10, 15))
LESSONS_WEIGHTS = (0.67, 0.09, 0.24)

WORDS = ("the", "cat", "sat", "on", "mat")
SIMILARITY = (0.1, 0.9, 0.3, 0.2, 0.1)
LESSONS_SHARES = (0.05, 0.65, 0.15, 0.10, 0.05)

SAMPLES = 240
MOST_VOICES = 40
_PITCHES = 8  # numbers in the key of a voice


def scores_of(query: Array, keys: Array) -> Array:
    """Return how well each key fits."""
    return keys @ query


def weights_of(scores: Array, temperature: float | Array) -> Array:
    """Return the share of each: soft where the temperature is high, hard where it is low.

    A column of temperatures gives a row for each of them.
    """
    return softmax(scores / temperature)


def mixed(weights: Array, values: Array) -> Array:
    """Return what is taken home: every value, by its share."""
    return weights @ values


def hard(scores: Array) -> Array:
    """Return the weights of a dictionary: all for the first key that fits best."""
    found = np.zeros(len(scores))
    found[np.argmax(scores)] = 1
    return found


def room(seed: int) -> tuple[Array, Array]:
    """Draw a key and a wave for each voice; the friend's is the first."""
    rng = np.random.default_rng(seed)
    keys = rng.standard_normal((MOST_VOICES, _PITCHES))
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)
    time = np.linspace(0, 1, SAMPLES)
    pitches, shifts = rng.uniform(3, 16, MOST_VOICES), rng.uniform(0, 1, MOST_VOICES)
    pitches[0], shifts[0] = 3, 0
    waves = np.sin(2 * np.pi * (pitches[:, None] * time + shifts[:, None]))
    return keys, waves


def heard(keys: Array, waves: Array, focus: float) -> tuple[Array, Array]:
    """Return the weights of the voices for a query that is the friend's key, and what is heard."""
    weights = softmax(focus * keys @ keys[0])
    return weights, weights @ waves
