"""Steps that are done once for each content: a folder is named by the digest of what went into it.

A folder is made under another name and renamed when it is whole, so an interrupted step leaves nothing that a
later run could take for finished.
"""

import base64
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from building.paths import INTERMEDIATE

KEPT = 3  # generations of one step: a second branch, or a change taken back, costs nothing


def digest(*parts: object) -> str:
    """A digest of values with a stable text form."""
    whole = hashlib.sha256()
    for part in parts:
        text = part if isinstance(part, bytes) else str(part).encode()
        whole.update(len(text).to_bytes(8, "big") + text)
    return whole.hexdigest()


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's contents, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def integrity(sha256: str) -> str:
    """A digest in hex, in the form that a browser checks a file against."""
    return "sha256-" + base64.b64encode(bytes.fromhex(sha256)).decode()


def tree_digest(files: Iterable[Path], relative_to: Path) -> str:
    """A digest of the names and contents of files, whatever order they come in."""
    pairs = sorted((path.relative_to(relative_to).as_posix(), path.read_bytes()) for path in files)
    return digest(*(part for pair in pairs for part in pair))


def _folder(step: str, key: str, home: Path) -> Path:
    return home / step / key[:16]


def is_made(step: str, key: str, home: Path = INTERMEDIATE) -> bool:
    """Whether `made` would find the folder of `step` for `key`."""
    return _folder(step, key, home).is_dir()


def made(step: str, key: str, make: Callable[[Path], None], home: Path = INTERMEDIATE) -> Path:
    """The folder of `step` for `key`: found, or filled by `make(folder)`."""
    folder = _folder(step, key, home)
    if folder.is_dir():
        os.utime(folder)
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder.parent))
    try:
        make(unfinished)
        unfinished.chmod(0o755)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    _forget_old(folder.parent)
    return folder


def _forget_old(steps: Path) -> None:
    generations = sorted(steps.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in generations[KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there completely or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        unfinished.chmod(0o644)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
