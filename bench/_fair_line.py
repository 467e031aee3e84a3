"""One line that several visitors share fairly: each in turn a piece, however many connections it has.

A visitor is the address that it comes from. Each request waits for one round trip, and so does each new
connection; bodies go over the line, heads (a thousandth of the bytes) do not. TCP is not imitated.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from building.serving import Handler, serve_site

PIECE_SECONDS = 0.0015  # of the whole line
SMALLEST_PIECE = 16 << 10
PATIENCE_SECONDS = 600.0


@dataclass(frozen=True)
class Answered:
    """A request as the server saw it, in seconds of `time.perf_counter`."""

    visitor: str
    path: str
    begin: float
    end: float
    size: int


class FairLine:
    """A line of so many Mbit/s, and so many seconds for a round trip."""

    def __init__(self, megabits: float, round_trip: float) -> None:
        self.round_trip = round_trip
        self.megabits = megabits
        self._pace = 8 / (megabits * 1e6)
        self.piece = max(SMALLEST_PIECE, int(PIECE_SECONDS / self._pace))
        self._waiting: dict[str, deque[tuple[int, threading.Event]]] = {}
        self._changed = threading.Condition()
        self._over = False
        self.begin()

    def begin(self) -> None:
        """Count from here."""
        self.answered: list[Answered] = []
        self._seconds: Counter[int] = Counter()

    @property
    def typical(self) -> float:
        """Mbit/s that the line gave: of the seconds in which anything came, but the first and the last."""
        full = sorted(self._seconds)[1:-1]
        return sum(self._seconds[each] for each in full) * 8e-6 / len(full) if full else 0.0

    def take(self, visitor: str, size: int) -> None:
        """Wait for one's turn, and as long as so many bytes take."""
        there = threading.Event()
        with self._changed:
            self._waiting.setdefault(visitor, deque()).append((size, there))
            self._changed.notify()
        there.wait()

    def give(self) -> None:
        """Serve whoever waits, in turn, until `end`."""
        free = 0.0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._over)
                if self._over:
                    return
                visitor = next(iter(self._waiting))
                pieces = self._waiting.pop(visitor)
                size, there = pieces.popleft()
                if pieces:
                    self._waiting[visitor] = pieces  # behind the others
            now = time.perf_counter()
            free = max(now, free) + size * self._pace
            if free > now:
                time.sleep(free - now)
            self._seconds[int(free)] += size
            there.set()

    def end(self) -> None:
        with self._changed:
            self._over = True
            self._changed.notify()


@contextmanager
def served_fairly(line: FairLine, folder: Path, *, stored: bool = False) -> Iterator[tuple[str, int]]:
    """Serve a folder over the line; its address and port. `stored`: nothing is compressed."""

    class Behind(Handler):
        timeout = PATIENCE_SECONDS  # a visitor may be quiet for as long as the whole class takes

        def setup(self) -> None:
            super().setup()
            self.opened = time.perf_counter()
            time.sleep(line.round_trip)

        def _answer(self, with_body: bool) -> None:
            came = time.perf_counter()
            begin = max(self.opened, came - line.round_trip) if self.opened else came
            self.opened = self.sent = 0.0
            time.sleep(line.round_trip)
            super()._answer(with_body)
            end, size = time.perf_counter(), int(self.sent)
            if size:  # not one for a file that is not there
                line.answered.append(Answered(self.client_address[0], self.path, begin, end, size))

        def deliver(self, body: Path) -> None:
            with body.open("rb") as file:
                while piece := file.read(line.piece):
                    line.take(self.client_address[0], len(piece))
                    self.wfile.write(piece)
                    self.sent += len(piece)

        def _encoding(self, file: Path, sha256: str) -> str | None:
            return None if stored else super()._encoding(file, sha256)

    giving = threading.Thread(target=line.give, daemon=True)
    giving.start()
    try:
        with serve_site(folder, handler=Behind) as served:
            yield served.url, served.port
    finally:
        line.end()
        giving.join()
