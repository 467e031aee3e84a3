"""What there is to say about a model beside its answer. Every sentence is computed from what is on the
screen, or follows from how the model is built: it holds after every kind of test, too."""

from __future__ import annotations

import numpy as np

from attention_lab.kit.numbers import number
from attention_lab.kit.texts import _
from attention_lab.labs.experiments.bench import Bench, Run
from attention_lab.labs.experiments.examined import names_of_heads
from attention_lab.labs.experiments.words import HEADS, labels, word


def caption(bench: Bench, run: Run) -> str | None:
    """What the head that is shown has to do with the answer."""
    if run.said is None:
        return None
    if run.name == "random":
        return _("Nobody trained it: its answers and its arrows are chance.")
    if run.name == "ordinary":
        return _(
            "Its answer is read from the last row of “{word}”, to which all of its {n} heads add: this is "
            "one of them.",
            word=word(bench, bench.query),
            n=len(run.after.spots),
        )
    return _of_read_head(bench, run)


def _of_read_head(bench: Bench, run: Run) -> str:
    """The reader: one head for each question, and nothing of the answer comes by another way."""
    if names_of_heads(run.name).get(run.at) != bench.job:
        return _(
            "What the answer is made of comes through read head “{job}” alone: this other head can at most "
            "change where that one looks.",
            job=HEADS[bench.job],
        )
    place, weight = most_looked_at(run, bench.query)
    if weight == 0:
        return _("This head’s answer can only come from the words it looks at, and it looks at none.")
    return _(
        "This head’s answer can only come from the words it looks at: most at “{word}”, {weight}.",
        word=labels(bench, run.after)[place],
        weight=number(weight, 2),
    )


def most_looked_at(run: Run, query: int) -> tuple[int, float]:
    """Return the token with the largest weight in the head that is shown, and that weight."""
    layer, head = run.at
    row = run.after.layers[layer][head][run.after.tokens_of(query)[0]]
    place = int(np.argmax(row))
    return place, float(row[place])
