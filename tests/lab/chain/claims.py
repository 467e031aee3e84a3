"""What says of each state of this lab whether its title is true."""

import numpy as np

from attention_lab.labs.chain.lab import CALL


def _left(lab):
    return lab.passed.message[:, lab.at]


def _waits(lab):
    recurrent, __, attention = (len(lane.boxes) for lane in lab.scene().look[0]().lanes)
    return recurrent == 24 and attention == len(CALL) == 4


CLAIMS = {
    "hundred": lambda lab: lab.at == 100 and _left(lab).max() == 0,
    "strong": lambda lab: lab.strength == 2 and _left(lab).max() > 0.9 and _left(lab).min() < 1e-4,
    "matched": lambda lab: np.median(lab.shares[1][:, -1]) > 0.5 > 0.1 > np.median(lab.shares[0][:, -1]),
    "waiting": _waits,
}
