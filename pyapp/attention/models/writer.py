"""The writer: a small causal model that goes on with a text, and has learned to look up what it said before.

    anna smith saw the dog . tom potter met the cat . anna  ->  smith

No table could know the name: it is read in this very text. Two layers work together (an induction head:
Elhage et al. 2021, "Induction heads"). In the first, a head brings to each word the one before it. In the
second, a head asks "what came after this word, the last time?", and finds the place by what the first one
brought there.

Words that it has never met take the places of `<new0>`, `<new1>`, ...: tokens that have no meaning and stand
for any word, so that a learner may invent some.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attention.cache import GenerationStep, KVCache, generation_steps
from attention.errors import EmptyTextError, ShapeError, TextError
from attention.grad import Gradients
from attention.initial import Seed, generator
from attention.layers import Layer
from attention.model import CausalModel, LayerIntervention, ModelTrace
from attention.models.encoder import Answer
from attention.models.vocabulary import START, Vocabulary, checked_words
from attention.models.words import WORDS
from attention.ops import softmax
from attention.positional import LearnedPositionalEncoding, sinusoidal_positions
from attention.trace import Array

__all__ = ["NAMES", "NEW_WORDS", "SURNAMES", "WRITER_WORDS", "Reading", "Writer", "WriterTrace", "Written"]

NEW_WORDS = tuple(f"<new{number}>" for number in range(8))
"""Stand for words that the model has never met, in the order in which they come."""

NAMES = ("anna", "tom", "lily", "max", "emma", "leo", "mia", "sam", "zoe", "ben", "ivy", "dan")
SURNAMES = (
    "potter", "smith", "brown", "stone", "baker", "carter", "fisher", "hill", "wood", "rivers",
)  # fmt: skip
"""First names and surnames of people who are made up."""

WRITER_WORDS = (*NEW_WORDS, *sorted({*WORDS, *NAMES, *SURNAMES, "met"}))
"""What it knows besides "<pad>" and "<s>"."""

_WAVES = 0.3
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the model reads it.

    >>> Writer.random(0).read("zorp saw the cat . zorp".split()).tokens
    ('<s>', '<new0>', 'saw', 'the', 'cat', '.', '<new0>')
    """

    ids: tuple[int, ...]  # with that of "<s>" first
    tokens: tuple[str, ...]  # what the ids stand for
    shown: tuple[str, ...]  # the same with the learner's own words in place of "<new0>", ...
    invented: tuple[str, ...]  # the words that "<new0>", "<new1>", ... stand for here


@dataclass(frozen=True, slots=True, eq=False)
class WriterTrace:
    """One pass through the writer, every step of it.

    >>> trace = Writer.random(0).trace("the cat sat".split())
    >>> trace.tokens, [weights.shape for weights in trace.layers]
    (('<s>', 'the', 'cat', 'sat'), [(2, 4, 4), (2, 4, 4)])
    """

    reading: Reading
    model: ModelTrace
    names: tuple[str, ...]  # (vocab,)   every word, with the learner's own in their places

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words, "<s>" first, in the learner's own spelling."""
        return self.reading.shown

    @property
    def layers(self) -> tuple[Array, ...]:
        """The weights of each block's heads (n_heads, seq, seq)."""
        return tuple(block.attention.attention.weights for block in self.model.blocks)

    def answer(self, query: int = -1) -> Answer:
        """Say which word comes after the one at `query`, the last unless given, counted from "<s>"."""
        seq = len(self.tokens)
        if not -seq <= query < seq:
            raise ShapeError(
                "query must be a position from 0 to {most}, got {query}", most=seq - 1, query=query
            )
        likely = softmax(self.model.logits[query])  # (vocab,)
        order = np.argsort(-likely, kind="stable")[:_SHOWN]
        candidates = tuple((self.names[i], float(likely[i])) for i in order)
        return Answer(*candidates[0], candidates)


@dataclass(frozen=True, slots=True)
class Written:
    """A text that the writer went on with."""

    words: tuple[str, ...]  # the learner's, then the new ones
    steps: tuple[GenerationStep, ...]  # what each new word was chosen from
    cache_bytes: int  # keys and values kept in the end; 0 without a cache


