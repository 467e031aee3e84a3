"""A server whose line is as fast as a test wants it."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import ClassVar

from building.serving import Handler

PARTS = 10


class Line(Handler):
    """Notes what it is asked for."""

    asked: ClassVar[list[str]]


def line(seconds: float, pause: float = 0.0) -> type[Line]:
    """Make a handler that takes so long for the file by which the page measures the line, with one pause."""

    class Measured(Line):
        asked: ClassVar[list[str]] = []

        def deliver(self, body: Path) -> None:
            self.asked.append(self.path)
            if "pyodide.asm" not in self.path:
                super().deliver(body)
                return
            content = body.read_bytes()
            size = -(-len(content) // PARTS)
            for start in range(0, len(content), size):
                self.wfile.write(content[start : start + size])
                self.wfile.flush()
                time.sleep(seconds / PARTS + (pause if start == size else 0.0))

    return Measured


def held_up(asked_for: str, seconds: float) -> type[Line]:
    """Make a handler that keeps back the end of that file until it has been asked for another, or so long."""
    came = threading.Event()

    class Held(Line):
        asked: ClassVar[list[str]] = []

        def deliver(self, body: Path) -> None:
            if asked_for in self.path:
                came.set()
            if "pyodide.asm" not in self.path:
                super().deliver(body)
                return
            content = body.read_bytes()
            most = len(content) * (PARTS - 1) // PARTS
            self.wfile.write(content[:most])
            self.wfile.flush()
            if came.wait(seconds):
                self.asked.append(self.path)
            self.wfile.write(content[most:])

    return Held
