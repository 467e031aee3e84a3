"""Compressing a site that is being served already, in a process that gives way to every other.

What it makes is kept by content: a later build finds it.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from building.compression import HOME, compress_in_turn
from building.paths import ROOT

LOWEST = 19
ON_WINDOWS = getattr(subprocess, "IDLE_PRIORITY_CLASS", 0)


@contextmanager
def compressing(folder: Path, home: Path = HOME) -> Iterator[subprocess.Popen[bytes]]:
    """Compress the files of a folder while the context lasts, as far as that is long enough."""
    process = subprocess.Popen(
        [sys.executable, "-m", "building.background", str(folder.resolve()), str(home.resolve())],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        creationflags=ON_WINDOWS,
    )
    assert process.stdin
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait()


def main(folder: Path, home: Path) -> None:
    """Compress what is in the folder; end with the process that asked for it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    threading.Thread(target=_end_with_input, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(LOWEST)
    compress_in_turn((path for path in folder.rglob("*") if path.is_file()), home)


def _end_with_input() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing is ever written: this comes back when the other end is closed
    os._exit(0)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
