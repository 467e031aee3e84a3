"""The lines of a source that are shown are those that ran."""

from __future__ import annotations

import inspect
from importlib import resources

import pytest

from attention import entropy
from attention_lab.kit.numbers import largest, number
from attention_lab.kit.refusal import shown
from attention_lab.kit.sources import function_of, source_of, tinted_lines


def test_a_line_is_found_by_the_name_that_it_assigns() -> None:
    found = source_of("core.py", ("raw_scores",))
    text = resources.files("attention").joinpath("core.py").read_text(encoding="utf-8").splitlines()
    assert found.file == "attention/core.py"
    assert text[found.line - 1].strip().startswith(found.lines[0])
    assert found.lines[0].startswith("raw_scores = ")


def test_a_name_that_is_assigned_nowhere_is_a_mistake() -> None:
    with pytest.raises(
        LookupError, match=r"expected one assignment to each of .* in attention/core.py, got 0"
    ):
        source_of("core.py", ("no_such_name",))


def test_q_k_and_v_have_their_colours_and_every_letter_is_kept() -> None:
    lines = ("q = x @ w_q", "quick(k, kv)", "", "v")
    pieces = tinted_lines(lines)
    assert ["".join(piece["t"] for piece in line) for line in pieces] == list(lines)
    assert [[p["t"] for p in line if "cls" in p] for line in pieces] == [["q", "w_q"], ["k"], [], ["v"]]


def of_many_lines(
    first: int,
    second: int,
) -> int:
    """Add."""
    return first + second  # a comment


def test_a_function_is_shown_without_its_docstring_with_its_whole_signature() -> None:
    found = function_of(of_many_lines)
    assert found.lines == (
        "def of_many_lines(",
        "    first: int,",
        "    second: int,",
        ") -> int:",
        "    return first + second",
    )
    assert found.line == inspect.getsourcelines(of_many_lines)[1]
    assert function_of(shown).lines[0] == "def shown(value: object) -> str:"
    assert not any('"""' in line for made in (number, largest, shown) for line in function_of(made).lines)


def test_a_functions_file_is_named_from_its_package_on() -> None:
    assert function_of(number).file == "attention_lab/kit/numbers.py"
    assert function_of(entropy).file.startswith("attention/")
    assert function_of(of_many_lines).file == "tests/lab/kit/test_sources.py"
