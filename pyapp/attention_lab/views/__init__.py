"""What each region of the screen shows: pure functions of a session, returning the dicts of the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attention_lab.lessons import Lab
from attention_lab.session import Session
from attention_lab.views.arithmetic import arithmetic
from attention_lab.views.code import code
from attention_lab.views.controls import controls
from attention_lab.views.formula import formula
from attention_lab.views.frame import header, lesson, transport
from attention_lab.views.predict import heads, predict
from attention_lab.views.scene import Scene
from attention_lab.views.sentence import sentence
from attention_lab.views.stage import foot, stage

View = dict[str, Any] | None

REGIONS: Mapping[str, Callable[[Scene, Sequence[Lab]], View]] = {
    "header": header,
    "formula": lambda scene, _: formula(scene),
    "lesson": lambda scene, _: lesson(scene),
    "predict": lambda scene, _: predict(scene),
    "controls": lambda scene, _: controls(scene),
    "sentence": lambda scene, _: sentence(scene),
    "stage": lambda scene, _: stage(scene),
    "foot": lambda scene, _: foot(scene),
    "heads": lambda scene, _: heads(scene),
    "arithmetic": lambda scene, _: arithmetic(scene),
    "code": lambda scene, _: code(scene),
    "transport": lambda scene, _: transport(scene),
}
"""Every kind of region, in the order on the screen."""


def scene_of(session: Session, labs: Sequence[Lab]) -> Scene:
    """Take one moment of a session, in the lab that it is in."""
    return Scene(session, next(lab for lab in labs if lab.name == session.lab))


def views_of(session: Session, labs: Sequence[Lab]) -> dict[str, View]:
    """Return what every region shows now."""
    scene = scene_of(session, labs)
    return {kind: view(scene, labs) for kind, view in REGIONS.items()}
