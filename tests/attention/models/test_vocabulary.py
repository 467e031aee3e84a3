import pytest

from attention import TextError, Vocabulary
from attention.models.words import ADJECTIVES, KINDS, NOUNS, VERBS, WORDS, kind_of, plural


def test_every_word_has_one_number_and_the_numbers_are_those_of_the_list():
    vocabulary = Vocabulary()
    assert len(vocabulary) == len(vocabulary.words) == len(set(vocabulary.words))
    assert vocabulary.ids(vocabulary.words) == list(range(len(vocabulary)))


def test_every_noun_has_a_kind_that_tells_singular_from_plural():
    vocabulary = Vocabulary()
    for kind, nouns in NOUNS.items():
        for noun in nouns:
            assert vocabulary.kind(noun) == f"<{kind}>"
            assert vocabulary.kind(plural(noun)) == f"<{plural(kind)}>"


def test_no_noun_is_of_two_kinds_and_no_plural_is_a_singular():
    nouns = [noun for row in NOUNS.values() for noun in row]
    several = [plural(noun) for noun in nouns]
    assert len(set(nouns + several)) == 2 * len(nouns)


def test_feelings_qualities_and_deeds_have_kinds_of_their_own():
    assert all(kind_of(word) == "<feeling>" for word in ADJECTIVES["alive"])
    assert all(kind_of(word) == "<quality>" for word in (*ADJECTIVES["surface"], *ADJECTIVES["thing"]))
    assert all(kind_of(word) == "<did>" for kind, row in VERBS.items() for word in row if kind != "put")
    assert {kind_of(word) for word in ("because", "the", "it", "big", "are")} == {None}


def test_kinds_come_before_words_so_that_a_new_word_moves_no_kind():
    assert Vocabulary().words == ("<pad>", "<s>", *KINDS, *WORDS)
    assert len(KINDS) == 2 * len(NOUNS) + 3


def test_the_plural_follows_the_spelling():
    assert [plural(noun) for noun in ("box", "beach", "dish", "city", "toy", "child", "knife")] == [
        "boxes", "beaches", "dishes", "cities", "toys", "children", "knives",
    ]  # fmt: skip


def test_a_word_that_is_not_there_is_refused_with_what_to_do_instead():
    with pytest.raises(TextError, match="'zebra': put its kind in its place, for instance <animal>"):
        Vocabulary().id("zebra")
    assert "zebra" not in Vocabulary()
    assert 3 not in Vocabulary()
