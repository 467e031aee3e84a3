"""The memory snapshot: Python's memory once everything is imported and the first document is made.

The page that restores it needs the runtime's own file and four of ours: what the memory is like, the side
modules that were linked, the files that its labs read, and the memory itself. A fifth, with everything else
that can still be imported or read, comes when those labs are alive.
"""

import json
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from building.compiling import SITE_PACKAGES
from building.errors import BuildError
from building.node_runner import run_node
from building.paths import NODE_SCRIPTS, ROOT
from building.prerender import ENVIRONMENT, Prerendered
from building.stamps import digest, file_sha256, made
from building.stdlib import HOME as STDLIB
from building.zips import zip_bytes, zips_digest

WARM = ROOT / "building" / "inside" / "warm.py"
SCRIPTS = ("snapshot.mjs", "record.mjs", "still.mjs")
#: The part of each file in the boot, and its name.
NAMES = {
    "meta": "snapshot.json",
    "libraries": "snapshot-libraries.bin",
    "files": "snapshot-files.bin",
    "rest": "snapshot-rest.bin",
    "heap": "snapshot-heap.bin",
}


#: The labs that are in the memory; the files that were read until they had been used.
REMEMBERED = "labs.json"
READ = "read.json"


@dataclass(frozen=True)
class Boot:
    """What Python boots from."""

    runtime: Path
    patched: Path
    stdlib: Path
    wheels: Path  # a folder


def snapshot(boot: Boot, names: Iterable[str], first: Prerendered) -> Path:
    """The folder of the snapshot's five files; its documents are those of the first paint."""
    programs = [WARM, Path(__file__), *(NODE_SCRIPTS / name for name in SCRIPTS)]
    names = list(names)
    key = digest(
        boot.runtime.name, boot.patched.name, file_sha256(boot.stdlib), zips_digest(),
        *(file_sha256(boot.wheels / name) for name in names), *(file_sha256(path) for path in programs),
        ENVIRONMENT, list(first.documents.items()),
    )  # fmt: skip
    return made("snapshot", key, lambda folder: _make(boot, names, first, folder))


def _make(boot: Boot, names: list[str], first: Prerendered, folder: Path) -> None:
    members = _unpacked(boot.wheels / name for name in names)
    with tempfile.TemporaryDirectory(prefix="attention-lab-") as scratch:
        tree, out = Path(scratch) / "tree", Path(scratch) / "out"
        out.mkdir()
        for path, data in members.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_bytes(data)
        options = {
            "runtime": str(boot.runtime), "patched": str(boot.patched), "stdlib": str(boot.stdlib),
            "tree": str(tree), "warm": str(WARM), "env": ENVIRONMENT, "out": str(out),
        }  # fmt: skip
        request = Path(scratch) / "options.json"
        request.write_text(json.dumps(options))
        run_node("snapshot.mjs", request)
        told = json.loads((out / "told.json").read_bytes())
        meta = json.loads((out / "meta.json").read_bytes())
        (out / "heap.bin").rename(folder / NAMES["heap"])
    if told["documents"].items() - first.documents.items():
        raise BuildError("The documents in the memory snapshot are not those that the build paints.")
    (folder / NAMES["meta"]).write_text(json.dumps(meta, sort_keys=True))
    libraries = {each["name"]: members[_inside(each["name"])] for each in meta["link"]["libraries"]}
    (folder / NAMES["libraries"]).write_bytes(pack(libraries))
    in_heap = {*told["modules"], *libraries}
    left = _left(members, boot.stdlib, in_heap)
    shown = {f"{SITE_PACKAGES}/{path}" for path in members if _is_shown(path, told["documents"])}
    needed = left.keys() & {*told["again"], *shown}
    for part, paths in {"files": needed, "rest": left.keys() - needed}.items():
        (folder / NAMES[part]).write_bytes(pack({path: left[path] for path in sorted(paths)}))
    (folder / REMEMBERED).write_text(json.dumps(sorted(told["documents"])))
    (folder / READ).write_text(json.dumps(sorted({*told["read"], *shown})))


def _unpacked(wheels: Iterable[Path]) -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    for path in wheels:
        with zipfile.ZipFile(path) as wheel:
            members |= {item.filename: wheel.read(item) for item in wheel.infolist() if not item.is_dir()}
    return members


def _inside(path: str) -> str:
    return path.removeprefix(f"{SITE_PACKAGES}/")


def _left(members: Mapping[str, bytes], stdlib: Path, in_heap: Collection[str]) -> dict[str, bytes]:
    """Every file that is not in the memory: a compiled module that is imported is read no more."""
    files = {f"{SITE_PACKAGES}/{path}": data for path, data in members.items()}
    compiled = {path for path in in_heap if path.endswith((".pyc", ".so"))}  # sources are shown to learners
    with zipfile.ZipFile(stdlib) as archive:
        rest = {
            item.filename: archive.read(item)
            for item in archive.infolist()
            if not item.is_dir() and f"{STDLIB}/{item.filename}" not in in_heap
        }
    kept = {path: data for path, data in sorted(files.items()) if path not in compiled}
    return {STDLIB: zip_bytes(rest)} | kept


def _is_shown(path: str, labs: Iterable[str]) -> bool:
    """Whether the labs that are in the memory may show a file: the sources of the maths, and their own."""
    own = path.startswith(tuple(f"attention_lab/labs/{lab}/" for lab in labs))
    return own or (path.endswith(".py") and Path(path).parent.as_posix() == "attention")


def pack(files: Mapping[str, bytes]) -> bytes:
    """One file of many, as web/restore.js reads it: the index's length, the index as JSON, the contents."""
    index = json.dumps([[name, len(data)] for name, data in files.items()], separators=(",", ":")).encode()
    return b"".join([len(index).to_bytes(4, "little"), index, *files.values()])
