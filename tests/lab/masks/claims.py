"""What says of each state of this lab whether its title is true."""

import numpy as np


def _moves(lab):
    return bool((np.abs(lab.leaked[1]).max(axis=-1) > 0.01).all())


CLAIMS = {
    "alone": lambda lab: np.array_equal(lab.drawn, np.eye(len(lab.tokens))),
    "leaking": lambda lab: lab.loud > 0 and _moves(lab),
    "lost": lambda lab: bool(np.isnan(lab.leaked[0][:-1]).all()),
    "even": lambda lab: bool(np.allclose(lab.ways[3], 1 / len(lab.tokens))),
}
