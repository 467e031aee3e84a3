"""The seven steps once more, for one word: at each beat the matrices of a step, cut down to its row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from attention_lab.kit.blocks import Block, Flow, Matrix, Player, Product, Prose, Table
from attention_lab.kit.blocks.writing import first_of
from attention_lab.kit.markup import Math, root, tinted
from attention_lab.kit.numbers import NOT_COMPUTED, number, term
from attention_lab.kit.scene import Scene
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.stepper.controls import controls
from attention_lab.labs.stepper.formula import formula
from attention_lab.labs.stepper.matrices import matrix, name_of, symbol_of
from attention_lab.labs.stepper.moment import RESULTS, Moment, largest_in
from attention_lab.labs.stepper.sentence import badge, sentence

RATE = 0.65
"""Beats in a second: the whole takes a little less than ten."""


GAP = "\u2002"
"""Between numbers: wider than a space."""


class _Beat(NamedTuple):
    """What a step does to one word: rows of the word, whole matrices, and how they stand together."""

    view: str
    rows: tuple[str, ...]
    whole: str | None  # a matrix that holds something of every token, or a parameter


BEATS = (
    _Beat("lookup", (), "table"),
    _Beat("projections", ("x",), "w_q"),
    _Beat("dot_products", ("q",), "k_t"),
    _Beat("scaling", ("raw_scores",), None),
    _Beat("masking", ("scaled_scores", "mask"), None),
    _Beat("softmax", ("masked_scores",), None),
    _Beat("weighted_average", ("weights",), "v"),
)


def recap(moment: Moment) -> Scene:
    """Return the player, the picture of the beat, and what came of all beats until then."""
    return Scene(
        formula=partial(formula, moment),
        controls=partial(controls, moment),
        sentence=partial(sentence, moment),
        badge=partial(badge, moment),
        look=[partial(_player, moment), partial(_picture, moment)],
        check=[partial(_so_far, moment), partial(_taken_home, moment)],
    )


def _player(moment: Moment) -> Player:
    lab = moment.lab
    return Player(
        label=_("Seven steps for “{word}”", word=_word(moment)),
        setting="beat",
        value=lab.beat,
        length=len(BEATS),
        rate=RATE,
        speeds=(1.0,),
        shown=_name(moment, lab.beat),
    )


def _word(moment: Moment) -> str:
    query: int = moment.lab.query
    word: str = moment.labels[query]
    return word


def _name(moment: Moment, beat: int) -> str:
    """Return what the step of a beat is called."""
    view = BEATS[beat].view
    sections: list[str] = [step.section for step in moment.lab.lesson.steps if step.more["view"] == view]
    return sections[0]


def _picture(moment: Moment) -> Block:
    beat = BEATS[moment.lab.beat]
    result = _row(moment, RESULTS[beat.view])
    rows = [_row(moment, name) for name in beat.rows]
    tables = [result.id, *(each.id for each in rows), *([beat.whole] if beat.whole else [])]
    if beat.view in ("projections", "dot_products", "weighted_average") and beat.whole:
        return Product(
            step=moment.step.id,
            tables=tables,
            n=moment.n,
            left=rows[0],
            top=[_still(matrix(moment, beat.whole))],
            results=[result],
        )
    inputs = [_still(matrix(moment, beat.whole))] if beat.whole else rows
    return Flow(
        step=moment.step.id,
        tables=tables,
        n=moment.n,
        inputs=inputs,
        op=_OPERATIONS[beat.view](moment),
        result=result,
    )


def _looking_up(moment: Moment) -> Math:
    query: int = moment.lab.query
    return phrase("look up row {row}", row=moment.embedded.ids[query] + 1)


def _scaling(moment: Moment) -> Math:
    scale = moment.lab.scale
    if scale is None:
        return phrase("divide by {root}", root=root(str(moment.lab.d_k)))
    return [_("times {scale}", scale=term(scale))]


_OPERATIONS: Mapping[str, Callable[[Moment], Math]] = {
    "lookup": _looking_up,
    "scaling": _scaling,
    "masking": lambda _moment: [_("add, cell by cell")],
    "softmax": lambda _moment: [_("softmax")],
}


def _row(moment: Moment, name: str) -> Matrix:
    """Cut a matrix down to the row of the word."""
    query: int = moment.lab.query
    whole = matrix(moment, name, sums=name == "weights")
    return replace(
        _still(whole),
        values=None if whole.values is None else whole.values[query : query + 1],
        rows=replace(whole.rows, labels=[_word(moment)], full=None, on=0),
        masked=None if whole.masked is None else np.asarray(whole.masked)[query : query + 1],
        label=_("{name} of “{word}”", name=name_of(name), word=_word(moment)),
    )


def _still(whole: Matrix) -> Matrix:
    """A matrix in which no cell is picked."""
    return replace(whole, current=None, sources=())


def _so_far(moment: Moment) -> Table:
    """What came of each beat until now."""
    rows = []
    for beat in range(moment.lab.beat + 1):
        name = RESULTS[BEATS[beat].view]
        array = moment.array(name)
        values = [] if array is None else array[moment.lab.query].tolist()
        shown = [number(value, moment.decimals(name)) for value in values]
        symbol: Math = [*symbol_of(name), " "] if symbol_of(name) else []
        rows.append([_name(moment, beat), [*symbol, GAP.join(shown) or NOT_COMPUTED]])
    return Table(
        label=_("“{word}” so far", word=_word(moment)), columns=[_("step"), _("its numbers")], rows=rows
    )


def _taken_home(moment: Moment) -> Prose | None:
    """At the last beat: whose values the word has taken home most of."""
    weights = moment.array("weights")
    if moment.lab.beat < len(BEATS) - 1 or weights is None:
        return None
    row, word = weights[moment.lab.query], tinted(_word(moment), "q")
    most = largest_in(row)
    share = number(float(row.max()), 2)
    if len(most) > 1:
        said = phrase(
            "{word} looks most at {names}: {share} of its new row is the value of each.",
            word=word,
            names=tinted(first_of([moment.labels[i] for i in most], 3), "k"),
            share=share,
        )
    elif most == [moment.lab.query]:
        said = phrase(
            "{word} looks most at itself: {share} of its new row is its own value.", word=word, share=share
        )
    else:
        said = phrase(
            "The row of {word} knew of no other word. Now {share} of it is the value of {other}.",
            word=word,
            share=share,
            other=tinted(moment.labels[most[0]], "k"),
        )
    return Prose(heading=_("What for"), paragraphs=[said])
