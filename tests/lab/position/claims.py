"""What says of each state of this lab whether its title is true."""

import numpy as np

from attention_lab.labs.position.placing import alike
from tests.lab.helpers import make_lab


def _backwards(lab):
    return lab.order == list(reversed(range(len(lab.tokens)))) and float(lab.changed.max()) < 1e-12


def _next_but_one(lab):
    one, two = (float(np.diag(alike(lab.places), step).mean()) for step in (1, 2))
    return two > one + 0.1


def _later(lab):
    (waves, rotary), (waves_before, rotary_before) = lab.beside, make_lab("position", seed=lab.seed).beside
    return lab.start == 100 and np.allclose(rotary, rotary_before) and not np.allclose(waves, waves_before)


CLAIMS = {
    "backwards": _backwards,
    "masked": lambda lab: float(lab.changed.max()) > 0.1,
    "next_but_one": _next_but_one,
    "later": _later,
}
