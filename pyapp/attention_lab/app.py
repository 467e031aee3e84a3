"""The composition root: joins the session, the labs and the screen.

screen = make_app("stepper")
document.add_root(screen.get_root(document, preprocess=False))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attention_lab.lessons import load_labs
from attention_lab.session import Session
from attention_lab.widgets.screen import Screen


def make_app(lab: str | None = None, options: Mapping[str, Any] | None = None) -> Screen:
    """Return the screen of a lab, the first one unless named; `options` are settings to start with."""
    labs = load_labs()
    names = [each.name for each in labs]
    if lab is not None and lab not in names:
        raise ValueError(f"there is no lab {lab!r}: choose one of {', '.join(names)}")
    session = Session({each.name: tuple(step.id for step in each.steps) for each in labs}, lab)
    session.apply(dict(options or {}))
    return Screen(session, labs)


def lab_names() -> list[str]:
    """Return the names of all labs, in their order."""
    return [lab.name for lab in load_labs()]
