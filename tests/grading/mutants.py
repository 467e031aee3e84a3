"""Programs that differ from another by one small change: what a check has to notice."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.Eq: (ast.NotEq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
FUNCTIONS = {"max": "min", "maximum": "minimum", "mean": "sum", "sum": "mean", "sin": "cos", "cos": "sin"}
FUNCTIONS |= {
    "exp": "exp2",
    "sqrt": "cbrt",
    "argmax": "argmin",
    "zeros": "ones",
    "ones": "zeros",
    "tri": "ones_like",
}
METHODS = ("swapaxes", "reshape", "max", "sum", "mean")
SYMMETRIC = ("swapaxes", "maximum")


def mutants(program: str) -> Iterator[tuple[str, str]]:
    """Yield (what was changed, the changed program), each change once."""
    tree = ast.parse(program)
    seen = {ast.unparse(tree)}
    for place, node in enumerate(ast.walk(tree)):
        for words, changed in _changes(node):
            whole = copy.deepcopy(tree)
            for field, value in ast.iter_fields(changed):
                setattr(list(ast.walk(whole))[place], field, value)
            if type(changed) is not type(node):
                _put(whole, list(ast.walk(whole))[place], changed)
            text = ast.unparse(ast.fix_missing_locations(whole))
            if text not in seen:
                seen.add(text)
                line = getattr(node, "lineno", 0)
                yield f"{words} in `{program.splitlines()[line - 1].strip()}`", text


def _put(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    """Put one node in the place of another."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
            elif isinstance(value, list):
                setattr(parent, field, [new if each is old else each for each in value])


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    def with_(**fields: object) -> ast.AST:
        changed = copy.deepcopy(node)
        for field, value in fields.items():
            setattr(changed, field, value)
        return changed

    if isinstance(node, ast.BinOp):
        for operator in OPERATORS.get(type(node.op), ()):
            yield f"{type(node.op).__name__} to {operator.__name__}", with_(op=operator())
        if not isinstance(node.op, ast.Add | ast.Mult):
            yield "sides exchanged", with_(left=copy.deepcopy(node.right), right=copy.deepcopy(node.left))
        yield "left side only", copy.deepcopy(node.left)
        yield "right side only", copy.deepcopy(node.right)
    elif isinstance(node, ast.Compare):
        for comparison in COMPARISONS.get(type(node.ops[0]), ()):
            yield f"{type(node.ops[0]).__name__} to {comparison.__name__}", with_(ops=[comparison()])
    elif isinstance(node, ast.UnaryOp):
        yield "sign dropped", copy.deepcopy(node.operand)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for value in (node.value + 1, node.value - 1, 0):
            yield f"{node.value} to {value}", with_(value=value)
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield f"{node.value} to {not node.value}", with_(value=not node.value)
    elif isinstance(node, ast.Call):
        yield from _of_call(node)
    elif isinstance(node, ast.FunctionDef | ast.If | ast.For):
        for place, statement in enumerate(node.body):
            is_words = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if not is_words:
                rest = [copy.deepcopy(each) for each in node.body if each is not statement]
                yield f"statement {place} dropped", with_(body=rest or [ast.Pass()])


def _of_call(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if name in FUNCTIONS:
        changed = copy.deepcopy(node)
        assert isinstance(changed.func, ast.Attribute)
        changed.func.attr = FUNCTIONS[name]
        yield f"{name} to {FUNCTIONS[name]}", changed
    of_array = isinstance(node.func, ast.Attribute) and not isinstance(
        node.func.value, ast.Name | ast.Constant
    )
    if isinstance(node.func, ast.Attribute) and (of_array or name in METHODS):
        yield f"{name} dropped", copy.deepcopy(node.func.value)
    if len(node.args) == 1:
        yield f"{ast.unparse(node.func)} dropped", copy.deepcopy(node.args[0])
    for place in range(len(node.args) - 1 if name not in SYMMETRIC else 0):
        changed = copy.deepcopy(node)
        changed.args[place], changed.args[place + 1] = changed.args[place + 1], changed.args[place]
        yield f"arguments {place} and {place + 1} exchanged", changed
    for keyword in node.keywords:
        changed = copy.deepcopy(node)
        changed.keywords = [copy.deepcopy(each) for each in node.keywords if each is not keyword]
        yield f"{keyword.arg} dropped", changed
