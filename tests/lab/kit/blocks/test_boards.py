"""Cards, Table, Facts and Field."""

from __future__ import annotations

import math
from typing import Any

import pytest

from attention_lab.kit.blocks import Badge, Card, Cards, Fact, Facts, Field, Table
from attention_lab.kit.markup import it


def test_cards_say_their_titles() -> None:
    block = Cards(label="Myths", cards=[Card(title="one"), Card(title=[it("d"), " two"])])
    assert block.described() == "Myths: 2 cards: one, d two"


def test_there_is_at_least_one_card() -> None:
    with pytest.raises(ValueError, match="at least one card"):
        Cards(label="c", cards=[])


def test_a_badge_is_of_a_known_kind() -> None:
    with pytest.raises(ValueError, match="hand-built, random, trained, measured, not 'real'"):
        Badge("real", "real")


def test_a_table_keeps_exact_numbers_beside_their_text() -> None:
    rows = [["a", 1 / 3, "x"], ["b", 2.0, None]]
    cells = [
        row["cells"]
        for row in Table(label="t", columns=["", "n", "w"], rows=rows, decimals={"n": 2}).view()["rows"]
    ]
    assert cells[0][0] == {"text": "0.33", "value": 1 / 3, "bar": None, "marked": False}
    assert cells[1][1] == {"text": None, "value": None, "bar": None, "marked": False}


def test_bars_in_cells_run_from_zero_to_the_largest_of_their_column() -> None:
    rows = [["a", 1.0], ["b", 4.0], ["c", math.nan], ["d", "none"]]
    view = Table(label="t", columns=["", "n"], rows=rows, bars=["n"], marked=[(1, 0)]).view()
    assert [row["cells"][0]["bar"] for row in view["rows"]] == [0.25, 1.0, None, None]
    assert [row["cells"][0]["marked"] for row in view["rows"]] == [False, True, False, False]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"columns": ["only"]}, "at least one more"),
        ({"rows": [["a"]]}, "row 0 has 1 cells for 2 columns"),
        ({"bars": ["m"]}, "there is no column 'm' among n"),
        ({"decimals": {"m": 1}}, "there is no column 'm'"),
        ({"marked": [(1, 0)]}, "outside the table"),
    ],
)
def test_a_table_refuses_an_authors_mistake_in_words(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Table(label="t", **({"columns": ["", "n"], "rows": [["a", 1.0]]} | wrong))


def test_facts_write_numbers_short_where_they_are_exact_and_keep_them() -> None:
    facts = {"a": 8.0, "b": 1 / 3, "c": Fact(value=8.0312, decimals=2, note="n"), "d": "causal", "e": 1.5e12}
    shown = [(fact["text"], fact["value"]) for fact in Facts(facts=facts).view()["facts"]]
    assert shown == [
        ("8", 8.0),
        ("0.3333", 1 / 3),
        ("8.03", 8.0312),
        ("causal", None),
        ("1.5 × 10¹²", 1.5e12),
    ]


def test_facts_hold_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least one fact"):
        Facts(facts={})


def test_a_field_says_how_much_is_painted_and_how_to_clear_it() -> None:
    block = Field(label="Draw", setting="drawn", value=[[0, 1], [1, 0.5]], levels=[0, 0.5, 1])
    assert block.described() == "Draw: 2 by 2 cells, 3 painted"
    assert block.view()["clear"] == {"drawn": [[0, 0], [0, 0]]}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"value": []}, "a Field is a square"),
        ({"value": [[0, 1]]}, "a Field is a square"),
        ({"value": [[0] * 17] * 17}, "at most 16 rows"),
        ({"levels": [0]}, "at least two"),
        ({"levels": [1, 0]}, "grow"),
        ({"levels": [0, 2]}, "between 0 and 1"),
    ],
)
def test_a_field_refuses_an_authors_mistake_in_words(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Field(label="f", setting="drawn", **({"value": [[0]]} | wrong))
