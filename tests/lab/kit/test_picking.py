"""Picking a cell of a figure sets what picking it in the page would."""

from __future__ import annotations

from typing import Any

import pytest

from attention_lab.kit.blocks import pick_cell, pick_pair
from attention_lab.kit.picking import change_of

CELL = {"chosen": {"matrix": "m", "row": 1, "col": 2}}


def view(pick: Any = None, toggles: str | None = None) -> dict[str, Any]:
    return {"pick": pick, "matrix": {"id": "m", "toggles": toggles}}


@pytest.mark.parametrize(
    ("shown", "values", "change"),
    [
        (view(), {}, {}),
        (view(pick_cell("chosen")), {}, CELL),
        (view(pick_pair("pair", [5, 6], [7, 8, 9])), {}, {"pair": [6, 9]}),
        (view(pick_pair("pair", [5, None], [7, 8, 9])), {}, {}),
        (view(pick_pair("pair", [5, 6], [7, 8, 6])), {}, {}),
        (view(toggles="cells"), {"cells": []}, {"cells": [[1, 2]]}),
        (view(toggles="cells"), {"cells": [[0, 0], [1, 2]]}, {"cells": [[0, 0]]}),
        (view(pick_cell("chosen"), "cells"), {"cells": [[0, 0]]}, {"cells": [[0, 0], [1, 2]], **CELL}),
    ],
)
def test_a_cell_that_is_picked_sets_what_its_block_says(
    shown: dict[str, Any], values: dict[str, Any], change: dict[str, Any]
) -> None:
    before = repr(values)
    assert change_of(shown, 1, 2, values) == change
    assert repr(values) == before, "a list that is set is always a new one"
