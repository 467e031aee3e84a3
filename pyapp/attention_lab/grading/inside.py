"""What a process of its own does around the runner: limits first, one request in, one reply out.

Standard library only, and the runner: the process gets this file as text (see shipping.py). The reply goes by
a channel that prints do not reach. It is no sandbox: who wants to find the channel can.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from json import dumps, loads
from types import FrameType
from typing import Any, NoReturn

from attention_lab.grading.running import REFUSED, Stop, run
from attention_lab.grading.saying import lazy

_exit, _write = os._exit, os.write
_MEGABYTE = 1_000_000


class Refusing:
    """Finds no module of this project, however it is asked for."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> None:
        """Refuse by name what an exercise may not import; leave the rest to others."""
        if name.split(".")[0] in REFUSED:
            raise ImportError(lazy("`{name}` cannot be imported in an exercise.", name=name.split(".")[0]))


def main() -> NoReturn:
    """Run the request that comes on standard input; this process ends with it."""
    request = loads(sys.stdin.buffer.read())
    channel, nothing = os.dup(1), os.open(os.devnull, os.O_RDWR)
    for each in (0, 1, 2):
        os.dup2(nothing, each)
    sys.meta_path.insert(0, Refusing())
    _send(channel, {"limits": _limit(request["limits"])})
    try:
        reply = run(request)
    except Stop as stop:  # time was up between two steps of the runner
        reply = {"ran": False, "results": [], "output": [], "loading": None, "stopped": stop.why}
    _send(channel, reply)
    _exit(0)


def _send(channel: int, plain: Any) -> None:
    data = memoryview(dumps(plain).encode() + b"\n")
    while data:
        data = data[_write(channel, data) :]


def _limit(limits: dict[str, int]) -> list[str]:
    """Set the limits that this system has; the names of those that hold."""
    held = ["time", "output"]  # time is also held by who started this process
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _time_is_up)
        signal.setitimer(signal.ITIMER_REAL, limits["seconds"], 0.2)
    try:
        import resource
    except ImportError:  # Windows
        return held
    wanted = {
        "memory": (resource.RLIMIT_AS, _in_use() + limits["memory"] * _MEGABYTE),
        "files": (resource.RLIMIT_FSIZE, 0),
        "dumps": (resource.RLIMIT_CORE, 0),
    }
    for name, (kind, most) in wanted.items():
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):  # macOS has no limit of memory
            continue
        held += [name] if name != "dumps" else []
    return held


def _in_use() -> int:
    """The bytes of address space that Python and NumPy take themselves."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - nothing else is imported for it
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 500 * _MEGABYTE


def _time_is_up(signal_: int, frame: FrameType | None) -> None:
    raise Stop("time")
