"""What each step of the experiments shows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from attention_lab.kit.scene import Made, Scene
from attention_lab.labs.experiments.asking import prediction
from attention_lab.labs.experiments.bench import Bench
from attention_lab.labs.experiments.controls import controls
from attention_lab.labs.experiments.formula import formula
from attention_lab.labs.experiments.maps import maps
from attention_lab.labs.experiments.models import models
from attention_lab.labs.experiments.sentence import badge, sentence
from attention_lab.labs.experiments.source import code
from attention_lab.labs.experiments.stage import foot, stage, told
from attention_lab.labs.experiments.testing import arrow_test

if TYPE_CHECKING:
    from attention_lab.labs.experiments.lab import Experiments


def scene_of(lab: Experiments) -> Scene:
    """Return what the step shows."""
    bench = Bench(lab)
    large: Made = partial(stage, bench)
    small: Made = partial(maps, bench)
    if bench.view == "many_heads":
        large, small = small, large  # what the step is about stands in the middle
    return Scene(
        formula=partial(formula, bench),
        predict=partial(prediction, lab),
        controls=partial(controls, bench),
        sentence=partial(sentence, bench),
        badge=partial(badge, bench),
        numbers=partial(told, bench),
        look=[partial(models, bench), large, partial(foot, bench)],
        check=[partial(arrow_test, bench), small, partial(code, bench)],
    )
