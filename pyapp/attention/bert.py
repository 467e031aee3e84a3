"""An encoder in the shape of BERT, so that weights trained elsewhere can be looked at here.

    x = LayerNorm(word + position + token type), then N blocks of
    LayerNorm(x + Sublayer(x)), with GELU in the feed-forward part   (Devlin et al. 2019, section 3)

Every token attends to every other: nothing here is causal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from attention.block import BlockTrace, TransformerBlock
from attention.calls import explained
from attention.checks import whole_number, whole_numbers
from attention.errors import MaskError, ShapeError
from attention.importing import StateReader, dotted
from attention.initial import Blank, Seed, generator
from attention.layers import Embedding, Layer, LayerNorm
from attention.masks import as_boolean
from attention.model import LayerIntervention
from attention.trace import Array, Mask, freeze_arrays

__all__ = ["BertEncoder", "BertTrace"]

Ids: TypeAlias = npt.NDArray[np.integer[Any]]

# What else such a state may hold: buffers without weights, and what stands on top of the encoder.
_NOT_READ = re.compile(r"embeddings\.(position|token_type)_ids$|(pooler|cls|classifier|qa_outputs)\.")


@dataclass(frozen=True, slots=True, eq=False)
class BertTrace:
    """Every intermediate of one call of the encoder, in the order in which it is computed.

    >>> trace = BertEncoder(vocab_size=7, d_model=4, num_heads=2, d_ff=5, n_layers=3).trace([6, 0, 1])
    >>> len(trace.blocks), trace.output.shape
    (3, (3, 4))
    """

    ids: Ids  # (..., seq)
    token_types: Ids  # (..., seq)
    mask: Mask | None  # (..., 1, seq)   True = a token, not padding
    words: Array  # (..., seq, d_model)
    positions: Array  # (seq, d_model)
    types: Array  # (..., seq, d_model)
    embedded: Array  # (..., seq, d_model)   their sum
    x: Array  # (..., seq, d_model)   normed: what the first block gets
    blocks: tuple[BlockTrace, ...]  # n_layers
    output: Array  # (..., seq, d_model)

    def __post_init__(self) -> None:
        freeze_arrays(self)


class BertEncoder(Layer):
    """Read tokens into vectors that know their sentence, as BERT does.

        x = LayerNorm(word + position + token type), then N blocks   (Devlin et al. 2019, section 3, figure 2)

    The blocks are those of Vaswani et al. 2017, section 3.1 (the norm after each sum), with GELU in place of
    ReLU. A new encoder is random; `from_state_dict` reads trained weights.

    Args:
        vocab_size: number of rows of the table of words.
        d_model: the width of a row.
        num_heads: n_heads; divides d_model.
        d_ff: the width inside the feed-forward part.
        n_layers: number of blocks.
        max_len: the most tokens that have a position.
        n_token_types: kinds of tokens: of the first sentence, and of the second.
        eps: what is added to the variance in each norm.
        seed: what the random start depends on.
        dtype: of the weights, float64 or float32.

    Raises:
        ConfigError: `n_heads 3 does not divide d_model 4: choose 1 or 2 or 4`

    >>> bert = BertEncoder(vocab_size=7, d_model=4, num_heads=2, d_ff=5, n_layers=3)
    >>> bert([[6, 0, 1], [2, 2, 5]], mask=[[1, 1, 1], [1, 1, 0]]).shape
    (2, 3, 4)
    """

    def __init__(
        self,
        vocab_size: int,
        d_model: int,
        num_heads: int,
        d_ff: int,
        n_layers: int,
        *,
        max_len: int = 512,
        n_token_types: int = 2,
        eps: float = 1e-12,
        seed: Seed = 0,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        rng = generator(seed)
        self.max_len = whole_number("max_len", max_len, 1)
        self.words = Embedding(vocab_size, d_model, seed=rng, dtype=dtype)
        self.positions = Embedding(max_len, d_model, seed=rng, dtype=dtype)
        self.types = Embedding(n_token_types, d_model, seed=rng, dtype=dtype)
        self.norm = LayerNorm(d_model, eps, dtype=dtype)
        self.blocks = [
            TransformerBlock(
                d_model, num_heads, d_ff, norm="post", activation="gelu", eps=eps, seed=rng, dtype=dtype
            )
            for _ in range(whole_number("n_layers", n_layers, 1))
        ]

    @classmethod
    def from_state_dict(
        cls, state: Mapping[str, npt.ArrayLike], num_heads: int, eps: float = 1e-12
    ) -> BertEncoder:
        """Build an encoder from weights under BERT's usual names; the sizes are read from their shapes.

        Args:
            state: "embeddings.word_embeddings.weight" (vocab_size, d_model), ...,
                "encoder.layer.0.attention.self.query.weight" (d_model, d_model), ..., as `load` reads them.
                All may begin with "bert.". What stands on top of the encoder (pooler, cls) is left out.
            num_heads: n_heads, which the state does not tell.
            eps: what was added to the variance in each norm.

        Returns:
            BertEncoder, in float32 if all its weights are that, else in float64.

        Raises:
            WeightsError: `the state has no encoder.layer.0.attention.self.query.weight`
            WeightsError: `embeddings.LayerNorm.weight has shape (4,), expected (6,)`
        """
        reader = StateReader(_encoder_part(state))
        words = reader.take("embeddings.word_embeddings.weight", None, None)  # (vocab_size, d_model)
        d_model = words.shape[1]
        parts = {
            "words": {"weight": words},
            "positions": {"weight": reader.take("embeddings.position_embeddings.weight", None, d_model)},
            "types": {"weight": reader.take("embeddings.token_type_embeddings.weight", None, d_model)},
            "norm": reader.layer_norm("embeddings.LayerNorm.", d_model),
        }
        n_layers = 0
        while n_layers == 0 or f"encoder.layer.{n_layers}.attention.self.query.weight" in reader:
            parts |= _block_parts(reader, f"encoder.layer.{n_layers}.", f"blocks.{n_layers}.", d_model)
            n_layers += 1
        reader.finish()

        d_ff = parts["blocks.0.feed_forward.first"]["w"].shape[1]
        bert = cls(
            len(words), d_model, num_heads, d_ff, n_layers,
            max_len=len(parts["positions"]["weight"]), n_token_types=len(parts["types"]["weight"]),
            eps=eps, seed=Blank(), dtype=reader.dtype,
        )  # fmt: skip
        bert.load_state_dict(dotted(parts))
        return bert

    @explained
    def __call__(
        self, ids: npt.ArrayLike, mask: npt.ArrayLike | None = None, token_types: npt.ArrayLike | None = None
    ) -> Array:
        """Compute the output alone.

        Args:
            ids: token numbers (..., seq).
            mask: True or 1 = a token, False or 0 = padding (..., seq).
            token_types: 0 in the first sentence, 1 in the second (..., seq); 0 unless given.

        Returns:
            (..., seq, d_model). The rows of padding hold numbers, too, which mean nothing.

        Raises:
            ShapeError: `ids has 513 tokens, but there are 512 positions`
            NumberError: `ids holds 7 at (0, 2), expected whole numbers from 0 to 6`
            FullyMaskedRowError: a sentence is padding throughout
        """
        ids, token_types, mask = self._checked(ids, token_types, mask)
        words, positions, types = self._rows(ids, token_types)
        x = self.norm(words + positions + types)  # (..., seq, d_model)
        for block in self.blocks:
            x = block(x, mask=mask)
        return x

    forward = __call__

    @explained
    def trace(
        self,
        ids: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        token_types: npt.ArrayLike | None = None,
        intervene: LayerIntervention | None = None,
    ) -> BertTrace:
        """Compute the output and keep every step.

        Args:
            ids, mask, token_types: as when called.
            intervene: called with the number of each block and a copy of its weights (..., n_heads, seq,
                seq); what it returns is used instead. The blocks after it see what changed.

        Returns:
            BertTrace, with one BlockTrace for each block.
        """
        ids, token_types, mask = self._checked(ids, token_types, mask)
        words, positions, types = self._rows(ids, token_types)
        embedded = words + positions + types  # (..., seq, d_model)
        x = self.norm(embedded)  # (..., seq, d_model)
        blocks: list[BlockTrace] = []
        for number, block in enumerate(self.blocks):
            change = None if intervene is None else partial(intervene, number)
            blocks.append(block.trace(blocks[-1].output if blocks else x, mask=mask, intervene=change))
        return BertTrace(
            ids, token_types, mask, words, positions, types, embedded, x, tuple(blocks), blocks[-1].output
        )

    def _rows(self, ids: Ids, token_types: Ids) -> tuple[Array, Array, Array]:
        """Look each token up in the three tables."""
        positions = np.arange(ids.shape[-1])  # (seq,)
        return self.words(ids), self.positions(positions), self.types(token_types)

    def _checked(
        self, ids: npt.ArrayLike, token_types: npt.ArrayLike | None, mask: npt.ArrayLike | None
    ) -> tuple[Ids, Ids, Mask | None]:
        ids = whole_numbers("ids", ids, len(self.words.weight))
        if ids.ndim == 0:
            raise ShapeError("ids must end in the axis (seq,), got shape ()")
        if ids.shape[-1] > self.max_len:
            raise ShapeError(f"ids has {ids.shape[-1]} tokens, but there are {self.max_len} positions")
        types = np.zeros(ids.shape, np.int64) if token_types is None else token_types
        token_types = whole_numbers("token_types", types, len(self.types.weight))
        if token_types.shape != ids.shape:
            raise ShapeError(f"token_types has shape {token_types.shape}, but ids has shape {ids.shape}")
        if mask is None:
            return ids, token_types, None
        allowed = as_boolean(mask)
        if allowed.shape != ids.shape:
            raise MaskError(f"mask has shape {allowed.shape}, but ids has shape {ids.shape}")
        return ids, token_types, allowed[..., None, :]  # (..., 1, seq): the same for every query


def _encoder_part(state: Mapping[str, npt.ArrayLike]) -> dict[str, npt.ArrayLike]:
    """Leave out what is not the encoder, and bring the names that BERT's files have had to one form."""
    if any(name.startswith("bert.") for name in state):
        state = {name[5:]: values for name, values in state.items() if name.startswith("bert.")}
    return {
        name.replace("LayerNorm.gamma", "LayerNorm.weight").replace(
            "LayerNorm.beta", "LayerNorm.bias"
        ): values
        for name, values in state.items()
        if not _NOT_READ.match(name)
    }


def _block_parts(reader: StateReader, theirs: str, ours: str, d_model: int) -> dict[str, dict[str, Array]]:
    """Read one layer of BERT as one `TransformerBlock`."""
    heads = {
        part: reader.linear(f"{theirs}attention.{name}.", d_model, d_model)
        for part, name in (("q", "self.query"), ("k", "self.key"), ("v", "self.value"), ("o", "output.dense"))
    }
    first = reader.linear(f"{theirs}intermediate.dense.", d_model, None)
    return {
        f"{ours}attention": {f"{kind}_{part}": heads[part][kind] for kind in "wb" for part in heads},
        f"{ours}norm_1": reader.layer_norm(f"{theirs}attention.output.LayerNorm.", d_model),
        f"{ours}feed_forward.first": first,
        f"{ours}feed_forward.second": reader.linear(f"{theirs}output.dense.", first["w"].shape[1], d_model),
        f"{ours}norm_2": reader.layer_norm(f"{theirs}output.LayerNorm.", d_model),
    }
