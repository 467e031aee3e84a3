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
from attention_lab.grading.saying import Said, lazy

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


def axis_words(message: str) -> Said | None:
    found = re.search(r"axis (-?\d+) is out of bounds for array of dimension (\d+)", message)
    if not found:
        return None
    if int(found[2]) == 0:
        return lazy("This is a single number: it has no axes.")
    if int(found[2]) == 1:
        return lazy(
            "There is no axis {axis}: the array has 1 axis, numbered from 0, or from -1 at the end.",
            axis=found[1],
        )
    return lazy(
        "There is no axis {axis}: the array has {n} axes, numbered from 0, or from -1 at the end.",
        axis=found[1],
        n=found[2],
    )


def product_words(frame: FrameType, segment: str, message: str) -> Said | None:
    for left, right in _products(segment):
        first, second = _value_of(left, frame), _value_of(right, frame)
        if first is None or second is None or first.ndim == 0 or second.ndim == 0:
            continue
        shapes: dict[str, Any] = {
            "a": ast.unparse(left),
            "a_shape": first.shape,
            "b": ast.unparse(right),
            "b_shape": second.shape,
        }
        rows = second.shape[-2] if second.ndim > 1 else second.shape[0]
        if first.shape[-1] != rows:
            return lazy(_advice(first, second).text, **shapes, columns=first.shape[-1], rows=rows)
        return lazy(
            "{a} is {a_shape}, {b} is {b_shape}: the axes before the last two do not fit each other.",
            **shapes,
        )
    sizes = re.search(r"size (\d+) is different from (\d+)", message)
    if sizes:
        return lazy(
            "A product of matrices multiplies {columns} columns with {rows} rows: the two have to be "
            "equal. Look at the shapes of both.",
            columns=sizes[2],
            rows=sizes[1],
        )
    return None


_TURN_MATRIX = lazy(
    "{a} is {a_shape}, {b} is {b_shape}: {a} @ {b} multiplies {columns} columns with {rows} rows; you may "
    "want {b}.T or {b}.swapaxes(-1, -2)"
)
_TURN_SECOND = lazy(
    "{a} is {a_shape}, {b} is {b_shape}: {a} @ {b} multiplies {columns} columns with {rows} rows; you may "
    "want {b}.swapaxes(-1, -2)"
)
_TURN_FIRST = lazy(
    "{a} is {a_shape}, {b} is {b_shape}: {a} @ {b} multiplies {columns} columns with {rows} rows; you may "
    "want {a}.swapaxes(-1, -2)"
)
_EXCHANGE = lazy(
    "{a} is {a_shape}, {b} is {b_shape}: {a} @ {b} multiplies {columns} columns with {rows} rows; the order "
    "matters, and {b} @ {a} would fit"
)
_UNEQUAL = lazy(
    "{a} is {a_shape}, {b} is {b_shape}: {a} @ {b} multiplies {columns} columns with {rows} rows: the two "
    "have to be equal"
)


def _advice(first: Array, second: Array) -> Said:
    if second.ndim > 1 and second.shape[-1] == first.shape[-1]:
        return _TURN_MATRIX if second.ndim == 2 else _TURN_SECOND
    if first.ndim > 1 and second.ndim > 1 and second.shape[-1] == first.shape[-2]:
        return _EXCHANGE
    if first.ndim > 1 and second.ndim > 1 and first.shape[-2] == second.shape[-2]:
        return _TURN_FIRST
    return _UNEQUAL


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


def broadcast_words(frame: FrameType | None, segment: str, message: str) -> Said | None:
    shapes = [
        tuple(int(each) for each in found.split(",") if each.strip()) for found in _SHAPES.findall(message)
    ]
    if len(shapes) < 2:
        return None
    first, second = shapes[:2]
    names: dict[tuple[int, ...], str] = {}
    for key, each in arrays_of(frame) if frame is not None else ():
        if re.search(rf"(?<![\w.]){re.escape(key)}(?!\w)", segment):
            names.setdefault(each.shape, key)
    said = lazy(
        "{a} is {a_shape}, {b} is {b_shape}: shapes are compared from the right, and these do not fit.",
        a=names.get(first) or lazy("the first"),
        a_shape=first,
        b=names.get(second) or lazy("the second"),
        b_shape=second,
    )
    for longer, shorter in ((first, second), (second, first)):
        if longer[:-1] == shorter:
            name = names.get(shorter, "")
            if not name.isidentifier():
                return lazy(
                    "{said} One number for each row needs an axis of length 1 at its end: keepdims=True "
                    "where the shorter one is made, or [..., None] behind it.",
                    said=said,
                )
            return lazy(
                "{said} One number for each row needs an axis of length 1 at its end: keepdims=True where "
                "{name} is made, or {name}[..., None].",
                said=said,
                name=name,
            )
    return said
