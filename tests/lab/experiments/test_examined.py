"""Models as the experiments use them: whose token is whose, what is looked at, what a change does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from attention import JOBS, Reader
from attention_lab.labs.experiments.examined import START, Downloaded, Look, look, names_of_heads
from attention_lab.labs.experiments.interventions import changing

WORDS = ("the", "cat", "sat", ".")


def test_a_small_model_has_one_token_for_each_word_after_its_own_sign() -> None:
    seen = look("random", 3, WORDS)
    assert seen.owners == (START, 0, 1, 2, 3)
    assert seen.tokens[1:] == WORDS
    assert seen.spots[-1] == (1, 3)
    expected = Reader.random(3).trace(WORDS).layers
    for layer, mine in zip(expected, seen.layers, strict=True):
        np.testing.assert_array_equal(layer, mine)
    np.testing.assert_allclose(seen.between(2, 1), [layer[h, 3, 2] for layer in expected for h in range(4)])


def test_weights_of_words_of_several_tokens_are_summed_over_keys_and_averaged_over_queries() -> None:
    weights = np.arange(16, dtype=float).reshape(1, 4, 4)
    seen = Look(("<s>", "a", "##b", "c"), (START, 0, 0, 1), (weights,))
    assert seen.between(1, 0).tolist() == [13 + 14]
    assert seen.between(0, 1).tolist() == [(7 + 11) / 2]
    assert seen.tokens_of(5) == [0], "a word without tokens of its own"


def test_a_change_is_made_by_the_models_own_intervene() -> None:
    changed = look("random", 3, WORDS, (("swap", 2, 0, 1),), (1, 0))
    by_hand = Reader.random(3).trace(
        WORDS, changing([("swap", 2, 0, 1)], (1, 0), {START: [0], 0: [1], 1: [2], 2: [3], 3: [4]})
    )
    np.testing.assert_array_equal(changed.layers[1], by_hand.layers[1])
    plain = look("random", 3, WORDS)
    assert changed.layers[1][0, 3, 1] == plain.layers[1][0, 3, 2]
    assert changed.answer is not None
    assert changed.answer("pronoun", 3) == by_hand.answer("pronoun", 3)


def test_only_read_heads_have_names() -> None:
    assert list(names_of_heads("reader").values()) == list(JOBS)
    assert names_of_heads("ordinary") == {} == names_of_heads("minilm")


@dataclass
class Pieces:
    spans: tuple[tuple[int, int], ...]


@pytest.mark.parametrize(
    ("words", "spans", "owners"),
    [
        (("it", "was"), ((0, 0), (0, 2), (3, 6), (0, 0)), (START, 0, 1, 2)),
        (("unheard", "of"), ((0, 0), (0, 2), (2, 7), (8, 10), (0, 0)), (START, 0, 0, 1, 2)),
    ],
)
def test_the_pieces_of_a_word_belong_to_it(
    words: tuple[str, ...], spans: tuple[tuple[int, int], ...], owners: tuple[int, ...]
) -> None:
    class Model:
        def word_piece(self, text: str) -> Pieces:
            assert text == " ".join(words)
            return Pieces(spans)

    assert Downloaded(Model()).owners(words) == owners
