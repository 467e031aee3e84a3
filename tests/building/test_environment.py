"""The virtual environment: what builds is installed first, and what tests is put on top."""

import contextlib
import re
from pathlib import Path

import pytest

from building import environment
from building.paths import ROOT

LOCKS = ROOT / "building"


def locked(name: str) -> dict[str, str]:
    """Each pin of a lock, with its hashes."""
    pins = re.split(r"\n(?=\S)", (LOCKS / name).read_text())
    return {pin.split(" ")[0]: pin.strip() for pin in pins}


def test_what_builds_is_a_part_of_what_tests() -> None:
    assert locked("build.lock").items() <= locked("requirements.lock").items()


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is run to make an environment in an empty folder, in a word each."""
    locks, venv = tmp_path / "locks", tmp_path / "venv"
    locks.mkdir()
    for name in ("build.lock", "requirements.lock", "node.lock"):
        (locks / name).write_text(name)
    commands: list[str] = []

    def run(command: list[str], failure: str) -> None:
        if "--requirement" in command:
            commands.append(Path(command[-1]).name)
            return
        commands.append("venv")
        (venv / "bin").mkdir(parents=True, exist_ok=True)
        for file in ("bin/python", "pyvenv.cfg"):
            (venv / file).write_text("")

    monkeypatch.setattr(environment, "LOCKS", locks)
    monkeypatch.setattr(environment, "VENV", venv)
    monkeypatch.setattr(environment, "STAMP", venv / "stamp")
    monkeypatch.setattr(environment, "_python", lambda: venv / "bin/python")
    monkeypatch.setattr(environment, "_has_node", lambda: True)
    monkeypatch.setattr(environment, "_inside", lambda: False)
    monkeypatch.setattr(environment, "_run", run)
    monkeypatch.setattr(environment, "_fetching_ahead", contextlib.nullcontext)
    monkeypatch.setattr(environment, "_replace_process", lambda python, arguments: None)
    monkeypatch.setattr(environment, "INTERMEDIATE", tmp_path)
    return commands


def enter(*, testing: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(environment.ENTERING, raising=False)
    for name in ("PATH", "VIRTUAL_ENV"):  # which it sets
        monkeypatch.setenv(name, "/nowhere")
    environment.enter([], testing=testing)


def test_serving_waits_for_what_builds_and_testing_adds_to_it(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(testing=False, monkeypatch=monkeypatch)
    assert commands == ["venv", "build.lock"]
    enter(testing=True, monkeypatch=monkeypatch)
    assert commands == ["venv", "build.lock", "requirements.lock"]
    enter(testing=False, monkeypatch=monkeypatch)
    assert commands == ["venv", "build.lock", "requirements.lock"]


def test_a_lock_that_has_changed_makes_the_environment_anew(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(testing=True, monkeypatch=monkeypatch)
    (environment.LOCKS / "requirements.lock").write_text("another")
    commands.clear()
    enter(testing=True, monkeypatch=monkeypatch)
    assert commands == ["venv", "build.lock", "requirements.lock"]


def test_an_environment_that_was_interrupted_is_made_anew(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(testing=False, monkeypatch=monkeypatch)
    environment.STAMP.unlink()
    commands.clear()
    enter(testing=False, monkeypatch=monkeypatch)
    assert commands == ["venv", "build.lock"]


def test_what_tests_is_put_on_top_while_what_builds_is_used(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment.can_grow()
    enter(testing=False, monkeypatch=monkeypatch)
    environment.grow()
    assert commands == ["venv", "build.lock", "requirements.lock"]
    environment.grow()
    enter(testing=True, monkeypatch=monkeypatch)
    assert commands == ["venv", "build.lock", "requirements.lock"]


@pytest.mark.parametrize("lock", ["build.lock", "requirements.lock"])
def test_nothing_is_put_on_top_of_what_has_changed(
    commands: list[str], lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(testing=True, monkeypatch=monkeypatch)
    (environment.LOCKS / lock).write_text("another")
    commands.clear()
    assert not environment.can_grow()
    environment.grow()
    assert commands == []
