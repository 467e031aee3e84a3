"""A part of a scene is itself or what makes it, and is made only when it is drawn."""

from __future__ import annotations

from attention_lab.kit.blocks import Prose
from attention_lab.kit.scene import Peek, Scene, made
from attention_lab.session import Session
from attention_lab.widgets.screen import views_of
from tests.lab.kit.test_lab import toy


def test_a_part_is_itself_or_what_it_returns() -> None:
    block = Prose(paragraphs=[["a"]])
    assert made(block) is block
    assert made(lambda: block) is block
    assert made(None) is None


def test_where_only_the_pointer_moved_only_what_follows_it_is_made() -> None:
    drawn: list[str] = []

    def block(name: str) -> Prose:
        drawn.append(name)
        return Prose(paragraphs=[[name]])

    scene = Scene(
        look=[lambda: block("look")],
        check=[Peek(lambda: block("peek")), lambda: block("check")],
        numbers={"n": 3},
    )
    session, lab = Session("stepper"), toy()
    shown = dict(views_of(session, lab, scene, only_peeks=True))
    assert drawn == ["peek"]
    assert {slot: view and view["paragraphs"] for slot, view in shown.items()} == {"check-0": [["peek"]]}
    assert {"look-0", "check-1", "lesson"} <= set(dict(views_of(session, lab, scene)))
