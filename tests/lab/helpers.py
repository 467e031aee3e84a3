"""What several tests of the lab need: sessions, cells, and the maths again, in plain NumPy."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from attention_lab.lessons import Lab, load_labs
from attention_lab.session import Session
from attention_lab.views import scene_of, views_of
from attention_lab.views.scene import Scene

LONG = " ".join(f"word{i}" for i in range(32))
STEPS = [step.id for step in load_labs()[0].steps]
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


def make_session(**changes: Any) -> Session:
    """A session in the stepper, with these changes applied."""
    labs = load_labs()
    session = Session({lab.name: tuple(step.id for step in lab.steps) for lab in labs})
    session.apply(changes)
    return session


def views(session: Session) -> dict[str, Any]:
    """Every view of a session, as it arrives in the page: through JSON."""
    text = json.dumps(views_of(session, load_labs()), allow_nan=False)
    read: dict[str, Any] = json.loads(text)
    return read


def scene(session: Session) -> Scene:
    return scene_of(session, load_labs())


def stepper() -> Lab:
    return next(lab for lab in load_labs() if lab.name == "stepper")


def matrices_in(stage: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every matrix of a stage, by id."""
    if stage["layout"] == "flow":
        found = [*stage["inputs"], stage["result"]]
    elif stage["layout"] == "product":
        found = [stage["left"], *stage["top"], *stage["results"]]
    else:
        found = [stage["matrix"]]
    return {matrix["id"]: matrix for matrix in found}


def computed(session: Session) -> dict[str, np.ndarray[Any, Any]]:
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
