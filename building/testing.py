"""`build.py test` and `build.py check`."""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from building.browsers import firefox, headless, webkit
from building.build import build
from building.paths import INTERMEDIATE, ROOT
from building.progress import complain, note, step
from building.site import Weighing

#: What Python compiles, for all processes of a run: to import without it takes seconds in each.
BYTECODE = INTERMEDIATE / "bytecode"
HOUSE_TEST = ROOT / "tests" / "test_house.py"
MOST_WORKERS = 4  # each has browsers of its own, and a page of the lab takes half a gigabyte
#: A test in a browser waits, too: for frames, and for what is to take seconds. Meanwhile another works.
MORE_THAN_PROCESSORS = 1
ONE_PROCESS = ("-n", "--numprocesses", "--pdb", "--trace", "-s", "--capture", "--collect-only")
#: What `check` runs, under the name that it is told by.
CHECKS = {
    "ruff check": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "mypy": ("mypy",),
    "house": ("pytest", "-q", str(HOUSE_TEST)),
}


def check(*, house: bool = True) -> int:
    """Lint, types and, unless it is run anyway, the house test; all of them, whatever fails."""
    failed = []
    for name, command in CHECKS.items():
        if command[-1] == str(HOUSE_TEST) and not (house and HOUSE_TEST.exists()):
            continue
        with step(name):
            done = subprocess.run(
                [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, encoding="utf-8"
            )
        if done.returncode != 0:
            failed.append(name)
            complain((done.stdout + done.stderr).rstrip())
    note(f"Checks failed: {', '.join(failed)}" if failed else "Checks passed")
    return 1 if failed else 0


def test(arguments: Sequence[str], *, full: bool) -> int:
    """Build, check, and run pytest; without arguments, on everything."""
    with ThreadPoolExecutor() as beside:
        checks = beside.submit(check, house=bool(arguments))  # without arguments it is among the tests
        build(Weighing.QUICK)  # what is tested is the same
    checked = checks.result()
    headless()  # finds or installs it now: not inside the time limit of a test
    firefox()
    webkit()
    chosen = [] if full or "-m" in arguments else ["-m", "not full"]
    return run_pytest(*chosen, *arguments) or checked


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
    paths = os.pathsep.join([str(ROOT / "pyapp"), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": paths, **more, "PYTHONPYCACHEPREFIX": str(BYTECODE)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nothing is written beside the sources
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment).returncode
