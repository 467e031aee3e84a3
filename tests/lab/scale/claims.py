"""What says of each state of this lab whether its title is true."""

import numpy as np

from attention import softmax


def _row(lab, divided):
    rng = np.random.Generator(np.random.SFC64(1))
    q = rng.standard_normal((32, 1024), dtype=np.float32)[0]
    k = rng.standard_normal((512, 1024), dtype=np.float32)[:8]
    row = softmax((k @ q).astype(float) / (32 if divided else 1))
    return np.allclose(lab.weights, row, atol=1e-4) and lab.weights.max()


def _less(lab):
    plain, divided = lab.here_softened.gradients.mean(axis=-1)
    return divided < plain


CLAIMS = {
    "widest": lambda lab: lab.d_k == 1024 and abs(lab.scores.std() / 32 - 1) < 0.02,
    "one_key": lambda lab: _row(lab, False) > 0.999,
    "shared": lambda lab: 0 < _row(lab, True) < 0.5,
    "many_keys": _less,
}
