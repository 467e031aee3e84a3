import ast
import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import (
    FEATURES,
    LEXICON,
    PAD_KEY,
    ConfigError,
    TextError,
    embedding,
    hand_built_embedding,
    random_embedding,
    spelling_features,
    tokenize,
)

SENTENCE = "The cat sat on the mat"


def test_the_table_has_one_row_for_each_distinct_word_in_order_of_first_appearance():
    embedded = hand_built_embedding(tokenize(SENTENCE), 4)
    assert embedded.vocab == ("the", "cat", "sat", "on", "mat")
    assert embedded.ids == (0, 1, 2, 3, 0, 4)
    assert embedded.table.shape == (5, 4)
    assert embedded.x.shape == (6, 4)
    np.testing.assert_array_equal(embedded.x, [embedded.table[i] for i in embedded.ids])


def test_the_default_sentence_by_hand():
    embedded = hand_built_embedding(tokenize(SENTENCE), 4)
    the, cat, sat, on, mat = [0, 0, 0, 1], [2, 0, 1, 0], [0, 1, 2, 0], [0, 1, 0, 2], [0, 2, 0, 0]
    assert embedded.x.tolist() == [the, cat, sat, on, the, mat]
    assert embedded.columns == ("animal", "place", "action", "function")
    assert (embedded.provenance, embedded.seed, embedded.spelled) == ("hand-built", None, ())


@pytest.mark.parametrize("d_model", range(1, 17))
def test_a_narrower_hand_built_table_is_the_left_part_of_the_widest(d_model):
    tokens = tokenize("The zyx cat, 猫")
    widest = hand_built_embedding(tokens, 16)
    narrow = hand_built_embedding(tokens, d_model)
    np.testing.assert_array_equal(narrow.table, widest.table[:, :d_model])
    assert narrow.columns == FEATURES[:d_model]


def test_words_outside_the_lexicon_are_spelled_and_listed_once():
    embedded = hand_built_embedding(tokenize("The zyx sat on ZYX !").padded(1), 16)
    assert embedded.spelled == ("zyx", "!")
    assert embedded.x[1].tolist() == list(spelling_features("zyx"))


def test_padding_is_a_row_of_zeros_in_both_tables():
    tokens = tokenize("PAD here").padded(2)
    for embedded in (hand_built_embedding(tokens, 8), random_embedding(tokens, 8, seed=3)):
        assert embedded.vocab == ("pad", "here", PAD_KEY)
        assert embedded.ids == (0, 1, 2, 2)
        assert (embedded.x[2:] == 0).all()
        assert (embedded.x[0] != 0).any()
        assert PAD_KEY not in embedded.spelled


def test_arrays_are_read_only():
    embedded = hand_built_embedding(tokenize(SENTENCE), 4)
    for array in (embedded.table, embedded.x):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


def test_spelling_features_by_hand():
    # a = 97, b = 98; column 0: 97 * 1 + 98 * 4 = 489, 489 mod 4 = 1, minus 1
    # column 1: 97 * 4 + 98 * 9 = 1270 = 997 + 273, 273 mod 4 = 1, minus 1
    # column 2: 97 * 9 + 98 * 16 = 2441 = 2 * 997 + 447, 447 mod 4 = 3, minus 1
    assert spelling_features("ab")[:3] == (0, 0, 2)


@given(st.text(max_size=30))
def test_spelling_features_are_small_whole_numbers_for_any_script(word):
    features = spelling_features(word)
    assert len(features) == len(FEATURES)
    assert set(features) <= {-1, 0, 1, 2}


def test_spelling_features_tell_words_apart():
    words = [
        *["zwei", "katzen", "schlafen", "heute", "stop", "pots", "tops", "opts"],
        *"小猫坐在垫子上.,!?abc123",
    ]
    assert len({spelling_features(word) for word in words}) == len(words)
    assert all(len(set(spelling_features(word))) > 1 for word in words)