class Writer(Layer):
    """Two causal blocks of two heads, that predict the next word of a text.

        h_0 = sqrt(d_model) E[x] + P,  h_l = block_l(h_(l-1)),  P(next) = softmax(LayerNorm(h_2) E^T)
        (Radford et al. 2018, section 3.1, eq. 2)

    It is a `CausalModel` with words. Its positions begin as waves of less than a third of a word's numbers.

    Args:
        vocabulary: the words it knows; `WRITER_WORDS` unless given.
        d_model, num_heads, d_ff, n_layers: of the blocks.
        max_len: the most positions, "<s>" included.
        seed: what the random start depends on.
        dtype: of the weights, float64 or float32.

    >>> writer = Writer.random(0)
    >>> writer.trace("anna smith saw the dog . anna".split()).answer().word in writer.vocabulary
    True
    """

    def __init__(
        self,
        vocabulary: Vocabulary | None = None,
        d_model: int = 64,
        num_heads: int = 2,
        d_ff: int = 96,
        n_layers: int = 2,
        max_len: int = 32,
        *,
        seed: Seed = 0,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        self.vocabulary = Vocabulary(WRITER_WORDS) if vocabulary is None else vocabulary
        self.d_model, self.n_heads, self.n_layers = d_model, num_heads, n_layers
        self.model = CausalModel(
            len(self.vocabulary), d_model, num_heads, d_ff, n_layers, max_len,
            activation="relu", seed=generator(seed), dtype=dtype,
        )  # fmt: skip
        if isinstance(self.model.positions, LearnedPositionalEncoding):
            self.model.positions.weight[...] = _WAVES * sinusoidal_positions(max_len, d_model)

    @classmethod
    def random(cls, seed: int) -> Writer:
        """Return an untrained writer of the same shapes."""
        return cls(seed=seed)

    @property
    def max_len(self) -> int:
        """The most positions, "<s>" included."""
        return self.model.max_len

    def read(self, words: Sequence[str]) -> Reading:
        """Find the number of each word; words that it does not know become "<new0>", "<new1>", ...

        Args:
            words: without "<s>", in any case.

        Raises:
            EmptyTextError: `the text has no words: give at least one`
            ShapeError: `the text has 40 words, expected at most 31`
            TextError: `the text has 9 words that the model does not know, and room for 8: ...`
        """
        lower = checked_words(words)
        if not words:
            raise EmptyTextError("the text has no words: give at least one")
        if len(words) >= self.max_len:
            raise ShapeError(
                "the text has {n} words, expected at most {most}", n=len(words), most=self.max_len - 1
            )
        free = [
            slot for slot in self.vocabulary.kinds if slot not in lower
        ]  # a learner may write <new0> themselves
        invented = tuple(dict.fromkeys(word for word in lower if word not in self.vocabulary))
        if len(invented) > len(free):
            raise TextError(
                "the text has {n} words that the model does not know, and room for {room}: put words that it "
                "knows in place of at least {more} of them, such as {invented}",
                n=len(invented),
                room=len(free),
                more=len(invented) - len(free),
                invented=repr(invented[-1]),
            )
        places = dict(zip(invented, free, strict=False))
        tokens = (START, *(places.get(word, word) for word in lower))
        return Reading(tuple(self.vocabulary.ids(tokens)), tokens, (START, *words), invented)

    def trace(self, words: Sequence[str], intervene: LayerIntervention | None = None) -> WriterTrace:
        """Read a text, score what comes after each word of it, and keep every step.

        Args:
            words: as for `read`.
            intervene: called with the number of each block and a copy of its weights (n_heads, seq, seq);
                what it returns is used instead.
        """
        reading = self.read(words)
        return WriterTrace(reading, self.model.trace(reading.ids, intervene), self._names(reading))

    def generate(
        self,
        words: Sequence[str],
        n_words: int,
        *,
        temperature: float = 0.0,
        top_k: int | None = None,
        top_p: float | None = None,
        seed: Seed = 0,
        use_cache: bool = True,
    ) -> Written:
        """Go on with a text, word by word.

        Args:
            words: the beginning, as for `read`.
            n_words: how many to add.
            temperature, top_k, top_p, seed, use_cache: as for `attention.generate`.

        Raises:
            ConfigError: `ids and max_new_tokens come to 40 positions, but the model has 32`
        """
        reading = self.read(words)
        kept = _Remembering(self.model)
        steps = generation_steps(
            kept, reading.ids, n_words,
            temperature=temperature, top_k=top_k, top_p=top_p, seed=seed, use_cache=use_cache,
        )  # fmt: skip
        taken, names = tuple(steps), self._names(reading)
        new = (names[step.token] for step in taken)
        return Written((*words, *new), taken, 0 if kept.cache is None else kept.cache.n_bytes)

    def gradients(self, ids: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> tuple[float, Gradients]:
        """Return the loss of ids (batch, seq), as `CausalModel.gradients`, under the writer's names."""
        loss, found = self.model.gradients(ids, weights)
        return loss, Gradients((), {f"model.{name}": array for name, array in found.parameters.items()})

    def _names(self, reading: Reading) -> tuple[str, ...]:
        """Return every word, with those that were invented in the places that they took."""
        places = dict(zip(reading.tokens, reading.shown, strict=True))
        return tuple(places.get(w, w) if w in self.vocabulary.kinds else w for w in self.vocabulary.words)


class _Remembering:
    """A model whose cache can be looked at after generation."""

    def __init__(self, model: CausalModel) -> None:
        self.max_len, self.vocab_size, self._model = model.max_len, model.vocab_size, model
        self.cache: KVCache | None = None

    def __call__(self, ids: npt.ArrayLike, cache: KVCache | None = None) -> Array:
        return self._model(ids, cache)

    def new_cache(self) -> KVCache:
        self.cache = self._model.new_cache()
        return self.cache
