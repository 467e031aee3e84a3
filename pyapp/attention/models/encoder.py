"""What both small encoders have in common: words with their places, and blocks in which all see all.

x_i = E[word_i] + P_i, then pre-norm blocks, then a layer norm   (Xiong et al. 2020, section 3.1)
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from attention.block import BlockTrace, TransformerBlock
from attention.checks import whole_numbers
from attention.errors import ConfigError, EmptyTextError, ShapeError, TextError
from attention.grad import Gradients, linear_backward
from attention.initial import Seed, generator
from attention.layers import Embedding, Layer, LayerNorm
from attention.model import LayerIntervention
from attention.models.vocabulary import PADDING, START, Vocabulary, checked_words
from attention.ops import softmax
from attention.positional import LearnedPositionalEncoding
from attention.trace import Array

__all__ = ["JOBS", "Answer", "EncoderTrace", "Ids", "Places", "Rows", "SmallEncoder", "TraceT"]

JOBS = ("pronoun", "subject", "adjective", "previous")
"""What is asked at a word: what it stands for, who does it, what it describes, which word is before it."""

Ids: TypeAlias = npt.NDArray[np.integer[Any]]
Places: TypeAlias = tuple[Ids, Ids, Ids]
"""Where answers are wanted: numbers of sentences (n,), of jobs (n,) and of queries (n,)."""

_TABLE_DEVIATION = 0.1
_WAVES, _LONGEST_WAVE = 0.3, 100.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model says when it is asked at a word: the likeliest word, and how likely it finds others."""

    word: str
    probability: float
    candidates: tuple[tuple[str, float], ...]  # words of the sentence and the likeliest of all, best first


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of one pass through the blocks."""

    ids: Ids  # (..., seq)
    present: npt.NDArray[np.bool_]  # (..., seq)   False = padding
    embedded: Array  # (..., seq, d_model)   E[ids]
    x: Array  # (..., seq, d_model)   with positions: what the first block gets
    blocks: tuple[BlockTrace, ...]
    normed: Array  # (..., seq, d_model)   the last block's rows, after the last layer norm


@dataclass(frozen=True, slots=True, eq=False)
class EncoderTrace:
    """One pass through a small encoder, every step of it."""

    tokens: tuple[str, ...]  # (seq,)   "<s>" first; empty for a batch
    rows: Rows
    said: Array  # (..., n_jobs, seq, d_model)   to be compared with every word's row
    words: tuple[str, ...]  # (vocab,)
    table: Array  # (vocab, d_model)

    @property
    def layers(self) -> tuple[Array, ...]:
        """The weights of each layer's heads, each (..., n_heads, seq, seq)."""
        return tuple(block.attention.attention.weights for block in self.rows.blocks)

    def answer(self, job: str, query: int) -> Answer:
        """Read what is answered at one position, from what was said there for this job.

            P(word) = softmax(said E^T)_word   (the table as output matrix: Vaswani et al. 2017, section 3.4)

        Args:
            job: one of `JOBS`.
            query: position of the word that is asked about, counted from "<s>", which is 0.

        Raises:
            ConfigError: `job must be 'pronoun' or 'subject' or 'adjective' or 'previous', got 'verb'`
            ShapeError: `query must be a position from 0 to 5, got 6`
        """
        if job not in JOBS:
            raise ConfigError(f"job must be {' or '.join(map(repr, JOBS))}, got {job!r}")
        if not 0 <= query < len(self.tokens):
            raise ShapeError(
                "query must be a position from 0 to {most}, got {query}",
                most=len(self.tokens) - 1,
                query=query,
            )
        probabilities = softmax(self.table @ self.said[JOBS.index(job), query])  # (vocab,)
        best = self.words[int(probabilities.argmax())]
        likely = [(word, float(probabilities[self.words.index(word)])) for word in {*self.tokens, best}]
        likely.sort(key=lambda candidate: (-candidate[1], candidate[0]))
        return Answer(best, float(probabilities.max()), tuple(likely))


TraceT = TypeVar("TraceT", bound=EncoderTrace)


