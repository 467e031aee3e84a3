"""The runner in a process of its own: for the command line, where there is no worker to end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

from attention_lab.grading.judge import ended
from attention_lab.grading.shipping import process_source
from attention_lab.kit.texts import lazy

STARTING = 60
"""Seconds that Python and NumPy may take to start; they do not count for the program."""
_GRACE = 2  # seconds after its limit, in which the program may still end by itself
_MOST = 64_000_000  # bytes of a reply
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP", "LANG")
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class CannotGradeError(RuntimeError):
    """No process could be started to run a program in."""


@dataclass(frozen=True, slots=True)
class Run:
    """A reply, and the limits that held."""

    reply: Any
    limits: tuple[str, ...]


def run_apart(request: Mapping[str, Any]) -> Run:
    """Run a request in a new process that sees nothing of this project, and end it."""
    with tempfile.TemporaryDirectory(prefix="attention-lab-", ignore_cleanup_errors=True) as folder:
        program = Path(folder) / "runner.py"
        program.write_text(process_source(), encoding="utf-8")
        empty = Path(folder) / "here"
        empty.mkdir()
        with (Path(folder) / "said").open("wb+") as said:
            process = subprocess.Popen(
                [sys.executable, "-I", "-X", "utf8", str(program)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                cwd=empty,
                env=_environment(),
                start_new_session=True,
            )
            try:
                return _talk(process, request)
            except Empty:
                said.seek(0)
                last = said.read().decode("utf-8", "replace").strip().splitlines()[-1:]
                raise CannotGradeError(
                    lazy("no process to run it in could be started: {words}", words=last[0])
                    if last
                    else lazy("no process to run it in could be started: it said nothing")
                ) from None
            finally:
                _end(process)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | dict.fromkeys(_THREADS, "1")  # a thread of the product of matrices takes memory


def _talk(process: subprocess.Popen[bytes], request: Mapping[str, Any]) -> Run:
    """Send the request, and wait for two lines: that it begins, and the reply. Empty: it did not begin."""
    assert process.stdin is not None
    assert process.stdout is not None
    lines: Queue[bytes] = Queue()
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps(request).encode())
        process.stdin.close()
    first = lines.get(timeout=STARTING)
    if not first:
        process.wait()
        raise Empty
    limits = tuple(json.loads(first)["limits"])
    try:
        line = lines.get(timeout=request["limits"]["seconds"] + _GRACE)
    except Empty:
        return Run(ended("time"), limits)
    if not line:
        return Run(ended(_why(process.wait())), limits)
    try:
        return Run(json.loads(line), limits)
    except (ValueError, RecursionError):
        return Run(ended("ended"), limits)


def _read(stream: IO[bytes], lines: Queue[bytes]) -> None:
    """Put each line into a queue; an empty one at the end."""
    with contextlib.suppress(OSError, ValueError):
        while line := stream.readline(_MOST):
            lines.put(line)
    lines.put(b"")


def _why(code: int) -> str:
    """What a process without a reply was ended by."""
    killed = getattr(signal, "SIGKILL", None)
    return "memory" if killed is not None and code == -killed else "ended"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process, and whatever it started that stayed in its group."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
