"""Everything that can stand on the screen: one frozen dataclass a block, one renderer of the same name."""

from attention_lab.kit.blocks.base import Block, View
from attention_lab.kit.blocks.choosing import Choices, Trial
from attention_lab.kit.blocks.matrices import (
    Arrows,
    Axis,
    Fill,
    Flow,
    From,
    Grids,
    HeatMap,
    Legend,
    Maps,
    Matrix,
    Nothing,
    Panel,
    Product,
    pick_cell,
    pick_pair,
)
from attention_lab.kit.blocks.reading import Arithmetic, Prose, Source

BLOCKS = {
    each.__name__: each
    for each in (
        *(Arithmetic, Arrows, Choices, Flow, Grids, HeatMap, Legend, Maps),
        *(Nothing, Product, Prose, Source, Trial),
    )
}
"""Every block that a renderer draws; a Matrix and a Panel stand inside others."""

__all__ = [
    "BLOCKS",
    "Arithmetic",
    "Arrows",
    "Axis",
    "Block",
    "Choices",
    "Fill",
    "Flow",
    "From",
    "Grids",
    "HeatMap",
    "Legend",
    "Maps",
    "Matrix",
    "Nothing",
    "Panel",
    "Product",
    "Prose",
    "Source",
    "Trial",
    "View",
    "pick_cell",
    "pick_pair",
]
