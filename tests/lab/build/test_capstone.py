"""The last step of the lab: the parts are put together, and what they give stands beside the library's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from attention_lab.grading.capstone import FILE, PARTS, REFERENCE
from attention_lab.grading.catalogue import exercise
from attention_lab.grading.running import run
from attention_lab.kit.blocks import Bars, Editor, Graded, Nothing, Table
from attention_lab.labs.build.lab import Build
from tests.lab.build.test_build import block

PARTS_OF_OURS = {name: {"file": f"exercise_{name}.py", "source": exercise(name).reference} for name in PARTS}


@pytest.fixture
def lab() -> Build:
    made = Build()
    made.apply({"step": "capstone"})
    return made


def attempt(lab: Build, source: str, turn: int = 1, **changed: str) -> None:
    """Press Run: the page adds the programs of the parts."""
    lab.apply({"built": {"id": "capstone", "source": source, "turn": turn, "seed": 3}})
    editor = block(lab, Editor)
    parts = {name: {**PARTS_OF_OURS[name], **({"source": changed[name]} if name in changed else {})}
             for name in editor.parts}  # fmt: skip
    lab.apply(
        {"ran": {"turn": turn, "reply": json.dumps(run({**json.loads(editor.request), "parts": parts}))}}
    )
    assert lab.message is None


def test_nothing_is_asked_before_run_was_pressed_and_the_parts_are_the_pages(lab: Build) -> None:
    editor = block(lab, Editor)
    assert (editor.request, editor.file, tuple(editor.parts)) == ("", FILE, PARTS)
    assert editor.seconds == 60
    assert block(lab, Graded).state == "open"
    lab.apply({"built": {"id": "capstone", "source": REFERENCE, "turn": 1, "seed": 3}})
    assert "parts" not in json.loads(block(lab, Editor).request)


def test_references_pass_and_their_words_stand_beside_the_librarys(lab: Build) -> None:
    attempt(lab, REFERENCE)
    graded = block(lab, Graded)
    assert graded.state == "passed"
    assert graded.title == "Your code just ran a real transformer"
    bars = block(lab, Bars)
    assert bars.names[0] == "smith"
    assert bars.values == pytest.approx(bars.after, abs=1e-12)
    rows = {row[0]: row[1:] for row in block(lab, Table).rows}
    assert rows["softmax"] == ["yours", "2 calls"]
    assert rows["erf, ReLU"][0] == "ours"
    assert block(lab, Editor).request == ""


def test_another_sentence_lets_go_of_what_was_run(lab: Build) -> None:
    attempt(lab, REFERENCE)
    lab.apply({"text": "tom potter met anna . tom"})
    assert block(lab, Graded).state == "open"
    attempt(lab, REFERENCE, turn=2)
    assert block(lab, Bars).names[0] == "potter"


def test_a_line_of_another_file_is_not_marked_in_this_one(lab: Build) -> None:
    attempt(lab, REFERENCE, softmax="def softmax(x):\n    return x.nothing\n")
    assert block(lab, Graded).line is None
    assert block(lab, Editor).wrong == []
    assert "exercise_softmax.py, line 2" in str(block(lab, Graded).checks) + str(block(lab, Graded).words)
    attempt(lab, "def transformer(*given):\n    return nothing\n", turn=2)
    assert block(lab, Editor).wrong[0]["line"] == 2
    assert block(lab, Graded).line == (2, "return nothing")


def test_a_sentence_that_the_writer_cannot_read_is_told(lab: Build) -> None:
    lab.apply({"text": " ".join(f"zorp{chr(97 + i)}" for i in range(9))})
    assert "does not know" in block(lab, Nothing).text


def test_a_program_of_another_exercise_is_refused(lab: Build) -> None:
    refused: Any = lab.apply({"built": {"id": "softmax", "source": "", "turn": 1, "seed": 3}})
    assert "built" in refused
    assert "ran" in lab.apply({"ran": {"turn": 9, "ended": "time"}})
