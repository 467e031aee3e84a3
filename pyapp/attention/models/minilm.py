"""all-MiniLM-L6-v2, a real transformer: 6 layers of 12 heads that have read a billion pairs of sentences.

    text -> word pieces -> BertEncoder -> mean over the tokens, of length 1   (Reimers and Gurevych 2019,
    section 3; the small model: Wang et al. 2020)

Not trained by us. Its weights do not come with the package: the lab's page fetches them when it is asked to.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attention.bert import BertEncoder, BertTrace
from attention.errors import WeightsError
from attention.model import LayerIntervention
from attention.quantised import dequantise
from attention.trace import Array, freeze_arrays
from attention.weights import Source, load
from attention.wordpiece import WordPiece, WordPieces

__all__ = ["MAX_TOKENS", "N_HEADS", "VOCABULARY", "MiniLM", "MiniLMTrace"]

N_HEADS = 12  # in each layer, which a file of weights does not tell
MAX_TOKENS = 256
"""[CLS] and [SEP] included: where its publishers cut, who trained it on no more. It has 512 positions."""
VOCABULARY = "vocabulary"
"""The array of a file of ours that holds the pieces: UTF-8, each ended by a line feed."""


@dataclass(frozen=True, slots=True, eq=False)
class MiniLMTrace:
    """One text on its way through the model, every step of it.

    In `layers` are the weights that the heads gave: `layers[3][1]` is head 1 of layer 3 (seq, seq), query
    rows first.
    """

    text: str
    pieces: WordPieces
    bert: BertTrace
    sentence_vector: Array  # (d_model,)   the mean of the output's rows, of length 1

    def __post_init__(self) -> None:
        freeze_arrays(self)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The pieces as the vocabulary has them, from [CLS] to [SEP]."""
        return self.pieces.texts

    @property
    def layers(self) -> tuple[Array, ...]:
        """The weights of each layer (n_heads, seq, seq)."""
        return tuple(block.attention.attention.weights for block in self.bert.blocks)

    @property
    def output(self) -> Array:
        """The last layer's rows (seq, d_model)."""
        return self.bert.output


class MiniLM:
    """Read any English text into vectors, and show what each of the 72 heads looked at.

        u = mean_i h_i / |mean_i h_i|   (Reimers and Gurevych 2019, section 3, mean pooling, normalised)

    Args:
        bert: the encoder, with `N_HEADS` heads in each layer.
        word_piece: cuts text into the pieces that the encoder knows.

    Raises:
        WeightsError: `the vocabulary has 30521 pieces, but the weights have rows for 30522`
    """

    def __init__(self, bert: BertEncoder, word_piece: WordPiece) -> None:
        pieces, rows = len(word_piece.vocabulary), len(bert.words.weight)
        if pieces != rows:
            raise WeightsError(
                "the vocabulary has {pieces} pieces, but the weights have rows for {rows}",
                pieces=pieces,
                rows=rows,
            )
        self.bert, self.word_piece = bert, word_piece
        for weight in bert.parameters().values():
            weight.flags.writeable = False  # a trace then shares the weights: 43 MB that need no copy

    @classmethod
    def from_files(cls, weights: Source, vocabulary: str | os.PathLike[str] | bytes | None = None) -> MiniLM:
        """Build the model from its files.

        Args:
            weights: a safetensors file under BERT's names: ours, in int8 with the vocabulary inside, or the
                model's own in float32.
            vocabulary: a path or the bytes, one piece a line; the one inside `weights` unless given.

        Returns:
            MiniLM, in float32.

        Raises:
            WeightsError: `the header is said to have 123 bytes, but 57 follow: the file is cut short, ...`
            WeightsError: `the file has no vocabulary, and none was given`
            WeightsError: `the vocabulary is not text in UTF-8`
        """
        stored = load(weights)
        inside = stored.pop(VOCABULARY, None)
        if vocabulary is not None:
            text = vocabulary if isinstance(vocabulary, bytes) else Path(vocabulary).read_bytes()
        elif inside is not None:
            text = inside.tobytes()
        else:
            raise WeightsError("the file has no vocabulary, and none was given")
        stored.pop("embeddings.position_ids", None)
        bert = BertEncoder.from_state_dict(dequantise(stored), N_HEADS)
        return cls(bert, WordPiece(_pieces(text), max_tokens=min(MAX_TOKENS, bert.max_len)))

    def trace(self, text: str, intervene: LayerIntervention | None = None) -> MiniLMTrace:
        """Read a text and keep every step.

        Args:
            text: any text; what is longer than `MAX_TOKENS` is cut off and counted in
                `trace.pieces.dropped`.
            intervene: called with the number of each layer, from 0, and a copy of its weights (n_heads, seq,
                seq); what it returns is used instead. The layers after it see what changed.

        Returns:
            MiniLMTrace.

        Raises:
            TextError: `text must be a str, got int`
        """
        pieces = self.word_piece(text)
        bert = self.bert.trace(np.array(pieces.ids), intervene=intervene)
        return MiniLMTrace(text, pieces, bert, _pooled(bert.output))

    def __call__(self, text: str) -> Array:
        """Compute the sentence vector alone (d_model,); the product of two says how alike they are."""
        return _pooled(self.bert(np.array(self.word_piece(text).ids)))

    forward = __call__


def _pooled(output: Array) -> Array:
    mean: Array = output.mean(axis=-2)  # (d_model,)
    pooled: Array = mean / np.linalg.norm(mean)
    return pooled


def _pieces(text: bytes) -> list[str]:
    try:
        return text.decode().removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        raise WeightsError("the vocabulary is not text in UTF-8") from None
