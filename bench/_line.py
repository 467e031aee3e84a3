"""A server behind a line: as fast or as slow as is asked for, and it counts what goes over it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from building.serving import Handler, serve_site

PIECE = 16 << 10  # bytes


class Line:
    """What all connections to one server share. `megabits` a second; None for as fast as it goes.

    Whoever asks, page, worker or service worker, gets its bytes over it. What is slow here is the rate: no
    time is added to a request.
    """

    def __init__(self, megabits: float | None = None) -> None:
        self._pace = 8 / (megabits * 1e6) if megabits else 0.0  # seconds a byte
        self._lock = threading.Lock()
        self._free = 0.0
        self.begin()

    def begin(self) -> None:
        """Count from here."""
        self.sent = 0
        self._seconds: Counter[int] = Counter()

    @property
    def busiest(self) -> float:
        """Mbit of the busiest second since `begin`: what the line really gave where more was wanted."""
        return max(self._seconds.values(), default=0) * 8e-6

    def take(self, size: int) -> None:
        """Wait for one's turn, and as long as so many bytes take."""
        with self._lock:
            now = time.perf_counter()
            self._free = max(now, self._free) + size * self._pace
            until = self._free
        if until > now:
            time.sleep(until - now)
        with self._lock:
            self.sent += size
            self._seconds[int(time.perf_counter())] += size


@contextmanager
def served_over(line: Line, folder: Path) -> Iterator[str]:
    """Serve a folder over the line while the context lasts; its address."""

    class Slow(Handler):
        def deliver(self, body: Path) -> None:
            with body.open("rb") as file:
                while piece := file.read(PIECE):
                    line.take(len(piece))
                    self.wfile.write(piece)

    with serve_site(folder, handler=Slow) as served:
        yield served.url
