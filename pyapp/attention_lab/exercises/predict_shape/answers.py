"""What shape do the scores of several heads have?"""

from __future__ import annotations

import numpy as np

from attention_lab.grading.predicting import Question, options
from attention_lab.kit.texts import lazy


def question(rng: np.random.Generator) -> Question:
    """Return a program with fresh sizes, a different prime for each axis."""
    batch, seq, n_heads, d_k = (int(each) for each in rng.permutation([2, 3, 5, 7]))
    program = f"""import numpy as np

x = np.zeros(({batch}, {seq}, {n_heads * d_k}))
heads = x.reshape({batch}, {seq}, {n_heads}, {d_k}).swapaxes(1, 2)
scores = heads @ heads.swapaxes(-1, -2)
print(scores.shape)
"""
    answers = [
        (
            (batch, n_heads, seq, seq),
            lazy("Each head has a score for each pair of rows: (batch, n_heads, seq, seq)."),
        ),
        (
            (batch, seq, n_heads, n_heads),
            lazy("That would be scores between heads: rows and heads were exchanged first."),
        ),
        (
            (batch, n_heads, d_k, d_k),
            lazy("That would be the product the other way round, d_k columns with d_k columns."),
        ),
        (
            (batch, n_heads, seq, d_k),
            lazy("That is the shape of heads itself; the product replaces d_k by seq."),
        ),
        ((batch, seq, seq), lazy("That would be so with one head; the axis of the heads stays.")),
    ]
    order = rng.permutation(len(answers))
    return Question(program, options([(str(answers[each][0]), answers[each][1]) for each in order]))
