"""What is measured of a translator is what a plain loop over its translations finds."""

from functools import cache

import numpy as np
import pytest

from attention import Translator, load_card, load_model
from attention.models.french import ADJECTIVES
from attention.train.translator import (
    TRANSLATOR,
    as_ids,
    held_out_pairs,
    measure_translator,
    train_translator,
)

PAIRS = held_out_pairs(60, seed=11)


@cache
def model():
    """Neither random nor perfect: some of it is right and some is wrong."""
    half, whole = Translator.random(2), load_model("translator")
    rng = np.random.default_rng(0)
    for name, weight in half.parameters().items():
        trained = whole.parameters()[name]
        weight[...] = trained + 0.35 * trained.std() * rng.standard_normal(trained.shape)
    return half


@cache
def measured():
    return measure_translator(model(), PAIRS)


def test_exact_sentences_are_those_whose_translation_is_the_grammars():
    right = [model().translate(pair.english).words == pair.french for pair in PAIRS]
    assert 0 < sum(right) < len(right)
    assert measured().exact == pytest.approx(np.mean(right), abs=1e-12)


def teacher_forced(pair):
    """The weights (n_heads, n_target, n_source) while the grammar's own words are written."""
    english, french = as_ids(model(), [pair])
    return model().trace(english[0], french[0, :-1]).decoder.cross_attention.attention.weights


def test_weight_and_first_place_on_swapped_words_are_read_off_the_arrows():
    head, first, weight = measured().word_head, [], []
    for pair in PAIRS:
        rows = teacher_forced(pair)[head]
        for place in pair.swapped:
            first.append(rows[place].argmax() == pair.sources[place])
            weight.append(rows[place, pair.sources[place]])
    assert measured().swapped_first == pytest.approx(np.mean(first), abs=1e-12)
    assert measured().swapped_weight == pytest.approx(np.mean(weight), abs=1e-6)


def test_the_gender_head_is_the_one_with_most_weight_on_the_noun():
    weights = [
        [rows[head, determiner, noun] for head in range(2)]
        for pair in PAIRS
        for rows in [teacher_forced(pair)]
        for determiner, noun in pair.nouns
        if pair.french[determiner] not in ("les", "mes", "ces")
    ]
    means = np.mean(weights, axis=0)
    assert measured().gender_head == means.argmax()
    assert measured().noun_weight == pytest.approx(means.max(), abs=1e-6)


def test_a_determiner_without_its_noun_is_measured_one_by_one():
    right = {"as it is": [], "cut": []}
    for pair in PAIRS:
        english, french = as_ids(model(), [pair])
        for determiner, noun in pair.nouns:
            if pair.french[determiner] in ("les", "mes", "ces"):
                continue

            def cut(weights, determiner=determiner, noun=noun):
                weights[:, determiner, noun] = 0
                weights[:, determiner] /= weights[:, determiner].sum(axis=-1, keepdims=True)
                return weights

            for name, change in (("as it is", None), ("cut", cut)):
                said = model().trace(english[0], french[0, :-1], change).logits[determiner].argmax()
                right[name].append(said == french[0, determiner + 1])
    assert measured().determiner == pytest.approx(np.mean(right["as it is"]), abs=0.02)
    assert measured().noun_cut == pytest.approx(np.mean(right["cut"]), abs=0.02)


def test_flipped_nouns_are_those_in_whose_place_the_adjective_is_said():
    forms = {a.english: {a.form(f, s) for f in (False, True) for s in (False, True)} for a in ADJECTIVES}
    flipped = []
    for pair in PAIRS:
        english, french = as_ids(model(), [pair])
        for place in range(len(pair.french) - 1):
            noun, adjective = pair.sources[place], pair.sources[place + 1]
            if noun != adjective + 1:
                continue

            def exchange(weights, place=place, noun=noun, adjective=adjective):
                weights[:, place, [noun, adjective]] = weights[:, place, [adjective, noun]]
                return weights

            said = model().trace(english[0], french[0, :-1], exchange).logits[place].argmax()
            flipped.append(model().french.words[said] in forms[pair.english[adjective]])
    assert measured().flipped == pytest.approx(np.mean(flipped), abs=0.02)


def test_the_card_was_measured_on_sentences_that_were_not_learned_from():
    card = load_card("translator")
    assert card.figure("exact sentences").sentences == 1000
    assert card.seeds == (0, 1, 2)
    assert card.limits == TRANSLATOR.limits
    assert max(card.seconds) < 600


def test_what_is_drawn_to_learn_from_depends_on_the_seed_and_not_on_the_model():
    one, same, other = (
        next(iter(train_translator(Translator.random(3), seed, steps=1, learned=70))).loss
        for seed in (1, 1, 2)
    )
    assert one == same != other
