"""What says of each state of this lab whether its title is true."""

import numpy as np

from attention import softmax
from attention_lab.labs.lookup.lab import likeness


def _heard(lab):
    weights, wave = lab.heard
    return lab.voices == 40 and weights[0] > 0.9 and likeness(wave, lab.room[1][0]) > 0.99


def _printed(lab):
    cat = float(softmax(lab.times * np.array([0.1, 0.9, 0.3, 0.2, 0.1]))[1])
    return lab.lamp == "spotlight" and abs(lab.shares[1] - cat) < 1e-12 and abs(cat - 0.65) < 0.005


CLAIMS = {
    "nothing": lambda lab: not lab.q.any() and np.allclose(lab.weights, 1 / 3),
    "cold": lambda lab: lab.temperature < 0.1 and np.allclose(lab.weights, [0.5, 0, 0.5]),
    "printed": _printed,
    "crowd": _heard,
}
