"""The kinds of settings. One declaration in a lab says everything about a setting:

    d_k = Whole(64, bounds=(1, 1024), label="d_k", log=True)

Its default, its bounds, the reader that takes a value or refuses it in words, its control, its form in a
link, its lock group and its property in the page's document all follow from that line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import param

from attention_lab.kit.numbers import NOT_COMPUTED
from attention_lab.kit.refusal import RefusedError, shown
from attention_lab.kit.text import Held, held
from attention_lab.kit.texts import _, lazy

_own = object.__getattribute__  # without the detour of param
Item: TypeAlias = dict[str, Any]
"""One control as the page draws it: see widgets/js/items.js."""

MAX_SEED = 9999
MAX_KEYS = 64
"""How many answers are kept of a lab: the newest."""

_AT_ONCE = 96  # more than that is no change of a learner's
_KEY_LENGTH = 64
_MAX_OPTIONS = 64
_LISTED = 8  # more options than this are not named one by one


class Setting(param.Parameter[Any]):
    """Something that the learner can set.

    Args:
        default: what a lab opens with.
        label: what its control is called.
        said: what a refusal calls it; the label where nothing else is given.
        lock: the group of a link's `lock=` that holds it still; None for what is never locked.
        linked: whether a link carries it.
        peek: whether it only shows something for a moment, as a pointer over a cell does.
    """

    __slots__ = ("group", "linked", "lock", "peek", "said")

    def __init__(
        self,
        default: Any = None,
        *,
        label: str = "",
        said: str = "",
        lock: str | None = "settings",
        linked: bool = True,
        peek: bool = False,
        group: str = "",
        doc: str = "",
    ) -> None:
        mutable = isinstance(default, list | dict)
        super().__init__(default=default, label=label or None, instantiate=mutable, doc=doc or None)
        self.said, self.lock, self.linked, self.peek, self.group = said or label, lock, linked, peek, group

    def __get__(self, lab: Any, owner: Any = None) -> Any:
        """Return the value of a lab; a default is kept there, since every change asks for hundreds."""
        if lab is None:
            return super().__get__(lab, owner)
        values, name = lab._param__private.values, _own(self, "name")  # as values_of: a call less
        try:
            return values[name]
        except KeyError:
            return values.setdefault(name, super().__get__(lab, owner))

    def read(self, value: object) -> Any:
        """Return the value to keep; refuse in words what is none."""
        return value

    def written(self, value: Any) -> str:
        """Return how a value stands in a link."""
        return str(value)

    def parsed(self, text: str) -> Any:
        """Return what stands in a link, still to be read; ValueError for what has not its form."""
        return text

    def item(self, value: Any) -> Item | None:
        """Return the control for this setting; None for one without."""
        return None

    def _described(self, kind: str, value: Any, **more: Any) -> Item:
        return {"type": kind, "name": self.name, "label": self.label, "value": value, **more}


def values_of(lab: param.Parameterized) -> dict[str, Any]:
    """Return the values that a lab holds, by name: what param keeps of it."""
    values: dict[str, Any] = lab._param__private.values
    return values


class Whole(Setting):
    """A whole number within bounds."""

    __slots__ = ("bounds", "log", "slider", "suffix")

    def __init__(
        self,
        default: int,
        *,
        bounds: tuple[int, int],
        log: bool = False,
        slider: bool = False,
        suffix: str = "",
        **more: Any,
    ) -> None:
        super().__init__(default, **more)
        self.bounds, self.log, self.slider, self.suffix = bounds, log, slider or log, suffix

    def read(self, value: object) -> int:
        low, high = self.bounds
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise RefusedError(
                _(
                    "{said} must be a whole number from {low} to {high}, not {value}: set one.",
                    said=self.said,
                    low=low,
                    high=high,
                    value=shown(value),
                )
            )
        return value

    def parsed(self, text: str) -> int:
        return int(matching(r"-?\d{1,12}", text))

    def item(self, value: Any) -> Item:
        low, high = self.bounds
        if self.slider:
            return self._described(
                "range", value, min=low, max=high, step=1, log=self.log, shown=str(value), reset=None
            )
        more = {"suffix": self.suffix} if self.suffix else {}
        return self._described("number", value, min=low, max=high, **more)


class Seed(Whole):
    """The seed of random numbers, with a button that rolls another one."""

    def __init__(
        self, default: int, *, label: str = lazy("seed"), said: str = lazy("The seed"), **more: Any
    ) -> None:
        super().__init__(default, bounds=(0, MAX_SEED), label=label, said=said, **more)

    def items(self, value: int) -> list[Item]:
        """Return the field, and the button."""
        return [
            self.item(value),
            {"type": "button", "label": _("Re-roll"), "set": {self.name: next_seed(value)}},
        ]


def next_seed(seed: int) -> int:
    """Return the seed that Re-roll goes to: a jump, but the same one on every machine."""
    return (seed * 7 + 13) % (MAX_SEED + 1)


class Index(Setting):
    """A place counted from 0. One past the end is brought back later: the sentence may just have changed."""

    __slots__ = ()

    def read(self, value: object) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise RefusedError(
                _(
                    "{said} must be a whole number from 0, not {value}: pick a cell or a token.",
                    said=self.said,
                    value=shown(value),
                )
            )
        return value

    def parsed(self, text: str) -> int:
        return int(matching(r"\d{1,6}", text))


class Number(Setting):
    """A number within bounds, kept to a few digits, so that what is printed is what is used."""

    __slots__ = ("bounds", "digits", "optional", "step")

    def __init__(
        self,
        default: float | None,
        *,
        bounds: tuple[float, float],
        digits: int = 4,
        step: float = 0.01,
        optional: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(default, **more)
        self.bounds, self.digits, self.step, self.optional = bounds, digits, step, optional

    def read(self, value: object) -> float | None:
        low, high = self.bounds
        if value is None and self.optional:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise RefusedError(
                _(
                    "{said} must be a number from {low} to {high}, not {value}: move the slider.",
                    said=self.said,
                    low=f"{low:g}",
                    high=f"{high:g}",
                    value=shown(value),
                )
            )
        return round(float(value), self.digits)

    def written(self, value: float | None) -> str:
        return "" if value is None else str(value)

    def parsed(self, text: str) -> float | None:
        if text == "" and self.optional:
            return None
        return float(matching(r"-?\d{1,12}(\.\d{1,20})?(e-\d{1,2})?", text))

    def item(self, value: Any) -> Item:
        low, high = self.bounds
        decimals = len(f"{self.step:g}".partition(".")[2])
        text = NOT_COMPUTED if value is None else f"{value:.{decimals}f}"
        at = low if value is None else value
        return self._described("range", at, min=low, max=high, step=self.step, shown=text, reset=None)


class Flag(Setting):
    """On or off."""

    __slots__ = ()

    def read(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise RefusedError(_("{said} is on or off, not {value}.", said=self.said, value=shown(value)))
        return value

    def written(self, value: bool) -> str:
        return str(int(value))

    def parsed(self, text: str) -> bool:
        return matching(r"[01]", text) == "1"

    def item(self, value: Any) -> Item:
        return self._described("flag", value)


class Choice(Setting):
    """One of a few values; `options` maps each to what it is called."""

    __slots__ = ("options", "select")

    def __init__(
        self, default: Any, *, options: Mapping[Any, str] | Sequence[Any], select: bool = False, **more: Any
    ) -> None:
        super().__init__(default, **more)
        named = options if isinstance(options, Mapping) else {value: str(value) for value in options}
        self.options, self.select = dict(named), select

    def read(self, value: object) -> Any:
        values = list(self.options)
        if not isinstance(value, str | int | float | None) or isinstance(value, bool) or value not in values:
            listed = _("{map} or {values}", map=", ".join(map(str, values[:-1])), values=values[-1])
            if len(values) > _LISTED:
                listed = _("one of those in the list")
            raise RefusedError(
                _(
                    "{said} cannot be {value}: choose {listed}.",
                    said=self.said,
                    value=shown(value),
                    listed=listed,
                )
            )
        return values[values.index(value)]

    def parsed(self, text: str) -> Any:
        return next((value for value in self.options if str(value) == text), text)

    def item(self, value: Any) -> Item:
        options = [{"value": each, "label": label} for each, label in self.options.items()]
        return self._described("select" if self.select else "segmented", value, options=options)


class Text(Setting):
    """Words of the learner's."""

    __slots__ = ()

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise RefusedError(
                _(
                    "{said} must be text, not {value}: type at least one word.",
                    said=self.said,
                    value=shown(value),
                )
            )
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # half an emoji becomes �


