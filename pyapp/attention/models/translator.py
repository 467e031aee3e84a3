"""The translator: English to French, and where it looks while it writes.

    the red car  ->  la voiture rouge

An encoder's block reads the English sentence. A decoder's block writes the French one, word by word, and asks
the English words at each step by cross-attention. What it gathers there are the embeddings of the English
words themselves, as they stand in the table: not what the encoder made of them. So what a head brings is
about the words that it looks at, and about nothing else; the encoder says only where to look.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from attention.block import BlockTrace, TransformerBlock
from attention.checks import real_array
from attention.core import Intervention
from attention.errors import EmptyTextError, ShapeError, TextError
from attention.grad import Gradients, cross_entropy, cross_entropy_backward, linear_backward
from attention.initial import Seed, generator
from attention.layers import Embedding, Layer, LayerNorm
from attention.masks import create_causal_mask
from attention.models.french import english_words, french_words
from attention.models.vocabulary import START, Vocabulary, checked_words
from attention.ops import linear, softmax
from attention.positional import LearnedPositionalEncoding
from attention.trace import Array, freeze_arrays

__all__ = ["CrossIntervention", "TranslationTrace", "Translator", "TranslatorTrace"]

Ids: TypeAlias = npt.NDArray[np.integer[Any]]

CrossIntervention: TypeAlias = Callable[[int, Array], npt.ArrayLike]
"""Takes the number of a French word, from 0, and its cross-attention's weights (n_heads, n_source), a copy;
returns the weights to use."""

END = "</s>"
"""Ends every sentence, English and French; padding has the number 0."""

SHOWN = 5
"""How many of the likeliest words are told of each step."""


@dataclass(frozen=True, slots=True, eq=False)
class TranslatorTrace:
    """One pass through the translator, every step of it: what was read, and what comes after each word."""

    source_ids: Ids  # (..., n_source)
    target_ids: Ids  # (..., n_target)   what is written so far
    source: Array  # (..., n_source, d_model)   sqrt(d_model) E[source_ids]: what the decoder gathers
    encoder: BlockTrace
    memory: Array  # (..., n_source, d_model)   the encoder's rows, normalised: what the decoder asks
    target: Array  # (..., n_target, d_model)   sqrt(d_model) E[target_ids]
    decoder: BlockTrace
    normed: Array  # (..., n_target, d_model)   the decoder's rows, normalised
    logits: Array  # (..., n_target, n_french)   a score for each French word that might come next

    def __post_init__(self) -> None:
        freeze_arrays(self)


@dataclass(frozen=True, slots=True, eq=False)
class TranslationTrace:
    """A translation, word by word, with where each word was looked up.

    >>> trace = Translator.random(0).translate(["the", "red", "car"])
    >>> trace.source
    ('the', 'red', 'car', '</s>')
    >>> trace.cross.shape == (2, len(trace.written), 4)
    True
    """

    source: tuple[str, ...]  # the English words, and </s>
    written: tuple[str, ...]  # the French words, and </s> unless there was no more room
    candidates: tuple[tuple[tuple[str, float], ...], ...]  # of each, the likeliest words and how likely
    cross: Array  # (n_heads, n_written, n_source)   weights, after any intervention
    trace: TranslatorTrace  # the pass that wrote the last word

    def __post_init__(self) -> None:
        freeze_arrays(self)

    @property
    def words(self) -> tuple[str, ...]:
        """The French words alone."""
        return tuple(word for word in self.written if word != END)

    @property
    def text(self) -> str:
        """The French words as they are printed: "l'oiseau"."""
        return " ".join(self.words).replace("' ", "'")


class Translator(Layer):
    """Translate short English sentences into French, greedily, one word after another.

        decoder's cross-attention: softmax(Q K^T / sqrt(d_k)) V   with Q from the French rows, K from the
        encoder's, V from the English embeddings   (Vaswani et al. 2017, section 3.2.3, where V is the
        encoder's, too)

    Pre-norm blocks with ReLU, learned positions; the French table serves as the output matrix, too.

    Args:
        d_model: width of the rows.
        num_heads: n_heads of every attention.
        d_ff: width inside the feed-forward networks.
        max_len: the most words of a sentence, its ends included.
        seed: what the random start depends on.
        dtype: of the weights.

    >>> model = Translator(seed=0)
    >>> sum(weight.size for weight in model.parameters().values())
    62125
    """

    def __init__(
        self,
        d_model: int = 48,
        num_heads: int = 2,
        d_ff: int = 96,
        max_len: int = 16,
        *,
        seed: Seed = 0,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        rng = generator(seed)
        self.english = Vocabulary((END, *english_words()))
        self.french = Vocabulary((END, *french_words()))
        self.d_model, self.max_len = d_model, max_len
        self.source_embedding = Embedding(len(self.english.words), d_model, seed=rng, dtype=dtype)
        self.source_positions = LearnedPositionalEncoding(max_len, d_model, seed=rng, dtype=dtype)
        self.encoder = TransformerBlock(d_model, num_heads, d_ff, norm="pre", seed=rng, dtype=dtype)
        self.encoder_norm = LayerNorm(d_model, dtype=dtype)
        self.target_embedding = Embedding(len(self.french.words), d_model, seed=rng, dtype=dtype)
        self.target_positions = LearnedPositionalEncoding(max_len, d_model, seed=rng, dtype=dtype)
        self.decoder = TransformerBlock(
            d_model, num_heads, d_ff, norm="pre", cross_attention=True, seed=rng, dtype=dtype
        )
        self.decoder_norm = LayerNorm(d_model, dtype=dtype)
        self.bias = np.zeros(len(self.french.words), dtype)  # (n_french,)

    @classmethod
    def random(cls, seed: int) -> Translator:
        """Return an untrained translator of the same shapes."""
        return cls(seed=seed)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of both languages in one list, as the file of weights names them."""
        return Vocabulary((*self.english.words, *self.french.words))

    def translate(self, words: Sequence[str], intervene: CrossIntervention | None = None) -> TranslationTrace:
        """Write the likeliest French word, and the next one given that, until the sentence ends.

        Args:
            words: English, without regard to case.
            intervene: called for each French word with its number, from 0, and the weights with which its
                row asks the English words; what it returns is used instead.

        Returns:
            TranslationTrace.

        Raises:
            TextError: `the translator does not know 'zebra': it knows 110 English words, ...`
            ShapeError: `the sentence has 16 words, expected at most 15`; `intervene returned shape (4,),
                expected (2, 4)`
        """
        source = self.source_ids(words)
        french, written, candidates = self.french.words, [START], []

        def change(weights: Array) -> Array:  # (n_heads, n_target, n_source)
            assert intervene is not None
            for number in range(weights.shape[-2]):
                row = weights[:, number]  # (n_heads, n_source)
                changed = real_array("the weights that intervene returned", intervene(number, row.copy()))
                if changed.shape != row.shape:
                    raise ShapeError(
                        "intervene returned shape {shape}, expected {expected}",
                        shape=changed.shape,
                        expected=row.shape,
                    )
                row[...] = changed
            return weights

        while True:
            ids = np.array([self.french.id(word) for word in written])
            trace = self.trace(source, ids, None if intervene is None else change)
            likely = softmax(trace.logits[-1])  # (n_french,)
            order = np.argsort(-likely, kind="stable")[:SHOWN]
            candidates.append(tuple((french[i], float(likely[i])) for i in order))
            if french[order[0]] == END or len(written) == self.max_len:
                break
            written.append(french[order[0]])
        cross = trace.decoder.cross_attention
        assert cross is not None
        said = tuple(each[0][0] for each in candidates)
        return TranslationTrace(
            (*(self.english.words[i] for i in source),),
            said,
            tuple(candidates),
            cross.attention.weights,
            trace,
        )

    def translate_ids(self, source_ids: npt.ArrayLike) -> Ids:
        """Translate a batch greedily (batch, n_source), padded with 0.

        Returns:
            French (batch, n_target) with "<s>" first; what comes after "</s>" means nothing.
        """
        source_ids, end = np.asarray(source_ids), self.french.id(END)
        written = np.full((len(source_ids), 1), self.french.id(START))  # (batch, n_target)
        while written.shape[1] < self.max_len and not (written == end).any(axis=1).all():
            following = self.trace(source_ids, written).logits[:, -1].argmax(axis=-1)  # (batch,)
            written = np.concatenate([written, following[:, None]], axis=1)
        return written

    def source_ids(self, words: Sequence[str]) -> Ids:
        """Return the numbers of English words and "</s>": (number of words + 1,)."""
        words = checked_words(words)
        if not words:
            raise EmptyTextError("the sentence has no words: give at least one")
        if len(words) >= self.max_len:
            raise ShapeError(
                "the sentence has {n} words, expected at most {most}", n=len(words), most=self.max_len - 1
            )
        unknown = [word for word in words if word not in self.english or word.startswith("<")]
        if unknown:
            raise TextError(
                "the translator does not know {unknown}: it knows {n} English words, see `english.words`",
                unknown=repr(unknown[0]),
                n=len(self.english),
            )
        return np.array(self.english.ids([*words, END]))

    def trace(
        self,
        source_ids: npt.ArrayLike,
        target_ids: npt.ArrayLike,
        intervene_cross: Intervention | None = None,
    ) -> TranslatorTrace:
        """Read a sentence, and what is written of its translation, and score each word that might come next.

        Args:
            source_ids: English (..., n_source), padded with 0.
            target_ids: French (..., n_target), which opens with <s>; padded with 0.
            intervene_cross: as for `TransformerBlock.trace`.

        Returns:
            TranslatorTrace, with logits (..., n_target, n_french).
        """
        source_ids, target_ids = np.asarray(source_ids), np.asarray(target_ids)
        source = math.sqrt(self.d_model) * self.source_embedding(source_ids)  # (..., n_source, d_model)
        present = (source_ids != 0)[..., None, :]  # (..., 1, n_source)
        encoder = self.encoder.trace(self.source_positions(source), mask=present)
        memory = self.encoder_norm(encoder.output)  # (..., n_source, d_model)

        target = math.sqrt(self.d_model) * self.target_embedding(target_ids)  # (..., n_target, d_model)
        decoder = self.decoder.trace(
            self.target_positions(target),
            mask=create_causal_mask(target.shape[-2]),
            memory=memory,
            memory_mask=present,
            values=source,
            intervene_cross=intervene_cross,
        )
        normed = self.decoder_norm(decoder.output)  # (..., n_target, d_model)
        logits = linear(normed, self.target_embedding.weight.T, self.bias)  # (..., n_target, n_french)
        return TranslatorTrace(
            source_ids, target_ids, source, encoder, memory, target, decoder, normed, logits
        )

    def gradients(self, source_ids: npt.ArrayLike, target_ids: npt.ArrayLike) -> tuple[float, Gradients]:
        """Return the mean surprise at each French word after those before it, and its gradients.

        Args:
            source_ids: English (batch, n_source), padded with 0.
            target_ids: French with <s> and </s> (batch, n_target), padded with 0, which does not count.
        """
        target_ids = np.asarray(target_ids)
        trace, following = self.trace(source_ids, target_ids[..., :-1]), target_ids[..., 1:]
        counts = (following != 0).astype(trace.logits.dtype)  # (..., n_target - 1)
        grad_logits = cross_entropy_backward(trace.logits, following, counts)
        return cross_entropy(trace.logits, following, counts), self.backward(trace, grad_logits)

    def backward(self, trace: TranslatorTrace, grad_logits: npt.ArrayLike) -> Gradients:
        """Return the gradient of every weight, from that of the logits (..., n_target, n_french)."""
        grad_logits, size = real_array("grad_logits", grad_logits), math.sqrt(self.d_model)
        table = self.target_embedding.weight
        grad, of_output, bias = linear_backward(trace.normed, table.T, grad_logits)

        decoder_norm = self.decoder_norm.backward(trace.decoder.output, grad)
        decoder = self.decoder.backward(trace.decoder, decoder_norm.inputs[0])
        grad_target, grad_memory, grad_values = decoder.inputs
        target_positions = self.target_positions.backward(trace.target, grad_target)
        target = self.target_embedding.backward(trace.target_ids, size * grad_target)

        encoder_norm = self.encoder_norm.backward(trace.encoder.output, grad_memory)
        encoder = self.encoder.backward(trace.encoder, encoder_norm.inputs[0])
        source_positions = self.source_positions.backward(trace.source, encoder.inputs[0])
        source = self.source_embedding.backward(trace.source_ids, size * (encoder.inputs[0] + grad_values))

        parts = {
            "source_embedding": source, "source_positions": source_positions, "encoder": encoder,
            "encoder_norm": encoder_norm, "target_embedding": target, "target_positions": target_positions,
            "decoder": decoder, "decoder_norm": decoder_norm,
        }  # fmt: skip
        found = {
            f"{part}.{name}": array for part, each in parts.items() for name, array in each.parameters.items()
        }
        found["target_embedding.weight"] = found["target_embedding.weight"] + of_output.T
        found["bias"] = bias
        return Gradients((), {name: found[name] for name in self.parameters()})
