"""A sentence is held as it was typed, as far as there is room, and a long word is cut between letters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import Tokens, tokenize
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.text import MAX_TEXT, held, short, tokens_of
from tests.lab.helpers import STRANGE

ROOM = "A sentence here holds up to"
WORDS = st.one_of(
    st.sampled_from(STRANGE),
    st.text(max_size=80),
    st.lists(st.sampled_from(["the", "cat,", "猫", "👍🏿", "don't"]), max_size=12).map(" ".join),
)


@given(WORDS, st.integers(1, 8))
def test_what_is_held_is_held_again_without_a_word_about_it(text: str, most: int) -> None:
    try:
        kept = held(text, most)
    except RefusedError as refusal:
        assert "There is no word in it" in str(refusal)  # noqa: PT017 - most texts are held
        return
    assert 1 <= len(tokens_of(kept.text, most)) <= most
    assert len(kept.text) <= MAX_TEXT
    assert held(kept.text, most) == (kept.text, None)


@pytest.mark.parametrize(
    ("text", "kept", "note"),
    [
        ("a  b   c", "a  b   c", None),
        (" a b ", " a b ", None),
        ("a b c d e", "a b c", f"{ROOM} 3 tokens, so 2 words and signs were left out."),
        ("a b c d", "a b c", f"{ROOM} 3 tokens, so 1 word or sign was left out."),
        ("Well,  so it is", "Well,  so", f"{ROOM} 3 tokens, so 2 words and signs were left out."),
        ("a" * 1500, "a" * 1000, f"{ROOM} 1000 characters, so the rest of a word was left out."),
        ("a" * 2500, "a" * 1000, f"{ROOM} 1000 characters, so the last 1,500 characters were left out."),
        ("a" * 997 + " bbbb", "a" * 997, f"{ROOM} 1000 characters, so 1 word or sign was left out."),
        ("a" * 1000 + "   ", "a" * 1000, None),
        ("ab " * 100_000, "ab ab ab", f"{ROOM} 3 tokens, so the last 299,991 characters were left out."),
        ("a" * 999 + " bb cc", "a" * 999, f"{ROOM} 1000 characters, so 2 words and signs were left out."),
    ],
)  # fmt: skip
def test_what_is_left_out_is_counted(text: str, kept: str, note: str | None) -> None:
    found = held(text, 3)
    assert (found.text.strip(), found.note) == (kept.strip(), note)


def test_no_more_is_cut_into_words_than_can_be_counted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[int] = []

    def counted(asked: str, most: int) -> Tokens:
        cut.append(len(asked))
        return tokenize(asked, most)

    monkeypatch.setattr("attention_lab.kit.text.tokenize", counted)
    tokens_of.cache_clear()
    held("ab " * 100_000, 3)
    assert sum(cut) <= 2 * MAX_TEXT


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u200b", "\x00"])
def test_a_sentence_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="There is no word in it"):
        held(text, 3)


@given(st.text(max_size=40))
def test_a_short_label_is_the_beginning_of_the_word_and_ends_between_letters(text: str) -> None:
    cut = short(text)
    assert len(cut) <= 9
    if cut != text:
        whole = cut.removesuffix("…")
        assert text.startswith(whole)
        following = text[len(whole)]
        assert len(whole) == 1 or unicodedata.category(following) not in ("Mn", "Mc", "Me", "Cf")
        assert len(whole) == 1 or not whole.endswith("\u200d")
