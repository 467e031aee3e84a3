"""What are the weights of a few equal scores and a masked one?"""

from __future__ import annotations

import numpy as np

from attention_lab.grading.predicting import Question, options
from attention_lab.kit.texts import lazy


def question(rng: np.random.Generator) -> Question:
    """Return a program with a fresh large score, and with the masked one at a fresh place."""
    score, place, count = int(rng.integers(800, 1200)), int(rng.integers(5)), 5
    row = ["-np.inf" if each == place else f"{score}.0" for each in range(count)]
    program = f"""import numpy as np

scores = np.array([{", ".join(row)}])
e = np.exp(scores - scores.max())
print((e / e.sum()).tolist())
"""
    masked = [0.0 if each == place else 1 / (count - 1) for each in range(count)]
    answers = [
        (masked, lazy("The four equal scores share the weight; -inf gets exactly 0.")),
        (
            [1 / count] * count,
            lazy("-inf is no score like the others: its exponential is 0, so that four share."),
        ),
        (
            [0.0 if each == place else 1.0 for each in range(count)],
            lazy("These are the exponentials; they have yet to be divided by their sum."),
        ),
        (
            "[" + ", ".join(["nan"] * count) + "]",
            lazy("So it would be if the largest were not taken off first: inf / inf is nan."),
        ),
        (
            [1.0 if each == place else 0.0 for each in range(count)],
            lazy("-inf is the smallest score there is, not the largest."),
        ),
    ]
    order = rng.permutation(len(answers))
    return Question(program, options([(str(answers[each][0]), answers[each][1]) for each in order]))
