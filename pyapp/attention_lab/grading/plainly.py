"""What Python's own exceptions mean, where they are not about the shapes of arrays.

Standard library and NumPy only: the runner gets this file as text (see shipping.py).
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable

from numpy import ndarray

from attention_lab.grading.saying import Said, lazy

_KINDS = {
    "numpy.ndarray": lazy("an array"),
    "ndarray": lazy("an array"),
    "NoneType": lazy("None"),
    "function": lazy("a function"),
    "builtin_function_or_method": lazy("a function"),
    "int": lazy("a whole number"),
    "float": lazy("a number"),
    "numpy.float64": lazy("a number"),
    "str": lazy("a text"),
    "list": lazy("a list"),
    "tuple": lazy("a tuple"),
    "dict": lazy("a dict"),
    "bool": lazy("True or False"),
}
_HAS_NO = {
    "an array": lazy("An array has no `{name}`."),
    "None": lazy("None has no `{name}`."),
    "a function": lazy("A function has no `{name}`."),
    "a whole number": lazy("A whole number has no `{name}`."),
    "a number": lazy("A number has no `{name}`."),
    "a text": lazy("A text has no `{name}`."),
    "a list": lazy("A list has no `{name}`."),
    "a tuple": lazy("A tuple has no `{name}`."),
    "a dict": lazy("A dict has no `{name}`."),
    "True or False": lazy("True or False has no `{name}`."),
}

_UNREADABLE: tuple[tuple[str, Said], ...] = (
    (r"expected ':'", lazy("A colon is missing at the end of this line.")),
    (r"'(?P<sign>.)' was never closed", lazy("This `{sign}` is opened and never closed.")),
    (r"unmatched '(?P<sign>.)'", lazy("This `{sign}` closes what was never opened.")),
    (r"Maybe you meant '=='", lazy("A single `=` gives something a name. To compare, write `==`.")),
    (r"Perhaps you forgot a comma", lazy("A comma or an operator seems to be missing here.")),
    (
        r"expected an indented block after (?:an? )?(?P<head>.+) on line (?P<line>\d+)",
        lazy("What belongs to the `{head}` in line {line} has to stand below it, indented."),
    ),
    (
        r"unexpected indent",
        lazy("This line is indented further than the one above, and nothing asks for that."),
    ),
    (
        r"unindent does not match",
        lazy("This line begins between two levels of indentation: line it up with one."),
    ),
    (
        r"inconsistent use of tabs",
        lazy("Tabs and spaces are mixed here: indent with spaces only."),
    ),
    (
        r"unterminated (?:triple-quoted )?(?:f-)?string",
        lazy("A text is opened with a quote and never closed."),
    ),
    (
        r"'return' outside function",
        lazy("`return` stands outside a function: is the line indented?"),
    ),
    (
        r"positional argument follows keyword",
        lazy("Arguments with a name come after those without one."),
    ),
)
_HEADS = {"function definition": "def", "class definition": "class"}
"""What Python calls by its own words; the others stand in quotes, as they are written."""

_PLAINLY: tuple[tuple[type[BaseException], str, Said], ...] = (
    (ZeroDivisionError, r"", lazy("Something is divided by 0 here.")),
    (KeyError, r"(?P<key>.+)", lazy("The dict has no entry {key}.")),
    (
        IndexError,
        r"list .*out of range",
        lazy("The list has no such place: places are counted from 0, so the last of n is n - 1."),
    ),
    (
        IndexError,
        r"tuple .*out of range",
        lazy("The tuple has no such place: places are counted from 0, so the last of n is n - 1."),
    ),
    (
        IndexError,
        r"string .*out of range",
        lazy("The string has no such place: places are counted from 0, so the last of n is n - 1."),
    ),
    (
        ValueError,
        r"too many values to unpack \(expected (?P<n>\d+)",
        lazy("{n} names stand left of the `=`, and more than {n} values come from the right."),
    ),
    (
        ValueError,
        r"not enough values to unpack \(expected (?P<n>\d+), got (?P<m>\d+)",
        lazy("{n} names stand left of the `=`, and {m} come from the right."),
    ),
    (
        TypeError,
        r"(?P<name>\w+)\(\) missing .* arguments?: (?P<names>.+)",
        lazy("`{name}` asks for {names}, too, and is called without."),
    ),
    (
        TypeError,
        r"(?P<name>\w+)\(\) takes (?P<takes>.+) positional arguments? but (?P<given>\d+)",
        lazy("`{name}` takes {takes} arguments, and is called with {given}."),
    ),
    (
        TypeError,
        r"(?P<name>\w+)\(\) got an unexpected keyword argument '(?P<word>\w+)'",
        lazy("`{name}` knows no argument that is called `{word}`."),
    ),
    (
        TypeError,
        r"'(?P<kind>\S+)' object is not callable",
        lazy(
            "Here {kind} is called like a function. Square brackets pick from an array; is a comma or an "
            "operator missing before the parenthesis, or was a function's name given to something else?"
        ),
    ),
    (
        TypeError,
        r"'(?P<kind>\S+)' object is not subscriptable",
        lazy("Square brackets pick from arrays, lists and dicts, and this is {kind}."),
    ),
    (
        TypeError,
        r"'(?P<kind>\S+)' object is not iterable",
        lazy("There is nothing to go through here: this is {kind}."),
    ),
    (
        TypeError,
        r"unsupported operand type\(s\) for (?P<sign>\S+): '(?P<kind>\S+)' and '(?P<other>\S+)'",
        lazy("`{sign}` is not known between {kind} and {other}."),
    ),
    (
        TypeError,
        r"ufunc '(?P<name>\w+)' did not contain a loop",
        lazy("NumPy knows no `{name}` for what these two hold: is one of them a text?"),
    ),
)


def _kind(name: str) -> Said:
    return _KINDS.get(name) or lazy("something of the kind {name}", name=name)


def names_in(names: str) -> str:
    """Return names that Python lists with an English "and", with commas."""
    return ", ".join(re.findall(r"'\w+'", names)) or names


def how_many(takes: str) -> str:
    """Return a count of arguments that Python may give as "from 1 to 2"."""
    return "–".join(re.findall(r"\d+", takes)) or takes


def _head(words: str) -> str:
    return _HEADS.get(words) or re.sub(r"^'(.+)' statement$", r"\1", words)


_READ: dict[str, Callable[[str], str]] = {
    "kind": _kind, "other": _kind, "names": names_in, "takes": how_many, "head": _head,
}  # fmt: skip
"""How a piece of Python's message is said, by the name of its place."""


