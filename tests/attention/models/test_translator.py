"""The translator: its maths on random weights, and what the shipped weights do."""

import math
from functools import cache

import numpy as np
import pytest

from attention import (
    EmptyTextError,
    ShapeError,
    TextError,
    Translator,
    WeightsError,
    cross_entropy,
    load_card,
    load_model,
)
from attention.models import file_of, model_from_bytes
from attention.train.translator import (
    SHOWN_TRANSLATIONS,
    as_ids,
    held_out_pairs,
    measure_translator,
    without_edges,
)

STEP = 1e-6


def small(seed=1):
    model = Translator(d_model=6, num_heads=3, d_ff=5, seed=seed, dtype=np.float64)
    rng = np.random.default_rng(seed)
    for weight in model.parameters().values():  # off their starts, where zeros and ones would hide mistakes
        weight += 0.1 * rng.standard_normal(weight.shape)
    return model


def batch(model, n=3):
    return as_ids(model, held_out_pairs(n))


@cache
def shipped():
    return load_model("translator")


@cache
def measured():
    return measure_translator(shipped(), held_out_pairs(400))


# The maths


def test_each_weight_gets_the_gradient_that_small_changes_give():
    model, rng = small(), np.random.default_rng(2)
    english, french = batch(model)
    _, gradients = model.gradients(english, french)
    assert gradients.inputs == ()
    assert list(gradients.parameters) == list(model.parameters())
    for name, weight in model.parameters().items():
        direction = rng.standard_normal(weight.shape)  # one number for all weights of the array
        weight += STEP * direction
        above = model.gradients(english, french)[0]
        weight -= 2 * STEP * direction
        below = model.gradients(english, french)[0]
        weight += STEP * direction
        change = (gradients.parameters[name] * direction).sum()
        assert change == pytest.approx((above - below) / (2 * STEP), rel=1e-6, abs=1e-7), name
        assert change != 0, name


def test_the_loss_is_the_mean_surprise_at_the_french_words_and_padding_does_not_count():
    model = small()
    pairs = held_out_pairs(5)
    assert len({len(pair.french) for pair in pairs}) > 1
    english, french = as_ids(model, pairs)
    surprises = []
    for pair in pairs:
        one_english, one_french = as_ids(model, [pair])
        logits = model.trace(one_english[0], one_french[0, :-1]).logits
        surprises += [
            cross_entropy(row, target) for row, target in zip(logits, one_french[0, 1:], strict=True)
        ]
    assert model.gradients(english, french)[0] == pytest.approx(np.mean(surprises), abs=1e-12)


def test_what_is_written_knows_nothing_of_what_comes_after_it():
    model = small()
    english, french = batch(model, 1)
    whole = model.trace(english[0], french[0]).logits
    for length in range(1, french.shape[1]):
        np.testing.assert_allclose(
            model.trace(english[0], french[0, :length]).logits, whole[:length], rtol=0, atol=1e-12
        )


def test_what_the_cross_attention_gathers_are_the_english_words_as_the_table_holds_them():
    """Not where they stand, nor what is around them: only the weights know that."""
    model = small()
    ids = model.source_ids(["the", "red", "car"])
    trace = model.trace(ids, [1])
    np.testing.assert_allclose(
        trace.decoder.cross_attention.value,
        math.sqrt(6) * model.source_embedding.weight[ids],
        rtol=0,
        atol=1e-15,
    )
    assert not np.allclose(trace.decoder.cross_attention.key, trace.decoder.cross_attention.value)


def test_a_batch_is_translated_as_its_sentences_are():
    model = Translator.random(3)
    pairs = held_out_pairs(4)
    english, _ = as_ids(model, pairs)
    rows = model.translate_ids(english)
    for pair, row in zip(pairs, rows, strict=True):
        written = model.translate(pair.english).written[: len(row) - 1]
        assert tuple(model.french.words[i] for i in row[1 : len(written) + 1]) == written


def test_a_translation_tells_of_each_word_what_was_likely_and_where_it_looked():
    trace = Translator.random(3).translate(["The", "red", "CAR"])
    assert trace.source == ("the", "red", "car", "</s>")
    assert trace.cross.shape == (2, len(trace.written), 4)
    np.testing.assert_allclose(trace.cross.sum(axis=-1), 1, rtol=0, atol=1e-6)
    for word, candidates in zip(trace.written, trace.candidates, strict=True):
        shares = [share for _, share in candidates]
        assert candidates[0][0] == word
        assert shares == sorted(shares, reverse=True)
        assert 0 < sum(shares) <= 1 + 1e-6


