"""The learner's programs, put together, run a trained transformer; this says whether they give its numbers.

Theirs: softmax, attention, the heads, layer norm, the block, and the stack of blocks that they write here.
Ours: words and their numbers, embeddings, weights, the activation, and what the last rows are read as.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

import numpy as np

from attention import AttentionError, MiniLM, TransformerBlock, Writer, load_model
from attention_lab.grading.cases import Case, Do
from attention_lab.grading.comparing import described
from attention_lab.grading.limits import CAPSTONE_SECONDS, LIMITS
from attention_lab.grading.protocol import Array, ProtocolError, Recipe
from attention_lab.grading.replies import Outcome, Reply, read_reply
from attention_lab.grading.verdict import FAILED, NOT_REACHED, PASSED, Finding, Verdict
from attention_lab.kit.texts import lazy, said_by

NAME = "capstone"
FILE = f"exercise_{NAME}.py"
ASKS = "transformer(x, layers, n_heads, mask, norm_first, activation, eps, final)"
PARTS = ("softmax", "attention", "split_heads", "merge_heads", "layer_norm", "block")
"""What the learner has written: each is called by the name of its exercise."""

CLOSE = 1e-5
"""How far a number may be from the library's."""

STARTER = '''\
# Your softmax, attention, split_heads, merge_heads, layer_norm and block are here: use them by name.
# Your block calls your attention, your heads and your layer norm; your attention calls your softmax.


def transformer(x, layers, n_heads, mask, norm_first, activation, eps, final):
    """Return the rows x (seq, d_model) after every layer.

    layers: for each block its weights, as in the exercise; the rest goes to each block as it is.
    final: None, or (gamma, beta) of one more layer norm after the last block.
    """
    raise NotImplementedError
'''
REFERENCE = '''def transformer(x, layers, n_heads, mask, norm_first, activation, eps, final):
    """Return the rows x (seq, d_model) after every layer."""
    for weights in layers:
        x = block(x, weights, n_heads, mask, norm_first, activation, eps)
    if final is not None:
        x = layer_norm(x, final[0], final[1], eps)
    return x
'''

_RUNS = lazy("It runs")
_ALL_THERE = lazy("Every part of yours is there")


@dataclass(frozen=True, eq=False)
class Ride:
    """One model with one text: what the learner's code is given, and what the library gives."""

    name: str  # "writer" or "minilm"
    title: str
    tokens: tuple[str, ...]
    n_layers: int
    case: Case
    expected: Array  # (seq, d_model)   the last rows
    read: tuple[Array, tuple[str, ...]] | None = None  # what a row is read as: (d_model, vocab), its words

    def likely(self, rows: Array, most: int = 5) -> list[tuple[str, float]]:
        """Return the words that come next, by the last row."""
        if self.read is None:
            return []
        matrix, names = self.read
        logits = rows[-1] @ matrix
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")[:most]
        return [(names[i], float(shares[i])) for i in order]


@cache
def _writer() -> Writer:
    """The shipped writer, in float64: sums in another order then differ in the last digits only."""
    shipped, exact = load_model("writer"), Writer(dtype=np.float64)
    exact.load_state_dict(shipped.parameters())
    return exact


def ride_writer(words: Sequence[str]) -> Ride:
    """Let the writer read a text; TextError, ShapeError or EmptyTextError for one that it cannot."""
    writer = _writer()
    trace = writer.trace(words)
    model, final = writer.model, writer.model.final_norm
    assert final is not None
    mask = np.tri(len(trace.tokens), dtype=bool)
    case = _case(
        trace.model.x, [weights_of(each) for each in model.blocks], writer.n_heads, mask, True, "relu",
        model.blocks[0].norm_1.eps, (final.gain, final.bias),
    )  # fmt: skip
    read = (model.embedding.weight.T, trace.names)
    return Ride("writer", lazy("The writer"), trace.tokens, len(model.blocks), case, trace.model.normed, read)


def cannot_read(words: Sequence[str]) -> str:
    """Say why the writer cannot read a text; empty where it can."""
    try:
        _writer().read(words)
    except AttentionError as error:
        return said_by(error)
    return ""


