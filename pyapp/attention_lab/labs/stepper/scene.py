"""What each step shows: its picture, and beside it where the picked number comes from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from attention_lab.kit.scene import Peek, Scene
from attention_lab.labs.stepper.arithmetic import arithmetic
from attention_lab.labs.stepper.code import code
from attention_lab.labs.stepper.controls import controls
from attention_lab.labs.stepper.formula import formula
from attention_lab.labs.stepper.moment import RECAP, Moment
from attention_lab.labs.stepper.predict import asked
from attention_lab.labs.stepper.recap import recap
from attention_lab.labs.stepper.sentence import badge, sentence
from attention_lab.labs.stepper.small import heads
from attention_lab.labs.stepper.stage import foot, stage

if TYPE_CHECKING:
    from attention_lab.labs.stepper.lab import Stepper


def scene_of(lab: Stepper) -> Scene:
    """Return what the step shows."""
    moment = Moment(lab)
    if moment.view == RECAP:
        return recap(moment)
    return Scene(
        formula=partial(formula, moment),
        predict=partial(asked, moment),
        controls=partial(controls, moment),
        sentence=partial(sentence, moment),
        badge=partial(badge, moment),
        look=[partial(stage, moment), partial(foot, moment)],
        check=[
            lab.yours_block,
            partial(heads, moment),
            Peek(partial(arithmetic, moment)),
            partial(code, moment),
        ],
        numbers=partial(live_numbers, moment),
    )


def live_numbers(moment: Moment) -> dict[str, int]:
    """Return what the prose may name in braces."""
    lab, n = moment.lab, moment.n
    return {
        "seq_q": n,
        "seq_k": n,
        "n_scores": n * n,
        "d_model": lab.d_model,
        "d_k": lab.d_k,
        "d_v": lab.d_k,
        "n_heads": lab.n_heads,
        "head": lab.head + 1,
        "vocab": len(moment.embedded.vocab),
    }
