"""What the runner says: a constant text and its values, which are put into words where they are shown.

Standard library only: the runner gets this file as text (see shipping.py), and no language with it. The other
end is replies.py, which makes texts of kit/texts.py out of what comes.
"""

from __future__ import annotations

from typing import Any

_LONGEST = 600  # characters of a value


class Said(str):
    """A text with its values; as a string, it is English."""

    __slots__ = ("text", "values")
    text: str
    values: dict[str, Any]


def lazy(text: str, /, **values: Any) -> Said:
    """Return a text that is said where it is shown; Babel finds it here."""
    told = {name: each if type(each) is Said else str(each)[:_LONGEST] for name, each in values.items()}
    said = Said(text.format_map(told) if told else text)
    said.text, said.values = text, told
    return said


def unsaid(said: Said) -> list[Any]:
    """Return a text as plain data: [text, values]."""
    return [
        said.text,
        {name: unsaid(each) if type(each) is Said else each for name, each in said.values.items()},
    ]
