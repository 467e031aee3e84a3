"""A sentence that a learner typed: how much of it is held, its tokens, and how a long word is shown."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from attention import EmptyTextError, Tokens, tokenize
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.texts import _

MAX_TEXT = 1000  # a link of that many emoji can still be read back
_COUNTED = 2 * MAX_TEXT  # characters up to which words are counted: cutting more takes seconds in a page
_SHORT = 9


class Held(NamedTuple):
    """What is kept of a sentence, and what there is to say about the rest."""

    text: str
    note: str | None


@lru_cache(maxsize=16)
def tokens_of(text: str, most: int) -> Tokens:
    """Return the first tokens of a sentence; kept, since many ask."""
    return tokenize(text, most)


def held(text: str, most: int) -> Held:
    """Return the part of a sentence that is kept; refuse one without a word."""
    cut = _whole_words(text)
    try:
        words = tokens_of(cut, most)
    except EmptyTextError:
        raise RefusedError(
            _("There is no word in it, so the sentence before it stays: type at least one, such as “cat”.")
        ) from None
    if words.dropped:
        cut = _kept_part(cut, words, most)
        words = tokens_of(cut, most)
    return Held(cut, None if cut == text else _left_out(text, cut, words, most))


def _whole_words(text: str) -> str:
    """Return as many characters as are held, up to the end of a word if there is one."""
    cut = text[:MAX_TEXT]
    if len(text) <= MAX_TEXT or text[MAX_TEXT].isspace():
        return cut
    return cut.rstrip().rsplit(None, 1)[0] if len(cut.split(None, 1)) > 1 else cut


def _left_out(text: str, cut: str, words: Tokens, most: int) -> str | None:
    if not text.strip().removeprefix(cut.strip()).strip():
        return None
    holds = _("A sentence here holds up to {most} tokens", most=most)
    if words.n_words < most:
        holds = _("A sentence here holds up to {max_text} characters", max_text=MAX_TEXT)
    if len(text) > _COUNTED:
        return _(
            "{holds}, so the last {rstrip} characters were left out.",
            holds=holds,
            rstrip=f"{len(text.rstrip()) - len(cut):,}",
        )
    dropped = tokenize(text, _COUNTED).n_words - words.n_words
    if dropped < 1:
        return _("{holds}, so the rest of a word was left out.", holds=holds)
    were = _("word or sign was") if dropped == 1 else _("words and signs were")
    return _("{holds}, so {dropped} {were} left out.", holds=holds, dropped=dropped, were=were)


def _kept_part(text: str, words: Tokens, most: int) -> str:
    """Return the part of `text` that holds exactly `words`, as the learner typed it."""
    end = 0
    for token in words.texts:
        found = text.find(token, end)
        end = found + len(token) if found >= 0 else end
    cut = text[:end].strip()
    again = tokenize(cut, most) if cut else None
    return cut if again and again.texts == words.texts and not again.dropped else " ".join(words.texts)


def short(text: str) -> str:
    """Cut a long token to fit beside a row; never between a letter and its accent, or inside an emoji."""
    if len(text) <= _SHORT:
        return text
    cut = _SHORT - 1
    while cut > 1 and _belongs_to_the_one_before(text, cut):
        cut -= 1
    return text[:cut] + "…"


def _belongs_to_the_one_before(text: str, i: int) -> bool:
    char, before = text[i], text[i - 1]
    return (
        unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf")
        or before == "\u200d"
        or 0x1F3FB <= ord(char) <= 0x1F3FF
        or 0xFE00 <= ord(char) <= 0xFE0F
    )
