"""Everything that can stand on the screen: one frozen dataclass a block, one renderer of the same name."""

from attention_lab.kit.blocks.asking import Actions, Amount, Check, Choice, Pick, Player, Verdict, read_number
from attention_lab.kit.blocks.badge import Badge
from attention_lab.kit.blocks.base import Block, View
from attention_lab.kit.blocks.boards import Card, Cards, Course, Drawing, Fact, Facts, Field, Table
from attention_lab.kit.blocks.charts import Bars, Histogram, Line, Lines
from attention_lab.kit.blocks.choosing import Choices, Trial
from attention_lab.kit.blocks.coding import Checked, Editor, Graded, Ladder, Rung, Task, Tasks
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
from attention_lab.kit.blocks.own import SelfTest, Yours
from attention_lab.kit.blocks.reading import Arithmetic, Prose, Source
from attention_lab.kit.blocks.words import Box, Lane, Node, Path, Timeline, Words

BLOCKS = {
    each.__name__: each
    for each in (
        *(
            Actions,
            Arithmetic,
            Arrows,
            Bars,
            Cards,
            Check,
            Choices,
            Course,
            Editor,
            Facts,
            Field,
            Flow,
            Graded,
            Grids,
            HeatMap,
        ),
        *(
            Histogram,
            Ladder,
            Legend,
            Lines,
            Maps,
            Nothing,
            Path,
            Player,
            Product,
            Prose,
            SelfTest,
            Source,
            Table,
            Tasks,
        ),
        *(Timeline, Trial, Words, Yours),
    )
}
"""Every block that a renderer draws; a Matrix and a Panel stand inside others."""

__all__ = [
    "BLOCKS",
    "Actions",
    "Amount",
    "Arithmetic",
    "Arrows",
    "Axis",
    "Badge",
    "Bars",
    "Block",
    "Box",
    "Card",
    "Cards",
    "Check",
    "Checked",
    "Choice",
    "Choices",
    "Course",
    "Drawing",
    "Editor",
    "Fact",
    "Facts",
    "Field",
    "Fill",
    "Flow",
    "From",
    "Graded",
    "Grids",
    "HeatMap",
    "Histogram",
    "Ladder",
    "Lane",
    "Legend",
    "Line",
    "Lines",
    "Maps",
    "Matrix",
    "Node",
    "Nothing",
    "Panel",
    "Path",
    "Pick",
    "Player",
    "Product",
    "Prose",
    "Rung",
    "SelfTest",
    "Source",
    "Table",
    "Task",
    "Tasks",
    "Timeline",
    "Trial",
    "Verdict",
    "View",
    "Words",
    "Yours",
    "pick_cell",
    "pick_pair",
    "read_number",
]
