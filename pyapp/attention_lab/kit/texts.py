"""Texts that learners read: written in English where they are used, and said in the learner's language.

_("{n} of {most} rows", n=n, most=most)      in a function: said at once
lazy("divide by √d_k")                       where a module or a class is made: said when it is shown
phrase("{d_k} goes from {a} to {b}.", d_k=D_K, a=a, b=b)     a sentence with formulas in it

The first argument is a constant: Babel finds it there. A number in it is formatted before, with a point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from io import BytesIO
from string import Formatter
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, runtime_checkable
from unicodedata import bidirectional

if TYPE_CHECKING:
    from gettext import NullTranslations

    from attention_lab.kit.markup import Math

ENGLISH = "en"
ISOLATE, ENDED = "\u2068", "\u2069"
"""Around what has a direction of its own (Unicode's FSI and PDI)."""

P = ParamSpec("P")
T = TypeVar("T")

_WITHOUT_DIRECTION = frozenset((int, float))  # kinds of values; numbers are the most of them
_spoken: ContextVar[NullTranslations | None] = ContextVar("spoken", default=None)
_catalogues: dict[str, NullTranslations] = {}


def _(text: str, /, **values: object) -> str:
    """Return a text in the language that is spoken, with its values."""
    catalogue = _spoken.get()
    if catalogue is not None:
        text = _in(catalogue, text)
    if not values:
        return text
    for value in values.values():
        if value.__class__ not in _WITHOUT_DIRECTION and not (value.__class__ is str and value.isascii()):
            return text.format_map({name: apart(value) for name, value in values.items()})
    return text.format_map(values)


def _in(catalogue: NullTranslations, text: str) -> str:
    """Look a text up; `gettext` of Python 3.11.2 finds no word that the catalogue has with its plural."""
    said = catalogue.gettext(text)
    return catalogue.ngettext(text, text, 1) if said is text else said


def apart(value: T) -> T | str:
    """Return a value for a sentence: what runs from right to left is set apart from what stands around it."""
    if not isinstance(value, str) or value.isascii():
        return value
    text = str(value)
    return f"{ISOLATE}{text}{ENDED}" if any(bidirectional(char) in ("R", "AL") for char in text) else value


class Text(str):
    """A text that is said when it is shown; as a string, it is English."""

    __slots__ = ("text", "values")
    text: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return _(self.text, **self.values)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def lower(self) -> str:
        return str(self).lower()

    def capitalize(self) -> str:
        return str(self).capitalize()

    def __getnewargs__(self) -> tuple[str]:
        return (str.__str__(self),)


def lazy(text: str, /, **values: object) -> str:
    """Return a text that is said when it is shown."""
    english = {name: str.__str__(each) if isinstance(each, Text) else each for name, each in values.items()}
    made = Text(text.format_map(english) if values else text)
    made.text, made.values = text, values
    return made


@runtime_checkable
class Worded(Protocol):
    """An error of the `attention` package, which keeps its sentence and its values apart."""

    text: str
    values: Mapping[str, object]


def said_by(error: Worded) -> str:
    """Return what an error of the library says, as a text."""
    values = {
        name: said_by(each) if isinstance(each, Exception) and isinstance(each, Worded) else each
        for name, each in error.values.items()
    }
    return lazy(error.text, **values)


def plural(one: str, many: str, n: int) -> str:
    """Return the form of a word that goes with a number."""
    catalogue = _spoken.get()
    return (one if n == 1 else many) if catalogue is None else catalogue.ngettext(one, many, n)


def phrase(text: str, /, **parts: Any) -> Math:
    """Return a sentence whose values may be formulas."""
    catalogue = _spoken.get()
    nodes: Math = []
    for before, name in _cut(text if catalogue is None else _in(catalogue, text)):
        _add(nodes, before)
        if name is not None:
            _add(nodes, apart(parts[name]))
    return nodes


def _add(nodes: Math, part: Any) -> None:
    if isinstance(part, list | tuple):
        for each in part:
            _add(nodes, each)
    elif isinstance(part, Mapping):
        nodes.append(dict(part))
    elif nodes and isinstance(nodes[-1], str):
        nodes[-1] += str(part)
    elif part != "":
        nodes.append(str(part))


@lru_cache(maxsize=4096)
def _cut(text: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((before, name) for before, name, _spec, _conversion in Formatter().parse(text))


def resolved(view: Any) -> Any:
    """Return a view with the texts in it said."""
    if _spoken.get() is None:
        return view  # as strings they are English
    return _resolved(view)


def _resolved(view: Any) -> Any:
    if isinstance(view, Text):
        return str(view)
    if isinstance(view, dict):
        return {_resolved(key): _resolved(each) for key, each in view.items()}
    if isinstance(view, list | tuple):
        return [_resolved(each) for each in view]
    return view


def learn(language: str, catalogue: bytes | NullTranslations) -> None:
    """Take the catalogue of a language, as what a .mo file holds."""
    if isinstance(catalogue, bytes):
        from gettext import GNUTranslations  # which English does without

        catalogue = GNUTranslations(BytesIO(catalogue))
    _catalogues[language] = catalogue


def known(language: str) -> str:
    """Return a language that can be spoken: English for one without a catalogue."""
    return language if language in _catalogues else ENGLISH


def voice() -> NullTranslations | None:
    """Return the catalogue that is spoken from; None for English."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say texts in a language inside."""
    before = _spoken.set(_catalogues.get(language))
    try:
        yield
    finally:
        _spoken.reset(before)


class Speaker(Protocol):
    """Whatever has a language."""

    @property
    def language(self) -> str:
        """Its code: "es"."""


S = TypeVar("S", bound=Speaker)


def spoken(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Let a method say texts in the language of its object."""

    @wraps(method)
    def says(self: S, /, *args: P.args, **named: P.kwargs) -> T:
        with speaking(self.language):
            return method(self, *args, **named)

    return says
