"""What a machine can check of a guide: its links, its minutes, and where each of its digits comes from."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from functools import cache
from io import StringIO

from attention_lab.guides.reading import LEVELS, SECTIONS, Guide, Part
from attention_lab.guides.saying import NAME
from attention_lab.guides.showing import NotShownError, opened, shown
from attention_lab.kit.numbers import rounds_to
from attention_lab.kit.scene import made

CODE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
"""A program in a guide: it is run, and what it prints stands below it."""
LINK = re.compile(r"\]\(index\.html#lab=(\w+)&([^)]*)\)")
"""A link in a text to a state of any lab."""
DIGITS = re.compile(r"(?<![A-Za-z]-)(?<![\w.])−?\d+(?:[.\u202f]\d+)*")
LESSONS: Mapping[str, int] = {"fifty": 50, "twenty": 20}

_DOES: Mapping[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}
_CALLED: Mapping[str, Callable[[float], float]] = {"exp": math.exp, "log": math.log, "sqrt": math.sqrt}


def numbers_of(guide: Guide) -> dict[str, str]:
    """Return what each name in braces stands for, as the lab computes it."""
    return {name: shown(guide.lab, rule) for name, rule in guide.numbers.items()}


def filled(text: str, numbers: Mapping[str, str]) -> str:
    """Put numbers in the place of their names; LookupError for one that is none."""
    return NAME.sub(lambda found: numbers[found[1]], text)


@cache
def printed(program: str) -> str:
    """Run a program of a guide, and return what it prints."""
    out = StringIO()
    with redirect_stdout(out):
        exec(compile(program, "guide.md", "exec"), {"__name__": "guide"})
    return out.getvalue()


def worked_out(text: str) -> float | None:
    """Return what a sum comes to; None for words, and for a number alone, which vouches for nothing."""
    try:
        node = ast.parse(text, mode="eval").body
        return None if isinstance(node, ast.Constant) else _value(node)
    except (SyntaxError, ValueError, KeyError):
        return None


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    if isinstance(node, ast.BinOp):
        return _DOES[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp):
        return _DOES[type(node.op)](_value(node.operand))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        return _CALLED[node.func.id](_value(node.args[0]))
    raise ValueError("not a sum")


def problems(guide: Guide) -> list[str]:
    """Return what is wrong with a guide, in words; nothing for one that holds."""
    return [
        *_lessons(guide),
        *_links(guide),
        *_asked(guide),
        *_computed(guide),
        *_typed(guide),
        *(f"there is no section “{each}”" for each in SECTIONS if each not in guide.sections),
        *([] if len(guide.rubric) == len(LEVELS) else [f"a rubric has a sample for each of {LEVELS}"]),
        *([] if guide.exit and guide.beliefs else ["an exit ticket and beliefs are needed"]),
    ]


def _lessons(guide: Guide) -> list[str]:
    found = []
    for name, length in LESSONS.items():
        parts: tuple[Part, ...] = getattr(guide, name)
        total = sum(part.minutes for part in parts)
        if total != length or min((part.minutes for part in parts), default=0) < 1:
            found.append(f"[[{name}]]: the minutes make {total}, not {length}")
    return found


def _links(guide: Guide) -> list[str]:
    found = []
    elsewhere = [LINK.findall(text) for text in guide.texts]
    for lab, link in [
        *((guide.lab, link) for link in guide.links),
        *(each for row in elsewhere for each in row),
    ]:
        try:
            if "step=" not in link:
                found.append(f"{link}: names no step")
            opened(lab, link).scene()
        except NotShownError as error:
            found.append(str(error))
    return found


def _asked(guide: Guide) -> list[str]:
    """Where a part says “Predict”, the lab asks."""
    asking = [
        each for each in (*guide.fifty, *guide.twenty) if each.link and "Predict" in each.what + each.do
    ]
    return [
        f"{each.link}: “Predict”, and the lab asks nothing there"
        for each in asking
        if not _fails(guide.lab, each.link) and made(opened(guide.lab, each.link).scene().predict) is None
    ]


def _fails(lab: str, link: str) -> bool:
    try:
        opened(lab, link)
    except NotShownError:
        return True
    return False


def _computed(guide: Guide) -> list[str]:
    used = {name for text in guide.texts for name in NAME.findall(CODE.sub("", text))}
    found = [f"{{{name}}} is in no line of [numbers]" for name in sorted(used - {*guide.numbers})]
    found += [f"[numbers]: nothing uses {name}" for name in sorted({*guide.numbers} - used)]
    for name, rule in guide.numbers.items():
        try:
            shown(guide.lab, rule)
        except NotShownError as error:
            found.append(f"[numbers] {name}: {error}")
    return found


def _typed(guide: Guide) -> list[str]:
    """Every digit that is typed is vouched for, and a sum that vouches comes to it."""
    texts = [NAME.sub("", LINK.sub("", CODE.sub("", text))) for text in guide.texts]
    typed = {each for text in texts for each in DIGITS.findall(text)}
    found = [f"{each!r} is typed: compute it, or vouch for it" for each in sorted(typed - {*guide.vouched})]
    found += [f"[vouched]: {each!r} is not in the guide" for each in sorted({*guide.vouched} - typed)]
    for each, why in guide.vouched.items():
        value = worked_out(why)
        if value is not None and not rounds_to(value, each.replace("\u202f", "")):
            found.append(f"[vouched] {each!r}: {why} is {value}")
        if value is None and len(why.split()) < 3:
            found.append(f"[vouched] {each!r}: say why in a few words")
    return found
