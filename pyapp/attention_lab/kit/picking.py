"""What picking a cell of a matrix sets: Python's side of widgets/js/picking.js, for cells of figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def change_of(view: Mapping[str, Any], row: int, col: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that change when a cell of a block's matrix is picked.

    A matrix with `toggles` names the setting that lists its cells: the cell is put in or taken out. `pick`
    says what else: the cell itself, or the pair of what its row and its column stand for.
    """
    matrix = view["matrix"]
    change: dict[str, Any] = {}
    toggled = matrix.get("toggles")
    if toggled:
        cells, cell = values[toggled], [row, col]
        change[toggled] = [each for each in cells if each != cell] if cell in cells else [*cells, cell]
    pick = view.get("pick")
    if pick and pick["form"] == "cell":
        change[pick["setting"]] = {"matrix": matrix["id"], "row": row, "col": col}
    elif pick:
        pair = [pick["rows"][row], pick["cols"][col]]
        if None not in pair and pair[0] != pair[1]:
            change[pick["setting"]] = pair
    return change
