"""How blocks write numbers and words."""

from __future__ import annotations

import math

import pytest

from attention_lab.kit.blocks.axis import axis
from attention_lab.kit.blocks.base import plain
from attention_lab.kit.blocks.writing import (
    counted,
    figures,
    first_of,
    listed,
    power_of_ten,
    runs_right_to_left,
    span,
    words_of,
)
from attention_lab.kit.markup import it, root, sub
from tests.lab.gallery.samples import ARABIC, ENGLISH, HAND, LONG


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (1.0, "1"), (-1.5, "−1.5"), (0.4567, "0.457"), (-0.9999, "−1.00"), (123.456, "123"),
        (1234.5, "1234"), (16384.0, "16\u202f384"), (-16384.0, "−16\u202f384"), (2097152.5, "2.1 × 10⁶"),
        (4194304.0, "4\u202f194\u202f304"), (1.5e12, "1.5 × 10¹²"), (1e12, "10¹²"), (-2e-9, "−2 × 10⁻⁹"),
        (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "–"), (None, "–"),
    ],
)  # fmt: skip
def test_a_number_has_three_figures_or_as_many_as_are_exact(value: float | None, text: str) -> None:
    assert figures(value) == text


def test_powers_of_ten_are_written_in_full_where_that_is_short() -> None:
    assert [power_of_ten(n) for n in (-4, -3, 0, 3, 4, 5)] == [
        "10⁻⁴",
        "0.001",
        "1",
        "1000",
        "10\u202f000",
        "10⁵",
    ]


def test_ranges_lists_and_counts_read_as_sentences_do() -> None:
    assert (span(1, 1), span(-2, 3.5)) == ("1", "−2 to 3.5")
    assert (listed([]), listed(["a"]), listed(["a", "b", "c"])) == ("", "a", "a, b and c")
    assert (counted(1, "card", "cards"), counted(0, "card", "cards")) == ("1 card", "0 cards")


def test_a_formula_becomes_its_words() -> None:
    assert (
        words_of(["1 / ", root(it("d"), sub(it("k"))), " of ", {"frac": [["a"], ["b"]]}])
        == "1 / √dk of a / b"
    )


def test_a_row_of_words_starts_where_its_first_letter_says() -> None:
    assert runs_right_to_left(ARABIC)
    assert runs_right_to_left(["12", *ARABIC])
    assert runs_right_to_left(["[CLS]", *ARABIC]), "what a model adds is no word of the sentence"
    assert runs_right_to_left(["<s>", *ARABIC, "."])
    assert not runs_right_to_left(ENGLISH)
    assert not runs_right_to_left(LONG)
    assert not runs_right_to_left(["42", "…"])


def test_a_dataclass_within_a_block_becomes_a_plain_dictionary() -> None:
    assert plain(HAND) == {"kind": "hand-built", "label": "hand-built", "paragraphs": [], "card": None}


def test_an_even_axis_has_round_ticks_and_holds_every_value() -> None:
    made = axis([-1.5, 0.2, 7.0], title="x")
    assert [tick["text"] for tick in made["ticks"]] == ["0", "2", "4", "6"]
    assert made["low"] < -1.5
    assert made["high"] > 7


def test_an_axis_from_zero_starts_there_even_if_all_values_are_one() -> None:
    assert axis([5.0, 5.0], from_zero=True)["low"] == 0


def test_a_logarithmic_axis_counts_in_powers_of_ten_and_leaves_out_what_is_not_positive() -> None:
    made = axis([0.0, -3.0, 1.0, 1000.0], log=True)
    assert [(tick["at"], tick["text"]) for tick in made["ticks"]] == [
        (0, "1"),
        (1, "10"),
        (2, "100"),
        (3, "1000"),
    ]
    assert [tick["text"] for tick in axis([1.0, 8.0], log=True)["ticks"]] == ["1", "2", "5"]


@pytest.mark.parametrize("values", [[], [math.nan], [3.0], [1e-30, 2e-30], [1e300, -1e300]])
@pytest.mark.parametrize("log", [False, True])
def test_an_axis_always_has_a_length_and_at_most_a_dozen_ticks(values: list[float], log: bool) -> None:
    made = axis(values, log=log)
    assert made["low"] < made["high"]
    assert len(made["ticks"]) <= 12


def test_of_many_words_the_first_are_named_and_the_others_counted() -> None:
    assert first_of(["a", "b"], 2) == "a, b"
    assert first_of(["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert first_of(["a"], 2) == "a"
