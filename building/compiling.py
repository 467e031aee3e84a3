"""Compiling Python files by the Python that will import them: Pyodide, under Node."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from building.node_runner import run_node
from building.paths import NODE_SCRIPTS, ROOT
from building.stamps import digest

COMPILER = ROOT / "building" / "inside" / "compile.py"
SITE_PACKAGES = "/lib/python3.13/site-packages"
EVERYTHING = ("",)


def compiler_digest(runtime: Path) -> str:
    """What names the compiler: the runtime and our part of it."""
    return digest(runtime.name, COMPILER.read_bytes(), (NODE_SCRIPTS / "run_python.mjs").read_bytes())


@dataclass(frozen=True)
class Tree:
    """Files of which every .py is to be compiled; a .pyc takes its place, or joins it.

    Only files whose paths begin with one of `keep_sources` keep their sources, and only those of `documented`
    their docstrings.
    """

    members: Mapping[str, bytes]
    home: str = SITE_PACKAGES
    keep_sources: Sequence[str] = ()
    documented: Sequence[str] = EVERYTHING


def compile_trees(trees: Sequence[Tree], runtime: Path) -> list[dict[str, bytes]]:
    """The same files with every .py compiled, by one interpreter, which takes seconds to start."""
    with tempfile.TemporaryDirectory(prefix="attention-lab-") as scratch:
        jobs = [Path(scratch) / str(number) for number in range(len(trees))]
        for tree, job in zip(trees, jobs, strict=True):
            _write(tree, job)
        run_node("run_python.mjs", runtime, COMPILER, *jobs)
        return [_files(job / "tree") for job in jobs]


def _write(tree: Tree, job: Path) -> None:
    for path, data in tree.members.items():
        (job / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        (job / "tree" / path).write_bytes(data)
    options = {
        "home": tree.home,
        "keep_sources": list(tree.keep_sources),
        "documented": list(tree.documented),
    }
    (job / "options.json").write_text(json.dumps(options))


def _files(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
