"""What stands around the stage: the header, the steps at the foot, the lesson's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol
from urllib.parse import quote

from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_plugin

from attention_lab.lessons import Lab, Step
from attention_lab.session import Session
from attention_lab.views.scene import Scene

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Moment(Protocol):
    """A session at one moment, in whatever lab."""

    session: Session
    lab: Lab
    place: int
    step: Step


def header(scene: Moment, labs: Sequence[Lab]) -> dict[str, Any]:
    """Say which lab this is, and how much of it has been seen."""
    return {
        "brand": "Attention Lab",
        "lab": scene.lab.title,
        "labs": [
            {
                "name": lab.name,
                "title": lab.title,
                "current": lab is scene.lab,
                "href": f"#lab={quote(lab.name)}",
            }
            for lab in labs
        ],
        "seen": len(scene.session.seen),
        "steps": len(scene.lab.steps),
    }


def transport(scene: Moment) -> dict[str, Any]:
    """List the steps."""
    return {
        "steps": [
            {"id": step.id, "name": step.section, "label": f"Step {i + 1}: {step.section}"}
            for i, step in enumerate(scene.lab.steps)
        ],
        "current": scene.step.id,
    }


def lesson(scene: Moment) -> dict[str, Any]:
    """The prose of this step, with the sizes on the screen in it."""
    return {
        "eyebrow": f"Step {scene.place + 1} of {len(scene.lab.steps)}",
        "title": scene.step.section,
        "html": fill_in(to_html(scene.step.prose), live_numbers(scene)),
    }


def live_numbers(scene: Moment) -> dict[str, int]:
    """Return what a lab's prose may name in braces."""
    if not isinstance(scene, Scene):
        return {}
    session, n = scene.session, scene.n
    return {
        "seq_q": n,
        "seq_k": n,
        "n_scores": n * n,
        "d_model": session.d_model,
        "d_k": session.d_k,
        "d_v": session.d_k,
        "n_heads": session.n_heads,
        "head": session.head + 1,
        "vocab": len(scene.embedded.vocab),
    }


@cache
def to_html(prose: str) -> str:
    """Render a lab file's Markdown; HTML in it stays text, and attributes may only be classes."""
    markdown = MarkdownIt("commonmark", {"html": False})
    markdown.use(attrs_plugin, spans=True, allowed=["class"])
    html: str = markdown.render(prose).strip()
    return html


def fill_in(html: str, numbers: Mapping[str, int]) -> str:
    """Replace `{d_k}` and the like by their numbers; an unknown name is a mistake in the lab file."""
    return _PLACEHOLDER.sub(lambda found: str(numbers[found[1]]), html)
