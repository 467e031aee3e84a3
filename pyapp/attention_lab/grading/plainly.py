"""What Python's own exceptions mean, where they are not about the shapes of arrays.

Standard library and NumPy only: the runner gets this file as text (see shipping.py).
"""

from __future__ import annotations

import difflib
import re
import sys

from numpy import ndarray

_KINDS = {
    "numpy.ndarray": "an array",
    "ndarray": "an array",
    "NoneType": "None",
    "function": "a function",
    "builtin_function_or_method": "a function",
    "int": "a whole number",
    "float": "a number",
    "numpy.float64": "a number",
    "str": "a text",
    "list": "a list",
    "tuple": "a tuple",
    "dict": "a dict",
    "bool": "True or False",
}

_UNREADABLE: tuple[tuple[str, str], ...] = (
    (r"expected ':'", "A colon is missing at the end of this line."),
    (r"'(.)' was never closed", "This `{0}` is opened and never closed."),
    (r"unmatched '(.)'", "This `{0}` closes what was never opened."),
    (r"Maybe you meant '=='", "A single `=` gives something a name. To compare, write `==`."),
    (r"Perhaps you forgot a comma", "A comma or an operator seems to be missing here."),
    (
        r"expected an indented block after (?:an? )?(.+) on line (\d+)",
        "What belongs to the {0} in line {1} has to stand below it, indented.",
    ),
    (r"unexpected indent", "This line is indented further than the one above, and nothing asks for that."),
    (r"unindent does not match", "This line begins between two levels of indentation: line it up with one."),
    (r"inconsistent use of tabs", "Tabs and spaces are mixed here: indent with spaces only."),
    (r"unterminated (?:triple-quoted )?(?:f-)?string", "A text is opened with a quote and never closed."),
    (r"'return' outside function", "`return` stands outside a function: is the line indented?"),
    (r"positional argument follows keyword", "Arguments with a name come after those without one."),
)

_PLAINLY: tuple[tuple[type[BaseException], str, str], ...] = (
    (ZeroDivisionError, r"", "Something is divided by 0 here."),
    (KeyError, r"(.+)", "The dict has no entry {0}."),
    (
        IndexError,
        r"(list|tuple|string) .*out of range",
        "The {0} has no such place: places are counted from 0, so the last of n is n - 1.",
    ),
    (
        ValueError,
        r"too many values to unpack \(expected (\d+)",
        "{0} names stand left of the `=`, and more than {0} values come from the right.",
    ),
    (
        ValueError,
        r"not enough values to unpack \(expected (\d+), got (\d+)",
        "{0} names stand left of the `=`, and {1} come from the right.",
    ),
    (TypeError, r"(\w+)\(\) missing .* arguments?: (.+)", "`{0}` asks for {1}, too, and is called without."),
    (
        TypeError,
        r"(\w+)\(\) takes (.+) positional arguments? but (\d+)",
        "`{0}` takes {1} arguments, and is called with {2}.",
    ),
    (
        TypeError,
        r"(\w+)\(\) got an unexpected keyword argument '(\w+)'",
        "`{0}` knows no argument that is called `{1}`.",
    ),
    (
        TypeError,
        r"'(\S+)' object is not callable",
        "Here {0:kind} is called like a function. Square brackets pick from an array; is a comma or an "
        "operator missing before the parenthesis, or was a function's name given to something else?",
    ),
    (
        TypeError,
        r"'(\S+)' object is not subscriptable",
        "Square brackets pick from arrays, lists and dicts, and this is {0:kind}.",
    ),
    (TypeError, r"'(\S+)' object is not iterable", "There is nothing to go through here: this is {0:kind}."),
    (
        TypeError,
        r"unsupported operand type\(s\) for (\S+): '(\S+)' and '(\S+)'",
        "`{0}` is not known between {1:kind} and {2:kind}.",
    ),
    (
        TypeError,
        r"ufunc '(\w+)' did not contain a loop",
        "NumPy knows no `{0}` for what these two hold: is one of them a text?",
    ),
)


class _Word(str):
    """A piece of Python's message; as a kind, in words."""

    def __format__(self, spec: str) -> str:
        return _KINDS.get(self, f"something of the kind {self}") if spec == "kind" else str(self)


def unreadable_words(message: str) -> str:
    """Say why Python cannot read a line; empty where only its own words are left."""
    for pattern, words in _UNREADABLE:
        if found := re.search(pattern, message):
            return words.format(*found.groups())
    return ""


def python_words(error: BaseException, message: str) -> str:
    """Say what an exception of Python's means; empty for one that is not known here."""
    if isinstance(error, AttributeError):
        return _nothing_called(message)
    for kind, pattern, words in _PLAINLY:
        if isinstance(error, kind) and (found := re.search(pattern, message)):
            return words.format(*map(_Word, found.groups()))
    return ""


def _nothing_called(message: str) -> str:
    found = re.search(r"module '(\w+)' has no attribute '(\w+)'", message)
    if found:
        return f"`{found[1]}` has no `{found[2]}`.{_meant(found[2], sys.modules.get(found[1]))}"
    found = re.search(r"'(\S+)' object has no attribute '(\w+)'", message)
    if found:
        kind = f"{_Word(found[1]):kind}"
        there = ndarray if found[1] == "numpy.ndarray" else None
        return f"{kind[0].upper()}{kind[1:]} has no `{found[2]}`.{_meant(found[2], there)}"
    return ""


def _meant(name: str, there: object) -> str:
    close = difflib.get_close_matches(name, [each for each in dir(there) if not each.startswith("_")], 1, 0.7)
    return f" Did you mean `{close[0]}`?" if there is not None and close else ""
