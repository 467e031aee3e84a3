"""Text -> Tokens: cutting a sentence into the pieces that attend to each other.

The rules, in order:

1. The text is brought to Unicode's composed form (NFC). Control and format characters are dropped, except
   those that hold an emoji or an Arabic or Indic word together.
2. Each character is kept with what belongs to it: accents and vowel signs, a variation selector, a skin tone,
   the other half of a flag, the rest of a family emoji.
3. Letters and digits in a row are one word, with apostrophes and hyphens inside it (`don't`, `well-known`).
   Scripts that write no spaces (Chinese, Japanese, Thai, ...) give one token for each character.
4. Anything else that can be seen (punctuation, symbols, emoji) is a token by itself.

Trained models cut text in other ways, mostly into pieces of words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from attention.checks import whole_number
from attention.errors import EmptyTextError, TextError

__all__ = ["MAX_TOKENS", "PAD", "PAD_KEY", "Tokens", "tokenize"]

MAX_TOKENS = 32
PAD = "PAD"
PAD_KEY = "<pad>"  # no word has this key: `tokenize` cuts it into three tokens

_ZWNJ, _ZWJ, _KEYCAP, _BLACK_FLAG = "\u200c", "\u200d", "\u20e3", "\U0001f3f4"
_JOINERS = frozenset("'’-‐‑")  # apostrophes and hyphens that may stand inside a word
_BLANKS = "\u200b\u2800\u3164\uffa0\u115f\u1160"  # seen as nothing, whatever Unicode calls them
_SELECTORS = {0x034F, 0x180B, 0x180C, 0x180D, 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
_PLAIN = str.maketrans({"’": "'", "‐": "-", "‑": "-"}) | dict.fromkeys(_SELECTORS)
_TONES = range(0x1F3FB, 0x1F400)
_REGIONS = range(0x1F1E6, 0x1F200)  # two of these make a flag
_TAGS = range(0xE0020, 0xE0080)  # spell a region after a black flag
_JOINED_SCRIPTS = range(0x0600, 0x10A0)  # Arabic to Myanmar: (non-)joiners change how letters connect
_UNSPACED = (  # scripts written without spaces, as ranges of code points
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # iteration mark, ideographic zero
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),  # small Katakana
    (0x3400, 0x4DBF),  # ideographs from here on
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),  # halfwidth Katakana
    (0x20000, 0x3FFFF),
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence, cut into tokens, with padding at its end if any was asked for.

    `texts` is what to show; `keys` is what to look up: without regard to case or to the style of an
    apostrophe. Padding is not in the paper; it brings sentences of a batch to one length, and a mask takes it
    out again.

    >>> tokens = tokenize("The cat, the mat").padded(2)
    >>> tokens.texts
    ('The', 'cat', ',', 'the', 'mat', 'PAD', 'PAD')
    >>> tokens.keys
    ('the', 'cat', ',', 'the', 'mat', '<pad>', '<pad>')
    >>> len(tokens), tokens.n_words
    (7, 5)
    """

    texts: tuple[str, ...]  # PAD included
    dropped: int = 0  # tokens cut off because the text was too long
    n_pad: int = 0  # how many of texts, at the end, are padding

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def n_words(self) -> int:
        """How many tokens come from the text."""
        return len(self.texts) - self.n_pad

    @property
    def keys(self) -> tuple[str, ...]:
        """The lookup form of each token; padding has `PAD_KEY`, which no word can have."""
        return tuple(_key(text) for text in self.texts[: self.n_words]) + (PAD_KEY,) * self.n_pad

    def padded(self, n_pad: int) -> Tokens:
        """Return the same text with `n_pad` PAD tokens after it, instead of those it has.

        Raises:
            ConfigError: `n_pad must be a whole number of at least 0, got -1`

        >>> tokenize("hello").padded(1).padded(2).texts
        ('hello', 'PAD', 'PAD')
        """
        n_pad = whole_number("n_pad", n_pad, 0)
        return Tokens(self.texts[: self.n_words] + (PAD,) * n_pad, self.dropped, n_pad)


