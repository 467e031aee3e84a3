"""Mistakes with shapes in words: what does not multiply, what does not line up, which axis is not there.

Standard library and NumPy only: the runner gets this file as text (see shipping.py). Nothing of the learner's
runs for it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from types import FrameType
from typing import Any

from numpy import ndarray

from attention_lab.grading.protocol import Array

_MOST_ARRAYS = 12
_SHAPES = re.compile(r"\(([\d, ]*)\)")


def arrays_of(frame: FrameType) -> Iterator[tuple[str, Array]]:
    """The arrays that have a name where the exception was raised."""
    known = {
        **{key: each for key, each in frame.f_globals.items() if type(each) is ndarray},
        **frame.f_locals,
    }
    arrays = [(key, each) for key, each in known.items() if type(key) is str and type(each) is ndarray]
    own = known.get("self")
    for key, each in (getattr(own, "__dict__", None) or {}).items() if own is not None else ():
        if type(each) is ndarray:
            arrays.append((f"self.{key}", each))
    yield from arrays[:_MOST_ARRAYS]


def axis_words(message: str) -> str:
    found = re.search(r"axis (-?\d+) is out of bounds for array of dimension (\d+)", message)
    if not found:
        return ""
    count = int(found[2])
    if count == 0:
        return "This is a single number: it has no axes."
    return (
        f"There is no axis {found[1]}: the array has {count} {'axis' if count == 1 else 'axes'}, "
        "numbered from 0, or from -1 at the end."
    )


def product_words(frame: FrameType, segment: str, message: str) -> str:
    for left, right in _products(segment):
        first, second = _value_of(left, frame), _value_of(right, frame)
        if first is None or second is None or first.ndim == 0 or second.ndim == 0:
            continue
        a, b = ast.unparse(left), ast.unparse(right)
        rows = second.shape[-2] if second.ndim > 1 else second.shape[0]
        if first.shape[-1] != rows:
            product = f"{a} @ {b}"
            return (
                f"{a} is {first.shape}, {b} is {second.shape}: {product} multiplies "
                f"{first.shape[-1]} columns with {rows} rows{_advice(a, first, b, second)}"
            )
        return (
            f"{a} is {first.shape}, {b} is {second.shape}: the axes before the last two do not fit "
            "each other."
        )
    sizes = re.search(r"size (\d+) is different from (\d+)", message)
    if sizes:
        return (
            f"A product of matrices multiplies {sizes[2]} columns with {sizes[1]} rows: the two "
            "have to be equal. Look at the shapes of both."
        )
    return ""


def _advice(a: str, first: Array, b: str, second: Array) -> str:
    if second.ndim > 1 and second.shape[-1] == first.shape[-1]:
        swapped = f"{b}.swapaxes(-1, -2)"
        return f"; you may want {b}.T or {swapped}" if second.ndim == 2 else f"; you may want {swapped}"
    if first.ndim > 1 and second.ndim > 1 and second.shape[-1] == first.shape[-2]:
        return f"; the order matters, and {b} @ {a} would fit"
    if first.ndim > 1 and second.ndim > 1 and first.shape[-2] == second.shape[-2]:
        return f"; you may want {a}.swapaxes(-1, -2)"
    return ": the two have to be equal"


def _products(segment: str) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The two sides of each matrix product in a piece of source, the innermost first."""
    try:
        tree = ast.parse(segment.strip())
    except (SyntaxError, ValueError):
        return
    for node in reversed(list(ast.walk(tree))):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            yield node.left, node.right
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("matmul", "dot") and len(node.args) == 2:
                yield node.args[0], node.args[1]
            elif node.func.attr == "dot" and len(node.args) == 1:
                yield node.func.value, node.args[0]


def _value_of(node: ast.expr, frame: FrameType) -> Array | None:
    """The array that an expression stands for, where finding it runs none of the learner's code."""
    found = _lookup(node, frame)
    return found if type(found) is ndarray else None


def _lookup(node: ast.expr, frame: FrameType) -> Any:
    if isinstance(node, ast.Name):
        return frame.f_locals.get(node.id, frame.f_globals.get(node.id))
    if isinstance(node, ast.Attribute):
        base = _lookup(node.value, frame)
        if type(base) is ndarray:
            return base.T if node.attr == "T" else None
        own = getattr(base, "__dict__", None) if base is not None else None
        return own.get(node.attr) if type(own) is dict else None
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        base = _lookup(node.value, frame)
        return base.get(node.slice.value) if type(base) is dict else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        base = _lookup(node.func.value, frame)
        if type(base) is ndarray and node.func.attr in ("swapaxes", "transpose"):
            try:
                places = [ast.literal_eval(each) for each in node.args]
                return base.swapaxes(*places) if node.func.attr == "swapaxes" else base.transpose(*places)
            except (ValueError, TypeError):
                return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        first, second = _value_of(node.left, frame), _value_of(node.right, frame)
        try:
            return first @ second if first is not None and second is not None else None
        except ValueError:
            return None
    return None


def broadcast_words(frame: FrameType | None, segment: str, message: str) -> str:
    shapes = [
        tuple(int(each) for each in found.split(",") if each.strip()) for found in _SHAPES.findall(message)
    ]
    if len(shapes) < 2:
        return ""
    first, second = shapes[:2]
    names: dict[tuple[int, ...], str] = {}
    for key, each in arrays_of(frame) if frame is not None else ():
        if re.search(rf"(?<![\w.]){re.escape(key)}(?!\w)", segment):
            names.setdefault(each.shape, key)
    a, b = names.get(first, "the first"), names.get(second, "the second")
    said = f"{a} is {first}, {b} is {second}: shapes are compared from the right, and these do not fit."
    for longer, shorter, name in ((first, second, b), (second, first, a)):
        if longer[:-1] == shorter:
            called = name if name.isidentifier() else "the shorter one"
            return (
                f"{said} One number for each row needs an axis of length 1 at its end: "
                f"keepdims=True where {called} is made, or {called}[..., None]."
            )
    return said
