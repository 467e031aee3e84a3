"""One line for each long step, with its seconds."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

QUICK_SECONDS = 0.2  # a step that found everything done says nothing


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say how long a step took; on a terminal, also what goes on meanwhile."""
    begin = time.monotonic()
    terminal = sys.stdout.isatty()
    if terminal:
        print(f"{what} ...", end="\r", flush=True)
    yield
    seconds = time.monotonic() - begin
    if seconds > QUICK_SECONDS:
        print(f"{what}: {seconds:.1f} s", flush=True)
    elif terminal:
        print(" " * (len(what) + 4), end="\r", flush=True)


def note(line: str) -> None:
    """A line for the person who runs the build."""
    print(line, flush=True)


def complain(line: str) -> None:
    """A line about a failure."""
    print(line, file=sys.stderr, flush=True)