def test_random_rows_depend_on_seed_word_and_column_only():
    short = random_embedding(tokenize("the cat"), 4, seed=7)
    long = random_embedding(tokenize("A dog saw the Cat"), 16, seed=7)
    assert short.x[0].tolist() == long.x[3, :4].tolist()
    assert short.x[1].tolist() == long.x[4, :4].tolist()
    assert short.x.tolist() != random_embedding(tokenize("the cat"), 4, seed=8).x.tolist()
    assert len({tuple(row) for row in long.table.tolist()}) == 5


def test_random_numbers_stay_the_same_from_version_to_version():
    """A link with a seed in it must show tomorrow what it shows today."""
    assert random_embedding(tokenize("the cat"), 4, seed=7).x.tolist() == [
        [-1.1, 1.4, -0.5, -0.7],
        [1.1, -0.3, -0.3, 0.6],
    ]


def test_random_numbers_are_standard_normal_rounded_to_one_decimal():
    embedded = random_embedding(tokenize(" ".join(f"w{i}" for i in range(200)), 200), 50, seed=0)
    assert embedded.x.mean() == pytest.approx(0, abs=0.03)
    assert embedded.x.std() == pytest.approx(1, abs=0.03)
    assert (embedded.x == embedded.x.round(1)).all()


def test_a_random_table_says_so():
    embedded = random_embedding(tokenize("zyx cat"), 3, seed=5)
    assert (embedded.provenance, embedded.seed, embedded.spelled) == ("random", 5, ())
    assert embedded.columns == ("0", "1", "2")


@pytest.mark.parametrize("seed", [-1, 2**32, 1.0, "7", None, True])
def test_a_seed_outside_its_range_is_refused(seed):
    with pytest.raises(ConfigError, match="seed must be a whole number from 0 to 4294967295, got "):
        random_embedding(tokenize("a"), 4, seed)


def test_numpy_integers_are_whole_numbers():
    embedded = random_embedding(tokenize("a"), np.int64(4), seed=np.int32(7))
    assert embedded.x.tolist() == random_embedding(tokenize("a"), 4, seed=7).x.tolist()
    assert type(embedded.seed) is int


@pytest.mark.parametrize("d_model", [0, 17, 4.0])
def test_the_hand_built_table_has_16_columns_and_no_more(d_model):
    with pytest.raises(
        ConfigError, match="d_model of a hand-built table must be a whole number from 1 to 16, got "
    ):
        hand_built_embedding(tokenize("a"), d_model)


def test_no_global_random_state_is_read_or_changed():
    np.random.seed(0)
    before = np.random.get_state()[1].tolist()
    first = random_embedding(tokenize("a b"), 4, seed=7).x.tolist()
    assert np.random.get_state()[1].tolist() == before
    np.random.seed(1)
    assert random_embedding(tokenize("a b"), 4, seed=7).x.tolist() == first


def test_every_token_of_any_language_gets_a_finite_row():
    for text in ("小猫 坐", "بيت كبير", "नमस्ते", "😀 👍🏽", "a" * 500):
        for embedded in (hand_built_embedding(tokenize(text), 16), random_embedding(tokenize(text), 16, 1)):
            assert np.isfinite(embedded.x).all()
            assert (np.abs(embedded.x).sum(1) > 0).all()


def test_the_lookup_is_assigned_once_on_one_line():
    """The page shows that line beside the step."""
    found = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(inspect.getsource(embedding)))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "x"
    ]
    assert found == ["x = table[ids]"]


def test_the_lexicon_is_found_without_regard_to_case():
    assert hand_built_embedding(tokenize("CAT Didn’t"), 16).x.tolist() == [
        list(LEXICON["cat"]),
        list(LEXICON["didn't"]),
    ]


def test_spelling_features_of_what_is_no_text_are_refused():
    with pytest.raises(TextError, match="word must be a str, got int"):
        spelling_features(7)
