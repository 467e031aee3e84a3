"""A lab outside the page: under `panel serve` and in a notebook.

from attention_lab import lab

app = lab("scale", d_k=16)     # in a cell; in a file for `panel serve`: lab("scale").servable()
app.settings.d_k = 64
lab("scale", language="es")    # in Spanish
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import panel as pn

from attention_lab.app import make_app
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.texts import ENGLISH
from attention_lab.languages import languages, learned, of_scripts, refusal
from attention_lab.widgets.house import House

BUNDLE = Path(__file__).parent / "dist"


class NotBuiltError(FileNotFoundError):
    """This copy has no scripts."""

    def __init__(self) -> None:
        super().__init__(
            "This copy of Attention Lab has no scripts yet: run `python3 build.py wheel` in its folder once."
        )


def lab(name: str | None = None, /, *, language: str | None = None, **settings: Any) -> House:
    """Return a lab that can be shown in a cell or served, the first one unless named.

    Args:
        name: the name of a lab.
        language: what it is said in: "es" for Spanish. Those that there are: `languages.languages()`. Unless
            told, that of the address (`?language=es`) where the lab is served, and else English.
        settings: what to begin with.

    Raises:
        RefusedError: there is no such language, or a setting cannot be taken; the text says why.
        NotBuiltError: this is a clone in which nothing has been bundled.
    """
    served = pn.state.curdoc is not None and pn.state.curdoc.session_context is not None
    styles = BUNDLE / ("page.css" if served else "cell.css")
    if not (BUNDLE / "attention_lab.js").is_file() or not styles.is_file():
        raise NotBuiltError
    language = language or (_asked() if served else ENGLISH)
    if not learned(language):
        raise RefusedError(refusal(language))
    pn.extension(raw_css=[styles.read_text(encoding="utf-8")], inline=not served)
    house = make_app(name, address=served, language=language, scripts=of_scripts(language))
    for words in house.set(settings).values():
        raise RefusedError(words)
    return house


def _asked() -> str:
    """The language that the address names, where there is one."""
    named = pn.state.session_args.get("language", [b""])[-1].decode("utf-8", "replace")
    return named if named in languages() else ENGLISH
