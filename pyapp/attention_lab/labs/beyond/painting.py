"""What the learner paints, as a setting."""

from __future__ import annotations

from typing import Any

from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.settings import Setting, matching
from attention_lab.kit.texts import _


class Painting(Setting):
    """A square of pixels, each 0 or 1, as a list of rows. In a link: one bit a pixel."""

    __slots__ = ("side",)

    def __init__(self, start: list[list[float]], **more: Any) -> None:
        super().__init__([list(row) for row in start], **more)
        self.side = len(start)

    def read(self, value: object) -> list[list[float]]:
        if (
            not isinstance(value, list | tuple)
            or len(value) != self.side
            or not all(map(self._is_row, value))
        ):
            raise RefusedError(
                _(
                    "{said} has {side} rows of {side} pixels, each 0 or 1: paint with the brush.",
                    said=self.said,
                    side=self.side,
                )
            )
        return [[float(pixel) for pixel in row] for row in value]

    def written(self, value: list[list[float]]) -> str:
        bits = "".join(str(int(pixel)) for row in value for pixel in row)
        return f"{int(bits, 2):x}"

    def parsed(self, text: str) -> list[list[float]]:
        pixels = self.side**2
        number = int(matching(rf"[0-9a-f]{{1,{pixels // 4}}}", text), 16)
        bits = f"{number:0{pixels}b}"
        return [[float(bit) for bit in bits[i : i + self.side]] for i in range(0, pixels, self.side)]

    def _is_row(self, row: object) -> bool:
        if not isinstance(row, list | tuple) or len(row) != self.side:
            return False
        return all(isinstance(p, int | float) and not isinstance(p, bool) and p in (0, 1) for p in row)
