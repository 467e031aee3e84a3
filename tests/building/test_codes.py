"""The codes of a class poll: short, without look-alikes, and no mistyped one is counted."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from attention_lab.kit.catalogue import lessons
from building.paths import ROOT
from tests.building.node_module import call

CODES = ROOT / "pyapp" / "attention_lab" / "widgets" / "js" / "codes.js"
SIGNS = "34679ABCDEFHJKMNPRTVWXY"
LABS = [lesson.name for lesson in lessons()]
GUESS = {"labs": LABS, "lab": "stepper", "step": 3, "key": "sat|0|none", "options": ["The", "cat", "sat"]}


def codes(folder: Path, *calls: list[Any]) -> list[Any]:
    return call(CODES, folder, list(calls))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("codes")


def encoded(folder: Path, **changes: Any) -> str:
    (code,) = codes(folder, ["encode", {**GUESS, "option": 1, **changes}])
    return str(code)


def test_no_two_signs_are_taken_for_one_another() -> None:
    for alike in ("0OQ", "1IL", "2Z", "5S", "8B", "6G", "UV"):
        assert len(set(alike) & set(SIGNS)) <= 1, alike
    assert len(SIGNS) == 23


def test_a_code_says_lab_step_question_and_option_whatever_its_case_and_hyphen(folder: Path) -> None:
    code = encoded(folder)
    assert len(code) == 7
    assert set(code) <= set(SIGNS) | {"-"}
    texts = [code, code.lower(), code.replace("-", ""), "  " + code.replace("-", "–") + " "]
    found = codes(folder, *(["decode", text, LABS] for text in texts))
    (question,) = codes(folder, ["asked", GUESS])
    assert found == [{"lab": LABS.index("stepper"), "step": 3, "question": question, "option": 1}] * 4


def test_every_single_wrong_sign_and_every_exchange_is_noticed(folder: Path) -> None:
    code = encoded(folder).replace("-", "")
    mistyped = {
        code[:i] + sign + code[i + 1 :] for i in range(6) for sign in SIGNS if sign != code[i]
    }  # fmt: skip
    for i, j in itertools.combinations(range(6), 2):
        signs = [*code]
        signs[i], signs[j] = signs[j], signs[i]
        mistyped.add("".join(signs))
    mistyped.discard(code)
    assert len(mistyped) > 6 * 22
    found = codes(folder, *(["decode", text, LABS] for text in sorted(mistyped)))
    assert all(set(each) == {"wrong"} for each in found)


def test_a_wrong_code_is_told_why(folder: Path) -> None:
    code = encoded(folder)
    strange, short, other = codes(
        folder,
        ["decode", "O" + code[1:], LABS],
        ["decode", code[:-1], LABS],
        ["decode", code, [*LABS[1:], "new"]],
    )
    assert strange == {"wrong": "“O” is in no code"}
    assert short == {"wrong": "it has 5 signs, not 6"}
    assert "another version" in other["wrong"]


def test_another_sentence_is_another_question(folder: Path) -> None:
    same, key, options = codes(
        folder,
        ["asked", GUESS],
        ["asked", {**GUESS, "key": "dogs|0|none"}],
        ["asked", {**GUESS, "options": ["The", "dog", "sat"]}],
    )
    assert len({same, key, options}) == 3


def test_every_lab_and_step_that_there_is_has_codes_and_too_many_options_have_none(folder: Path) -> None:
    calls = [
        ["encode", {**GUESS, "lab": lesson.name, "step": step, "option": 22}]
        for lesson in lessons()
        for step in range(len(lesson.steps))
    ]
    made = codes(folder, *calls)
    assert len(set(made)) == len(calls), "no two alike"
    assert None not in made
    assert (
        codes(folder, ["encode", {**GUESS, "option": 23}], ["encode", {**GUESS, "lab": "none"}]) == [None] * 2
    )


#: "Hannah" is a code by chance.
CHAT = """10:31 Hannah: {a}
Stefan {b}, sorry, {a}
{c}

__proto__ {c}
constructor
K7M 4PO: K7M4PO
"""


def test_a_pasted_chat_is_counted_and_what_is_no_code_is_told_by_its_line(folder: Path) -> None:
    a, b = encoded(folder), encoded(folder, option=2)
    c = encoded(folder, key="other", option=0).replace("-", "").lower()
    (read,) = codes(folder, ["codesIn", CHAT.format(a=a, b=b, c=c), LABS])
    assert [(each["option"], each["line"]) for each in read["codes"]] == [
        (1, 1),
        (2, 2),
        (1, 2),
        (0, 3),
        (0, 5),
    ]
    told = [(each["line"], each["text"], each["wrong"]) for each in read["wrong"]]
    assert told == [
        (1, "Hannah", "it may be a name: a code without digits is written with its hyphen"),
        (6, "constructor", "there is no code in it"),
        (7, "K7M4PO", "“O” is in no code"),
    ]
    (groups,) = codes(folder, ["tally", read["codes"]])
    assert [(group["all"], sorted(group["counts"])) for group in groups] == [
        (3, [[1, 2], [2, 1]]),
        (2, [[0, 2]]),
    ]
