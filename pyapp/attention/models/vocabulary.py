"""The words of a small model and their numbers, and the kinds that stand for words it has never met."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from attention.errors import TextError
from attention.models.everyday import EVERYDAY
from attention.models.words import KINDS, WORDS, kind_of, makes_sense

__all__ = ["PADDING", "START", "Vocabulary", "checked_words"]

PADDING, START = "<pad>", "<s>"


def checked_words(words: Sequence[str]) -> list[str]:
    """Return the words in small letters.

    Raises:
        TextError: `words must be a list of words, got the text 'the cat': split it`
        TextError: `words must be text, got 3`
    """
    if isinstance(words, str):
        raise TextError(
            "words must be a list of words, got the text {words}: split it", words=repr(words[:20])
        )
    if not isinstance(words, Iterable):
        raise TextError("words must be a list of words, got {kind}", kind=type(words).__name__)
    for word in words:
        if not isinstance(word, str):
            raise TextError("words must be text, got {word}", word=repr(word))
    return [word.lower() for word in words]


class Vocabulary:
    """The words that a model knows, each with its number: the row of the model's table that is its own.

    Args:
        words: what it knows besides "<pad>" and "<s>"; the kinds and the English words, unless given.

    Attributes:
        words: every token, in the order of the numbers.
        kinds: the tokens that stand for a word by its kind.

    >>> vocabulary = Vocabulary()
    >>> vocabulary.kind("cats"), vocabulary.words[vocabulary.id("Cat")], "zebra" in vocabulary
    ('<animals>', 'cat', False)
    """

    def __init__(self, words: Sequence[str] = (*KINDS, *WORDS)) -> None:
        checked_words(words)
        self.words = (PADDING, START, *words)
        self.kinds = tuple(word for word in words if word.startswith("<"))
        self._ids = {word: number for number, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    @property
    def sha256(self) -> str:
        """What tells this list of words from any other: files of weights name it."""
        return hashlib.sha256("\n".join(self.words).encode()).hexdigest()

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and word.lower() in self._ids

    def id(self, word: str) -> int:
        """Return the number of a word, however it is capitalised.

        Raises:
            TextError: `the model does not know the word 'zebra': put its kind in its place, for instance
                <animal>`
        """
        (lower,) = checked_words([word])
        found = self._ids.get(lower)
        if found is None:
            if not self.kinds:
                raise TextError(
                    "the model does not know the word {word}: put another word in its place", word=repr(word)
                )
            raise TextError(
                "the model does not know the word {word}: put its kind in its place, for instance {kind}",
                word=repr(word),
                kind=self.kinds[0],
            )
        return found

    def ids(self, words: Sequence[str]) -> list[int]:
        """Return the numbers of several words."""
        return [self.id(word) for word in checked_words(words)]

    def kind(self, word: str) -> str | None:
        """Return the kind token that may stand for a word; None if it only stands for itself."""
        (lower,) = checked_words([word])
        token = kind_of(lower)
        return token if token in self.kinds else None

    def stand_in(self, word: str) -> str | None:
        """Return what the model reads in the place of an everyday word that it has never met, if it is known.

        Nothing was trained on such a word: its kind stands for it, or a word of the same use.

        >>> vocabulary = Vocabulary()
        >>> vocabulary.stand_in("zebras"), vocabulary.stand_in("dances"), vocabulary.stand_in("furiously")
        ('<animals>', 'plays', None)
        """
        (lower,) = checked_words([word])
        found = None if lower in self else EVERYDAY.get(lower)
        return found if found in self else None

    def can_be_asked(self, job: str, word: str) -> bool:
        """Say whether a question makes sense at a word, or at a kind: which word stands for another, say.

        Any word can be asked for the one before it, known or not.
        """
        (lower,) = checked_words([word])
        return makes_sense(job, lower)
