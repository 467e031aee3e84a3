"""A server whose line is as fast as a test wants it."""

from __future__ import annotations

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
