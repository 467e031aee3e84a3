"""Every cell's explanation adds up: what is printed gives the printed result, which is the trace's number."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from attention_lab.labs.stepper.arithmetic import arithmetic, explain
from attention_lab.labs.stepper.cells import AXES, Cell
from attention_lab.labs.stepper.terms import ROUNDED, dot_product
from tests.lab.helpers import LONG, computed, make_session, matrix_view, plain, scene
from tests.lab.stepper.test_link import CHANGES

CHOICES = {
    "embedding": ("hand-built", "random"),
    "sizes": ((2, 1), (4, 2), (6, 3), (8, 1), (12, 4), (16, 2)),
    "mask": ("none", "causal", "padding", "by-hand"),
    "scale": (None, 0.37, 1.9),
}
SETTINGS = [  # any two choices meet in one that always runs; all of them together are full
    *(
        pytest.param(
            {name: values[at] for (name, values), at in zip(CHOICES.items(), place, strict=True)},
            marks=[pytest.mark.full(minutes=0.005)] if sum(place[1:]) % 3 else [],
        )
        for place in itertools.product(*(range(len(values)) for values in CHOICES.values()))
    ),
    {"embedding": "random", "sizes": (4, 2), "mask": "none", "scale": 0.0},
]


def exact(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace("∞", "Infinity"))


def check(explained: dict[str, Any], value: float | None, shown: str) -> None:
    """Work an explanation out again from what is printed."""
    body = explained["body"]
    if value is None:
        assert body["kind"] == "none"
        assert "no key left" in explained["note"]
        return
    CHECKS[body["kind"]](explained, body, value, shown)


def check_terms(explained: dict[str, Any], body: dict[str, Any], value: float, shown: str) -> None:
    products = [exact(row["product"]) for row in body["rows"]]
    printed = exact(body["printed"])
    assert sum(products) == printed
    finest = max([-int(each.as_tuple().exponent) for each in products] + [4])
    assert abs(float(printed) - value) <= len(products) * 0.5001 * 10**-finest + 1e-9
    for row, product in zip(body["rows"], products, strict=True):
        a, b = exact(row["a"]["text"]), exact(row["b"]["text"])
        slack = (abs(a) + abs(b) + 2) * Decimal(10) ** -4
        assert abs(a * b - product) <= slack
    check_result(explained, body, value, shown)


def check_softmax(explained: dict[str, Any], body: dict[str, Any], value: float, shown: str) -> None:
    rows, quotient = body["rows"], body["quotient"]
    assert sum(exact(row["exp"]) for row in rows) == exact(body["sum"]) == exact(quotient["b"])
    (hit,) = [row for row in rows if row["hit"]]
    assert exact(quotient["a"]) == exact(hit["exp"])
    worked_out = exact(quotient["a"]) / exact(quotient["b"])
    assert abs(worked_out - exact(quotient["printed"])) <= Decimal("0.00005001")
    assert all(row["gone"] == (row["score"] == "−∞") for row in rows)
    assert all(row["exp"] == "0" for row in rows if row["gone"])
    assert sum(row["bar"] for row in rows) * value == pytest.approx(hit["bar"], abs=1e-12)
    check_result(explained, quotient, value, shown)


def check_equation(explained: dict[str, Any], body: dict[str, Any], value: float, shown: str) -> None:
    text = plain(body["expression"])
    if found := re.fullmatch(r"(\S+) ÷ √(\d+)", text):
        worked_out = float(exact(found[1])) / int(found[2]) ** 0.5
    elif found := re.fullmatch(r"(\S+) × (\S+)", text):
        worked_out = float(exact(found[1]) * exact(found[2]))
    elif found := re.fullmatch(r"(\S+) \+ (0|\(−∞\))", text):
        worked_out = float(exact(found[1]) + exact(found[2].strip("()")))
    else:
        worked_out = value
    assert (
        worked_out == float(exact(body["printed"]))
        or abs(worked_out - float(exact(body["printed"]))) <= 0.00005001
    )
    check_result(explained, body, value, shown)


def check_result(explained: dict[str, Any], body: dict[str, Any], value: float, shown: str) -> None:
    """printed ≈ value, and the sign is there exactly when they differ."""
    printed, result = exact(body["printed"]), exact(body["value"])
    assert body["value"] == shown
    assert body["approx"] == (printed != result)
    if printed != result:
        half = Decimal(10) ** int(result.as_tuple().exponent) / 2
        assert abs(printed - result) <= half + Decimal("1e-9")
    if explained["body"]["kind"] != "equation" and abs(float(printed) - value) > 1e-9:
        assert explained["note"] == ROUNDED


CHECKS = {"terms": check_terms, "softmax": check_softmax, "equation": check_equation}


def check_every_cell(**changes: Any) -> int:
    """Check every cell of every matrix of a session; return how many there were."""
    session = make_session(**changes)
    now, expected = scene(session), computed(session)
    count = 0
    for name in AXES:
        shown = matrix_view(now, name)
        for row, texts in enumerate(shown["text"]):
            for col, text in enumerate(texts):
                value = None if text == "–" else float(expected[name][row, col])
                check(explain(now, Cell(matrix=name, row=row, col=col)), value, text)
                count += 1
    return count


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda s: "-".join(map(str, s.values())))
def test_every_cell_of_every_matrix_adds_up(settings: dict[str, Any]) -> None:
    d_model, n_heads = settings["sizes"]
    count = check_every_cell(
        text="The zebra sat, on 猫",
        embedding=settings["embedding"],
        d_model=d_model,
        n_heads=n_heads,
        head=n_heads - 1,
        mask=settings["mask"],
        scale=settings["scale"],
        blocked=[[0, 1], [2, 2], [4, 0]] if settings["mask"] == "by-hand" else [],
    )
    assert count > 200


@pytest.mark.parametrize("embedding", ["hand-built", "random"])
def test_every_cell_of_the_longest_sentence_adds_up(embedding: str) -> None:
    check_every_cell(text=LONG, embedding=embedding, mask="causal")


def test_every_cell_of_one_token_adds_up() -> None:
    check_every_cell(text="hello")
    check_every_cell(text="hello", mask="padding", n_pad=6)


def test_a_number_that_was_not_computed_is_explained_as_such() -> None:
    check_every_cell(mask="by-hand", blocked=[[2, i] for i in range(6)])
    session = make_session(step="weights", query=2, mask="by-hand", blocked=[[2, i] for i in range(6)])
    assert arithmetic(scene(session)).view()["note"] == "Row “sat” has no key left, so this would be 0/0."
    session.apply({"query": 0})
    assert "because row “sat” has no key left" in arithmetic(scene(session)).view()["note"]


@given(CHANGES)
def test_the_current_cell_is_explained_in_any_state(changes: dict[str, object]) -> None:
    session = make_session(**changes)
    now = scene(session)
    cell = now.current
    shown = matrix_view(now, cell["matrix"])["text"][cell["row"]][cell["col"]]
    value = None if shown == "–" else float(computed(session)[cell["matrix"]][cell["row"], cell["col"]])
    check(arithmetic(now).view(), value, shown)


def test_exact_numbers_are_not_called_rounded() -> None:
    now = scene(make_session())
    assert explain(now, Cell(matrix="raw_scores", row=2, col=1))["note"] is None
    assert explain(now, Cell(matrix="x", row=1, col=0))["note"] is None, "“cat” is looked up as it stands"
    assert explain(now, Cell(matrix="head_outputs", row=2, col=1))["note"] == ROUNDED


def test_one_rounded_factor_is_enough_to_say_so() -> None:
    for left, right in (([1 / 3], [3.0]), ([3.0], [1 / 3])):
        now = scene(make_session(text="hello"))
        explained = dot_product(now, Cell(matrix="raw_scores", row=0, col=0), left, right, ("", ""))
        assert explained["note"] == ROUNDED


def test_the_cell_under_the_pointer_goes_before_the_picked_one() -> None:
    session = make_session(step="weights", picked={"matrix": "weights", "row": 1, "col": 0})
    session.apply({"hover": {"matrix": "mask", "row": 1, "col": 2}})
    assert plain(arithmetic(scene(session)).view()["title"]) == "M[cat, sat]"
    session.apply({"hover": None})
    assert plain(arithmetic(scene(session)).view()["title"]) == "weight of The for cat"


@pytest.mark.parametrize(
    ("changes", "cell", "note"),
    [
        ({}, ("table", 0, 0), "Chosen by hand"),
        ({"text": "zebra"}, ("table", 0, 0), "“zebra” is not in the lexicon"),
        ({"embedding": "random"}, ("table", 0, 0), "Drawn from a normal distribution"),
        ({"mask": "padding"}, ("table", 5, 0), "PAD stands for nothing"),
        ({}, ("x", 0, 0), "“The” is looked up as “the”."),
        ({}, ("w_q", 0, 0), "chosen by hand here"),
        ({"embedding": "random"}, ("w_q", 0, 0), "drawn from a normal distribution"),
        ({"mask": "causal"}, ("mask", 0, 1), "“cat” comes after “The”"),
        ({"mask": "padding"}, ("mask", 0, 6), "“PAD” is padding"),
        ({"mask": "by-hand", "blocked": [[0, 1]]}, ("mask", 0, 1), "this cell of the mask is blocked"),
        ({}, ("mask", 0, 1), "0 changes nothing."),
        ({}, ("scaled_scores", 0, 0), "√2 is 1.4142; the same as × 0.7071."),
        ({"scale": 0.5}, ("scaled_scores", 0, 0), "The usual one is 1/√2 = 0.7071."),
    ],
)
def test_notes_say_where_a_number_without_a_sum_comes_from(
    changes: dict[str, Any], cell: tuple[str, int, int], note: str
) -> None:
    session = make_session(**changes)
    session.apply({"hover": dict(zip(("matrix", "row", "col"), cell, strict=True))})
    assert note in arithmetic(scene(session)).view()["note"]
