"""`build.py test` and `build.py check`."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from building.browsers import firefox, headless, webkit
from building.build import build
from building.environment import grow
from building.paths import INTERMEDIATE, ROOT
from building.progress import complain, note, step
from building.site import Weighing

T = TypeVar("T")

#: What Python compiles, for all processes of a run: to import without it takes seconds in each.
BYTECODE = INTERMEDIATE / "bytecode"
MOST_WORKERS = 4  # each has browsers of its own, and a page of the lab takes half a gigabyte
#: A test in a browser waits, too: for frames, and for what is to take seconds. Meanwhile another works.
MORE_THAN_PROCESSORS = 1
ONE_PROCESS = ("-n", "--numprocesses", "--pdb", "--trace", "-s", "--capture", "--collect-only")
#: What `check` runs, under the name that it is told by.
HOUSE = "house"
CHECKS = {
    "ruff check": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "mypy": ("mypy",),
    HOUSE: ("pytest", "-q", str(ROOT / "tests" / "test_house.py")),
}


def check() -> int:
    """Lint, types and the house test; all of them, whatever fails."""
    return tell(found_by(CHECKS))


def found_by(names: Iterable[str]) -> dict[str, str]:
    """What each of these checks that fails says."""
    failed = {}
    for name in names:
        with step(name):
            done = subprocess.run(
                [sys.executable, "-m", *CHECKS[name]], cwd=ROOT, capture_output=True, encoding="utf-8"
            )
        if done.returncode != 0:
            failed[name] = (done.stdout + done.stderr).rstrip()
    return failed


def tell(failed: Mapping[str, str]) -> int:
    """Say what the checks found; their exit code."""
    for said in failed.values():
        complain(said)
    note(f"Checks failed: {', '.join(failed)}" if failed else "Checks passed")
    return 1 if failed else 0


def test(arguments: Sequence[str], *, full: bool) -> int:
    """Build, check, and run pytest; without arguments, on everything.

    What tests is installed while it builds. The checks go on beside all the tests, for these wait, too; what
    they found is told at the end, where it is not lost among them.
    """
    wanted = [
        name for name in CHECKS if arguments or name != HOUSE
    ]  # without arguments it is among the tests
    with ThreadPoolExecutor() as beside:
        grown = beside.submit(grow)
        checks = beside.submit(_then, grown, lambda: found_by(wanted))
        browsers = beside.submit(_then, grown, _find_browsers)
        compiled = beside.submit(_then, grown, _compile if not arguments else lambda: None)
        build(Weighing.QUICK)  # what is tested is the same
        browsers.result()
        compiled.result()
        if arguments:
            checks.result()
        chosen = [] if full or "-m" in arguments else ["-m", "not full"]
        failed = run_pytest(*chosen, *arguments)
        return tell(checks.result()) or failed


def _then(before: Future[None], act: Callable[[], T]) -> T:
    """What comes of `act`, when the other is done."""
    before.result()
    return act()


def _compile() -> None:
    """Import all tests once, where that was never done: each process of pytest would compile everything."""
    if not BYTECODE.is_dir():
        with step("Compiling the tests"):
            command = [sys.executable, "-m", "pytest", "--collect-only", "-qq"]
            subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True)


def _find_browsers() -> None:
    """Find or install them now: not inside the time limit of a test."""
    for browser in (headless, firefox, webkit):
        browser()


def run_pytest(*arguments: str) -> int:
    """Run pytest in several processes, unless the arguments say on how many or look into one run."""
    if any(argument.startswith(ONE_PROCESS) for argument in arguments):
        return run_python("-m", "pytest", *arguments)
    workers = str(min((os.cpu_count() or 1) + MORE_THAN_PROCESSORS, MOST_WORKERS))
    # One thread each: the workers are more than the processors.
    return run_python(
        "-m", "pytest", "-n", workers, "--dist", "loadgroup", *arguments, OPENBLAS_NUM_THREADS="1"
    )


def run_python(*arguments: str, **more: str) -> int:
    """Run Python in this environment, from the root of the repository; `more` goes into its variables."""
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=_environment(**more)).returncode


def _environment(**more: str) -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT / "pyapp"), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": paths, **more, "PYTHONPYCACHEPREFIX": str(BYTECODE)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nothing is written beside the sources
    return environment
