"""Everyday words that no model was trained on: what is read in their place, and how good answers are."""

from __future__ import annotations

import random

import pytest

from attention import Ordinary, Reader, Vocabulary, load_model
from attention.models.everyday import EVERYDAY
from attention.models.words import WORDS, kind_of
from attention.train.english import BEHAVIOURS
from attention.train.measure import held_out_sentences, questions_of

VOCABULARY = Vocabulary()


def test_with_them_the_small_models_take_more_than_1500_everyday_words() -> None:
    assert len(WORDS) + len(EVERYDAY) > 1500
    assert not set(WORDS) & set(EVERYDAY)
    for word, read_as in EVERYDAY.items():
        assert word == word.lower().strip()
        assert word.isalpha(), word
        assert read_as in VOCABULARY, word
        assert VOCABULARY.stand_in(word.title()) == read_as
    assert VOCABULARY.stand_in("cat") is None, "a word that is known stands for itself"


@pytest.mark.parametrize("name", ["reader", "ordinary"])
def test_answers_hold_where_every_word_that_has_a_kind_is_an_everyday_one(name: str) -> None:
    model, rng = load_model(name), random.Random(5)
    assert isinstance(model, Reader | Ordinary)
    strange: dict[str, list[str]] = {}
    for word, read_as in EVERYDAY.items():
        strange.setdefault(read_as, []).append(word)
    sentences, right, asked = held_out_sentences(150), 0, 0
    for behaviour in ("pronoun", "attractor", "long range", "adjective"):
        for question in questions_of(sentences, behaviour):
            plain = sentences[question.sentence].words
            words = [rng.choice(strange.get(kind_of(word) or "", [word])) for word in plain]
            read = [VOCABULARY.stand_in(word) or word for word in words]
            said = model.trace(read).answer(BEHAVIOURS[behaviour], question.query)
            asked += 1
            right += said.word == read[question.right - 1]
    assert asked > 100
    assert right / asked > 0.95, f"{right} of {asked}"
