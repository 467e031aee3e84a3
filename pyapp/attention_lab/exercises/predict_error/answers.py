"""Which shape, or which exception?"""

from __future__ import annotations

import numpy as np

from attention_lab.grading.predicting import Question, options
from attention_lab.kit.texts import lazy


def question(rng: np.random.Generator) -> Question:
    """Return one of four programs, with fresh sizes."""
    seq_q, seq_k, d_k = (int(each) for each in rng.permutation([2, 3, 5, 7])[:3])
    line, added = [("Q @ K.T", seq_k), ("Q @ K.T", seq_q), ("Q @ K", seq_k), ("K @ Q.T", seq_q)][
        int(rng.integers(4))
    ]
    program = f"""import numpy as np

Q = np.zeros(({seq_q}, {d_k}))
K = np.zeros(({seq_k}, {d_k}))
scores = {line} + np.zeros({added})
print(scores.shape)
"""
    answers = [
        (
            str((seq_q, seq_k)),
            lazy("A row for each query, a column for each key; and what is added has to fit to the columns."),
        ),
        (str((seq_k, seq_q)), lazy("A row for each key, a column for each query: so it is for K @ Q.T.")),
        ("ValueError", lazy("Shapes that do not fit are a ValueError, in a product and in a sum alike.")),
        (
            "TypeError",
            lazy(
                "All of these are arrays of numbers: the types fit. Where shapes do not, it is a ValueError."
            ),
        ),
        (str((seq_q, d_k)), lazy("That is the shape of Q; the product replaces d_k.")),
    ]
    order = rng.permutation(len(answers))
    return Question(program, options([answers[each] for each in order]))
