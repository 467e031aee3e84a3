"""One build at a time in one clone."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from building.progress import note


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; wait, saying so, while another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if not _take(file, wait=False):
            note("Another build is running in this folder; waiting for it.")
            _take(file, wait=True)
        yield  # closing the file gives the lock back, also when the process dies


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes], wait: bool) -> bool:
        file.seek(0)
        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
                return True
            except OSError:
                if not wait:
                    return False

else:
    import fcntl

    def _take(file: IO[bytes], wait: bool) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
