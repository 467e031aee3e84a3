"""What each region of the screen shows: pure functions of a session, returning the dicts of the contract.

A lab is drawn by the family that its steps' views belong to: the stepper's, or the experiments'. A region
that a family does not know is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from attention_lab.lessons import Lab
from attention_lab.session import Session
from attention_lab.views import experiments
from attention_lab.views.arithmetic import arithmetic
from attention_lab.views.code import code
from attention_lab.views.controls import controls
from attention_lab.views.experiments import Bench
from attention_lab.views.formula import formula
from attention_lab.views.frame import header, lesson, transport
from attention_lab.views.predict import heads, predict
from attention_lab.views.scene import RESULTS, Scene
from attention_lab.views.sentence import sentence
from attention_lab.views.stage import foot, stage

__all__ = ["REGIONS", "VIEWS", "Bench", "Moment", "Scene", "View", "scene_of", "views_of"]

View: TypeAlias = dict[str, Any] | None
Moment: TypeAlias = Scene | Bench

VIEWS = (*RESULTS, *experiments.VIEWS)
"""Every view that a step of a lab file can name."""

_STEPPER: Mapping[str, Callable[[Scene], View]] = {
    "formula": formula,
    "predict": predict,
    "controls": controls,
    "sentence": sentence,
    "stage": stage,
    "foot": foot,
    "heads": heads,
    "arithmetic": arithmetic,
    "code": code,
}

_ORDER = (
    *("header", "formula", "lesson", "predict", "controls", "sentence", "models", "stage", "foot"),
    *("test", "heads", "maps", "arithmetic", "code", "transport"),
)


def _draw(kind: str) -> Callable[[Moment, Sequence[Lab]], View]:
    def view(moment: Moment, labs: Sequence[Lab]) -> View:
        if kind == "header":
            return header(moment, labs)
        if kind in ("lesson", "transport"):
            return lesson(moment) if kind == "lesson" else transport(moment)
        if isinstance(moment, Bench):
            draw = experiments.REGIONS.get(kind)
            return draw(moment) if draw else None
        own = _STEPPER.get(kind)
        return own(moment) if own else None

    return view


REGIONS: dict[str, Callable[[Moment, Sequence[Lab]], View]] = {kind: _draw(kind) for kind in _ORDER}
"""Every kind of region, in the order on the screen."""


def scene_of(session: Session, labs: Sequence[Lab]) -> Moment:
    """Take one moment of a session, in the lab that it is in."""
    lab = next(lab for lab in labs if lab.name == session.lab)
    step = lab.steps[lab.index(session.step)]
    return Bench(session, lab) if step.view in experiments.VIEWS else Scene(session, lab)


def views_of(session: Session, labs: Sequence[Lab]) -> dict[str, View]:
    """Return what every region shows now."""
    scene = scene_of(session, labs)
    return {kind: view(scene, labs) for kind, view in REGIONS.items()}
