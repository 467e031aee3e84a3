"""`build.py dev`: the labs from source, under `panel serve`, with no static build; what is saved is shown.

The server is a process of its own. Whatever is saved, it is started anew, and the page loads itself again.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from building.errors import BuildError
from building.extension import write_extension
from building.paths import ROOT
from building.progress import complain, note, step
from building.serving import free_port

SOURCES = ROOT / "pyapp"
WATCHED = {".py", ".md", ".toml", ".js", ".css", ".svg", ".json", ".safetensors"}
BUNDLED = {".js", ".css", ".svg"}
GENERATED = SOURCES / "attention_lab" / "dist"
POLL_SECONDS = 0.3

Saved = dict[Path, int]


def dev(lab: str | None, port: int) -> int:
    """Serve until Ctrl-C."""
    free = free_port(port)
    if free != port:
        note(f"Port {port} is taken.")
    saved = look()
    _bundle()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server must not outlive this process
    server = _start(lab, free)
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(POLL_SECONDS)
            now = look()
            changed = differing(saved, now)
            if not changed:
                continue
            saved = now
            note(f"Saved: {', '.join(sorted(path.name for path in changed))}")
            if any(path.suffix in BUNDLED for path in changed):
                _bundle()
            _end(server)
            server = _start(lab, free)
    _end(server)
    return 0


def look() -> Saved:
    """When each file of the sources was last written."""
    found = {}
    for folder, folders, files in os.walk(SOURCES):
        folders[:] = [each for each in folders if each != "__pycache__" and Path(folder, each) != GENERATED]
        for path in (Path(folder, file) for file in files):
            if path.suffix in WATCHED and path.name != "bokeh.ext.json":
                with contextlib.suppress(FileNotFoundError):  # an editor may be replacing it
                    found[path] = path.stat().st_mtime_ns
    return found


def differing(before: Saved, now: Saved) -> set[Path]:
    """The files that were written, made or removed meanwhile."""
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}


def _bundle() -> None:
    try:
        with step("Scripts and styles"):
            write_extension()
    except BuildError as error:  # a slip in a script: what was there stays until it is mended
        complain(str(error))


def _start(lab: str | None, port: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCES), str(ROOT)])}
    command = [sys.executable, "-m", "building.dev_server", str(port), *([lab] if lab else [])]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait()