class SmallEncoder(Layer, ABC, Generic[TraceT]):
    """A table of words, a table of positions, and pre-norm blocks whose words all attend to each other.

        x_i = E[word_i] + P_i, then blocks, then LayerNorm   (Xiong et al. 2020, section 3.1)

    How it starts decides what it learns: a word's row begins larger than what a block adds to it, and the
    positions begin as waves (Vaswani et al. 2017, section 3.5) of less than a third, the longest of which is
    as long as a few sentences.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        d_model: int,
        num_heads: int,
        d_ff: int,
        n_layers: int,
        max_len: int,
        *,
        seed: Seed,
        dtype: npt.DTypeLike,
    ) -> None:
        rng = generator(seed)
        self.vocabulary, self.max_len = vocabulary, max_len
        self.d_model, self.n_heads, self.n_layers = d_model, num_heads, n_layers
        self.embedding = Embedding(len(vocabulary), d_model, seed=rng, dtype=dtype)
        self.embedding.weight *= _TABLE_DEVIATION * math.sqrt(d_model)  # from N(0, 1 / d_model)
        self.positions = LearnedPositionalEncoding(max_len, d_model, seed=rng, dtype=dtype)
        self.positions.weight[...] = _WAVES * _waves(max_len, d_model)
        self.blocks = [
            TransformerBlock(d_model, num_heads, d_ff, norm="pre", seed=rng, dtype=dtype)
            for _ in range(n_layers)
        ]
        self.final_norm = LayerNorm(d_model, dtype=dtype)

    @abstractmethod
    def _traced(self, rows: Rows, tokens: tuple[str, ...], intervene: LayerIntervention | None) -> TraceT: ...

    @abstractmethod
    def backward(self, trace: TraceT, places: Places, grad_logits: npt.ArrayLike) -> Gradients:
        """Return the gradient of every weight, from that of the logits (n, vocab) at the places."""

    def trace(self, words: Sequence[str], intervene: LayerIntervention | None = None) -> TraceT:
        """Read one sentence, and keep every step.

        Args:
            words: without "<s>", which is put before them: it has position 0.
            intervene: called with the number of each layer, in the order of the trace's `layers`, and a copy
                of its weights (n_heads, seq, seq); what it returns is used instead.

        Raises:
            TextError: `the model does not know the word 'zebra': put its kind in its place, for instance
                <animal>`
            ShapeError: `the sentence has 40 words, expected at most 31`
            EmptyTextError: `the sentence has no words: give at least one`
        """
        tokens = (START, *checked_words(words))
        return self._traced(self._rows(self._ids(tokens[1:]), intervene), tokens, intervene)

    def trace_ids(self, ids: npt.ArrayLike, intervene: LayerIntervention | None = None) -> TraceT:
        """Read sentences (..., seq) by the numbers of their words, with "<s>" and padding."""
        return self._traced(self._rows(ids, intervene), (), intervene)

    def logits(self, trace: TraceT, places: Places) -> Array:
        """Compare what was said at the places (n,) with every word: (n, vocab)."""
        said: Array = trace.said[places]  # (n, d_model)
        return said @ self.embedding.weight.T

    def _ids(self, words: Sequence[str]) -> Ids:
        """Return the numbers of the words, after that of "<s>": (1 + number of words,)."""
        for word in words:
            if word in (PADDING, START):
                raise TextError("{word} is for the model itself: leave it out", word=repr(word))
        if not words:
            raise EmptyTextError("the sentence has no words: give at least one")
        if len(words) >= self.max_len:
            raise ShapeError(
                "the sentence has {n} words, expected at most {most}", n=len(words), most=self.max_len - 1
            )
        return np.array(self.vocabulary.ids([START, *words]))

    def _rows(self, ids: npt.ArrayLike, intervene: LayerIntervention | None = None) -> Rows:
        """Take sentences (..., seq) through the blocks; what is padded gives rows that mean nothing."""
        ids = whole_numbers("ids", ids, len(self.vocabulary))
        present = ids != self.vocabulary.id(PADDING)  # (..., seq)
        mask = None if present.all() else present[..., None, :]  # (..., 1, seq)
        embedded = self.embedding(ids)  # (..., seq, d_model)
        x = self.positions(embedded)  # (..., seq, d_model)
        blocks: list[BlockTrace] = []
        for number, block in enumerate(self.blocks):
            change = None if intervene is None else partial(intervene, number)
            before = blocks[-1].output if blocks else x
            blocks.append(block.trace(before, mask=mask, intervene=change))
        normed = self.final_norm(blocks[-1].output)  # (..., seq, d_model)
        return Rows(ids, present, embedded, x, tuple(blocks), normed)

    def _said_backward(
        self, trace: TraceT, places: Places, grad_logits: npt.ArrayLike
    ) -> tuple[Array, Array]:
        """Go back through `logits`: the gradients of what was said, and of the table of answers."""
        said, output = trace.said[places], self.embedding.weight.T
        grad_rows, grad_output, _ = linear_backward(said, output, grad_logits)
        grad_said = np.zeros_like(trace.said)  # (..., n_jobs, seq, d_model)
        np.add.at(grad_said, places, grad_rows)
        return grad_said, grad_output.T

    def _rows_backward(self, rows: Rows, grad_normed: Array, grad_embedded: Array | float) -> Gradients:
        """Go back through the blocks: from the gradients of the last rows, and of the words' own rows."""
        inner = self.final_norm.backward(rows.blocks[-1].output, grad_normed)
        (grad,), found = inner.inputs, _named("final_norm", inner)
        for number in reversed(range(len(self.blocks))):
            inner = self.blocks[number].backward(rows.blocks[number], grad)
            (grad,) = inner.inputs  # (..., seq, d_model)
            found |= _named(f"blocks.{number}", inner)
        found |= _named("positions", self.positions.backward(rows.embedded, grad))
        found |= _named("embedding", self.embedding.backward(rows.ids, grad + grad_embedded))
        return Gradients((), found)


def _waves(max_len: int, d_model: int) -> Array:
    """Return sines and cosines of the position (max_len, d_model), the slowest a hundredth of the fastest."""
    speeds = _LONGEST_WAVE ** (-np.arange(0, d_model, 2) / d_model)  # (d_model / 2,)
    angles = np.arange(max_len)[:, None] * speeds  # (max_len, d_model / 2)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(max_len, d_model)


def _named(prefix: str, gradients: Gradients) -> dict[str, Array]:
    return {f"{prefix}.{name}": array for name, array in gradients.parameters.items()}
