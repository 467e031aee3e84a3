"""What a screen reader is told when a step comes: its place, its title, and a sentence with numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

NUMBER = re.compile(r"(?<![\w-])\d")
"""A number, and not the 2 of a name such as GPT-2."""


def told(views: Mapping[str, Any]) -> str:
    """The sentence, as widgets/js/screen.js picks it from what the places show."""
    places = [views[name] for name in views if name.startswith(("look-", "check-"))]
    sentences = [view["alt"] for view in places if view and view.get("alt")]
    return next((each for each in sentences if NUMBER.search(each)), sentences[0] if sentences else "")
