"""What several tests of the lab need: labs, what they show, cells, and the maths again, in plain NumPy."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from attention_lab.kit.blocks import Block
from attention_lab.kit.catalogue import lab_class
from attention_lab.kit.lab import Lab, lesson_of, settings_of
from attention_lab.kit.lesson import Lesson
from attention_lab.kit.scene import block_of
from attention_lab.labs.experiments.lab import Experiments
from attention_lab.labs.stepper.lab import Stepper
from attention_lab.labs.stepper.matrices import matrix
from attention_lab.labs.stepper.moment import Moment
from attention_lab.session import Session
from attention_lab.widgets.screen import views_of

LONG = " ".join(f"word{i}" for i in range(32))
STEPS = [step.id for step in lesson_of(Stepper).steps if step.more["view"] != "recap"]
STRANGE = (
    "hello",
    "The cat sat on the mat",
    LONG,
    "👩🏽‍🚀 👍🏿 🇫🇷 family 👨‍👩‍👧‍👦",
    "القطة جلست على السجادة",
    '<script>alert(1)</script> <b>bold</b> & "quotes" {d_k}',
    "antidisestablishmentarianism " * 3,
    "e\u0301te\u0301 naïve ﷽ 小猫",
    "\x00zero\u200bwidth \ud83d half",
)

REGIONS = {
    **dict.fromkeys(("Flow", "Product", "HeatMap", "Grids", "Arrows", "Nothing"), "stage"),
    "Legend": "foot",
    "Choices": "models",
    "Trial": "test",
    "Arithmetic": "arithmetic",
    "Source": "code",
}
"""What the regions of blocks are called on the screen: see `element` of their renderers."""


def make_lab(name: str, **changes: Any) -> Lab:
    """A lab, with these changes applied."""
    lab = lab_class(name)()
    lab.apply(changes)
    return lab


def make_session(**changes: Any) -> Stepper:
    """The stepper, with these changes applied."""
    lab = Stepper()
    lab.apply(changes)
    return lab


def make_experiments(**changes: Any) -> Experiments:
    """The experiments, with these changes applied."""
    lab = Experiments()
    lab.apply(changes)
    return lab


def linked(lab: Lab) -> dict[str, Any]:
    """Every setting of a lab that a link carries."""
    return {name: value for name, value in lab.choices().items() if settings_of(type(lab))[name].linked}


def session_of(lab: Lab) -> Session:
    """A learner who has this lab open."""
    session = Session(lab.name_of_lab)
    session.labs[lab.name_of_lab] = session.current = lab
    return session


def link_of(lab: Lab) -> str:
    """The query string that reproduces the state of a lab."""
    return session_of(lab).link


def follow(lab: Lab, link: str) -> None:
    """Take a link to this lab, as an address has it."""
    session = session_of(lab)
    session.take_link(link)
    assert session.current is lab


def slots(lab: Lab, session: Session | None = None) -> dict[str, Any]:
    """What every place of the screen shows, as it arrives in the page: through JSON."""
    session = session or session_of(lab)
    text = json.dumps(dict(views_of(session, lab, lab.scene())), allow_nan=False)
    read: dict[str, Any] = json.loads(text)
    return read


def blocks_of(lab: Lab) -> list[Block]:
    """The blocks of the step, in their order; a step that is one block is that one."""
    scene = lab.scene()
    if isinstance(scene, Block):
        return [scene]
    found: list[Any] = [block_of(each) for each in (*scene.look, *scene.check)]
    return [each for each in found if isinstance(each, Block)]


def blocks(lab: Lab) -> dict[str, dict[str, Any]]:
    """Every block of the step by its name, the first of each, as it arrives in the page: through JSON."""
    found: dict[str, dict[str, Any]] = {}
    for block in blocks_of(lab):
        found.setdefault(type(block).__name__, json.loads(json.dumps(block.view(), allow_nan=False)))
    return found


def views(lab: Lab) -> dict[str, Any]:
    """What a lab shows, by what the regions are called: header, lesson, stage, foot, heads, code ..."""
    return named(slots(lab))


def named(shown: dict[str, Any]) -> dict[str, Any]:
    """The views of all places, by what the regions are called."""
    found: dict[str, Any] = {}
    for slot, view in shown.items():
        if slot.startswith(("look-", "check-")):
            if view is not None:
                block = view["block"]
                name = view["region"] if block == "Maps" else REGIONS.get(block, block)
                assert name not in found, f"two regions are called {name}"
                found[name] = view
        else:
            found[slot] = view
    return found


def scene(lab: Stepper) -> Moment:
    """One moment of the stepper, with the arrays of the head on screen."""
    return Moment(lab)


def matrix_view(now: Moment, name: str) -> dict[str, Any]:
    """One matrix of the stepper, as the page gets it."""
    return matrix(now, name).view()


def lesson(name: str) -> Lesson:
    """What a lab.md says."""
    return lesson_of(lab_class(name))


def matrices_in(stage: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every matrix of a stage, by id."""
    if stage["block"] == "Flow":
        found = [*stage["inputs"], stage["result"]]
    elif stage["block"] == "Product":
        found = [stage["left"], *stage["top"], *stage["results"]]
    else:
        found = [stage["matrix"]]
    return {matrix["id"]: matrix for matrix in found}


def plain(math: Any) -> str:
    """The words of a formula or a sentence, without its markup."""
    if isinstance(math, str):
        return math
    if isinstance(math, list):
        return "".join(map(plain, math))
    if "root" in math:
        return "√" + plain(math["root"])
    return plain(math.get("t") or math.get("sub") or math["sup"])


def computed(session: Stepper) -> dict[str, np.ndarray[Any, Any]]:
    """Every matrix of the head on screen, computed again from the table and the parameters alone."""
    table, ids = np.array(session.embedded.table), list(session.embedded.ids)
    d_k = session.d_model // session.n_heads
    columns = slice(session.head * d_k, (session.head + 1) * d_k)
    w = {name: np.array(getattr(session.projections, name))[:, columns] for name in ("w_q", "w_k", "w_v")}
    x = table[ids]
    q, k, v = (x @ w[name] for name in ("w_q", "w_k", "w_v"))
    raw = q @ k.T
    scaled = raw * (1 / np.sqrt(d_k) if session.scale is None else session.scale)
    n = len(x)
    mask = np.zeros((n, n))
    if session.mask == "causal":
        mask[np.triu_indices(n, 1)] = -np.inf
    if session.mask == "padding":
        mask[:, n - session.tokens.n_pad :] = -np.inf
    if session.mask == "by-hand":
        for row, col in session.blocked:
            mask[row, col] = -np.inf
    masked = scaled + mask
    with np.errstate(invalid="ignore"):
        weights = np.exp(masked - masked.max(axis=1, keepdims=True))
        weights = weights / weights.sum(axis=1, keepdims=True)
        output = weights @ v
    return {
        "table": table, "x": x, **w, "q": q, "k": k, "k_t": k.T, "v": v, "raw_scores": raw,
        "scaled_scores": scaled, "mask": mask, "masked_scores": masked, "weights": weights,
        "head_outputs": output,
    }  # fmt: skip
