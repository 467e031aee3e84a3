"""A state as a query string, and back: `lab=stepper&step=weights&mask=causal`.

Only what differs from a lab's defaults is written. Whatever is read is checked as if a stranger had typed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlencode

from attention_lab.kit.texts import lazy

MAX_LINK = 16_000
MAX_FIELDS = 40

LOCKS: Mapping[str, str] = {
    "lab": lazy("the lab"),
    "step": lazy("the step"),
    "text": lazy("the sentence"),
    "settings": lazy("the settings"),
}
"""The groups of a link's `lock=`, and what students are told they cannot change."""

OF_THE_PAGE: Mapping[str, Mapping[str, str]] = {
    "embed": {"1": lazy("as high as its contents, without a scroll bar of its own")},
    "theme": {"light": lazy("light"), "dark": lazy("dark")},
    "present": {"1": lazy("in large type, for the front of a room")},
    "language": {"en": "English"},
    "boot": {
        "plain": lazy("started without the memory snapshot"),
        "snapshot": lazy("started from the memory snapshot"),
    },
}
"""What an address may say besides the state: each with its values, in words.

The other languages are those that there is a catalogue of: the build and `panel serve` know them.
"""

_OF_THE_PAGE = {*OF_THE_PAGE, "lock", "counts", "page"}
_OF_OTHERS = ("utm_", "fbclid", "gclid", "msclkid")
"""What sites that pass links on add to them."""

FIRST_LAB = "stepper"
"""The lab of links that name none: they are older than the second lab."""


def write_link(lab: str, fields: Mapping[str, str]) -> str:
    """Return the query string of a lab's state, without a leading "?" or "#"."""
    return urlencode({"lab": lab, **fields})


def read_link(link: str) -> tuple[str | None, dict[str, str]] | None:
    """Return the lab that a link is about, and its fields; None for one that cannot be read.

    A link that names no lab but holds a state is of a time when there was one lab; an address without any
    state names none.
    """
    if len(link) > MAX_LINK:
        return None
    try:
        pairs = parse_qsl(link.lstrip("#?"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        return None
    fields = {
        name: text for name, text in pairs if name not in _OF_THE_PAGE and not name.startswith(_OF_OTHERS)
    }
    lab = fields.pop("lab", FIRST_LAB if fields else None)
    return lab, fields


def misread(link: str, labs: Iterable[str], language: str = "en") -> list[str]:
    """Return what a link asks of the page that the page has no meaning for.

    `labs` are those there are; `language` is the one that is spoken.
    """
    try:
        pairs = parse_qsl(link.lstrip("#?"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        return []
    asked = [(name, text) for name, text in pairs if (name, text) != ("language", language)]
    found = [name for name, text in asked if name in OF_THE_PAGE and text not in OF_THE_PAGE[name]]
    for listing, known in (("lock", set(LOCKS)), ("counts", set(labs))):
        listed = {each for name, text in pairs if name == listing for each in text.split(",") if each}
        found += [listing] if listed - known else []
    return found
