"""A sentence as the small models read it."""

from __future__ import annotations

import pytest

from attention_lab.labs.experiments.jobs import fitting, jobs_at, suggested
from attention_lab.labs.experiments.reading import WORDS_OF_USE, kinds, read, read_as, vocabulary

TIRED = "The cat sat on the mat because it was tired"


def test_known_words_are_read_small_with_a_full_stop_and_with_the_answers_of_the_grammar() -> None:
    reading = read(TIRED.split(), {})
    assert reading.words == (*TIRED.lower().split(), ".")
    assert (reading.unknown, reading.inside) == ((), True)
    assert reading.links["pronoun"][8] == (2, 6)
    assert read([*TIRED.split(), "."], {}).words == reading.words


def test_an_unknown_word_waits_for_its_kind_and_is_then_read_as_it() -> None:
    words = TIRED.replace("cat", "Wug").split()
    assert (read(words, {}).words, read(words, {}).unknown) == ((), (1,))
    reading = read(words, {"wug": "<animal>"})
    assert reading.words[:2] == ("the", "<animal>")
    assert reading.inside
    assert read(words, {"wug": "<nothing>"}).words == ()
    assert read(TIRED.split(), {"cat": "<animal>"}).words[1] == "cat", "a known word stays itself"


def test_a_sentence_outside_the_grammar_is_read_and_said_to_be() -> None:
    reading = read(["the", "cat", "the", "cat"], {})
    assert (reading.inside, reading.words[-1]) == (False, ".")
    assert reading.why


def test_an_everyday_word_is_read_by_its_kind_or_as_a_word_of_its_use_unless_told_otherwise() -> None:
    words = ["The", "zebra", "dances", "because", "it", "was", "proud"]
    reading = read(words, {})
    assert reading.words == ("the", "<animal>", "plays", "because", "it", "was", "<feeling>", ".")
    assert reading.unknown == (1, 2, 6)
    assert read(words, {"zebra": "<thing>", "dances": "<likes>"}).words[1:3] == ("<thing>", "likes")


def test_what_is_offered_for_an_unknown_word_is_read_as_a_word_that_the_models_know() -> None:
    for kind in (*kinds(), *WORDS_OF_USE):
        assert read_as("wug", {"wug": kind}) in vocabulary(), kind
    assert {"<did>", "<plays>", "<play>", "<likes>", "<playing>"} <= {*kinds(), *WORDS_OF_USE}, "verbs, too"


@pytest.mark.parametrize(
    ("job", "text", "place"),
    [
        ("pronoun", TIRED, 7), ("subject", TIRED, 8), ("subject", "The dogs play .", 2),
        ("previous", ".", 0), ("previous", "The dogs play .", 2), ("adjective", TIRED, 9),
        ("subject", "cat sat cat cat .", 1), ("adjective", "tired cat cat", 0),
    ],
)  # fmt: skip
def test_a_job_is_asked_at_the_last_word_that_fits(job: str, text: str, place: int) -> None:
    words = text.split()
    assert suggested(job, words, read(words, {})) == place


@pytest.mark.parametrize(
    ("text", "kinds", "asked"),
    [
        ("green wugs sleep furiously", {}, {"previous": 4, "adjective": 1, "subject": 1}),
        ("cat cat it furiously", {}, {"previous": 4, "pronoun": 1}),
        ("wugs as it was new", {}, {"previous": 5, "pronoun": 1, "adjective": 1, "subject": 1}),
        (TIRED, {}, {"previous": 10, "pronoun": 1, "adjective": 1, "subject": 2}),
    ],
)  # fmt: skip
def test_only_questions_that_make_sense_are_asked_at_a_word(
    text: str, kinds: dict[str, str], asked: dict[str, int]
) -> None:
    words = text.split()
    reading = read(words, kinds)
    jobs = [job for place in range(len(words)) for job in jobs_at(place, words, reading)]
    assert {job: jobs.count(job) for job in set(jobs)} == asked


def test_where_no_word_fits_what_is_wanted_another_question_is_asked() -> None:
    words = ["the", "cats", "walk"]
    reading = read(words, {})
    assert [fitting(job, words, reading) for job in ("pronoun", "adjective", "previous")] == [
        "subject", "subject", "previous"
    ]  # fmt: skip


def test_a_kind_is_a_token_of_its_own() -> None:
    assert {"<animal>", "<animals>", "<feeling>"} <= set(kinds())
