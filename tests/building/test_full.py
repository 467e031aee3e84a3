"""After the ordinary tests: what fits of the others, and first what a change touches."""

import subprocess
import sys
import time

import pytest

from building import full
from building.full import Part, in_order
from building.paths import ROOT

SNAPSHOT = Part("tests/e2e/test_snapshot.py::test_it", 2)
OFFLINE = Part("tests/e2e/test_offline.py::test_it", 1)
SITE = Part("tests/building/test_site.py::test_it", 10)


@pytest.mark.parametrize(
    ("changed", "first"),
    [
        ("building/snapshot.py", [SNAPSHOT, OFFLINE, SITE]),
        ("tests/e2e/test_snapshot.py", [SNAPSHOT, OFFLINE, SITE]),
        ("building/node/bundle.mjs", [OFFLINE, SNAPSHOT, SITE]),
        ("artefacts.toml", [SITE, OFFLINE, SNAPSHOT]),
        ("README.md", [OFFLINE, SNAPSHOT, SITE]),
    ],
)
def test_what_a_change_touches_comes_first_and_the_shortest_of_equals(
    changed: str, first: list[Part]
) -> None:
    assert in_order([SITE, SNAPSHOT, OFFLINE], [changed]) == first


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that were started; that of the site fails."""
    started: list[str] = []

    def run(*arguments: str) -> int:
        started.append(arguments[-1])
        return int(arguments[-1] == SITE.name)

    monkeypatch.setattr(full, "run_pytest", run)
    monkeypatch.setattr(full, "parts", lambda: [SITE, SNAPSHOT, OFFLINE])
    monkeypatch.setattr(full, "changed_files", list)
    return started


def test_a_part_for_which_there_is_no_time_is_not_started_and_named(
    started: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert full.run(time.time() + 5 * 60) == 0
    assert started == [OFFLINE.name, SNAPSHOT.name]
    assert SITE.name in capsys.readouterr().out


def test_one_failure_fails_the_whole_and_stops_nothing(started: list[str]) -> None:
    assert full.run(time.time() + 60 * 60) == 1
    assert len(started) == 3


def test_a_part_takes_the_minutes_that_its_mark_says() -> None:
    program = (
        "from building.full import parts; [part] = parts('tests/building/test_site.py'); print(part.minutes)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert float(done.stdout) == 6
