"""Runs inside Pyodide at build time: compile every .py file below `/job/tree`, in place.

The .pyc files are "unchecked": Python does not look for a newer source. Where the source stays, the compiled
file goes where Python looks for it then. Options (`/job/options.json`): `home`, the folder that tracebacks
name; `keep_sources`, the beginnings of paths that keep their sources; `documented`, of those that keep their
docstrings. The others lose
them as with `python -OO`, but keep their assertions.
"""

import ast
import importlib.util
import json
import marshal
from pathlib import Path

JOB = Path("/job")
UNCHECKED_HASH = (1).to_bytes(4, "little")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def drop_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            first = node.body.pop(0)
            if not node.body:
                node.body.append(ast.copy_location(ast.Pass(), first))


def compile_one(source: Path, home: str, keep_sources: list[str], documented: list[str]) -> None:
    text = source.read_bytes()
    path = source.relative_to(JOB / "tree").as_posix()
    name = f"{home}/{path}"
    tree = compile(text, name, "exec", flags=ast.PyCF_ONLY_AST, dont_inherit=True)
    if not path.startswith(tuple(documented)):
        drop_docstrings(tree)
    code = compile(tree, name, "exec", dont_inherit=True, optimize=0)
    header = importlib.util.MAGIC_NUMBER + UNCHECKED_HASH + importlib.util.source_hash(text)
    kept = path.startswith(tuple(keep_sources))
    if kept:
        target = Path(importlib.util.cache_from_source(str(source)))
        target.parent.mkdir(exist_ok=True)
    else:
        target = source.with_suffix(".pyc")
    target.write_bytes(header + marshal.dumps(code))
    if not kept:
        source.unlink()


options = json.loads((JOB / "options.json").read_text())
for path in sorted((JOB / "tree").rglob("*.py")):
    compile_one(path, **options)
