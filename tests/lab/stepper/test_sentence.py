"""The sentence as chips, and the badge that says where the numbers come from."""

from __future__ import annotations

import unicodedata

import pytest

from attention_lab.kit.text import short
from tests.lab.helpers import STEPS, STRANGE, make_session, plain, views


def test_each_token_is_a_chip_and_padding_is_marked() -> None:
    sentence = views(make_session(text="The zebra", mask="padding", n_pad=1))["sentence"]
    assert [(c["text"], c["pad"], c["spelled"]) for c in sentence["field"]["chips"]] == [
        ("The", False, False),
        ("zebra", False, True),
        ("PAD", True, False),
    ]


def test_the_key_is_outlined_only_where_the_current_cell_has_one() -> None:
    assert views(make_session(step="weights"))["sentence"]["field"]["key"] == 1
    assert views(make_session(step="embeddings"))["sentence"]["field"]["key"] is None


def test_the_badge_says_which_matrices_it_covers() -> None:
    badge = views(make_session())["sentence"]["badge"]
    assert (badge["kind"], badge["label"]) == ("hand-built", "hand-built")
    assert "The embedding table and the matrices WQ, WK and WV are small numbers" in plain(
        badge["paragraphs"]
    )
    badge = views(make_session(embedding="random", seed=12))["sentence"]["badge"]
    assert (badge["kind"], badge["label"]) == ("random", "random, seed 12")
    assert "The embedding table and the matrices WQ, WK and WV were drawn" in plain(badge["paragraphs"])


def test_the_badge_names_the_words_that_the_lexicon_lacks() -> None:
    def second(text: str) -> str:
        return plain(views(make_session(text=text))["sentence"]["badge"]["paragraphs"][1:])

    assert second("The cat sat") == ""
    assert "Not in the lexicon: “zebra”. Its numbers" in second("The zebra zebra")
    assert "“qe”, “qf” and 2 more. Their numbers" in second("qa qb qc qd qe qf qg qh")


@pytest.mark.parametrize("text", STRANGE)
def test_labels_are_short_and_cut_between_letters(text: str) -> None:
    chips = views(make_session(text=text))["sentence"]["field"]["chips"]
    for chip in chips:
        assert len(chip["short"]) <= 9
        whole = chip["short"].removesuffix("…")
        assert chip["text"].startswith(whole)
        following = chip["text"][len(whole) : len(whole) + 1]
        assert not following or unicodedata.category(following) not in ("Mn", "Me", "Cf")


def test_a_label_never_ends_inside_an_emoji() -> None:
    assert short("👨‍👩‍👧‍👦👨‍👩‍👧‍👦") == "👨‍👩‍👧‍👦…" or not short("👨‍👩‍👧‍👦👨‍👩‍👧‍👦").rstrip("…").endswith(
        "\u200d"
    )
    assert short("abcdefghe\u0301x") == "abcdefgh…"
    assert short("abcdefge\u0301xyz") == "abcdefg…"


@pytest.mark.parametrize("step", STEPS)
def test_words_with_numbers_from_their_spelling_are_named_at_every_step(step: str) -> None:
    def status(text: str, **changes: str) -> dict[str, str] | None:
        found: dict[str, str] | None = views(make_session(step=step, text=text, **changes))["sentence"][
            "field"
        ]["status"]
        return found

    assert status("The cat sat on the mat") is None
    assert status("The zorb sat", embedding="random") is None, "there no number says anything of meaning"
    one = status("The zorb sat on the zorb")
    assert one is not None
    assert one["text"] == "“zorb”: numbers from its spelling, not its meaning"
    many = status("zorb blick zorp dax")
    assert many is not None
    assert many["text"] == "“zorb”, “blick” and 2 more: numbers from their spelling, not their meaning"
