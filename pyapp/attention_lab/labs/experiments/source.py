"""The lines that compute what is on the screen: the weights, or what the last test does to them."""

from __future__ import annotations

from attention_lab.kit.blocks import Source
from attention_lab.kit.sources import function_of, source_of
from attention_lab.kit.texts import _
from attention_lab.labs.experiments.bench import Bench
from attention_lab.labs.experiments.interventions import CHANGES


def code(bench: Bench) -> Source | None:
    """Return the lines of the last change in force, with the shapes that they work on here."""
    run = bench.run
    if run is None:
        return None
    heads, seq = run.after.layers[run.at[0]].shape[:2]
    if not bench.changes:
        return Source(
            source=source_of("core.py", ("weights",)),
            shape=_("{shape}, one of {n} layers", shape=f"({heads}, {seq}, {seq})", n=len(run.after.layers)),
            matrices=["head"],
        )
    change = bench.changes[-1]
    rows = len(run.after.tokens_of(int(change[1]))) if len(change) > 1 else seq
    return Source(
        source=function_of(CHANGES[str(change[0])].make),
        shape=_("rows {rows} of weights {weights}", rows=f"({rows}, {seq})", weights=f"({seq}, {seq})"),
        matrices=["head"],
    )