def ride_minilm(minilm: MiniLM, text: str) -> Ride:
    """Let MiniLM read a text; TextError for one that it cannot."""
    trace = minilm.trace(text)
    blocks = minilm.bert.blocks
    layers = [weights_of(each, small=True) for each in blocks]
    case = _case(trace.bert.x, layers, blocks[0].num_heads, None, False, "gelu", blocks[0].norm_1.eps, None)
    return Ride("minilm", "MiniLM", trace.tokens, len(blocks), case, trace.output)


def _case(
    x: Array,
    layers: Sequence[Any],
    n_heads: int,
    mask: Array | None,
    norm_first: bool,
    activation: str,
    eps: float,
    final: tuple[Array, Array] | None,
) -> Case:
    given = (x, list(layers), n_heads, mask, norm_first, Recipe(activation), eps, final)
    return Case(lazy("{n} tokens", n=len(x)), (Do("call", "transformer", given, watched=False),))


def weights_of(block: TransformerBlock, *, small: bool = False) -> dict[str, Any]:
    """Return a block's weights under the names of the exercise; `small`, as they are stored."""
    heads, network = block.attention, block.feed_forward
    found: dict[str, Any] = {}
    for name in "qkvo":
        found |= {f"w_{name}": getattr(heads, f"w_{name}"), f"b_{name}": getattr(heads, f"b_{name}")}
    found |= {
        "w_1": network.first.w,
        "b_1": network.first.b,
        "w_2": network.second.w,
        "b_2": network.second.b,
    }
    for number, norm in ((1, block.norm_1), (2, block.norm_2)):
        found |= {f"gamma_{number}": norm.gain, f"beta_{number}": norm.bias}
    return {name: _stored(each) for name, each in found.items()} if small else found


def _stored(array: Array) -> Any:
    """A matrix of MiniLM's in a quarter of its bytes, as it was stored, where nothing is lost by that."""
    if array.ndim != 2:
        return array
    rows = array.T
    scale = (np.abs(rows).max(axis=1) / 127).astype(np.float16)
    divisor = np.where(scale > 0, scale, 1).astype(np.float32)[:, None]
    whole = np.rint(rows / divisor)
    odd = np.flatnonzero((whole * divisor != rows).any(axis=1))  # rows that were kept in float16
    kept = rows[odd].astype(np.float16)
    if not np.array_equal(kept.astype(np.float32), rows[odd]):
        return array
    parts = {"whole": whole.astype(np.int8), "scale": scale, "kept": kept, "kept_rows": odd.astype(np.int32)}
    return Recipe("by_row", parts)


