"""A sentence as the small models read it."""

from __future__ import annotations

import pytest

from attention_lab.labs.experiments.reading import kinds, read, suggested_query

TIRED = "The cat sat on the mat because it was tired"


def test_known_words_are_read_small_with_a_full_stop_and_with_the_answers_of_the_grammar() -> None:
    reading = read(TIRED.split(), {})
    assert reading.words == (*TIRED.lower().split(), ".")
    assert (reading.unknown, reading.inside) == ((), True)
    assert reading.links["pronoun"][8] == (2, 6)
    assert read([*TIRED.split(), "."], {}).words == reading.words


def test_an_unknown_word_waits_for_its_kind_and_is_then_read_as_it() -> None:
    words = TIRED.replace("cat", "Zebra").split()
    assert (read(words, {}).words, read(words, {}).unknown) == ((), (1,))
    reading = read(words, {"zebra": "<animal>"})
    assert reading.words[:2] == ("the", "<animal>")
    assert reading.inside
    assert read(words, {"zebra": "<nothing>"}).words == ()
    assert read(TIRED.split(), {"cat": "<animal>"}).words[1] == "cat", "a known word stays itself"


def test_a_sentence_outside_the_grammar_is_read_and_said_to_be() -> None:
    reading = read(["the", "cat", "the", "cat"], {})
    assert (reading.inside, reading.words[-1]) == (False, ".")
    assert reading.why


@pytest.mark.parametrize(
    ("job", "text", "place"),
    [
        ("pronoun", TIRED, 7), ("subject", TIRED, 8), ("subject", "The dogs play .", 2),
        ("pronoun", "cat", 0), ("previous", ".", 0), ("adjective", TIRED, 9),
    ],
)  # fmt: skip
def test_a_job_is_asked_at_the_last_word_that_fits(job: str, text: str, place: int) -> None:
    assert suggested_query(job, text.split()) == place


def test_a_kind_is_a_token_of_its_own() -> None:
    assert {"<animal>", "<animals>", "<feeling>"} <= set(kinds())
