"""Blocks that are read: where a number comes from, the source line that computed it, words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attention_lab.kit.blocks.base import Block, View
from attention_lab.kit.markup import Math
from attention_lab.kit.sources import SourceLines, tinted_lines


@dataclass(frozen=True, kw_only=True, eq=False)
class Arithmetic(Block):
    """Where one number comes from, term by term; `follows` is the setting of the cell under the pointer."""

    heading: str
    title: Math
    body: Mapping[str, Any]
    why: Math | None = None
    note: Any = None
    follows: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Source(Block):
    """Real source lines, with the shapes that they have now."""

    source: SourceLines
    shape: str = ""
    matrices: Sequence[str] = ()

    def view(self) -> View:
        """Return what the page gets."""
        return {
            "block": "Source",
            "alt": "",
            "file": self.source.file,
            "line": self.source.line,
            "lines": tinted_lines(self.source.lines),
            "shape": self.shape,
            "matrices": list(self.matrices),
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class Prose(Block):
    """A few words under a heading, each paragraph with its symbols."""

    paragraphs: Sequence[Math]
    heading: str = ""
