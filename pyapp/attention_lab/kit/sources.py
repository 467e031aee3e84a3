"""Source lines as they stand in the library or in a lab: what the page shows is what ran."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

_TINTED = re.compile(r"\b((?:w_)?([qkv]))\b")


class SourceLines(NamedTuple):
    """Where a stage is computed."""

    file: str
    line: int
    lines: tuple[str, ...]


@cache
def source_of(file: str, names: tuple[str, ...]) -> SourceLines:
    """Find the assignments to these names in a file of the library."""
    text = resources.files("attention").joinpath(file).read_text(encoding="utf-8")
    found = [node for node in _statements(ast.parse(text).body) if _computes(node, names)]
    if len(found) != len(names):
        raise LookupError(f"expected one assignment to each of {names} in attention/{file}, got {len(found)}")
    rows = text.splitlines()
    lines = [row for node in found for row in rows[node.lineno - 1 : node.end_lineno]]
    dedented = textwrap.dedent("\n".join(lines)).splitlines()
    return SourceLines(f"attention/{file}", found[0].lineno, tuple(map(_without_comment, dedented)))


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        yield from _statements(getattr(statement, "body", []))


def _computes(statement: ast.stmt, names: tuple[str, ...]) -> bool:
    """Say whether this is `name = <computation>`, and not `name = check(name, ...)`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) if name in names:
            return not any(
                isinstance(each, ast.Name) and each.id == name for each in ast.walk(statement.value)
            )
    return False


def _without_comment(line: str) -> str:
    """Leave out the general shape at the end of a line: the live one stands below it."""
    return re.sub(r"\s+#[^'\"]*$", "", line)


@cache
@cache
def function_of(made: Callable[..., Any]) -> SourceLines:
    """Return the lines of a function, without its docstring: what a lab computes with, as it stands."""
    lines, first = inspect.getsourcelines(made)
    tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    signature = lines[tree.lineno - 1 : tree.body[0].lineno - 1]
    kept = [*signature, *lines[body[0].lineno - 1 : body[-1].end_lineno]]
    dedented = textwrap.dedent("".join(kept)).splitlines()
    return SourceLines(_place_of(made), first + tree.lineno - 1, tuple(map(_without_comment, dedented)))


def _place_of(made: Callable[..., Any]) -> str:
    """Return the file of a function, from its package on, wherever that is installed."""
    file = Path(str(inspect.getsourcefile(inspect.unwrap(made)))).name
    parts = made.__module__.split(".")
    return "/".join([*(parts if file == "__init__.py" else parts[:-1]), file])


def tinted_lines(lines: tuple[str, ...]) -> list[list[dict[str, str]]]:
    """Cut lines into pieces, so that q, k and v can have their colours."""
    return [_pieces(line) for line in lines]


def _pieces(line: str) -> list[dict[str, str]]:
    pieces, end = [], 0
    for found in _TINTED.finditer(line):
        if found.start() > end:
            pieces.append({"t": line[end : found.start()]})
        pieces.append({"t": found[1], "cls": found[2]})
        end = found.end()
    return [*pieces, {"t": line[end:]}] if end < len(line) else pieces