def test_an_intervention_gets_each_words_row_and_what_it_returns_is_used():
    model, seen = Translator.random(3), []

    def only_the_first(number, weights):
        seen.append((number, weights.shape))
        return np.eye(4)[[0, 0]]

    trace = model.translate(["the", "red", "car"], only_the_first)
    assert set(seen) == {(number, (2, 4)) for number in range(len(trace.written))}
    assert (trace.cross[..., 0] == 1).all()
    plain = model.translate(["the", "red", "car"])
    np.testing.assert_array_equal(
        model.translate(["the", "red", "car"], lambda _, weights: weights).cross, plain.cross
    )


def test_an_intervention_that_returns_no_row_of_each_head_is_refused():
    with pytest.raises(ShapeError, match=r"intervene returned shape \(4,\), expected \(2, 4\)"):
        Translator.random(3).translate(["the", "red", "car"], lambda _, weights: weights[0])


def test_a_cut_edge_has_no_weight_and_its_row_still_sums_to_1():
    weights = np.full((2, 3, 4, 5), 0.2)
    cut = without_edges(weights, np.array([1]), (0, 2), np.array([3]), np.array([4]))
    assert cut[1, [0, 2], 3, 4].tolist() == [0, 0]
    assert cut[1, 1, 3, 4] == cut[0, 0, 3, 4] == cut[1, 0, 2, 4] == 0.2
    np.testing.assert_allclose(cut.sum(axis=-1), 1, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        ([], EmptyTextError, "the sentence has no words: give at least one"),
        (["the"] * 16, ShapeError, "the sentence has 16 words, expected at most 15"),
        (["the", "zebra"], TextError, "the translator does not know 'zebra': it knows "),
        (["<pad>"], TextError, "the translator does not know '<pad>': it knows "),
        (["</s>"], TextError, "the translator does not know '</s>': it knows "),
    ],
)
def test_what_cannot_be_translated_is_refused_by_name(words, error, message):
    with pytest.raises(error) as caught:
        Translator.random(0).translate(words)
    assert str(caught.value).startswith(message)


def test_a_file_that_is_cut_short_or_is_another_models_is_refused():
    file = file_of("translator")
    with pytest.raises(WeightsError, match="the weights of translator do not fit: "):
        model_from_bytes("translator", file[:-100])
    with pytest.raises(WeightsError, match="are not those of its card"):
        model_from_bytes("translator", file[:-1] + bytes([file[-1] ^ 1]), load_card("translator").sha256)
    with pytest.raises(WeightsError, match="trained on other words than this version knows"):
        model_from_bytes("writer", file)


# What the shipped weights do


def test_the_shipped_translator_translates_what_it_never_learned_from():
    assert measured().exact >= 0.97


@pytest.mark.parametrize(("english", "french"), SHOWN_TRANSLATIONS.items())
def test_pairs_that_were_never_trained_come_out_right(english, french):
    assert shipped().translate(english.split()).text == french


def test_where_words_change_places_the_word_head_looks_at_the_right_one():
    assert measured().swapped_first >= 0.98
    assert measured().swapped_weight >= 0.85
    trace = shipped().translate(["the", "red", "car"])
    head = trace.cross[measured().word_head]
    assert trace.words == ("la", "voiture", "rouge")
    assert head[1].argmax() == 2  # voiture: car
    assert head[2].argmax() == 1  # rouge: red


def test_exchanging_the_weights_of_noun_and_adjective_puts_the_adjective_in_the_nouns_place():
    assert measured().flipped >= 0.9

    def exchange(number, weights):
        return weights[:, [0, 2, 1, 3]] if number == 1 else weights

    assert shipped().translate(["the", "red", "car"], exchange).words[1].startswith("rouge")


def test_a_determiner_gets_its_gender_from_the_noun_and_without_it_only_guesses():
    assert measured().determiner >= 0.98
    assert measured().noun_weight >= 0.85
    assert measured().noun_cut_in_head <= 0.7  # one head, one arrow
    assert measured().end_cut >= 0.95  # the control: what is cut matters, not that something is


def test_of_la_voiture_it_is_the_car_that_la_is_about():
    """Cut the arrow from the first French word to "car" in the gender head: the noun's gender is gone."""
    head = measured().gender_head

    def cut(number, weights):
        if number == 0:
            weights[head, 2] = 0
            weights[head] /= weights[head].sum()
        return weights

    trace = shipped().translate(["the", "red", "car"])
    assert trace.cross[head, 0].argmax() == 2
    assert trace.words[0] == "la"
    assert shipped().translate(["the", "red", "car"], cut).words[0] != "la"


def test_random_weights_do_none_of_this():
    random = measure_translator(Translator.random(0), held_out_pairs(100))
    assert random.exact == 0
    assert random.swapped_first < 0.5


@pytest.mark.parametrize("name", ["exact sentences", "right word first where words change places"])
def test_the_card_holds_for_three_seeds(name):
    figure = load_card("translator").figure(name)
    assert len(figure.seeds) >= 3
    assert figure.holds
