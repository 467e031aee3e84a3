"""The composition root: joins one learner's session and the screen.

house = make_app("stepper")
document.add_root(house.get_root(document, preprocess=False))
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from attention_lab.kit.catalogue import lab_class, names
from attention_lab.kit.texts import ENGLISH, known
from attention_lab.session import Session
from attention_lab.teaching import catalogue
from attention_lab.widgets.house import House, Naming


def make_app(
    lab: str | None = None,
    options: Mapping[str, Any] | None = None,
    naming: Naming = nullcontext,
    *,
    address: bool = True,
    language: str = ENGLISH,
    scripts: Mapping[str, Any] | None = None,
) -> House:
    """Return a house with one lab open, the first one unless named.

    Args:
        lab: the name of a folder in `labs/`.
        options: settings to start with.
        naming: a context for each lab, in which its models are made: it may give them ids.
        address: whether the page's address is the lab's own.
        language: what texts are said in; English where there is no catalogue of it.
        scripts: what the scripts say in it, where the page has not brought that itself.
    """
    if lab is not None:
        lab_class(lab)  # refuses a name that is none
    session = Session(lab, known(language))
    session.apply(dict(options or {}))
    return House(session, naming, address=address, scripts=scripts)


def lab_names() -> tuple[str, ...]:
    """Return the names of all labs, in their order."""
    return names()


def for_teachers() -> dict[str, Any]:
    """Return what a link may say of each lab: for the page that makes links."""
    return catalogue()
