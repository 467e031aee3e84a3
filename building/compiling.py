"""Compiling Python files by the Python that will import them: Pyodide, under Node."""

import json
import tempfile
from collections.abc import Mapping, Sequence
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


def compile_tree(
    members: Mapping[str, bytes],
    runtime: Path,
    *,
    home: str = SITE_PACKAGES,
    keep_sources: Sequence[str] = (),
    documented: Sequence[str] = EVERYTHING,
) -> dict[str, bytes]:
    """The same files with every .py compiled; a .pyc takes its place, or joins it.

    Only files whose paths begin with one of `keep_sources` keep their sources. Only files whose paths begin with one of `documented` keep their docstrings.
    """
    with tempfile.TemporaryDirectory(prefix="attention-lab-") as scratch:
        job = Path(scratch)
        tree = job / "tree"
        tree.mkdir()
        for path, data in members.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_bytes(data)
        options = {"home": home, "keep_sources": list(keep_sources), "documented": list(documented)}
        (job / "options.json").write_text(json.dumps(options))
        run_node("run_python.mjs", runtime, COMPILER, job)
        return {
            path.relative_to(tree).as_posix(): path.read_bytes() for path in tree.rglob("*") if path.is_file()
        }
