"""The Bokeh models that the page's plugin draws: Python's side of widgets/js/models.js.

Every property of `LearnerModel` accepts any value, so that a wrong one reaches `Session`, which refuses it.
"""

from __future__ import annotations

from bokeh.core.properties import Any, Instance, List, String
from bokeh.model import Model

from attention_lab.experiment import DEFAULTS


class LearnerModel(Model):
    """What the learner chose: a property for each setting of `Session`, written by the page and by Python."""

    lab = Any(default="stepper")
    step = Any(default="embeddings")
    text = Any(default="The cat sat on the mat")
    embedding = Any(default="hand-built")
    seed = Any(default=7)
    d_model = Any(default=4)
    n_heads = Any(default=2)
    head = Any(default=0)
    mask = Any(default="none")
    n_pad = Any(default=2)
    blocked = Any(default=list)
    scale = Any(default=None)
    query = Any(default=2)
    key = Any(default=1)
    feature = Any(default=0)
    picked = Any(default=None)
    hover = Any(default=None)
    table = Any(default=False)
    guesses = Any(default=dict)
    revealed = Any(default=list)
    link = Any(default="")
    own = Any(default=DEFAULTS["own"])
    sample = Any(default=None)
    job = Any(default=None)
    examined = Any(default="reader")
    at = Any(default=None)
    asked = Any(default=None)
    rival = Any(default=None)
    exchange = Any(default=None)
    changes = Any(default=list)
    scope = Any(default="head")
    kinds = Any(default=dict)
    drawn = Any(default="arrows")
    order = Any(default="weight")


class RegionModel(Model):
    """One region of the screen: what it shows, as JSON text, and the Bokeh figures in it."""

    kind = String()
    view = String(default="null")
    plots = List(Instance(Model))


class ScreenModel(Model):
    """The whole screen: the one root of the document."""

    learner = Instance(LearnerModel)
    regions = List(Instance(RegionModel))