class Sentence(Text):
    """The learner's sentence. It travels: what was typed in one lab is there in the next."""

    __slots__ = ("most",)

    def __init__(self, default: str, *, most: int, lock: str | None = "text", **more: Any) -> None:
        super().__init__(default, said=lazy("The sentence"), lock=lock, **more)
        self.most = most

    def held(self, text: str) -> Held:
        """Return the part of a sentence that is kept, and what to say about the rest."""
        return held(text, self.most)


class Cells(Setting):
    """Cells of a square, each [row, column], sorted and without repeats. In a link: one bit a cell."""

    __slots__ = ("refusal", "side")

    def __init__(self, *, side: int, refusal: str, **more: Any) -> None:
        super().__init__([], **more)
        self.side, self.refusal = side, refusal

    def read(self, value: object) -> list[list[int]]:
        if not isinstance(value, list | tuple) or len(value) > 4 * self.side**2:
            raise RefusedError(
                _("{said} is a list of cells: {refusal}.", said=self.said, refusal=self.refusal)
            )
        pairs: set[tuple[int, int]] = set()
        for pair in value:
            match pair:
                case [int(row), int(col)] if (
                    not isinstance(row, bool)
                    and not isinstance(col, bool)
                    and 0 <= min(row, col) <= max(row, col) < self.side
                ):
                    pairs.add((row, col))
                case _:
                    raise RefusedError(
                        _("{pair} is no cell of it: {refusal}.", pair=shown(pair), refusal=self.refusal)
                    )
        return [list(pair) for pair in sorted(pairs)]

    def written(self, value: list[list[int]]) -> str:
        return f"{sum(1 << (row * self.side + col) for row, col in value):x}"

    def parsed(self, text: str) -> list[list[int]]:
        bits = int(matching(rf"[0-9a-f]{{1,{-(-(self.side**2) // 4)}}}", text), 16)
        return [[i // self.side, i % self.side] for i in range(self.side**2) if bits >> i & 1]


class Picked(Setting):
    """A cell of one of the matrices on the screen: {"matrix", "row", "col"}, or None."""

    __slots__ = ("matrices",)

    def __init__(self, *, matrices: Sequence[str], lock: str | None = None, **more: Any) -> None:
        super().__init__(None, lock=lock, **more)
        self.matrices = tuple(matrices)

    def read(self, value: object) -> dict[str, Any] | None:
        match value:
            case None:
                return None
            case {"matrix": str(matrix), "row": int(row), "col": int(col)} if (
                matrix in self.matrices and min(row, col) >= 0
            ):
                return {"matrix": matrix, "row": int(row), "col": int(col)}
        raise RefusedError(_("{value} is no cell on the screen: pick one of a matrix.", value=shown(value)))

    def written(self, value: dict[str, Any]) -> str:
        return f"{value['matrix']}.{value['row']}.{value['col']}"

    def parsed(self, text: str) -> dict[str, Any]:
        matrix, row, col = matching(rf"({'|'.join(self.matrices)})\.\d{{1,3}}\.\d{{1,3}}", text).split(".")
        return {"matrix": matrix, "row": int(row), "col": int(col)}


class Numbers(Setting):
    """A few whole numbers, or None: a head, a pair of words. In a link: `5.11`."""

    __slots__ = ("bounds", "count", "of")

    def __init__(
        self, of: str, count: int, *, bounds: tuple[int, int], lock: str | None = None, **more: Any
    ) -> None:
        super().__init__(None, lock=lock, **more)
        self.of, self.count, self.bounds = of, count, bounds

    def read(self, value: object) -> list[int] | None:
        low, high = self.bounds
        if value is None:
            return None
        if (
            isinstance(value, list | tuple)
            and len(value) == self.count
            and all(type(each) is int and low <= each <= high for each in value)
        ):
            return list(value)
        raise RefusedError(_("{value} is no {of}: pick it on the screen.", value=shown(value), of=self.of))

    def written(self, value: list[int]) -> str:
        return ".".join(map(str, value))

    def parsed(self, text: str) -> list[int]:
        return dotted(text)


class StepId(Setting):
    """Which step is shown; each lab refuses what is none of its own."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("", said=lazy("A step"), lock="step")

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise RefusedError(_("A name must be text, not {value}.", value=shown(value)))
        return value


class Answers(Setting):
    """What the learner answered: question -> the number of an option, or what was typed."""

    __slots__ = ()

    def __init__(self, **more: Any) -> None:
        super().__init__({}, lock=None, linked=False, **more)

    def read(self, value: object) -> dict[str, Any]:
        if not isinstance(value, Mapping) or len(value) > _AT_ONCE or not all(map(_is_answer, value.items())):
            raise RefusedError(_("A guess is the number of one of the options: pick one of the tokens."))
        return dict(list(value.items())[-MAX_KEYS:])


def _is_answer(pair: tuple[object, object]) -> bool:
    key, answer = pair
    if not isinstance(key, str) or len(key) > _KEY_LENGTH:
        return False
    if isinstance(answer, str):
        return len(answer) <= _KEY_LENGTH
    places = answer if isinstance(answer, list | tuple) and len(answer) == 2 else [answer]
    return all(type(place) is int and 0 <= place < _MAX_OPTIONS for place in places)


class Guesses(Answers):
    """What the learner guessed: prediction -> the number of an option."""

    __slots__ = ()

    def read(self, value: object) -> dict[str, Any]:
        answers = super().read(value)
        if not all(type(option) is int for option in answers.values()):
            raise RefusedError(_("A guess is the number of one of the options: pick one of the tokens."))
        return answers


class Keys(Setting):
    """A list of names, without repeats: the predictions that were shown."""

    __slots__ = ()

    def __init__(self, **more: Any) -> None:
        super().__init__([], lock=None, linked=False, **more)

    def read(self, value: object) -> list[str]:
        if (
            not isinstance(value, list | tuple)
            or len(value) > _AT_ONCE
            or not all(isinstance(key, str) and len(key) <= _KEY_LENGTH for key in value)
        ):
            raise RefusedError(
                _("What has been shown is a list of predictions: use the buttons beside them.")
            )
        return list(dict.fromkeys(value))[-MAX_KEYS:]


def matching(pattern: str, text: str) -> str:
    """Return a text that has this form; ValueError for any other."""
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError(text)
    return text


def dotted(text: str) -> list[int]:
    """Return the numbers of `5.11`."""
    return [int(part) for part in matching(r"-?\d{1,3}(\.-?\d{1,3})*", text).split(".")]