def request(rides: Sequence[Ride], source: str, parts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what the runner is asked; the parts are left to the page where it has them."""
    told = {
        "exercise": NAME,
        "seed": 0,
        "file": FILE,
        "source": source,
        "calls": [each.case.plain() for each in rides],
        "limits": {**LIMITS, "seconds": CAPSTONE_SECONDS},
    }
    if parts is None:
        return told
    return told | {
        "parts": {name: {"file": f"exercise_{name}.py", "source": text} for name, text in parts.items()}
    }


@dataclass(frozen=True, eq=False)
class Ridden:
    """The verdict, and of each ride the learner's rows, as far as they came."""

    verdict: Verdict
    rows: tuple[Array | None, ...]
    gaps: tuple[float | None, ...]
    called: tuple[Mapping[str, int], ...]


def judged(rides: Sequence[Ride], reply: Any, missing: Sequence[str] = ()) -> Ridden:
    """Say whether the learner's code gives the library's numbers, with every part of it in use."""
    try:
        came = read_reply(reply)
    except ProtocolError:
        came = Reply(stopped="ended")
    outcomes = [*came.outcomes[: len(rides)], *[None] * (len(rides) - len(came.outcomes))]
    rows = [
        each.value if each and _is_like(each.value, ride.expected) else None
        for each, ride in zip(outcomes, rides, strict=True)
    ]
    gaps = [
        None if theirs is None else float(np.abs(theirs - ride.expected).max())
        for theirs, ride in zip(rows, rides, strict=True)
    ]
    findings = tuple(_findings(rides, came, outcomes, gaps, missing))
    told = came.loading or next((each.raised for each in came.outcomes if each.raised is not None), None)
    passed = all(each.state == PASSED for each in findings)
    verdict = Verdict(NAME, 0, passed, findings, told=told, output=came.output, stopped=came.stopped)
    called = tuple(each.called if each else {} for each in outcomes)
    return Ridden(verdict, tuple(rows), tuple(gaps), called)


def _is_like(value: Any, expected: Array) -> bool:
    return (
        isinstance(value, np.ndarray)
        and value.shape == expected.shape
        and value.dtype.kind == "f"
        and bool(np.isfinite(value).all())
    )


def _findings(
    rides: Sequence[Ride],
    came: Reply,
    outcomes: Sequence[Outcome | None],
    gaps: Sequence[float | None],
    missing: Sequence[str],
) -> Iterator[Finding]:
    named = ", ".join(f"`{name}`" for name in missing)
    if missing:
        yield Finding("there", _ALL_THERE, FAILED, lazy("Not written yet: {names}.", names=named))
    else:
        yield Finding("there", _ALL_THERE, PASSED)
    runs = Finding("runs", _RUNS, NOT_REACHED) if missing else _runs(came, outcomes)
    yield runs
    for ride, outcome, gap in zip(rides, outcomes, gaps, strict=True):
        through = lazy("{model} runs through every part of yours", model=ride.title)
        close = lazy(
            "{model}: every number is the library’s, to {close}", model=ride.title, close=f"{CLOSE:.5f}"
        )
        if runs.state != PASSED or outcome is None:
            yield Finding(f"parts:{ride.name}", through, NOT_REACHED)
            yield Finding(f"numbers:{ride.name}", close, NOT_REACHED)
            continue
        by, far = _passed_by(outcome, ride), _far(outcome, gap, ride)
        yield Finding(f"parts:{ride.name}", through, FAILED if by else PASSED, by)
        yield Finding(f"numbers:{ride.name}", close, FAILED if far else PASSED, far)


def _runs(came: Reply, outcomes: Sequence[Outcome | None]) -> Finding:
    raised = next((each.raised for each in came.outcomes if each.raised is not None), came.loading)
    if raised is not None:
        told = {"file": raised["file"], "words": raised["plain"]}
        words = (
            lazy("{file}, line {line}: {words}", line=raised["line"], **told)
            if raised["line"]
            else lazy("{file}: {words}", **told)
        )
        return Finding("runs", _RUNS, FAILED, words)
    if came.stopped is not None or None in outcomes:
        return Finding("runs", _RUNS, FAILED, _STOPPED.get(came.stopped or "", _ENDED))
    return Finding("runs", _RUNS, PASSED)


_STOPPED = {
    "time": lazy("It was still running after {n} seconds, and was ended.", n=CAPSTONE_SECONDS),
    "memory": lazy("It asked for more memory than it may have."),
    "output": lazy("It printed far too much."),
}
_ENDED = lazy("It ended before it gave an answer.")


def _passed_by(outcome: Outcome, ride: Ride) -> str:
    """Which part was not called in every layer; empty if each was."""
    called = outcome.called
    by = [name for name in PARTS if called.get(name, 0) < ride.n_layers]
    if not by:
        return ""
    return lazy(
        "It has {n} layers, but {calls}. Whoever needs it has to call it by this name: `block` calls "
        "`attention`, the heads and `layer_norm`, and `attention` calls `softmax`.",
        n=ride.n_layers,
        calls=reduce(_beside, [_times(name, called.get(name, 0)) for name in by]),
    )


def _beside(one: str, other: str) -> str:
    return lazy("{one}, {other}", one=one, other=other)


def _times(name: str, n: int) -> str:
    if n == 0:
        return lazy("`{name}` was never called", name=name)
    if n == 1:
        return lazy("`{name}` was called once", name=name)
    return lazy("`{name}` was called {n} times", name=name, n=n)


def _far(outcome: Outcome, gap: float | None, ride: Ride) -> str:
    if gap is None:
        value = outcome.value
        array = isinstance(value, np.ndarray)
        return lazy(
            "It gives {given}, expected finite numbers in an array {shape}.",
            given=lazy("an array {shape}", shape=value.shape) if array else described(value),
            shape=ride.expected.shape,
        )
    return "" if gap <= CLOSE else lazy("The largest difference is {gap}.", gap=f"{gap:.2g}")
