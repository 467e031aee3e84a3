"""What the learner chose, and the numbers that follow from it.

`Session` is the one place that holds state. `apply` is the one way to change it; everything else is derived
on demand and kept for as long as the choices that it depends on stay the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import param

from attention import (
    Embedded,
    FullyMaskedRowError,
    MultiHeadTrace,
    Projections,
    Tokens,
    hand_built_embedding,
    hand_built_projections,
    random_embedding,
    random_projections,
    tokenize,
    trace_self_attention,
)
from attention_lab import experiment
from attention_lab.draft import Draft, make_mask, pads
from attention_lab.fields import MAX_TOKENS, READERS
from attention_lab.link import write_link

T = TypeVar("T")

STEPS = (
    "embeddings",
    "qkv",
    "raw_scores",
    "scaled_scores",
    "masked_scores",
    "weights",
    "head_outputs",
)
"""The steps of a lab for which none are given."""

CHOICES = tuple(READERS)
"""Every setting that the page may change, in the order of the contract."""


class Session(param.Parameterized):
    """One learner's state. Read any attribute; change it through `apply` only.

    `labs` maps each lab's name to the ids of its steps, in order.
    """

    # Plain Parameters: fields.READERS checks the values, and numeric kinds are several times slower to read.
    lab = param.Parameter("stepper")
    step = param.Parameter(STEPS[0])
    text = param.Parameter("The cat sat on the mat")
    embedding = param.Parameter("hand-built")
    seed = param.Parameter(7)
    d_model = param.Parameter(4)
    n_heads = param.Parameter(2)
    head = param.Parameter(0)
    mask = param.Parameter("none")
    n_pad = param.Parameter(2)
    blocked = param.Parameter([], instantiate=True, doc="[query, key] of each cell of a mask by hand")
    scale = param.Parameter(None, doc="None for 1 / sqrt(d_k)")
    query = param.Parameter(2)
    key = param.Parameter(1)
    feature = param.Parameter(0)
    picked = param.Parameter(None, doc="{'matrix', 'row', 'col'}; None for the result of the step")
    hover = param.Parameter(None)
    table = param.Parameter(False)
    guesses = param.Parameter({}, instantiate=True, doc="prediction -> option")
    revealed = param.Parameter([], instantiate=True, doc="predictions shown or skipped")
    link = param.Parameter("")

    # Of the experiments: see experiment.DEFAULTS.
    own = param.Parameter(experiment.DEFAULTS["own"])
    sample = param.Parameter(None, doc="which of the step's sentences; OWN for the learner's")
    job = param.Parameter(None, doc="what the models are asked; None for what the step asks")
    examined = param.Parameter("reader", doc="the model whose maps are shown")
    at = param.Parameter(None, doc="[layer, head]; None for the one that fits the question best")
    asked = param.Parameter(None, doc="[query, key], words; None for those of the step")
    rival = param.Parameter(None, doc="the word that the key is tested against")
    exchange = param.Parameter(None, doc="two words that change places in the sentence")
    changes = param.Parameter([], instantiate=True, doc="of weights: see interventions.CHANGES")
    scope = param.Parameter("head", doc="change the head that is shown, or all")
    kinds = param.Parameter({}, instantiate=True, doc="word -> kind token, for words no model knows")
    drawn = param.Parameter("arrows")
    order = param.Parameter("weight", doc="of the small maps")
    optional = param.Parameter((), doc="downloads that have arrived; set by the kernel, not by the page")

    message = param.Parameter(None, doc="{'kind': 'error' or 'note', 'text'}, for the learner")
    seen = param.Parameter([], instantiate=True, doc="the steps visited in this lab")

    def __init__(self, labs: Mapping[str, tuple[str, ...]] | None = None, lab: str | None = None) -> None:
        self.labs = dict(labs or {"stepper": STEPS})
        self._kept: dict[str, tuple[object, Any]] = {}
        self._about = ""  # the setting that the message is about
        first = lab if lab in self.labs else next(iter(self.labs))
        start = self.labs[first][0]
        super().__init__(lab=first, step=start, seen=[start])  # type: ignore[no-untyped-call]
        self.defaults = {**self.choices(), "lab": next(iter(self.labs))}

    def choices(self) -> dict[str, Any]:
        """Return every setting by name."""
        return {name: getattr(self, name) for name in CHOICES}

    # Changing it

    def apply(self, changes: Mapping[str, object]) -> None:
        """Take a set of changes, in the order given, and announce them as one.

        A change that cannot be taken is left out, the others are made; `message` then says what was wrong,
        what was expected and what to do. What no longer fits after a change (a query past the end of a
        shorter sentence) is brought back into range.
        """
        if not changes:
            return
        draft = Draft(self.choices(), self.words, self.labs, self.defaults)
        for name in sorted(
            changes, key=lambda name: name != "link"
        ):  # a link comes first, what was chosen after it
            draft.set(name, changes[name])
        draft.settle()
        new = draft.values
        if draft.message or set(changes) != {"hover"}:
            new["link"] = self._link_of(new, draft.n)
            new["message"], self._about = self._next_message(draft, changes)
            new["seen"] = self._next_seen(new)
        self.param.update(**{name: value for name, value in new.items() if value != getattr(self, name)})

    def to_link(self) -> str:
        """Return the query string that reproduces this state."""
        return self._link_of(self.choices(), len(self.tokens))

    def _link_of(self, state: Mapping[str, Any], n: int) -> str:
        """Write a link against what a reader starts from: the lab's first step, cells within `n` tokens."""
        query, key = (min(self.defaults[name], n - 1) for name in ("query", "key"))
        step = self.labs[state["lab"]][0]
        return write_link(state, {**self.defaults, "step": step, "query": query, "key": key})

    def apply_link(self, link: str) -> None:
        """Take the state that a link describes; what it does not mention goes back to its default."""
        self.apply({"link": link})

    def _next_message(self, draft: Draft, changes: Mapping[str, object]) -> tuple[dict[str, str] | None, str]:
        if draft.message:
            return draft.message, draft.about
        about_text = self._about in ("text", "own")  # under the sentence, and holds until that changes
        if about_text and not {"text", "own", "sample", "link", "lab"} & set(changes):
            return self.message, self._about
        return None, ""

    def _next_seen(self, new: Mapping[str, Any]) -> list[str]:
        seen = self.seen if new["lab"] == self.lab else []
        return seen if new["step"] in seen else [*seen, new["step"]]

    # What follows from it

    def _derive(self, name: str, depends: object, make: Callable[[], T]) -> T:
        kept = self._kept.get(name)
        if kept is None or kept[0] != depends:
            kept = (depends, make())
            self._kept[name] = kept
        value: T = kept[1]
        return value

    @property
    def words(self) -> Tokens:
        """The tokens of the sentence, without padding."""
        return self._derive("words", self.text, lambda: tokenize(self.text, MAX_TOKENS))

    @property
    def tokens(self) -> Tokens:
        """The tokens that attend to each other: those of the sentence, then PAD where padding is masked."""
        n_pad = pads(self.words, self.mask, self.n_pad)
        return self._derive("tokens", (self.text, n_pad), lambda: self.words.padded(n_pad))

    @property
    def _numbers(self) -> tuple[object, ...]:
        """What the parameters depend on."""
        return self.embedding, self.seed if self.embedding == "random" else None, self.d_model, self.n_heads

    @property
    def embedded(self) -> Embedded:
        """The embedding table, and the row of it for each token."""
        return self._derive("embedded", (self.tokens.texts, self._numbers), lambda: self._embed(self.tokens))

    def _embed(self, tokens: Tokens) -> Embedded:
        if self.embedding == "random":
            return random_embedding(tokens, self.d_model, self.seed)
        return hand_built_embedding(tokens, self.d_model)

    @property
    def projections(self) -> Projections:
        """The matrices W_Q, W_K and W_V."""
        return self._derive("projections", self._numbers, self._project)

    def _project(self) -> Projections:
        if self.embedding == "random":
            return random_projections(self.d_model, self.n_heads, self.seed)
        return hand_built_projections(self.d_model, self.n_heads)

    @property
    def d_k(self) -> int:
        """The width of one head."""
        return int(self.d_model // self.n_heads)

    @property
    def usual_scale(self) -> float:
        """1 / sqrt(d_k)."""
        return 1 / math.sqrt(self.d_k)

    @property
    def mask_array(self) -> npt.NDArray[np.bool_] | None:
        """The mask in force, (seq_q, seq_k), True = may attend; None for no mask."""
        cells = tuple(map(tuple, self.blocked)) if self.mask == "by-hand" else ()
        depends = (self.mask, len(self.tokens), self.tokens.n_pad, cells)
        return self._derive("mask_array", depends, self._make_mask)

    def _make_mask(self) -> npt.NDArray[np.bool_] | None:
        return make_mask(self.mask, len(self.tokens), self.tokens.n_words, self.blocked)

    @property
    def trace(self) -> MultiHeadTrace | FullyMaskedRowError:
        """Every intermediate of every head; where a row has no key left, the error that says so."""
        mask = self.mask_array
        depends = (self.tokens.texts, self._numbers, None if mask is None else mask.tobytes(), self.scale)
        return self._derive("trace", depends, lambda: self._attend(mask))

    def _attend(self, mask: npt.NDArray[np.bool_] | None) -> MultiHeadTrace | FullyMaskedRowError:
        try:
            return trace_self_attention(
                self.embedded.x, self.projections, self.n_heads, mask=mask, scale=self.scale
            )
        except FullyMaskedRowError as error:
            return error.with_traceback(None)  # it is kept; the frames it passed through need not be

    @property
    def plain_trace(self) -> MultiHeadTrace:
        """The same sentence with no mask, no padding and the usual scale: what predictions are about."""
        if self.mask == "none" and self.scale is None and isinstance(self.trace, MultiHeadTrace):
            return self.trace
        return self._derive(
            "plain_trace",
            (self.text, self._numbers),
            lambda: trace_self_attention(self._embed(self.words).x, self.projections, self.n_heads),
        )
