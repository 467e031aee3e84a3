"""Everything that can stand on the screen: one frozen dataclass a block, one renderer of the same name."""

from attention_lab.kit.blocks.base import Block, View

__all__ = ["Block", "View"]
