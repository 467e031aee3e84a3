"""Small arrays that a learner sets, one slider a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from attention import Array
from attention_lab.kit.refusal import RefusedError, shown
from attention_lab.kit.settings import Item, Setting, dotted
from attention_lab.kit.texts import _


class Entries(Setting):
    """An array of whole numbers, kept as [*place, number] for each of its cells. In a link: `1.0.1`."""

    __slots__ = ("bounds", "start")

    def __init__(self, start: Sequence[Any], *, bounds: tuple[int, int], **more: Any) -> None:
        self.start = np.array(start, dtype=float)
        super().__init__(cells_of(self.start), **more)
        self.bounds = bounds

    def read(self, value: object) -> list[list[int]]:
        low, high = self.bounds
        places = dict.fromkeys(np.ndindex(*self.start.shape), 0)
        if not isinstance(value, list | tuple) or len(value) != len(places):
            raise RefusedError(
                _("{said} has {places} numbers: move its sliders.", said=self.said, places=len(places))
            )
        for cell in value:
            if (
                not isinstance(cell, list | tuple)
                or not all(map(_is_whole, cell))
                or tuple(cell[:-1]) not in places
            ):
                raise RefusedError(_("{cell} is no cell of it: move its sliders.", cell=shown(cell)))
            if not low <= cell[-1] <= high:
                raise RefusedError(
                    _(
                        "{said} holds numbers from {low} to {high}, not {cell}: move the slider.",
                        said=self.said,
                        low=low,
                        high=high,
                        cell=shown(cell[-1]),
                    )
                )
            places[tuple(cell[:-1])] = int(cell[-1])
        return [[*place, number] for place, number in places.items()]

    def written(self, value: list[list[int]]) -> str:
        return ".".join(str(cell[-1]) for cell in value)

    def parsed(self, text: str) -> list[list[int]]:
        numbers = dotted(text)
        if len(numbers) != self.start.size:
            raise ValueError(text)
        return cells_of(np.reshape(numbers, self.start.shape))

    def sliders(self, value: list[list[int]], at: Sequence[int], names: Sequence[str]) -> Iterator[Item]:
        """Yield a slider for each number of the row at this place."""
        low, high = self.bounds
        held = array_of(value, self.start.shape)[tuple(at)]
        for column, (name, number) in enumerate(zip(names, held, strict=True)):
            place = [*at, column]
            yield {
                "type": "range", "name": self.name, "control": f"{self.name}-{'-'.join(map(str, place))}",
                "entry": place, "label": name, "value": int(number), "min": low, "max": high, "step": 1,
                "shown": str(int(number)), "reset": None,
            }  # fmt: skip


def _is_whole(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1


def cells_of(array: Array) -> list[list[int]]:
    """Return [*place, number] for each cell."""
    return [[*place, int(array[place])] for place in np.ndindex(*array.shape)]


def array_of(cells: Sequence[Sequence[int]], shape: tuple[int, ...]) -> Array:
    """Return the array whose cells these are."""
    array = np.zeros(shape)
    for *place, number in cells:
        array[tuple(place)] = number
    return array
