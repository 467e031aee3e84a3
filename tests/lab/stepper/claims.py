"""What says of each state of this lab whether its title is true."""

import numpy as np

from tests.lab.helpers import computed, make_session, views


def _undivided(lab):
    found = computed(lab)
    return lab.d_k == 16 and np.array_equal(found["scaled_scores"], found["raw_scores"])


def _shared(lab):
    found = computed(lab)
    return np.allclose(found["head_outputs"], np.tile(found["v"].mean(axis=0), (6, 1)))


def _replayed(lab):
    return lab.step == "recap" and lab.beat == 6


def _other_scores(lab):
    return lab.head == 1 and not np.allclose(
        computed(lab)["raw_scores"], computed(make_session())["raw_scores"]
    )


def _empty(lab):
    return np.isneginf(computed(lab)["mask"][2]).all() and views(lab)["foot"]["alert"] is not None


CLAIMS = {
    "unknown": lambda lab: lab.embedded.spelled == ("zorb",),
    "where_to": _replayed,
    "wide": lambda lab: (lab.d_model, lab.n_heads, lab.d_k) == (16, 4, 4),
    "second": _other_scores,
    "undivided": _undivided,
    "padded": lambda lab: lab.tokens.n_pad == 2 and np.isneginf(computed(lab)["mask"][:, -2:]).all(),
    "empty": _empty,
    "even": lambda lab: np.allclose(computed(lab)["weights"], 1 / 6),
    "peeking": lambda lab: (
        (lab.head, lab.mask) == (1, "none") and "where: mat" in views(lab)["heads"]["note"]
    ),
    "shared": _shared,
}
