"""A model: blocks stacked, to say which token comes next.

    ids -> embedding, positions -> block -> ... -> block -> logits   (Radford et al. 2018, section 3.1)

Each position may attend to itself and to what came before, so that all of them learn at once to predict the
token after them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from attention.block import BlockTrace, NormPlace, TransformerBlock
from attention.cache import KVCache
from attention.calls import explained
from attention.checks import flag, head_size, real_array, require_kind, whole_number
from attention.errors import AttentionError, ConfigError, ShapeError
from attention.feedforward import Activation
from attention.grad import (
    Gradients,
    cross_entropy,
    cross_entropy_backward,
    linear_backward,
)
from attention.initial import Seed, generator
from attention.layers import Embedding, Layer, LayerNorm, Linear
from attention.masks import combine_masks
from attention.ops import linear
from attention.positional import (
    ALiBi,
    LearnedPositionalEncoding,
    RotaryPositionalEncoding,
    SinusoidalPositionalEncoding,
)
from attention.trace import Array, Mask, freeze_arrays

__all__ = ["CausalModel", "LayerIntervention", "ModelTrace", "Positions"]

Positions: TypeAlias = Literal["learned", "sinusoidal", "rotary", "alibi", "none"]

LayerIntervention: TypeAlias = Callable[[int, Array], npt.ArrayLike]
"""Takes the number of a block and its weights (..., n_heads, seq, seq), and returns the weights to use."""


@dataclass(frozen=True, slots=True, eq=False)
class ModelTrace:
    """One pass through a model, every step of it.

    >>> model = CausalModel(vocab_size=7, d_model=4, num_heads=2, d_ff=8, n_layers=3, max_len=10)
    >>> trace = model.trace([3, 1, 4])
    >>> len(trace.blocks), trace.blocks[0].attention.attention.weights.shape, trace.logits.shape
    (3, (2, 3, 3), (3, 7))
    """

    ids: npt.NDArray[np.integer[Any]]  # (..., seq)
    embedded: Array  # (..., seq, d_model)   sqrt(d_model) E[ids]
    x: Array  # (..., seq, d_model)   with positions: what the first block gets
    blocks: tuple[BlockTrace, ...]
    normed: Array  # (..., seq, d_model)   the last block's rows; after a last layer norm, if pre-norm
    logits: Array  # (..., seq, vocab)

    def __post_init__(self) -> None:
        freeze_arrays(self)


class CausalModel(Layer):
    """A small language model, of the kind that GPT is a large one: a stack of causal transformer blocks.

        h_0 = U W_e + W_p,  h_l = block(h_(l-1)),  P(u) = softmax(h_n W_e^T)   (Radford et al. 2018, section
        3.1, eq. 2)

    As in Vaswani et al. 2017, section 3.4, embeddings are multiplied by sqrt(d_model), and the same table
    serves as the output matrix, unless `tied` is False. Pre-norm blocks are followed by one more layer norm
    (Xiong et al. 2020, section 3.1). The weights start random: it knows nothing until it is trained.

    Args:
        vocab_size: number of different tokens.
        d_model: width of the rows.
        num_heads: n_heads; divides d_model.
        d_ff: width inside the feed-forward networks.
        n_layers: number of blocks.
        max_len: the most positions that it takes.
        positions: "learned" or "sinusoidal" (rows added to the embeddings), "rotary" (queries and keys turned
            in each block), "alibi" (a bias on the scores), or "none".
        norm: "pre" or "post".
        activation: "gelu", "gelu_tanh" or "relu".
        tied: whether the embedding serves as the output matrix, too.
        seed: what the random start depends on.
        dtype: of the weights, float64 or float32.

    Raises:
        ConfigError: `positions must be 'learned' or 'sinusoidal' or ..., got 'spiral'`
        ConfigError: `n_heads 3 does not divide d_model 4: choose 1 or 2 or 4`

    >>> model = CausalModel(vocab_size=7, d_model=4, num_heads=2, d_ff=8, n_layers=1, max_len=10)
    >>> model([3, 1, 4]).shape
    (3, 7)
    """

    @explained
    def __init__(
        self,
        vocab_size: int,
        d_model: int,
        num_heads: int,
        d_ff: int,
        n_layers: int,
        max_len: int,
        *,
        positions: Positions = "learned",
        norm: NormPlace = "pre",
        activation: Activation = "gelu",
        tied: bool = True,
        seed: Seed = 0,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        if positions not in get_args(Positions):
            choices = " or ".join(map(repr, get_args(Positions)))
            raise ConfigError(f"positions must be {choices}, got {positions!r}")
        rng = generator(seed)
        self.vocab_size, self.max_len = vocab_size, whole_number("max_len", max_len, 1)
        self.d_model, d_k = d_model, head_size(whole_number("d_model", d_model, 1), num_heads)
        self.embedding = Embedding(vocab_size, d_model, seed=rng, dtype=dtype)
        self.positions = _added_positions(positions, self.max_len, d_model, rng, dtype)
        self.alibi = ALiBi(num_heads) if positions == "alibi" else None
        rotary = RotaryPositionalEncoding(d_k) if positions == "rotary" else None
        self.blocks = [
            TransformerBlock(
                d_model,
                num_heads,
                d_ff,
                norm=norm,
                activation=activation,
                rotary=rotary,
                seed=rng,
                dtype=dtype,
            )
            for _ in range(whole_number("n_layers", n_layers, 1))
        ]
        self.final_norm = LayerNorm(d_model, dtype=dtype) if norm == "pre" else None
        self.head = (
            None if flag("tied", tied) else Linear(d_model, vocab_size, bias=False, seed=rng, dtype=dtype)
        )

    def __call__(self, ids: npt.ArrayLike, cache: KVCache | None = None) -> Array:
        """Compute the logits alone.

        Args:
            ids: tokens (..., seq).
            cache: from `new_cache`; holds the keys and values of the tokens before these, and grows by
                theirs. A call that is refused leaves it as it was.

        Returns:
            (..., seq, vocab): at each position, a score for each token that might come next.

        Raises:
            NumberError: `ids holds 7 at (2,), expected whole numbers from 0 to 6`
            ShapeError: `ids ends at position 12, but the model has only 10, counted from 0`
        """
        offset = 0 if cache is None else cache.length
        _, x, mask = self._start(ids, offset)
        layers = [None] * len(self.blocks) if cache is None else cache.layers
        try:
            for block, layer in zip(self.blocks, layers, strict=True):
                x = block(x, mask=mask, cache=layer)  # (..., seq, d_model)
            return self._logits(self._normed(x))
        except AttentionError:
            if cache is not None:
                cache.truncate(offset)
            raise

    forward = __call__

    def trace(self, ids: npt.ArrayLike, intervene: LayerIntervention | None = None) -> ModelTrace:
        """Compute the logits and keep every step.

        Args:
            ids: tokens (..., seq).
            intervene: called with the number of each block and a copy of its weights (..., n_heads, seq,
                seq); what it returns is used instead. The blocks after it see what changed.

        Returns:
            ModelTrace, with logits (..., seq, vocab).
        """
        embedded, x, mask = self._start(ids, offset=0)
        first, blocks = x, []
        for number, block in enumerate(self.blocks):
            change = None if intervene is None else partial(intervene, number)
            blocks.append(block.trace(x, mask=mask, intervene=change))
            x = blocks[-1].output  # (..., seq, d_model)
        normed = self._normed(x)
        return ModelTrace(np.asarray(ids), embedded, first, tuple(blocks), normed, self._logits(normed))

    def loss(self, ids: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
        """Measure how badly each token is predicted from those before it, in nats per token.

            -mean_i log p(x_i | x_1 ... x_(i-1))   (Radford et al. 2018, section 3.1, eq. 1, per token)

        Args:
            ids: tokens (..., seq), at least two.
            weights: how much each token counts (..., seq), 0 for padding; that of the first is not used,
                since nothing comes before it. All the same unless given.

        Raises:
            ShapeError: `weights has shape (3,), expected that of ids, (4,)`
        """
        logits, targets, counts = self._next_tokens(ids, self(ids), weights)
        return cross_entropy(logits, targets, counts)

    def gradients(self, ids: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> tuple[float, Gradients]:
        """Return the loss of `loss`, and how it changes with every weight of the model."""
        trace = self.trace(ids)
        logits, targets, counts = self._next_tokens(ids, trace.logits, weights)
        grad_logits = np.zeros_like(trace.logits)  # (..., seq, vocab)   the last position predicts nothing
        grad_logits[..., :-1, :] = cross_entropy_backward(logits, targets, counts)
        return cross_entropy(logits, targets, counts), self.backward(trace, grad_logits)

    def backward(self, trace: ModelTrace, grad_logits: npt.ArrayLike) -> Gradients:
        """Return the gradient of every weight, from that of the logits.

        The table is used twice where it is tied, and its gradient is the sum of both.

        Args:
            trace: of `CausalModel.trace`, without `intervene`, and before the weights change.
            grad_logits: how the loss changes with the logits (..., seq, vocab).

        Returns:
            Gradients, with parameters under the names of `parameters()`, and no inputs: ids have none.

        Raises:
            ShapeError: `grad_logits has shape (2, 3), expected (2, 7)`
        """
        require_kind("trace", trace, ModelTrace, "CausalModel.trace gives one")
        grad_logits = real_array("grad_logits", grad_logits)
        if grad_logits.shape != trace.logits.shape:
            raise ShapeError(f"grad_logits has shape {grad_logits.shape}, expected {trace.logits.shape}")
        found: dict[str, Array] = {}
        output = self.embedding.weight.T if self.head is None else self.head.w  # (d_model, vocab)
        grad, of_output, _ = linear_backward(trace.normed, output, grad_logits)  # (..., seq, d_model)

        if self.final_norm is not None:
            inner = self.final_norm.backward(trace.blocks[-1].output, grad)
            (grad,), found = inner.inputs, _named("final_norm", inner)
        for number in reversed(range(len(self.blocks))):
            inner = self.blocks[number].backward(trace.blocks[number], grad)
            (grad,) = inner.inputs  # (..., seq, d_model)
            found |= _named(f"blocks.{number}", inner)
        if isinstance(self.positions, LearnedPositionalEncoding):
            found |= _named("positions", self.positions.backward(trace.embedded, grad))
        table = self.embedding.backward(trace.ids, math.sqrt(self.d_model) * grad).parameters["weight"]
        if self.head is None:
            found["embedding.weight"] = table + of_output.T  # (vocab, d_model)
        else:
            found |= {"embedding.weight": table, "head.w": of_output}
        return Gradients((), {name: found[name] for name in self.parameters()})

    def new_cache(self) -> KVCache:
        """Make an empty cache for this model."""
        return KVCache(len(self.blocks))

    def _start(self, ids: npt.ArrayLike, offset: int) -> tuple[Array, Array, Mask | None]:
        """Return the embedded tokens, the same with positions, and the mask of these rows."""
        embedded = math.sqrt(self.d_model) * self.embedding(ids)  # (..., seq, d_model)
        if embedded.ndim < 2:
            raise ShapeError(f"ids must end in the axis (seq,), got shape {embedded.shape[:-1]}")
        seq = embedded.shape[-2]
        if (end := offset + seq) > self.max_len:
            raise ShapeError(
                f"ids ends at position {end - 1}, but the model has only {self.max_len}, counted from 0"
            )
        x = embedded if self.positions is None else self.positions(embedded, offset)
        causal = None if seq == 1 else np.tri(seq, end, offset, dtype=bool)  # (seq, offset + seq)
        if self.alibi is None:
            return embedded, x, causal
        biases = self.alibi(seq, end)  # (n_heads, seq, offset + seq)
        return embedded, x, combine_masks(causal, bias=biases[None] if x.ndim > 2 else biases)

    def _normed(self, x: Array) -> Array:
        return x if self.final_norm is None else self.final_norm(x)

    def _logits(self, normed: Array) -> Array:
        if self.head is not None:
            return self.head(normed)
        return linear(normed, self.embedding.weight.T)  # (..., seq, vocab)

    def _next_tokens(
        self, ids: npt.ArrayLike, logits: Array, weights: npt.ArrayLike | None
    ) -> tuple[Array, npt.NDArray[Any], Array | None]:
        """Put each position's logits beside the token that came after it, and how much that counts."""
        targets = np.asarray(ids)[..., 1:]  # (..., seq - 1)
        if targets.size == 0:
            raise ShapeError(f"ids has shape {np.shape(ids)}, expected at least two tokens to learn from")
        if weights is None:
            return logits[..., :-1, :], targets, None
        counts = real_array("weights", weights)
        if counts.shape != np.shape(ids):
            raise ShapeError(f"weights has shape {counts.shape}, expected that of ids, {np.shape(ids)}")
        return logits[..., :-1, :], targets, counts[..., 1:]


def _added_positions(
    positions: Positions, max_len: int, d_model: int, seed: Seed, dtype: npt.DTypeLike
) -> LearnedPositionalEncoding | SinusoidalPositionalEncoding | None:
    match positions:
        case "learned":
            return LearnedPositionalEncoding(max_len, d_model, seed=seed, dtype=dtype)
        case "sinusoidal":
            return SinusoidalPositionalEncoding(d_model, max_len)
    return None


def _named(prefix: str, gradients: Gradients) -> dict[str, Array]:
    return {f"{prefix}.{name}": array for name, array in gradients.parameters.items()}