def tokenize(text: str, max_tokens: int = MAX_TOKENS) -> Tokens:
    """Cut text into words, punctuation marks and symbols.

    The paper starts from tokens already cut (Vaswani et al. 2017, section 5.1: byte pairs); these are whole
    words.

    Args:
        text: any Unicode text.
        max_tokens: how many tokens are kept, at least 1; the rest is counted in `dropped`.

    Returns:
        Tokens, at least one and at most `max_tokens`.

    Raises:
        EmptyTextError: `the text holds no word: type at least one, for example The cat sat on the mat`
        TextError: `text must be a str, got int`
        ConfigError: `max_tokens must be a whole number of at least 1, got 0`

    >>> tokenize("Don't stop, 小猫 👩🏽‍🚀!").texts
    ("Don't", 'stop', ',', '小', '猫', '👩🏽\u200d🚀', '!')
    """
    if not isinstance(text, str):
        raise TextError(f"text must be a str, got {type(text).__name__}")
    max_tokens = whole_number("max_tokens", max_tokens, 1)
    texts = list(_words(list(_clusters(unicodedata.normalize("NFC", text)))))
    if not texts:
        raise EmptyTextError("the text holds no word: type at least one, for example The cat sat on the mat")
    return Tokens(tuple(texts[:max_tokens]), dropped=max(0, len(texts) - max_tokens))


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(_PLAIN).casefold())


def _words(clusters: list[str]) -> Iterator[str]:
    """Join clusters into words; an empty cluster separates."""
    word = ""
    for i, cluster in enumerate(clusters):
        following = clusters[i + 1] if i + 1 < len(clusters) else ""
        if _is_word(cluster) or (word and cluster in _JOINERS and _is_word(following)):
            word += cluster
            continue
        if word:
            yield word
            word = ""
        if cluster:
            yield cluster
    if word:
        yield word


def _clusters(text: str) -> Iterator[str]:
    """Yield each visible character with what belongs to it, and "" for each blank."""
    cluster = ""
    for i, char in enumerate(text):
        following = text[i + 1] if i + 1 < len(text) else ""
        if cluster and _extends(cluster, char, following):
            cluster += char
            continue
        if cluster:
            yield cluster
            cluster = ""
        if char.isspace() or char in _BLANKS:
            yield ""
        elif _is_visible(char):
            cluster = char
    if cluster:
        yield cluster


def _extends(cluster: str, char: str, following: str) -> bool:
    """Whether `char` belongs to the visible character before it."""
    code = ord(char)
    if _general(char) == "M":
        return True
    if char in (_ZWJ, _ZWNJ):
        joins_letters = ord(cluster[-1]) in _JOINED_SCRIPTS and _general(following) in ("L", "M")
        return joins_letters or (char == _ZWJ and _is_symbol(cluster) and _is_symbol(following))
    if cluster[-1] == _ZWJ:
        return _is_symbol(cluster) and _is_symbol(char)
    if code in _REGIONS:
        return len(cluster) == 1 and ord(cluster) in _REGIONS
    return (code in _TONES and _is_symbol(cluster)) or (code in _TAGS and cluster[0] == _BLACK_FLAG)


def _general(char: str) -> str:
    """The first letter of the Unicode category (L letter, M mark, N number, ...); "" for no character."""
    return unicodedata.category(char)[0] if char else ""


def _is_symbol(cluster: str) -> bool:
    return bool(cluster) and unicodedata.category(cluster[0]) in ("So", "Sm")


def _is_word(cluster: str) -> bool:
    if not cluster or _general(cluster[0]) not in "LMN" or _KEYCAP in cluster:
        return False
    return not any(low <= ord(cluster[0]) <= high for low, high in _UNSPACED)


def _is_visible(char: str) -> bool:
    code = ord(char)
    nonchar = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs") and code not in _SELECTORS and not nonchar
