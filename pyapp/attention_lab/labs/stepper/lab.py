"""Q, K, V, step by step: one sentence through every step of scaled dot-product attention."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from attention import (
    Array,
    Embedded,
    FullyMaskedRowError,
    MultiHeadTrace,
    Projections,
    Tokens,
    create_causal_mask,
    create_padding_mask,
    hand_built_embedding,
    hand_built_projections,
    random_embedding,
    random_projections,
    trace_self_attention,
)
from attention_lab.kit.lab import Draft
from attention_lab.kit.scene import Scene
from attention_lab.kit.settings import Cells, Choice, Index, Number, Picked, Seed, Sentence, Whole
from attention_lab.kit.text import tokens_of
from attention_lab.kit.texts import _, lazy
from attention_lab.kit.yours import ByLearner, StandIn
from attention_lab.labs.stepper.cells import AXES, MAX_TOKENS
from attention_lab.labs.stepper.presets import PRESETS
from attention_lab.labs.stepper.scene import scene_of
from attention_lab.labs.stepper.standing import stand_ins

MAX_PAD = 6
MASK_STEP = "masked_scores"
D_MODELS = (2, 4, 6, 8, 12, 16)
_HALF_A_SLIDER_STEP = 0.005


class Stepper(ByLearner):
    """One learner's sentence, and every number that follows from it."""

    text = Sentence("The cat sat on the mat", most=MAX_TOKENS)
    embedding = Choice(
        "hand-built",
        options={"hand-built": lazy("Hand-built"), "random": lazy("Random")},
        label=lazy("Embeddings and matrices W"),
        said=lazy("Embeddings"),
    )
    mask = Choice(
        "none",
        options={
            "none": lazy("None"),
            "causal": lazy("Causal"),
            "padding": lazy("Padding"),
            "by-hand": lazy("By hand"),
        },
        label=lazy("Mask"),
        said=lazy("The mask"),
    )
    seed = Seed(7)
    d_model = Choice(4, options=D_MODELS, select=True, label=lazy("d_model"))
    n_heads = Whole(2, bounds=(1, max(D_MODELS)), label=lazy("heads"), said=lazy("The number of heads"))
    head = Index(0, said=lazy("The head"))
    n_pad = Whole(
        2,
        bounds=(1, MAX_PAD),
        label=lazy("PAD tokens"),
        said=lazy("The number of PAD tokens"),
        suffix=lazy("after the sentence"),
    )
    query = Index(2, said=lazy("The query"), lock=None)
    key = Index(1, said=lazy("The key"), lock=None)
    feature = Index(0, said=lazy("The column"), lock=None)
    scale = Number(
        None,
        bounds=(0, 2),
        optional=True,
        label=lazy("scores ×"),
        said=lazy("The scale"),
        doc="None for 1 / sqrt(d_k)",
    )
    blocked = Cells(
        side=MAX_TOKENS, said=lazy("The mask by hand"), refusal=lazy("click a cell of M to block it")
    )
    beat = Whole(0, bounds=(0, 6), said=lazy("The step of the replay"), lock="step")
    picked = Picked(matrices=list(AXES), doc="None for the result of the step")
    hover = Picked(matrices=list(AXES), linked=False, peek=True)

    presets = PRESETS

    # The steps

    def scene(self) -> Scene:
        """Return what the step shows; lab.md says which picture belongs to which step."""
        return scene_of(self)

    def stand_ins(self) -> Sequence[StandIn]:
        """Return the functions of this step that can be the learner's."""
        return stand_ins(self)

    def looked_at(self) -> tuple[int, int]:
        """Return the head and the query, whose row is written out."""
        return self.head, self.query

    # The rules that hold settings together

    def take_text(self, draft: Draft, text: str) -> None:
        """Another sentence lets go of a picked cell."""
        if text != draft.values["text"]:
            draft.values.update(text=text, picked=None, hover=None)

    def left(self, draft: Draft) -> None:
        """A picked cell belongs to its step."""
        draft.values.update(picked=None, hover=None)

    def take_mask(self, draft: Draft, mask: str) -> None:
        """A mask by hand starts from the one in force."""
        was = draft.values["mask"]
        if mask == "by-hand" and was != mask and "blocked" not in draft.given:
            n = len(_words(draft))
            allowed = make_mask(was, n, n, [])
            draft.values["blocked"] = [] if allowed is None else np.argwhere(~allowed).tolist()
        draft.values["mask"] = mask

    def take_query(self, draft: Draft, query: int) -> None:
        """A chip was picked: a picked cell moves with it if its rows are queries, else it is let go."""
        draft.values["query"] = query
        cell = draft.values["picked"]
        if cell and AXES[cell["matrix"]][0] in ("query", "token"):
            draft.values["picked"] = {**cell, "row": query}
        elif cell:
            draft.values["picked"] = None

    def take_picked(self, draft: Draft, cell: dict[str, Any] | None) -> None:
        """A picked cell picks its query, its key and its column, too."""
        draft.values["picked"] = cell
        if cell is None or _outside(draft, cell):
            return
        rows, cols = AXES[cell["matrix"]]
        if rows in ("query", "token"):
            draft.values["query"] = cell["row"]
        if "key" in (rows, cols):
            draft.values["key"] = cell["row"] if rows == "key" else cell["col"]
        if "feature" in (rows, cols):
            draft.values["feature"] = cell["col"] if cols == "feature" else cell["row"]

    def settle(self, draft: Draft) -> None:
        """Bring heads, scale and cells into the range that sentence and sizes leave them."""
        v = draft.values
        _open_on_causal(draft)
        _settle_heads(draft)
        usual = 1 / math.sqrt(v["d_model"] // v["n_heads"])
        if v["scale"] is not None and abs(v["scale"] - usual) < _HALF_A_SLIDER_STEP:
            v["scale"] = None
        n = _n(draft)
        for name, size in {"head": v["n_heads"], "query": n, "key": n, "feature": v["d_model"]}.items():
            v[name] = min(v[name], size - 1)
        v["blocked"] = [cell for cell in v["blocked"] if max(cell) < n]
        for name in ("picked", "hover"):
            if v[name] and _outside(draft, v[name]):
                v[name] = None

    def opening(self) -> Mapping[str, Any]:
        """What a link starts from: cells within the sentence, and at the mask step a mask."""
        n = len(self.tokens)
        mask = "causal" if self.step == MASK_STEP else self.defaults["mask"]
        inside = {name: min(self.defaults[name], n - 1) for name in ("query", "key")}
        return {**self.defaults, **inside, "mask": mask}

    # What follows from them

    @property
    def words(self) -> Tokens:
        """The tokens of the sentence, without padding."""
        return tokens_of(self.text, MAX_TOKENS)

    @property
    def tokens(self) -> Tokens:
        """The tokens that attend to each other: those of the sentence, then PAD where padding is masked."""
        n_pad = pads(self.words, self.mask, self.n_pad)
        return self.derive("tokens", (self.text, n_pad), lambda: self.words.padded(n_pad))

    @property
    def _numbers(self) -> tuple[object, ...]:
        """What the parameters depend on."""
        return self.embedding, self.seed if self.embedding == "random" else None, self.d_model, self.n_heads

    @property
    def case(self) -> tuple[object, ...]:
        """What questions are about: the sentence and the parameters, whatever the mask and the scale."""
        return self.text, *self._numbers

    @property
    def embedded(self) -> Embedded:
        """The embedding table, and the row of it for each token."""
        return self.derive("embedded", (self.tokens.texts, self._numbers), lambda: self._embed(self.tokens))

    def _embed(self, tokens: Tokens) -> Embedded:
        if self.embedding == "random":
            return random_embedding(tokens, self.d_model, self.seed)
        return hand_built_embedding(tokens, self.d_model)

    @property
    def projections(self) -> Projections:
        """The matrices W_Q, W_K and W_V."""
        return self.derive("projections", self._numbers, self._project)

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
        return self.derive("mask_array", depends, self._make_mask)

    def _make_mask(self) -> npt.NDArray[np.bool_] | None:
        return make_mask(self.mask, len(self.tokens), self.tokens.n_words, self.blocked)

    @property
    def trace(self) -> MultiHeadTrace | FullyMaskedRowError:
        """Every intermediate of every head; where a row has no key left, the error that says so."""
        mask = self.mask_array
        depends = (self.tokens.texts, self._numbers, None if mask is None else mask.tobytes(), self.scale)
        return self.derive("trace", depends, lambda: self._attend(mask))

    def _attend(self, mask: npt.NDArray[np.bool_] | None) -> MultiHeadTrace | FullyMaskedRowError:
        try:
            return trace_self_attention(
                self.embedded.x, self.projections, self.n_heads, mask=mask, scale=self.scale
            )
        except FullyMaskedRowError as error:
            return error.with_traceback(None)  # it is kept; the frames it passed through need not be

    @property
    def raw_scores(self) -> Array:  # (n_heads, n, n)
        """The products of queries and keys, without padding: neither mask nor scale is in them."""
        if isinstance(self.trace, MultiHeadTrace) and not self.tokens.n_pad:
            return self.trace.attention.raw_scores
        return self.asked_trace.attention.raw_scores

    @property
    def asked_trace(self) -> MultiHeadTrace:
        """The same sentence, a causal mask, no padding and the usual scale: what predictions are about."""
        if self.mask == "causal" and self.scale is None and isinstance(self.trace, MultiHeadTrace):
            return self.trace
        return self.derive(
            "asked_trace",
            (self.text, self._numbers),
            lambda: trace_self_attention(
                self._embed(self.words).x,
                self.projections,
                self.n_heads,
                mask=create_causal_mask(len(self.words)),
            ),
        )


def pads(words: Tokens, mask: str, n_pad: int) -> int:
    """Return how many PAD tokens follow the words: with a padding mask, as many as there is room for."""
    return min(n_pad, MAX_TOKENS - len(words)) if mask == "padding" else 0


def make_mask(mask: str, n: int, n_words: int, blocked: list[list[int]]) -> npt.NDArray[np.bool_] | None:
    """Return the mask of that name for `n` tokens, (seq_q, seq_k), True = may attend."""
    if mask == "causal":
        return create_causal_mask(n)
    if mask == "padding":
        return np.broadcast_to(create_padding_mask([n_words], n)[0], (n, n))
    if mask == "by-hand":
        allowed = np.ones((n, n), dtype=bool)
        for row, col in blocked:
            allowed[row, col] = False
        return allowed
    return None


def _open_on_causal(draft: Draft) -> None:
    """Come to the mask step for the first time without a mask, and there is one to look at."""
    v = draft.values
    arrives = v["step"] == MASK_STEP and (draft.linked or MASK_STEP not in draft.lab.seen)
    if arrives and v["mask"] == "none" and "mask" not in draft.given:
        v["mask"] = "causal"


def _words(draft: Draft) -> Tokens:
    return tokens_of(draft.values["text"], MAX_TOKENS)


def _n(draft: Draft) -> int:
    """How many tokens there are, with padding."""
    words = _words(draft)
    return len(words) + pads(words, draft.values["mask"], draft.values["n_pad"])


def _settle_heads(draft: Draft) -> None:
    """Keep a number of heads that divides d_model."""
    v, before = draft.values, draft.before
    d_model, n_heads = v["d_model"], v["n_heads"]
    if d_model % n_heads == 0:
        return
    fitting = [n for n in range(1, d_model + 1) if d_model % n == 0]
    if n_heads != before["n_heads"]:
        choices = _("{map} or {fitting}", map=", ".join(map(str, fitting[:-1])), fitting=fitting[-1])
        draft.say(
            "error",
            "n_heads",
            _(
                "{n_heads} heads do not divide d_model {d_model}: choose {choices}.",
                n_heads=n_heads,
                d_model=d_model,
                choices=choices,
            ),
        )
        n_heads = before["n_heads"]
    v["n_heads"] = max(n for n in fitting if n <= n_heads)
    if v["n_heads"] != before["n_heads"]:
        text = _(
            "The number of heads must divide d_model {d_model}, so it is {v} now.",
            d_model=d_model,
            v=v["n_heads"],
        )
        draft.say("note", "d_model", text)


def _outside(draft: Draft, cell: Mapping[str, Any]) -> bool:
    v, words, n = draft.values, _words(draft), _n(draft)
    vocab = len(set(words.keys)) + (n > len(words))
    wide = cell["matrix"] in ("table", "x")
    features = v["d_model"] if wide else v["d_model"] // v["n_heads"]
    sizes = {"query": n, "key": n, "token": n, "vocab": vocab, "feature": features}
    rows, cols = AXES[cell["matrix"]]
    n_rows = v["d_model"] if cell["matrix"].startswith("w_") else sizes[rows]
    return bool(cell["row"] >= n_rows or cell["col"] >= sizes[cols])
