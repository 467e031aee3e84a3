"""The line that computes this step, read from the library's own source, with the shapes it has now."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from attention_lab.views.numbers import term
from attention_lab.views.scene import Scene

_SOURCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "x": ("embedding.py", ("x",)),
    "q": ("heads.py", ("q", "k", "v")),
    "raw_scores": ("core.py", ("raw_scores",)),
    "scaled_scores": ("core.py", ("scaled_scores",)),
    "masked_scores": ("core.py", ("masked_scores",)),
    "weights": ("core.py", ("weights",)),
    "head_outputs": ("core.py", ("head_outputs",)),
}
"""The file of each stage, and the names that are assigned there."""

_MATRICES = {
    "x": ["x"],
    "q": ["q", "k", "v", "k_t"],
    "masked_scores": ["mask", "masked_scores"],
}
_TINTED = re.compile(r"\b((?:w_)?([qkv]))\b")


class SourceLines(NamedTuple):
    """Where a stage is computed."""

    file: str
    line: int
    lines: tuple[str, ...]


def code(scene: Scene) -> dict[str, Any]:
    """Show the real source line with live shapes."""
    stage = scene.step.stage
    source = source_of(stage)
    return {
        "file": source.file,
        "line": source.line,
        "lines": tinted_lines(stage),
        "shape": _shape(scene, stage),
        "matrices": _MATRICES.get(stage, [stage]),
    }


@cache
def source_of(stage: str) -> SourceLines:
    """Find the assignments to the stage's names in the library's source."""
    file, names = _SOURCES[stage]
    text = resources.files("attention").joinpath(file).read_text(encoding="utf-8")
    found = [node for node in _statements(ast.parse(text).body) if _computes(node, names)]
    if len(found) != len(names):
        raise LookupError(
            f"{stage}: expected one assignment to each of {names} in attention/{file}, got {len(found)}"
        )
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
def tinted_lines(stage: str) -> list[list[dict[str, str]]]:
    """Cut the lines into pieces, so that q, k and v can have their colours."""
    return [_pieces(line) for line in source_of(stage).lines]


def _pieces(line: str) -> list[dict[str, str]]:
    pieces, end = [], 0
    for found in _TINTED.finditer(line):
        if found.start() > end:
            pieces.append({"t": line[end : found.start()]})
        pieces.append({"t": found[1], "cls": found[2]})
        end = found.end()
    return [*pieces, {"t": line[end:]}] if end < len(line) else pieces


def _shape(scene: Scene, stage: str) -> str:
    session, n = scene.session, scene.n
    heads, d_model, d_k = session.n_heads, session.d_model, session.d_k
    scores, rows = f"({heads}, {n}, {n})", f"({heads}, {n}, {d_k})"
    ends = "no result: FullyMaskedRowError" if scene.refusal else None
    match stage:
        case "x":
            vocab = len(scene.embedded.vocab)
            return f"({vocab}, {d_model})[({n},)] → ({n}, {d_model})"
        case "q":
            return f"({n}, {d_model}) @ ({d_model}, {d_model}) → {rows}"
        case "raw_scores":
            return f"{rows} @ ({heads}, {d_k}, {n}) → {scores}"
        case "scaled_scores":
            scale = session.usual_scale if session.scale is None else session.scale
            return f"{scores} * {term(scale)} → {scores}"
        case "masked_scores":
            mask = "()" if session.mask_array is None else f"({n}, {n})"
            return f"{scores} + {mask} → {scores}"
        case "weights":
            return f"{scores} → {ends or scores}"
    return f"{scores} @ {rows} → {ends or rows}"
