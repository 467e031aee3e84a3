"""`build.py new exercise`: what it writes is an exercise that works; nothing else is touched."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attention_lab.grading.catalogue import Exercise, read
from attention_lab.grading.judge import words_of
from attention_lab.grading.running import run
from building.errors import BuildError
from building.new_exercise import EXERCISES, TEMPLATES, new_exercise
from building.paths import ROOT


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    """A new exercise in an empty tree."""
    root = tmp_path_factory.mktemp("tree")
    new_exercise("probe", root)
    assert {path.relative_to(root).parts[3] for path in root.rglob("*.py")} == {"probe"}
    return read(root / EXERCISES / "probe")


def test_the_new_exercise_can_be_read(made: Exercise) -> None:
    assert (made.id, made.kind, made.asks) == ("probe", "write", "probe(x)")
    assert len(made.hints) == 3
    assert len(made.other_ways) == 2
    assert all(words_of(program) for program in made.wrong.values())


def test_its_reference_and_each_of_its_mistakes_give_something_else(made: Exercise) -> None:
    space: dict[str, Any] = {}
    exec((TEMPLATES / "checks.py.txt").read_text().replace("__name__", "probe"), space)
    cases = [case for each in space["checks"](np.random.default_rng(0)) for case in each.cases]
    sent = {"file": "x.py", "calls": [case.plain() for case in cases], "limits": {"output": 10}}
    replies = [
        str(run({**sent, "source": each})["results"]) for each in (made.reference, *made.wrong.values())
    ]
    assert len(set(replies)) == 6
    assert not any("raised" in each for each in replies)


def test_what_it_writes_is_as_the_linters_want_it(tmp_path: Path) -> None:
    new_exercise("probe", tmp_path)
    for rules in (("check", "--ignore", "F401"), ("format", "--check")):
        command = [sys.executable, "-m", "ruff", *rules, "--config", ROOT / "pyproject.toml", tmp_path]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["", "two words", "9lives", "a-b", "class", "Scale", "été", "../up"])
def test_a_name_that_cannot_be_a_folder_of_python_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="cannot be the name of an exercise"):
        new_exercise(name, tmp_path)


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(BuildError, match="already"):
        new_exercise("softmax")
