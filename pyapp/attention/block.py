"""The transformer block: attention, then a feed-forward network, each with a way around it.

    post-norm:  LayerNorm(x + Sublayer(x))     (Vaswani et al. 2017, section 3.1)
    pre-norm:   x + Sublayer(LayerNorm(x))     (Xiong et al. 2020, figure 1 (b))

The way around, x + ..., is the residual connection (He et al. 2016, section 3.2): each sublayer only has to
find what should change. A stack of pre-norm blocks needs one more layer norm at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from attention.calls import explained
from attention.checks import (
    flag,
    one_of,
    real_array,
    real_rows,
    refuse_mask,
    require_finite,
    require_kind,
    whole_number,
)
from attention.core import Intervention
from attention.errors import ConfigError, ShapeError
from attention.feedforward import Activation, FeedForward, FeedForwardTrace, feed_forward_backward
from attention.grad import Gradients, layer_norm_backward
from attention.heads import Cache, MultiHeadAttention
from attention.initial import Seed, generator
from attention.layers import Layer, LayerNorm
from attention.trace import Array, MultiHeadTrace, Rotary, freeze_arrays

__all__ = [
    "BlockTrace",
    "NormPlace",
    "ResidualTrace",
    "TransformerBlock",
]

NormPlace: TypeAlias = Literal["post", "pre"]

_Sublayer: TypeAlias = Callable[[Array], Array]
_Backward: TypeAlias = Callable[[Array], Gradients]


class _Residual(NamedTuple):
    """One step through a block, as it is computed; `ResidualTrace` is what is kept of it."""

    x: Array  # (..., seq, d_model)
    normed: Array  # (..., seq, d_model)
    summed: Array  # (..., seq, d_model)
    output: Array  # (..., seq, d_model)


@dataclass(frozen=True, slots=True, eq=False)
class ResidualTrace:
    """One way around a sublayer, with its layer norm: what stands before and after each.

    Post-norm: normed = LayerNorm(summed), which goes on. Pre-norm: normed = LayerNorm(x), which goes into the
    sublayer, and summed goes on.
    """

    x: Array  # (..., seq, d_model)   what came in
    gain: Array  # (d_model,)   of the layer norm
    bias: Array  # (d_model,)
    eps: float
    normed: Array  # (..., seq, d_model)   what layer norm gave
    summed: Array  # (..., seq, d_model)   x + what the sublayer gave
    output: Array  # (..., seq, d_model)   what goes on: normed or summed

    def __post_init__(self) -> None:
        freeze_arrays(self)


@dataclass(frozen=True, slots=True, eq=False)
class BlockTrace:
    """One pass through a transformer block, every step of it.

    >>> trace = TransformerBlock(d_model=6, num_heads=3, d_ff=10).trace(np.eye(5, 6))
    >>> trace.attention.attention.weights.shape, trace.feed_forward.hidden.shape, len(trace.residuals)
    ((3, 5, 5), (5, 10), 2)
    """

    x: Array  # (..., seq, d_model)
    memory: Array | None  # (..., seq_memory, d_model)
    values: Array | None  # (..., seq_memory, d_model)   what is gathered, where that is not the memory itself
    norm: NormPlace
    attention: MultiHeadTrace
    cross_attention: MultiHeadTrace | None
    feed_forward: FeedForwardTrace
    residuals: tuple[ResidualTrace, ...]  # one for each sublayer, in their order
    output: Array  # (..., seq, d_model)   of the last of them

    def __post_init__(self) -> None:
        freeze_arrays(self)


class TransformerBlock(Layer):
    """Let the rows gather from each other by attention, then let each think for itself.

        x = LayerNorm(x + MultiHead(x, x, x)),  x = LayerNorm(x + FFN(x))   (Vaswani et al. 2017, section 3.1)

    That is the encoder's block, post-norm. A decoder's block is the same with a causal mask; with
    `cross_attention`, it has a sublayer more, in the middle, where the rows gather from the encoder's:
    LayerNorm(x + MultiHead(x, memory, memory)). Where `values` are given, these rows are gathered instead of
    the memory's: MultiHead(x, memory, values). Pre-norm puts LayerNorm before each sublayer
    (Xiong et al. 2020, figure 1 (b)). There is no dropout.

    Args:
        d_model: width of the rows.
        num_heads: n_heads; divides d_model.
        d_ff: width inside the feed-forward network.
        norm: "post" or "pre".
        cross_attention: whether the block also attends to a memory.
        activation: "relu", "gelu" or "gelu_tanh".
        eps: of each layer norm.
        bias: whether there are biases in attention and feed-forward network.
        rotary: turns the queries and keys of the self-attention by their positions.
        seed: what the random start depends on.
        dtype: of the weights, float64 or float32.

    Raises:
        ConfigError: `norm must be 'post' or 'pre', got 'both'`; `n_heads 3 does not divide d_model 4: ...`

    >>> block = TransformerBlock(d_model=6, num_heads=3, d_ff=10, norm="pre")
    >>> block(np.eye(5, 6)).shape
    (5, 6)
    """

    @explained
    def __init__(
        self,
        d_model: int,
        num_heads: int,
        d_ff: int,
        *,
        norm: NormPlace = "post",
        cross_attention: bool = False,
        activation: Activation = "relu",
        eps: float = 1e-5,
        bias: bool = True,
        rotary: Rotary | None = None,
        seed: Seed = 0,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        rng = generator(seed)
        self.d_model = whole_number("d_model", d_model, 1)
        self.norm: NormPlace = one_of("norm", norm, get_args(NormPlace))
        self.attention = MultiHeadAttention(
            d_model, num_heads, bias=bias, rotary=rotary, seed=rng, dtype=dtype
        )
        self.cross_attention = (
            MultiHeadAttention(d_model, num_heads, bias=bias, seed=rng, dtype=dtype)
            if flag("cross_attention", cross_attention)
            else None
        )
        self.feed_forward = FeedForward(d_model, d_ff, activation, bias=bias, seed=rng, dtype=dtype)
        self.norm_1 = LayerNorm(d_model, eps, dtype=dtype)
        self.norm_2 = LayerNorm(d_model, eps, dtype=dtype)
        self.norm_3 = LayerNorm(d_model, eps, dtype=dtype) if cross_attention else None

    @property
    def embed_dim(self) -> int:
        """Another name for `d_model`."""
        return self.d_model

    @property
    def num_heads(self) -> int:
        """The number of heads of each attention."""
        return self.attention.n_heads

    @property
    def head_dim(self) -> int:
        """The width of each head, d_k."""
        return self.attention.d_k

    @explained
    def __call__(
        self,
        x: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        memory: npt.ArrayLike | None = None,
        memory_mask: npt.ArrayLike | None = None,
        cache: Cache | None = None,
        values: npt.ArrayLike | None = None,
        *,
        bias: npt.ArrayLike | None = None,
        causal: bool = False,
        memory_bias: npt.ArrayLike | None = None,
    ) -> Array:
        """Compute the output alone.

        Args:
            x: (..., seq, d_model).
            mask: which row may attend to which, as for `MultiHeadAttention`; create_causal_mask(seq) for a
                decoder.
            memory: what the cross-attention attends to (..., seq_memory, d_model).
            memory_mask: which row may attend to which of the memory's.
            cache: earlier keys and values of the self-attention; grows by these.
            values: what the cross-attention gathers (..., seq_memory, d_model), a row for each of the
                memory's; the memory's own unless given.
            bias, causal: of the self-attention, as for `MultiHeadAttention`.
            memory_bias: numbers that are added to the scores of the cross-attention.

        Returns:
            (..., seq, d_model).

        Raises:
            ShapeError: `x has d_model 3, expected 4`; `values has shape (5, 4), expected that of memory, (7,
                4)`
            ConfigError: `memory is missing: this block has cross_attention`
            NumberError, MaskError, FullyMaskedRowError: as `trace_attention`
        """
        rows, asked, gathered = self._checked(x, memory, memory_mask, values, memory_bias)
        cross = self.cross_attention
        sublayers: list[_Sublayer] = [
            lambda x: self.attention(x, mask=mask, bias=bias, causal=causal, cache=cache)
        ]
        if cross is not None:
            sublayers.append(lambda x: cross(x, asked, gathered, mask=memory_mask, bias=memory_bias))
        sublayers.append(self.feed_forward)
        return self._residuals(rows, sublayers)[-1].output

    forward = __call__

    @explained
    def trace(
        self,
        x: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        memory: npt.ArrayLike | None = None,
        memory_mask: npt.ArrayLike | None = None,
        intervene: Intervention | None = None,
        values: npt.ArrayLike | None = None,
        intervene_cross: Intervention | None = None,
        *,
        bias: npt.ArrayLike | None = None,
        causal: bool = False,
        memory_bias: npt.ArrayLike | None = None,
    ) -> BlockTrace:
        """Compute the output and keep every step.

        Args:
            x, mask, memory, memory_mask, values, bias, causal, memory_bias: as when called.
            intervene: as for `trace_attention`; gets the weights of the self-attention.
            intervene_cross: the same for the cross-attention (..., n_heads, seq, seq_memory).

        Returns:
            BlockTrace, with output (..., seq, d_model).
        """
        rows, asked, gathered = self._checked(x, memory, memory_mask, values, memory_bias, intervene_cross)
        kept: dict[str, Any] = {}

        def keep(name: str, trace: MultiHeadTrace | FeedForwardTrace) -> Array:
            kept[name] = trace
            return trace.output

        cross = self.cross_attention
        sublayers: list[_Sublayer] = [
            lambda x: keep(
                "attention",
                self.attention.trace(x, mask=mask, bias=bias, causal=causal, intervene=intervene),
            )
        ]
        if cross is not None:
            sublayers.append(
                lambda x: keep(
                    "cross",
                    cross.trace(
                        x, asked, gathered, mask=memory_mask, bias=memory_bias, intervene=intervene_cross
                    ),
                )
            )
        sublayers.append(lambda x: keep("feed_forward", self.feed_forward.trace(x)))
        steps = self._residuals(rows, sublayers)

        residuals = tuple(
            ResidualTrace(step.x, norm.gain, norm.bias, norm.eps, step.normed, step.summed, step.output)
            for norm, step in zip(self._norms(), steps, strict=True)
        )
        traces = kept["attention"], kept.get("cross"), kept["feed_forward"]
        own_values = None if values is None else gathered
        return BlockTrace(rows, asked, own_values, self.norm, *traces, residuals, steps[-1].output)

    def backward(self, trace: BlockTrace, grad_output: npt.ArrayLike) -> Gradients:
        """Return the gradients of x, of the memory, of the values and of every weight, from the output's.

        Each sum hands its gradient on twice, around the sublayer and through it:
        y = x + f(x),  dx = dy + f'(x)^T dy   (y: He et al. 2016, section 3.2, eq. 1)

        Args:
            trace: of `TransformerBlock.trace`, without `intervene` or `intervene_cross`; the weights are
                those in it.
            grad_output: how the loss changes with the output (..., seq, d_model).

        Returns:
            Gradients, with inputs (x,), (x, memory) where there is one, or (x, memory, values) where values
            were given.

        Raises:
            ShapeError: `grad_output has shape (2, 3), expected (2, 5)`
            NumberError: `grad_output holds nan at (0, 2), expected finite numbers`
        """
        require_kind("trace", trace, BlockTrace, "TransformerBlock.trace gives one")
        grad = real_array("grad_output", grad_output)  # (..., seq, d_model)
        if grad.shape != trace.output.shape:
            raise ShapeError(f"grad_output has shape {grad.shape}, expected {trace.output.shape}")
        of_memory: tuple[Array, ...] = ()
        found: dict[str, Array] = {}

        for (name, sublayer_backward), norm, residual in reversed(self._steps_of(trace)):
            if trace.norm == "post":
                grad, gain, bias = layer_norm_backward(residual.summed, residual.gain, residual.eps, grad)
                inner = sublayer_backward(grad)
                grad = grad + inner.inputs[0]  # (..., seq, d_model)
            else:
                inner = sublayer_backward(grad)
                through, gain, bias = layer_norm_backward(
                    residual.x, residual.gain, residual.eps, inner.inputs[0]
                )
                grad = grad + through  # (..., seq, d_model)
            of_memory += inner.inputs[1:]
            found |= {f"{norm}.gain": gain, f"{norm}.bias": bias}
            found |= {f"{name}.{each}": array for each, array in inner.parameters.items()}

        return Gradients((grad, *of_memory), {name: found[name] for name in self.parameters()})

    def _checked(
        self,
        x: npt.ArrayLike,
        memory: npt.ArrayLike | None,
        memory_mask: npt.ArrayLike | None,
        values: npt.ArrayLike | None,
        memory_bias: npt.ArrayLike | None = None,
        intervene_cross: Intervention | None = None,
    ) -> tuple[Array, Array | None, Array | None]:
        """Return the rows, the memory and the values that are gathered."""
        rows = real_rows("x", x, "seq", self.d_model)
        if self.cross_attention is None:
            named = {
                "memory": memory,
                "memory_mask": memory_mask,
                "values": values,
                "memory_bias": memory_bias,
            }
            for name, unread in {**named, "intervene_cross": intervene_cross}.items():
                if unread is not None:
                    raise ConfigError(f"{name} is given, but this block has no cross_attention to read it")
            return rows, None, None
        if memory is None:
            raise ConfigError("memory is missing: this block has cross_attention, which reads it")
        refuse_mask(memory=memory, values=values)
        asked = real_rows("memory", memory, "seq", self.d_model)
        own, others = rows.shape[:-2], asked.shape[:-2]
        if own != others:
            raise ShapeError(f"memory has leading axes {others}, expected those of x, {own}")
        if values is None:
            return rows, asked, asked
        gathered = real_rows("values", values, "seq", self.d_model)
        if gathered.shape != asked.shape:
            raise ShapeError(f"values has shape {gathered.shape}, expected that of memory, {asked.shape}")
        return rows, asked, gathered

    def _norms(self) -> list[LayerNorm]:
        return [norm for norm in (self.norm_1, self.norm_2, self.norm_3) if norm is not None]

    def _residuals(self, x: Array, sublayers: Sequence[_Sublayer]) -> list[_Residual]:
        """Take the rows through each sublayer, with its way around and its layer norm."""
        steps = []
        for norm, sublayer in zip(self._norms(), sublayers, strict=True):
            if self.norm == "post":
                summed = _sum(x, sublayer(x))  # (..., seq, d_model)
                output = normed = norm(summed)  # (..., seq, d_model)
            else:
                normed = norm(x)  # (..., seq, d_model)
                output = summed = _sum(x, sublayer(normed))  # (..., seq, d_model)
            steps.append(_Residual(x, normed, summed, output))
            x = output
        return steps

    def _steps_of(self, trace: BlockTrace) -> list[tuple[tuple[str, _Backward], str, ResidualTrace]]:
        """Name each sublayer with its way back, each layer norm, and what was kept of the step."""
        cross, cross_trace = self.cross_attention, trace.cross_attention
        sublayers: list[tuple[str, _Backward]] = [
            ("attention", lambda grad: _to_rows(self.attention.backward(trace.attention, grad)))
        ]
        if cross is not None and cross_trace is not None:
            sublayers.append(
                (
                    "cross_attention",
                    lambda grad: _to_rows_and_memory(cross.backward(cross_trace, grad), trace.values),
                )
            )
        sublayers.append(("feed_forward", lambda grad: feed_forward_backward(trace.feed_forward, grad)))
        norms = ("norm_1", "norm_2", "norm_3")[: len(sublayers)]
        return list(zip(sublayers, norms, trace.residuals, strict=True))


def _to_rows(attention: Gradients) -> Gradients:
    """In self-attention query, key and value are one input: its gradient is the sum."""
    query, key, value = attention.inputs
    return Gradients((query + key + value,), attention.parameters)


def _to_rows_and_memory(attention: Gradients, values: Array | None) -> Gradients:
    """In cross-attention key and value are both the memory, unless there were values of their own."""
    query, key, value = attention.inputs
    inputs = (query, key + value) if values is None else (query, key, value)
    return Gradients(inputs, attention.parameters)


@np.errstate(over="ignore")  # what overflows is refused by name
def _sum(x: Array, change: Array) -> Array:
    summed: Array = x + change  # (..., seq, d_model)
    require_finite("summed", summed, hint=f"too large for {summed.dtype}: start from smaller numbers")
    return summed
