"""A lab outside the page: under `panel serve` and in a notebook.

from attention_lab import lab

app = lab("scale", d_k=16)     # in a cell; in a file for `panel serve`: lab("scale").servable()
app.settings.d_k = 64
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import panel as pn

from attention_lab.app import make_app
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.texts import ENGLISH, known, learn
from attention_lab.widgets.house import House

BUNDLE = Path(__file__).parent / "dist"


class NotBuiltError(FileNotFoundError):
    """This copy has no scripts."""

    def __init__(self) -> None:
        super().__init__(
            "This copy of Attention Lab has no scripts yet: run `python3 build.py wheel` in its folder once."
        )


@cache
def languages(bundle: Path) -> dict[str, dict[str, str]]:
    """Learn the languages that the bundle has: by code, what its speakers call it and where it runs."""
    path = bundle / "languages.json"
    told: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for code in told:
        learn(code, (bundle / f"texts.{code}.mo").read_bytes())
    return told


def _asked(told: Mapping[str, object]) -> str:
    """The language that the address names, where there is one."""
    arguments = pn.state.session_args.get("language", [b""])
    named = arguments[-1].decode("utf-8", "replace")
    return named if named in told else ENGLISH


def lab(name: str | None = None, /, *, language: str | None = None, **settings: Any) -> House:
    """Return a lab that can be shown in a cell or served, the first one unless named.

    Its language is the one that is named here, or else by the address of a page that is served; English where
    this copy does not have it.

    Raises:
        RefusedError: a setting cannot be taken; the text says why.
        NotBuiltError: this is a clone in which nothing has been bundled.
    """
    served = pn.state.curdoc is not None and pn.state.curdoc.session_context is not None
    styles = BUNDLE / ("page.css" if served else "cell.css")
    if not (BUNDLE / "attention_lab.js").is_file() or not styles.is_file():
        raise NotBuiltError
    pn.extension(raw_css=[styles.read_text(encoding="utf-8")], inline=not served)
    told = languages(BUNDLE)
    spoken = known(language or (_asked(told) if served else ENGLISH))
    house = make_app(name, address=served, language=spoken)
    if told:
        house.spoken = _spoken(told, spoken)
    for refusal in house.set(settings).values():
        raise RefusedError(refusal)
    return house


def _spoken(told: Mapping[str, Mapping[str, str]], language: str) -> dict[str, Any]:
    """What the scripts are told: what there is to choose, and their own texts."""
    page = BUNDLE / f"texts.{language}.json"
    return {
        "now": language,
        "direction": told.get(language, {}).get("direction", "ltr"),
        "names": {ENGLISH: "English", **{code: each["name"] for code, each in told.items()}},
        "texts": {} if language == ENGLISH else json.loads(page.read_text(encoding="utf-8")),
    }
