"""Where the numbers of a picture come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attention_lab.kit.markup import Math

KINDS = ("hand-built", "random", "trained", "measured")


@dataclass(frozen=True)
class Badge:
    """Where numbers come from: hand-built, random, trained, or measured here and now."""

    kind: str
    label: str
    paragraphs: Sequence[Math] = ()
    card: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a badge is one of {', '.join(KINDS)}, not {self.kind!r}")
