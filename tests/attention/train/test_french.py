from collections import Counter
from functools import cache

import numpy as np
import pytest

from attention.models.french import ADJECTIVES, DETERMINERS, GREETINGS, NOUNS, english_words, french_words
from attention.train.french import SHOWN, draw_sentence_pair, is_held_out


def drawn(n, seed=1, held_out=False):
    rng = np.random.default_rng(seed)
    return [draw_sentence_pair(rng, held_out) for _ in range(n)]


@cache
def learned():
    return drawn(3000)


@cache
def measured():
    return drawn(2000, held_out=True)


@cache
def all_said():
    return {(pair.english, pair.french) for pair in learned() + drawn(9000, 2)}


NOUN_OF = {form: noun for noun in NOUNS for form in (noun.french_one, noun.french_several)}


def test_no_sentence_to_learn_from_holds_a_pair_that_is_held_out_and_every_other_one_does():
    assert not any(is_held_out(*used) for pair in learned() for used in pair.used)
    assert all(any(is_held_out(*used) for used in pair.used) for pair in measured())


def test_what_is_used_is_what_stands_in_the_sentence():
    """The door of the split: a pair that is in the words and not in `used` would slip through."""
    adjectives = {each.english for each in ADJECTIVES} | set(GREETINGS)
    nouns = {form: noun.one for noun in NOUNS for form in (noun.one, noun.several)}
    for pair in learned() + measured():
        found, waiting = [], []
        for word in pair.english:
            if word in adjectives:
                waiting.append(word)
            elif word in nouns:
                found += [(each, nouns[word]) for each in waiting]
                waiting = []
        assert Counter(found) == Counter(pair.used), pair


def test_the_pairs_that_are_shown_are_held_out_and_each_of_their_words_is_learned():
    assert {("red", "car"), ("hello", "world")} <= SHOWN
    used = {used for pair in learned() for used in pair.used}
    for word, noun in SHOWN:
        assert is_held_out(word, noun)
        assert any(each == word for each, _ in used)
        assert any(each == noun for _, each in used)


def test_about_a_sixth_of_all_pairs_is_held_out_and_no_word_is_held_out_with_most():
    shares = [
        np.mean([is_held_out(adjective.english, noun.one) for noun in NOUNS]) for adjective in ADJECTIVES
    ]
    assert np.mean(shares) == pytest.approx(1 / 6, abs=0.03)
    assert max(shares) < 1 / 3


def test_each_french_word_names_the_english_word_that_it_says():
    said = {adjective.english: adjective for adjective in ADJECTIVES}
    for pair in learned():
        assert len(pair.sources) == len(pair.french)
        for word, source in zip(pair.french, pair.sources, strict=True):
            english = pair.english[source]
            if english in said:
                adjective = said[english]
                assert word.rstrip("s") in (adjective.masculine.rstrip("s"), adjective.feminine)
            elif word in NOUN_OF:
                assert english in (NOUN_OF[word].one, NOUN_OF[word].several)


def test_adjectives_of_colour_come_after_their_noun_and_small_ones_before_it():
    after = {each.english for each in ADJECTIVES if each.after}
    before = {each.english for each in ADJECTIVES if not each.after}
    for pair in learned():
        places = {source: place for place, source in enumerate(pair.sources)}
        for _, noun in pair.nouns:
            for at in range(noun - 1, -1, -1):
                if pair.english[at] in after:
                    assert places[at] > places[noun]
                elif pair.english[at] in before:
                    assert places[at] < places[noun]
                else:
                    break


def test_swapped_words_are_those_that_stand_in_another_order():
    for pair in learned():
        inverted = {
            place
            for place in range(len(pair.sources))
            for other in (place - 1, place + 1)
            if 0 <= other < len(pair.sources)
            and (pair.sources[place] - pair.sources[other]) * (place - other) < 0
        }
        assert set(pair.swapped) == inverted
    assert np.mean([bool(pair.swapped) for pair in learned()]) > 0.4


def test_determiners_and_adjectives_agree_with_their_noun():
    forms = {(each.masculine, each.feminine, each.french_several): each for each in DETERMINERS}
    elided = {"l'": {"le", "la"}, "cet": {"ce"}, "mon": {"mon", "ma"}}
    said = {adjective.english: adjective for adjective in ADJECTIVES}
    for pair in learned():
        for determiner, place in pair.nouns:
            french = [word for word, source in zip(pair.french, pair.sources, strict=True) if source == place]
            noun, several = NOUN_OF[french[0]], pair.english[place] != NOUN_OF[french[0]].one
            word = pair.french[determiner]
            right = {
                (feminine if noun.feminine else masculine) if not several else plural
                for masculine, feminine, plural in forms
            }
            assert elided.get(word, {word}) & right, pair
            for at, source in enumerate(pair.sources):
                adjective = said.get(pair.english[source])
                if (
                    adjective
                    and source < place
                    and all(pair.english[i] in said for i in range(source, place))
                ):
                    assert pair.french[at] == adjective.form(noun.feminine, several), pair


def test_no_vowel_stands_before_another_one():
    for pair in learned():
        for word, following in zip(pair.french, pair.french[1:], strict=False):
            assert word not in ("le", "la", "je", "ce", "ma") or following[0] not in "aeiouéèê", pair


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("the mice", "les souris"),
        ("this bird", "cet oiseau"),
        ("the apples", "les pommes"),
        ("the boats", "les bateaux"),
        ("an apple", "une pomme"),
        ("goodbye", "au revoir"),
    ],
)
def test_irregular_forms_are_right(english, french):
    assert (tuple(english.split()), tuple(french.split())) in all_said()


def test_all_words_are_listed_and_no_other():
    everything = learned() + measured()
    assert {word for pair in everything for word in pair.english} == set(english_words())
    assert {word for pair in everything for word in pair.french} == set(french_words())


def test_the_same_seed_draws_the_same_sentences():
    assert drawn(30, 5) == drawn(30, 5) != drawn(30, 6)
