"""What `.ci/run` does after `build.py test`: the parts of `--full` that fit into the time that is left.

A part is one test function, with all its cases that have the mark `full`; the mark says how many minutes a
case takes (`full(minutes=3)`). A part that does not fit any more is not started, and one that was started is
never ended. The parts that a change touches come first, by nothing but the paths of the changed files:
tests whose own file changed, or whose name is in a changed path (snapshot.py for test_snapshot.py), then
those that look where something changed (TESTED), then the rest; of equals, the shortest.
"""

import contextlib
import io
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from building.errors import BuildError
from building.paths import ROOT
from building.progress import note
from building.testing import run_pytest

USUAL_MINUTES = 0.25
#: What the tests in each folder are about.
TESTED = {
    "tests/building": ("building/", "artefacts.toml", "build.py"),
    "tests/e2e": ("web/", "pyapp/attention_lab/", "building/"),
    "tests/lab": ("pyapp/attention_lab/",),
    "tests/guides": ("pyapp/attention_lab/", "web/", "building/", "texts/"),
    "tests/attention": ("pyapp/attention/",),
    "tests/parity": ("pyapp/attention/",),
}


@dataclass(frozen=True)
class Part:
    """A test function whose cases take so long together."""

    name: str  # as pytest takes it: path::function
    minutes: float

    def touched(self, changed: Collection[str]) -> int:
        """How near a change comes to what this tests; 0 is not at all."""
        file = Path(self.name.split("::")[0])
        word = file.stem.removeprefix("test_")
        if any(path == file.as_posix() or word in path for path in changed):
            return 2
        return int(any(path.startswith(TESTED.get(file.parent.as_posix(), ())) for path in changed))


class _Collected:
    """What pytest finds."""

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = session.items


def parts(*files: str) -> list[Part]:
    """All of `--full` that an ordinary run leaves out, in these files or everywhere."""
    found = _Collected()
    with contextlib.redirect_stdout(io.StringIO()) as told:
        done = pytest.main(["--collect-only", "-qq", "-m", "full", *files], plugins=[found])
    if done not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise BuildError(f"The tests cannot be collected:\n{told.getvalue()}")
    minutes: dict[str, float] = {}
    for item in found.items:
        mark = item.get_closest_marker("full")
        name = item.nodeid.split("[")[0]
        minutes[name] = minutes.get(name, 0) + (mark.kwargs.get("minutes", USUAL_MINUTES) if mark else 0)
    return [Part(name, total) for name, total in minutes.items()]


def in_order(found: Sequence[Part], changed: Collection[str]) -> list[Part]:
    """The parts that a change touches first."""
    return sorted(found, key=lambda part: (-part.touched(changed), part.minutes, part.name))


def changed_files() -> list[str]:
    """What this branch changes since it left the trunk; on the trunk itself, what the last commit did."""
    head, base = _git("rev-parse", "HEAD"), _git("merge-base", "HEAD", "main")
    return _git("diff", "--name-only", base if base != head else "HEAD~1").splitlines() if base else []


def _git(*arguments: str) -> str:
    """What git answers; nothing where there is no git, no trunk or no earlier commit."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def run(until: float) -> int:
    """Run what fits until this time (seconds since the epoch); whether anything failed, as an exit code."""
    failed, left_out = 0, []
    for part in in_order(parts(), changed_files()):
        if time.time() + part.minutes * 60 > until:
            left_out.append(part.name)
            continue
        note(f"\nOf --full: {part.name}")
        failed |= run_pytest("-m", "full", part.name) != 0
    if left_out:
        note("\nNot run, for there was no time left:\n" + "\n".join(f"  {name}" for name in left_out))
    return failed


if __name__ == "__main__":
    sys.exit(run(float(sys.argv[1])))
