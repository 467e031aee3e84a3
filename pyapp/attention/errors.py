"""What can go wrong, as types.

Each message names the argument, says what was expected and what came, so that it can be shown to a learner as
it is.

    AttentionError
    ├── ShapeError             an axis is missing, empty, or disagrees with another array's
    ├── NumberError            a number that cannot be computed with: nan, inf, complex, text
    ├── MaskError              a mask whose shape, type or values cannot be read as a mask
    │   └── FullyMaskedRowError    a query that may attend to no key: softmax has nothing to share out
    ├── TextError              what was given is not text
    │   └── EmptyTextError         text without one visible character
    ├── WeightsError           weights that do not fit a layer, or a file that holds no weights
    └── ConfigError            a setting outside its range: n_heads, d_model, seed, ...
        └── ArgumentError          an argument in a place, or under a name, that it does not have here

Apart from the root, each is a `ValueError` too, and the last one a `TypeError`, as Python's own would be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attention.trace import PartialTrace

__all__ = [
    "ArgumentError",
    "AttentionError",
    "ConfigError",
    "EmptyTextError",
    "FullyMaskedRowError",
    "MaskError",
    "NumberError",
    "ShapeError",
    "TextError",
    "WeightsError",
]

_ROWS_NAMED = 3  # more than this many rows are counted, not listed


class AttentionError(Exception):
    """The root: every error that this package raises on purpose.

    Args:
        text: what is wrong; with values, their places are in it: `the text has {n} words`.
        values: what stands in the places.

    Attributes:
        text: as it was given, and
        values: for whoever says it in another language; as a string, the error is English.
    """

    def __init__(self, text: str = "", /, **values: object) -> None:
        super().__init__(text.format_map(values) if values else text)
        self.text = text
        self.values: Mapping[str, object] = values


class ShapeError(AttentionError, ValueError):
    """Axes that do not fit: `q has d_k 16, but k has d_k 12`."""


class NumberError(AttentionError, ValueError):
    """Numbers that cannot be computed with: `q holds nan at (0, 2), expected finite numbers`."""


class MaskError(AttentionError, ValueError):
    """A mask that cannot be read: `this looks like a 0/1 mask: pass mask.astype(bool)`."""


class FullyMaskedRowError(MaskError):
    """A query row may attend to no key, so its softmax would be 0/0.

    Attributes:
        rows: the index of each such row, leading axes first: `((2,),)` without a head axis, `((0, 2), (1,
            2))` with one.
        partial: what was computed before softmax, so that it can still be shown.
    """

    def __init__(self, rows: Sequence[tuple[int, ...]], partial: PartialTrace) -> None:
        self.rows = tuple(rows)
        self.partial = partial
        named = ", ".join(_row_name(row) for row in self.rows[:_ROWS_NAMED])
        more = f" and {len(self.rows) - _ROWS_NAMED} more" if len(self.rows) > _ROWS_NAMED else ""
        super().__init__(
            f"the mask leaves no key for {named}{more} (counted from 0): "
            "softmax over nothing has no value, so each row must keep at least one key"
        )


class TextError(AttentionError, ValueError):
    """Something that is not text: `text must be a str, got int`."""


class EmptyTextError(TextError):
    """Text that holds nothing to make a token of: `the text holds no word: type at least one, ...`."""


class ConfigError(AttentionError, ValueError):
    """A setting outside its range: `n_heads 3 does not divide d_model 4: choose 1 or 2 or 4`."""


class ArgumentError(ConfigError, TypeError):
    """An argument under another library's name: `is_causal is called causal here`; or one too many."""


class WeightsError(AttentionError, ValueError):
    """Weights that do not fit: `w_q has shape (4, 2), expected (4, 4)`."""


def _row_name(row: tuple[int, ...]) -> str:
    *batch, query = row
    if not batch:
        return f"query row {query}"
    *batch, head = batch
    return f"query row {query} of head {head}" + (f" of batch {tuple(batch)}" if batch else "")
