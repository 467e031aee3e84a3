"""A lab outside the page: under `panel serve` and in a notebook.

from attention_lab import lab

app = lab("scale", d_k=16)     # in a cell; in a file for `panel serve`: lab("scale").servable()
app.settings.d_k = 64
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import panel as pn

from attention_lab.app import make_app
from attention_lab.widgets.house import House

STYLES = Path(__file__).parent / "dist" / "attention_lab.css"


def lab(name: str | None = None, /, **settings: Any) -> House:
    """Return a lab that can be shown in a cell or served, the first one unless named."""
    if not STYLES.is_file():
        raise FileNotFoundError(
            "This copy of Attention Lab has no scripts yet: run `python3 build.py dev` in its folder once."
        )
    pn.extension(raw_css=[STYLES.read_text(encoding="utf-8")])  # type: ignore[no-untyped-call]
    return make_app(name, settings)
