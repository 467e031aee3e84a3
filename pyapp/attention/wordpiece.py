"""WordPiece: text cut into the pieces that a BERT was trained on.

Words that the vocabulary has stay whole; of others, the longest piece that it has is taken from the front,
again and again (Wu et al. 2016, section 4.1; Devlin et al. 2019, section 3). What counts as a word, an accent
or punctuation is what the uncased BERT models were trained with, and so are the ids.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from attention.characters import ACCENTS, DROPPED, IDEOGRAPHS, ORDERED, PUNCTUATION
from attention.checks import whole_number
from attention.errors import TextError, WeightsError

__all__ = ["SPECIAL", "WordPiece", "WordPieces"]

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_PAD, UNKNOWN, _START, _END, _MASK = SPECIAL

_GOES_ON = "##"  # before a piece that does not begin a word
_LONGEST_WORD = 100  # characters; a longer one is unknown
_SPECIAL = re.compile("|".join(map(re.escape, SPECIAL)))
_LATER_DECOMPOSITION = "\U00011938"  # NFD of Unicode 9 does not know it

_Char: TypeAlias = tuple[str, int]
"""A character of the normalised text, and where in the text it comes from."""


@dataclass(frozen=True, slots=True)
class WordPieces:
    """A text in pieces, from [CLS] to [SEP].

    >>> pieces = WordPiece([*SPECIAL, "play", "##ing", "!"])("Playing!")
    >>> pieces.texts, pieces.ids, pieces.spans[2]
    (('[CLS]', 'play', '##ing', '!', '[SEP]'), (2, 5, 6, 7, 3), (4, 7))
    """

    texts: tuple[str, ...]  # as they stand in the vocabulary
    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]  # each piece is text[start:end]; [CLS] and [SEP] are (0, 0)
    words: tuple[int | None, ...]  # which word of the text each is a piece of, counted from 0
    dropped: int = 0  # pieces cut off because the text was too long

    def __len__(self) -> int:
        return len(self.texts)


class WordPiece:
    """Cut text into the pieces of a vocabulary, as the uncased BERT models do.

    The text loses control characters, accents and upper case; Chinese characters and punctuation become
    words of their own; each word is cut from the front into the longest pieces that there are, "##" before
    all but the first (Wu et al. 2016, section 4.1). A word that cannot be cut is [UNK].

    Args:
        vocabulary: the pieces; the place of each is its id.
        max_tokens: how many tokens are kept, [CLS] and [SEP] among them.

    Raises:
        WeightsError: `the vocabulary has no [MASK]`; `the vocabulary has 'the' twice`
        ConfigError: `max_tokens must be a whole number of at least 2, got 1`

    >>> word_piece = WordPiece([*SPECIAL, "un", "##believ", "##able", "été", "ete", "小"])
    >>> word_piece("Unbelievable Été, 小猫").texts
    ('[CLS]', 'un', '##believ', '##able', 'ete', '[UNK]', '小', '[UNK]', '[SEP]')
    """

    def __init__(self, vocabulary: Sequence[str], max_tokens: int = 512) -> None:
        self.vocabulary = tuple(vocabulary)
        self.max_tokens = whole_number("max_tokens", max_tokens, 2)
        if missing := [each for each in SPECIAL if each not in self._ids]:
            raise WeightsError("the vocabulary has no {missing}", missing=missing[0])

    @cached_property
    def _ids(self) -> dict[str, int]:
        ids = {piece: i for i, piece in enumerate(self.vocabulary)}
        if len(ids) < len(self.vocabulary):
            twice = next(piece for i, piece in enumerate(self.vocabulary) if ids[piece] != i)
            raise WeightsError("the vocabulary has {twice} twice", twice=repr(twice))
        return ids

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.vocabulary))

    def __call__(self, text: str) -> WordPieces:
        """Cut a text.

        Args:
            text: any Unicode text. "[MASK]" in it, and the other four in brackets, are those tokens.

        Returns:
            WordPieces, at most `max_tokens`.

        Raises:
            TextError: `text must be a str, got int`
        """
        if not isinstance(text, str):
            raise TextError("text must be a str, got {kind}", kind=type(text).__name__)
        found: list[tuple[str, tuple[int, int], int | None]] = []
        for number, word in enumerate(self._words(text)):
            found += [(piece, span, number) for piece, span in self._pieces(word)]
        kept = [(_START, (0, 0), None), *found[: self.max_tokens - 2], (_END, (0, 0), None)]
        texts, spans, words = zip(*kept, strict=True)
        ids = tuple(self._ids[piece] for piece in texts)
        return WordPieces(texts, ids, spans, words, dropped=len(found) - (len(kept) - 2))

    def _words(self, text: str) -> Iterator[list[_Char]]:
        """Yield each word; a special token is one of a single "character"."""
        start = 0
        for special in _SPECIAL.finditer(text):
            yield from _words(_normalised(text[start : special.start()], start))
            yield [(special[0], special.start())]
            start = special.end()
        yield from _words(_normalised(text[start:], start))

    def _pieces(self, word: list[_Char]) -> Iterator[tuple[str, tuple[int, int]]]:
        """Cut a word from the front, each time as far as a piece of the vocabulary reaches."""
        text = "".join(char for char, _ in word)
        if text in SPECIAL and len(word) == 1:
            yield text, (word[0][1], word[0][1] + len(text))
            return
        pieces: list[tuple[str, tuple[int, int]]] = []
        start = 0
        while start < len(text) <= _LONGEST_WORD:
            before = _GOES_ON if start else ""
            ends = range(min(len(text), start + self._longest), start, -1)
            end = next((end for end in ends if before + text[start:end] in self._ids), None)
            if end is None:
                pieces = []
                break
            pieces.append((before + text[start:end], _span(word[start:end])))
            start = end
        yield from pieces or [(UNKNOWN, _span(word))]


def _span(chars: list[_Char]) -> tuple[int, int]:
    """From the first to the last place; marks may have changed places."""
    places = [place for _, place in chars]
    return min(places), max(places) + 1


def _normalised(text: str, offset: int) -> list[_Char]:
    """Clean the text, set Chinese characters apart, take accents off and lower the case.

    Each step goes character by character, so that every one still knows where it comes from.
    """
    chars: list[_Char] = []
    for place, char in enumerate(text, offset):
        if char.isascii() and char.isprintable():
            chars.append((char, place))
        elif char not in DROPPED:
            blank = char in "\t\n\r" or unicodedata.category(char)[0] == "Z"
            apart = [(" ", place)] if char in IDEOGRAPHS else []
            parts = " " if blank else _decomposed(char)
            chars += [*apart, *((part, place) for part in parts), *apart]
    bare = [(char, place) for char, place in _in_order(chars) if char not in ACCENTS]
    return [(lower, place) for char, place in bare for lower in char.lower()]


def _decomposed(char: str) -> str:
    return char if char == _LATER_DECOMPOSITION else unicodedata.normalize("NFD", char)


def _in_order(chars: list[_Char]) -> Iterator[_Char]:
    """Bring marks that follow each other into the order of their classes (Unicode 14, D109)."""
    marks: list[_Char] = []
    for char in chars:
        if unicodedata.combining(char[0]) and (char[0] in ACCENTS or char[0] in ORDERED):
            marks.append(char)
            continue
        if marks:
            yield from sorted(marks, key=lambda mark: unicodedata.combining(mark[0]))
            marks = []
        yield char
    yield from sorted(marks, key=lambda mark: unicodedata.combining(mark[0]))


def _words(chars: list[_Char]) -> Iterator[list[_Char]]:
    """Cut at blanks, and around punctuation."""
    word: list[_Char] = []
    for char in chars:
        single = char[0] in PUNCTUATION
        if word and (single or char[0] == " "):
            yield word
            word = []
        if single:
            yield [char]
        elif char[0] != " ":
            word.append(char)
    if word:
        yield word
