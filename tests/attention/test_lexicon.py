import pytest

from attention import FEATURES, LEXICON, hand_built_embedding, tokenize

CLASSICS = [
    "The cat sat on the mat",
    "The cat sat on the mat because it was tired",
    "The cat sat on the mat because it was soft",
    "The dogs in the park are playing",
    "The book that I bought yesterday was interesting",
    "The animal didn't cross the street because it was too tired",
    "The animal didn't cross the street because it was too wide",
    "The cat is sleeping",
    "Hello world",
    "red car drives down the street",
]


def test_there_are_16_distinct_features():
    assert len(FEATURES) == len(set(FEATURES)) == 16


def test_every_entry_is_16_whole_numbers_from_minus_2_to_2():
    assert 150 <= len(LEXICON) <= 250
    for word, row in LEXICON.items():
        assert len(row) == 16, word
        assert all(type(value) is int and -2 <= value <= 2 for value in row), word


def test_every_key_is_what_the_tokenizer_looks_up():
    for word in LEXICON:
        assert tokenize(word).keys == (word,)


def test_every_word_shows_in_the_first_four_columns():
    assert [word for word, row in LEXICON.items() if not any(row[:4])] == []


def test_every_feature_is_used():
    assert all(any(row[column] for row in LEXICON.values()) for column in range(16))


@pytest.mark.parametrize("sentence", CLASSICS)
def test_the_classic_sentences_are_in_the_lexicon_with_a_row_for_each_word(sentence):
    embedded = hand_built_embedding(tokenize(sentence), 4)
    assert embedded.spelled == ()
    assert len({tuple(row) for row in embedded.table.tolist()}) == len(embedded.vocab)


def test_the_lexicon_cannot_be_changed():
    with pytest.raises(TypeError):
        LEXICON["cat"] = (0,) * 16
