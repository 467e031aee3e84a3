"""Everything that can stand on the screen: one frozen dataclass a block, one renderer of the same name."""

from attention_lab.kit.blocks.asking import Actions, Amount, Check, Choice, Pick, Player, Verdict, read_number
from attention_lab.kit.blocks.badge import Badge
from attention_lab.kit.blocks.base import Block, View
from attention_lab.kit.blocks.boards import Card, Cards, Drawing, Fact, Facts, Field, Table
from attention_lab.kit.blocks.charts import Bars, Histogram, Line, Lines
from attention_lab.kit.blocks.words import Box, Lane, Node, Path, Timeline, Words

__all__ = [
    "Actions",
    "Amount",
    "Badge",
    "Bars",
    "Block",
    "Box",
    "Card",
    "Cards",
    "Check",
    "Choice",
    "Drawing",
    "Fact",
    "Facts",
    "Field",
    "Histogram",
    "Lane",
    "Line",
    "Lines",
    "Node",
    "Path",
    "Pick",
    "Player",
    "Table",
    "Timeline",
    "Verdict",
    "View",
    "Words",
    "read_number",
]
