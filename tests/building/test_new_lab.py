"""`build.py new lab`, in a copy of the tree: what it writes is a lab that works; nothing else is touched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from building.errors import BuildError
from building.new_lab import new_lab
from building.paths import ROOT


def run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(copy / "pyapp"), str(copy)])}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what git knows of this tree, as it stands, with a new lab in it."""
    folder = tmp_path_factory.mktemp("copy")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "as it stands"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    new_lab("probe", folder)
    return folder


def test_only_the_files_of_the_lab_are_new(copy: Path) -> None:
    told = run(copy, "git", "status", "--porcelain", "--untracked-files=all").stdout.splitlines()
    assert set(told) == {
        "?? pyapp/attention_lab/labs/probe/__init__.py",
        "?? pyapp/attention_lab/labs/probe/guide.md",
        "?? pyapp/attention_lab/labs/probe/lab.md",
        "?? pyapp/attention_lab/labs/probe/lab.py",
        "?? tests/lab/probe/__init__.py",
        "?? tests/lab/probe/test_probe.py",
    }


def test_the_new_lab_passes_its_own_test_and_the_house_test(copy: Path) -> None:
    tests = ["tests/lab/probe", "tests/guides/test_guides.py", "tests/test_house.py"]
    of_it = ["-k", "probe or not [ and not test_guides.py"]  # without what is of another lab or module
    done = run(copy, sys.executable, "-m", "pytest", "-q", *tests, *of_it)
    assert done.returncode == 0, done.stdout


def test_the_new_lab_is_as_the_linters_want_it(copy: Path) -> None:
    files = ("pyapp/attention_lab/labs/probe", "tests/lab/probe")
    for command in (("ruff", "check"), ("ruff", "format", "--check")):
        done = run(copy, sys.executable, "-m", *command, *files)
        assert done.returncode == 0, done.stdout


@pytest.mark.full  # its own test opens it
def test_the_new_lab_is_found_and_opens_by_its_name(copy: Path) -> None:
    code = "from attention_lab.app import make_app; print(make_app('probe', {'d_k': 64}).settings)"
    assert "d_k=64" in run(copy, sys.executable, "-c", code).stdout


@pytest.mark.parametrize("name", ["", "two words", "9lives", "a-b", "class", "Scale", "été", "../up"])
def test_a_name_that_cannot_be_a_folder_of_python_is_refused(copy: Path, name: str) -> None:
    with pytest.raises(BuildError, match="cannot be the name of a lab"):
        new_lab(name, copy)


@pytest.mark.parametrize("name", ["stepper", "probe"])
def test_a_name_that_is_taken_is_refused(copy: Path, name: str) -> None:
    with pytest.raises(BuildError, match="already"):
        new_lab(name, copy)