def _filled(said: Said, found: re.Match[str]) -> Said:
    return lazy(said.text, **{name: _READ.get(name, str)(each) for name, each in found.groupdict().items()})


def unreadable_words(message: str) -> Said | None:
    """Say why Python cannot read a line; None where only its own words are left."""
    for pattern, words in _UNREADABLE:
        if found := re.search(pattern, message):
            return _filled(words, found)
    return None


def python_words(error: BaseException, message: str) -> Said | None:
    """Say what an exception of Python's means; None for one that is not known here."""
    if isinstance(error, AttributeError):
        return _nothing_called(message)
    for kind, pattern, words in _PLAINLY:
        if isinstance(error, kind) and (found := re.search(pattern, message)):
            return _filled(words, found)
    return None


def _nothing_called(message: str) -> Said | None:
    found = re.search(r"module '(\w+)' has no attribute '(\w+)'", message)
    if found:
        said = lazy("`{module}` has no `{name}`.", module=found[1], name=found[2])
        return _meant(said, found[2], sys.modules.get(found[1]))
    found = re.search(r"'(\S+)' object has no attribute '(\w+)'", message)
    if found:
        there = ndarray if found[1] == "numpy.ndarray" else None
        known = _KINDS.get(found[1])
        said = (
            lazy(_HAS_NO[known].text, name=found[2])
            if known
            else lazy("Something of the kind {kind} has no `{name}`.", kind=found[1], name=found[2])
        )
        return _meant(said, found[2], there)
    return None


def _meant(said: Said, name: str, there: object) -> Said:
    close = difflib.get_close_matches(name, [each for each in dir(there) if not each.startswith("_")], 1, 0.7)
    return guessed(said, close[0]) if there is not None and close else said


def guessed(said: Said, name: str) -> Said:
    """Return a sentence with a guess behind it."""
    return lazy("{said} Did you mean `{name}`?", said=said, name=name)
