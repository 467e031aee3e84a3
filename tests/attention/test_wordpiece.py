import hashlib
import unicodedata
from typing import cast

import pytest

from attention import ConfigError, TextError, WeightsError
from attention.characters import ACCENTS, DROPPED, IDEOGRAPHS, ORDERED, PUNCTUATION, Ranges
from attention.wordpiece import SPECIAL, WordPiece, _normalised

PIECES = [
    "the",
    "un",
    "##believ",
    "##able",
    "unb",
    "cafe",
    "##s",
    "c",
    ".",
    "'",
    "t",
    "小",
    "σ",
    "##σ",
    "a",
    "##a",
]
WORD_PIECE = WordPiece([*SPECIAL, *PIECES])

# To these Unicode 15 and later gave a lower case or a decomposition.
LATER = Ranges(
    "1C89 A7CB-A7CF A7D2 A7D4 A7DA-A7DC 105C9 105E4 10D50-10D65 11383-11385 1138E 11391 113C5-113C8 "
    "16121-16128 16D68-16D6A 16EA0-16EB8"
)


def texts(text: str, word_piece: WordPiece = WORD_PIECE) -> tuple[str, ...]:
    return word_piece(text).texts[1:-1]


def test_the_longest_piece_is_taken_from_the_front() -> None:
    assert texts("unbelievable") == ("[UNK]",)  # "unb" is longer than "un", and "##elievable" is no piece
    without = WordPiece([*SPECIAL, *(piece for piece in PIECES if piece != "unb")])
    assert texts("unbelievable", without) == ("un", "##believ", "##able")


def test_case_and_accents_are_taken_off() -> None:
    assert texts("THE CAFÉS Cafe\u0301s") == ("the", "cafe", "##s", "cafe", "##s")


def test_the_last_sigma_of_a_word_is_lowered_as_any_other() -> None:
    assert texts("ΣΣ") == ("σ", "##σ")


def test_chinese_characters_and_punctuation_are_words_of_their_own() -> None:
    assert texts("the小猫.'t") == ("the", "小", "[UNK]", ".", "'", "t")


def test_control_characters_vanish_and_every_blank_separates() -> None:
    assert texts("t\u200bhe\x00 the\u3000the\tthe\u2028the") == ("the",) * 5


def test_a_word_of_more_than_a_hundred_characters_is_unknown() -> None:
    assert texts("a" * 100) == ("a", *["##a"] * 99)
    assert texts("a" * 101) == ("[UNK]",)


def test_special_tokens_in_the_text_are_those_tokens() -> None:
    assert texts("the [MASK]t[SEP]") == ("the", "[MASK]", "t", "[SEP]")
    assert texts("[mask]") == ("[UNK]",) * 3


def test_ids_are_places_in_the_vocabulary() -> None:
    pieces = WORD_PIECE("the cafés")
    assert pieces.ids == (2, 5, 10, 11, 3)
    assert tuple(WORD_PIECE.vocabulary[i] for i in pieces.ids) == pieces.texts


def test_spans_point_into_the_text_as_it_was_typed() -> None:
    text = "  The CAFÉS, 小."
    pieces = WORD_PIECE(text)
    shown = [text[start:end] for start, end in pieces.spans]
    assert shown == ["", "The", "CAFÉ", "S", ",", "小", ".", ""]
    assert pieces.words == (None, 0, 1, 1, 2, 3, 4, None)


def test_what_is_too_long_is_cut_and_counted() -> None:
    pieces = WordPiece(WORD_PIECE.vocabulary, max_tokens=5)("the the cafés the")
    assert pieces.texts == ("[CLS]", "the", "the", "cafe", "[SEP]")
    assert pieces.dropped == 2
    assert len(WORD_PIECE("the " * 600)) == 512


def test_a_text_without_a_word_has_a_start_and_an_end() -> None:
    assert WORD_PIECE(" \n").texts == ("[CLS]", "[SEP]")


def test_bad_input_is_refused_by_name() -> None:
    with pytest.raises(TextError, match=r"^text must be a str, got int$"):
        WORD_PIECE(cast(str, 3))
    with pytest.raises(WeightsError, match=r"^the vocabulary has no \[MASK\]$"):
        WordPiece(SPECIAL[:4])
    with pytest.raises(WeightsError, match=r"^the vocabulary has 'the' twice$"):
        WordPiece([*SPECIAL, "the", "a", "the"])
    with pytest.raises(ConfigError, match=r"^max_tokens must be a whole number of at least 2, got 1$"):
        WordPiece(SPECIAL, max_tokens=1)


def test_every_character_is_normalised_as_where_the_parity_tests_ran() -> None:
    """The browser's Python has a newer Unicode than the one that was compared with the reference."""
    singles = (chr(code) for code in range(0x20000) if not 0xAC00 <= code < 0xD7A4)
    text = "x".join(
        char for char in singles if not any(char in each for each in (DROPPED, IDEOGRAPHS, LATER))
    )
    found = "".join(char for char, _ in _normalised(text, 0))
    assert hashlib.sha256(found.encode()).hexdigest() == NORMALISED
    classes = [(code, unicodedata.combining(chr(code))) for code in range(0x20000)]
    ordered = [
        (code, rank) for code, rank in classes if rank and (chr(code) in ACCENTS or chr(code) in ORDERED)
    ]
    assert hashlib.sha256(repr(ordered).encode()).hexdigest() == RANKED
    assert sum(chr(code) in PUNCTUATION for code in range(0x20000)) == 726


NORMALISED = "93d240b0fe18f2a6e8dc13da72cbc625d031bde82fc80bc17652616e4bd366e2"
RANKED = "745e6d6975b18372df35e7fd4dee6899553e5e2a1d5c6d604cd5e041912c352e"
