"""The middle of the screen: one head large, as arrows between words or as a map; beside it the mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from attention import Array
from attention_lab.kit.blocks import (
    Arrows,
    Axis,
    Block,
    Fill,
    Grids,
    HeatMap,
    Legend,
    Matrix,
    Nothing,
    Panel,
    pick_pair,
)
from attention_lab.kit.blocks.writing import quoted
from attention_lab.kit.markup import Math, it, sub, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.experiments.bench import Bench, Run
from attention_lab.labs.experiments.examined import OWN, START
from attention_lab.labs.experiments.reading import read_as
from attention_lab.labs.experiments.words import ABOUT, TITLES, head_name, labels, word

MAX_GRID = 16  # tokens; more are drawn as one picture


def stage(bench: Bench) -> Block:
    """The head that is shown; where the step is about it, the mean over all heads beside it."""
    run = bench.run
    if run is None:
        return Nothing(step=bench.step.id, text=_why_nothing(bench))
    panels = [_head(bench, run)]
    if bench.view == "mean":
        panels.append(_mean(bench, run))
    n, owners = len(run.after.tokens), run.after.owners
    common: dict[str, Any] = {
        "step": bench.step.id,
        "pick": pick_pair("asked", [_a_word(bench, each) for each in owners], list(owners)),
        "tables": [panel.matrix.id for panel in panels],
        "n": n,
    }
    if bench.lab.drawn == "map":
        return _as_map(panels[0], common) if n > MAX_GRID else Grids(**common, panels=panels)
    return Arrows(
        **common,
        panels=panels,
        query=run.after.tokens_of(bench.query)[0],
        key=run.after.tokens_of(bench.key)[0],
        end=run.after.tokens_of(dragged_to(bench))[0],
        beside=run.after.tokens_of(bench.rival)[0],
        move=[_moved_to(bench, each) for each in owners],
        cut={"changes": [*map(list, bench.changes), ["cut", bench.query, bench.key]]},
    )


def _a_word(bench: Bench, owner: int) -> int | None:
    """A word of the sentence; None for what a model adds: nobody asks where that looks."""
    return owner if 0 <= owner < len(bench.words) else None


def dragged_to(bench: Bench) -> int:
    """The word at which the line that is asked about ends: where its weight was moved, time after time."""
    place = bench.key
    for change in bench.changes:
        if change[:3] == ("move", bench.query, place):
            place = int(change[3])
    return place


def _moved_to(bench: Bench, owner: int) -> dict[str, Any] | None:
    """What dropping the line at a token sets: its weight goes to that word."""
    here = dragged_to(bench)
    if not START <= owner < len(bench.words) or owner in (bench.query, here):
        return None
    change = ["move", bench.query, here, owner]
    against = {"rival": owner} if owner != bench.key else {}
    return {
        "asked": [bench.query, bench.key],
        **against,
        "changes": [*map(list, bench.changes), change],
    }


def _why_nothing(bench: Bench) -> str:
    broken = bench.broken.get(bench.lab.examined)
    if broken:
        return _(
            "This model’s file cannot be used: {broken}. The other models work without it.", broken=broken
        )
    if bench.lab.examined == "minilm":
        return _("MiniLM is not here yet. Its card above says how large it is and fetches it.")
    kinds = dict(map(tuple, bench.lab.kinds))
    words = [bench.tokens.texts[i] for i in bench.reading.unknown]
    unknown = ", ".join(quoted(each) for each in words if not read_as(each, kinds))
    return _(
        "This model has never met {unknown}. Choose a kind of word for each under Unknown words.",
        unknown=unknown,
    )


def _head(bench: Bench, run: Run) -> Panel:
    layer, head = run.at
    title = f"{TITLES[run.name].name}, {head_name(run.name, run.at)}"
    symbol: Math = [it("A"), sub(f"{layer + 1}.{head + 1}")]
    return _panel(bench, run, "head", symbol, title, run.after.layers[layer][head])


def told(bench: Bench) -> dict[str, str]:
    """What the lesson says of the sentence that is shown, or of the head and the mean."""
    run = bench.run
    words = {"query": word(bench, bench.query), "key": word(bench, bench.key)}
    if bench.view != "mean":
        said = None if bench.sample == OWN or bench.exchange else ABOUT.get(bench.step.id)
        return {"about": said or _("This sentence asks about the arrow from “{query}” to “{key}”.", **words)}
    if run is None:
        return {**words, "head": number(None, 2), "mean": number(None, 2)}
    weights = run.after.between(bench.query, bench.key)
    shown = float(weights[run.after.spots.index(run.at)])
    return {**words, "head": number(shown, 2), "mean": number(float(weights.mean()), 2)}


def _mean(bench: Bench, run: Run) -> Panel:
    all_heads = np.concatenate(run.after.layers)
    title = _("{name}, mean over all {all_heads} heads", name=TITLES[run.name].name, all_heads=len(all_heads))
    return _panel(bench, run, "mean", [it("Ā")], title, all_heads.mean(axis=0))


def _panel(bench: Bench, run: Run, name: str, symbol: Math, title: str, weights: Array) -> Panel:
    named = labels(bench, run.after)
    query, key = run.after.tokens_of(bench.query)[0], run.after.tokens_of(bench.key)[0]
    values = weights.tolist()
    return Panel(
        title=title,
        said=_said(bench, named, values[query], query),
        matrix=Matrix(
            id=name,
            values=weights,
            rows=Axis(axis="query", dim=_("looks from"), labels=named, on=query),
            cols=Axis(axis="key", dim=_("looks at"), labels=named, on=key),
            words=title,
            label=_("{title}: weights, {n} rows, {n} columns", title=title, n=len(named)),
            symbol=symbol,
            decimals=2,
            fill=Fill(kind="weights"),
            current=(query, key),
        ),
    )


def _said(bench: Bench, named: list[str], row: list[float], query: int) -> str:
    """The row of the query in words, the largest weights first."""
    order = sorted(range(len(row)), key=lambda i: -row[i])[:4]
    largest = ", ".join(f"{named[i]} {number(row[i], 2)}" for i in order)
    return _("“{named}” looks at: {largest}.", named=named[query], largest=largest)


def _as_map(panel: Panel, common: dict[str, Any]) -> HeatMap:
    """More tokens than cells can be read for: one picture, with its table twin."""
    return HeatMap(
        **{**common, "tables": ["head"]},
        caption=[panel.title],
        note=_(
            "More than {max_grid} tokens are drawn as one picture. Click a cell to ask about "
            "its two words; Table shows every number.",
            max_grid=MAX_GRID,
        ),
        matrix=panel.matrix,
    )


def foot(bench: Bench) -> Legend | None:
    """What the colours and lines mean."""
    if bench.run is None:
        return None
    arrows = bench.lab.drawn == "arrows" and bench.view != "many_heads"
    if arrows:
        text = _("the thicker, the larger; grey ones are drawn thinner")
    else:
        text = _("weights; 0 is dark, 1 is bright")
    legend = {
        "kind": "lines" if arrows else "weights",
        "tint": "neutral",
        "low": "0",
        "high": "1",
        "text": text,
    }
    return Legend(legend=legend, extra=_extra(bench))


def _extra(bench: Bench) -> Math | None:
    """Say what was done to the sentence, or else that the grammar could have made it."""
    if not bench.exchange:
        return [_("inside the grammar of the small models")] if bench.reading.inside else None
    first, second = bench.exchange
    return phrase(
        "exchanged: {word} and {word_2}",
        word=tinted(word(bench, first), "b"),
        word_2=tinted(word(bench, second), "b"),
    )
