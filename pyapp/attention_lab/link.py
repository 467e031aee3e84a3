"""A state as a query string, and back: `lab=stepper&step=weights&mask=causal`.

Only what differs from a lab's defaults is written. Whatever is read is checked as if a stranger had typed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

MAX_LINK = 16_000
_MAX_FIELDS = 40
_OF_THE_PAGE = {"theme", "embed", "lock", "counts", "boot", "language", "present", "page"}
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
        pairs = parse_qsl(link.lstrip("#?"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        return None
    fields = {name: text for name, text in pairs if name not in _OF_THE_PAGE}
    lab = fields.pop("lab", FIRST_LAB if fields else None)
    return lab, fields
