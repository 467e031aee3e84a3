"""A state as a query string, and back: `step=weights&mask=causal&head=1`.

Only what differs from the defaults is written. Whatever is read is checked as if a stranger had typed it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from attention_lab.experiment import FORMS
from attention_lab.fields import AXES, MAX_TOKENS

MAX_LINK = 16_000
_MAX_FIELDS = 40

_TEXTS = ("lab", "step", "text", "embedding", "mask")
_NUMBERS = ("seed", "d_model", "n_heads", "head", "n_pad", "query", "key", "feature")
LINKED = (*_TEXTS, *_NUMBERS, "scale", "blocked", "picked", "table", *FORMS)
"""The settings that a link carries; guesses stay with the learner who made them."""


def write_link(state: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """Return the query string that reproduces `state`, without a leading "?" or "#"."""
    fields = {name: _written(name, state[name]) for name in LINKED if state[name] != defaults[name]}
    return urlencode(fields)


def read_link(link: str) -> tuple[dict[str, Any], list[str]]:
    """Return what a link sets, and the fields that cannot be read; unknown names are passed over."""
    if len(link) > MAX_LINK:
        return {}, ["link"]
    try:
        pairs = parse_qsl(link.lstrip("#?"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        return {}, ["link"]
    state: dict[str, Any] = {}
    bad = []
    for name, text in pairs:
        if name not in LINKED:
            continue
        try:
            state[name] = _read(name, text)
        except ValueError:
            bad.append(name)
    return state, bad


def _written(name: str, value: Any) -> str:
    if name in FORMS:
        return FORMS[name].write(value)
    if name == "blocked":
        bits = sum(1 << (row * MAX_TOKENS + col) for row, col in value)
        return f"{bits:x}"
    if name == "picked":
        return f"{value['matrix']}.{value['row']}.{value['col']}"
    if name == "table":
        return str(int(value))
    return str(value)


def _read(name: str, text: str) -> Any:
    if name in FORMS:
        return FORMS[name].read(text)
    if name in _TEXTS:
        return text
    if name in _NUMBERS:
        return int(_matching(r"\d{1,6}", text))
    if name == "scale":
        return float(_matching(r"\d{1,3}(\.\d{1,20})?(e-\d{1,2})?", text))
    if name == "blocked":
        bits = int(_matching(rf"[0-9a-f]{{1,{MAX_TOKENS**2 // 4}}}", text), 16)
        cells = MAX_TOKENS**2
        return [[i // MAX_TOKENS, i % MAX_TOKENS] for i in range(cells) if bits >> i & 1]
    if name == "picked":
        matrix, row, col = _matching(rf"({'|'.join(AXES)})\.\d{{1,3}}\.\d{{1,3}}", text).split(".")
        return {"matrix": matrix, "row": int(row), "col": int(col)}
    return _matching(r"[01]", text) == "1"


def _matching(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError(text)
    return text
