"""What each region shows in a lab of experiments: the trained models, and tests of their arrows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attention_lab.views.experiments.bench import Bench
from attention_lab.views.experiments.controls import controls
from attention_lab.views.experiments.formula import formula
from attention_lab.views.experiments.maps import maps
from attention_lab.views.experiments.models import models
from attention_lab.views.experiments.sentence import sentence
from attention_lab.views.experiments.stage import foot, stage
from attention_lab.views.experiments.testing import arrow_test

VIEWS = ("arrow", "many_heads", "mean")
"""The views of a step: one head and its test, all heads, one head beside the mean."""

REGIONS: Mapping[str, Callable[[Bench], dict[str, Any] | None]] = {
    "formula": formula,
    "controls": controls,
    "sentence": sentence,
    "models": models,
    "stage": stage,
    "foot": foot,
    "maps": maps,
    "test": arrow_test,
}

__all__ = ["REGIONS", "VIEWS", "Bench"]
