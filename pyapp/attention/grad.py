"""Gradients: how the loss changes with everything that went into it, by the chain rule, by hand.

Each function takes what went into a step and `grad_output`, how the loss changes with what came out of it,
and returns how the loss changes with what went in. A gradient has the shape of what it belongs to.

    dL/dx_i = sum_j dL/dy_j * dy_j/dx_i   (Goodfellow et al. 2016, section 6.5.2)

The order is that of a forward pass: the small operations, attention, several heads, and the loss.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from attention.checks import (
    one_of,
    positive_number,
    real_array,
    refuse_overflow,
    require_finite,
    require_kind,
    whole_number,
    whole_numbers,
)
from attention.errors import NumberError, ShapeError
from attention.ops import GELU_FORMS, GeluForm, erf, softmax, tanh_in_gelu
from attention.trace import Array, AttentionTrace, MultiHeadTrace

__all__ = [
    "AttentionGradients",
    "Gradients",
    "attention_backward",
    "cross_entropy",
    "cross_entropy_backward",
    "embedding_backward",
    "gelu_backward",
    "layer_norm_backward",
    "linear_backward",
    "multi_head_backward",
    "relu_backward",
    "softmax_backward",
    "softmax_jacobian",
]


@dataclass(frozen=True, slots=True, eq=False)
class Gradients:
    """What a backward pass returns: how the loss changes with each input and each weight."""

    inputs: tuple[Array, ...]  # one for each array input of the call, in its order and shape
    parameters: dict[str, Array]  # under the names of `Layer.parameters`, in their shapes


@dataclass(frozen=True, slots=True, eq=False)
class AttentionGradients:
    """How the loss changes with what went into one attention call, each in the shape that it has there."""

    q: Array  # (..., n_heads, seq_q, d_k)
    k: Array  # (..., n_heads, seq_k, d_k)
    v: Array  # (..., n_heads, seq_k, d_v)
    mask: Array | None  # of what was added to the scores, in the shape of the trace's mask; None for booleans


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name below
def linear_backward(
    x: npt.ArrayLike, w: npt.ArrayLike, grad_output: npt.ArrayLike
) -> tuple[Array, Array, Array]:
    """Go back through y = x W + b.

        dx = dy W^T,  dW = x^T dy,  db = sum of dy over the rows   (Rumelhart et al. 1986, eqs. 6 and 7)

    Args:
        x: (..., d_in).
        w: (d_in, d_out).
        grad_output: (..., d_out).

    Returns:
        The gradients of x (..., d_in), of W (d_in, d_out) and of b (d_out,).

    Raises:
        ShapeError: `grad_output has shape (2, 3), expected (2, 5)`; `x has d_in 3, but w has d_in 4`
        NumberError: `grad_output holds nan at (0, 2), expected finite numbers`

    >>> [grad.tolist() for grad in linear_backward([[1, 2]], [[3, 4, 5], [6, 7, 8]], [[1, 0, 10]])]
    [[[53.0, 86.0]], [[1.0, 0.0, 10.0], [2.0, 0.0, 20.0]], [1.0, 0.0, 10.0]]
    """
    x, w = _rows("x", x, "d_in"), _finite("w", w)
    if w.ndim != 2:
        raise ShapeError(f"w must have the axes (d_in, d_out), got shape {w.shape}")
    if x.shape[-1] != w.shape[0]:
        raise ShapeError(f"x has d_in {x.shape[-1]}, but w has d_in {w.shape[0]}")
    grad_output = _finite("grad_output", grad_output, (*x.shape[:-1], w.shape[1]))
    rows, grad_rows = x.reshape(-1, w.shape[0]), grad_output.reshape(-1, w.shape[1])  # (rows, d_in or d_out)
    return _held(grad_output @ w.T), _held(rows.T @ grad_rows), _held(grad_rows.sum(axis=0))


def relu_backward(x: npt.ArrayLike, grad_output: npt.ArrayLike) -> Array:
    """Go back through ReLU: what was let through, passes; where it has a corner, at 0, the slope is 0.

        ReLU'(x) = 1 if x > 0, else 0   (ReLU: Nair and Hinton 2010; Vaswani et al. 2017, section 3.3, eq. 2)

    Args:
        x: any shape.
        grad_output: the shape of `x`.

    Returns:
        The gradient of x, in its shape.

    Raises:
        ShapeError: `grad_output has shape (2, 3), expected (2, 5)`
        NumberError: `x holds nan at (0, 2), expected finite numbers`

    >>> relu_backward([-2.0, 0.0, 3.0], [7.0, 7.0, 7.0]).tolist()
    [0.0, 0.0, 7.0]
    """
    x = _finite("x", x)
    grad_output = _finite("grad_output", grad_output, x.shape)
    return grad_output * (x > 0)


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name below
def gelu_backward(x: npt.ArrayLike, grad_output: npt.ArrayLike, *, approximate: GeluForm = "none") -> Array:
    """Go back through GELU(x) = x Phi(x), or through its form with tanh.

        GELU'(x) = Phi(x) + x phi(x),  phi(x) = exp(-x^2 / 2) / sqrt(2 pi)
        tanh:  (1 + t) / 2 + x / 2 (1 - t^2) u'  with t = tanh(u), u' = sqrt(2 / pi) (1 + 3 * 0.044715 x^2)

    Phi is the area under the bell curve phi, left of x, and u what stands in the tanh of `gelu` (GELU:
    Hendrycks and Gimpel 2016, section 2).

    Args:
        x: any shape.
        grad_output: the shape of `x`.
        approximate: "none" or "tanh", as for `gelu`.

    Returns:
        The gradient of x, in its shape.

    Raises:
        ShapeError: `grad_output has shape (2, 3), expected (2, 5)`
        NumberError: `x holds nan at (0, 2), expected finite numbers`

    >>> gelu_backward([-1.0, 0.0, 1.0], [1.0, 1.0, 1.0]).round(4).tolist()
    [-0.0833, 0.5, 1.0833]
    """
    x = _finite("x", x)
    grad_output = _finite("grad_output", grad_output, x.shape)
    if one_of("approximate", approximate, GELU_FORMS) == "tanh":
        t = tanh_in_gelu(x)
        steep = (1 - t) * (1 + t) * math.sqrt(2 / math.pi)  # 0 where x^2 overflows
        slope = np.where(steep == 0, 0, steep * (1 + 3 * 0.044715 * x * x))
        return _held(grad_output * (0.5 * (1 + t) + 0.5 * x * slope))
    below = 0.5 * (1 + erf(x * math.sqrt(0.5)))  # Phi(x)
    height = np.exp(-0.5 * x * x) * (1 / math.sqrt(2 * math.pi))  # phi(x)
    return _held(grad_output * (below + x * height))


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name below
def layer_norm_backward(
    x: npt.ArrayLike, gain: npt.ArrayLike, eps: float, grad_output: npt.ArrayLike
) -> tuple[Array, Array, Array]:
    """Go back through y = gain * z + bias with z = (x - mean) / s, s = sqrt(variance + eps).

        dz = dy * gain,  dx = (dz - mean(dz) - z * mean(dz * z)) / s
        dgain = sum of dy * z over the rows,  dbias = sum of dy over the rows

    The two means take away what x cannot change, the mean and the size of z (layer norm: Ba et al. 2016,
    section 3, eqs. 3 and 4; its gradient is that of batch norm in Ioffe and Szegedy 2015, section 3, along
    the other axis).

    Args:
        x: (..., d_model).
        gain: (d_model,).
        eps: what was added to the variance.
        grad_output: (..., d_model).

    Returns:
        The gradients of x (..., d_model), of the gain (d_model,) and of the bias (d_model,).

    Raises:
        ShapeError: `gain has shape (3,), expected (4,)`; `grad_output has shape (2, 3), expected (2, 5)`
        NumberError: `x holds nan at (0, 2), expected finite numbers`

    >>> grad_x, grad_gain, grad_bias = layer_norm_backward([[1, 3]], [1, 1], 1e-5, [[2, 6]])
    >>> grad_x.round(3).tolist(), grad_gain.round(3).tolist(), grad_bias.tolist()
    ([[-0.0, 0.0]], [-2.0, 6.0], [2.0, 6.0])
    """
    x, eps = _rows("x", x, "d_model"), positive_number("eps", eps)
    gain = _finite("gain", gain, x.shape[-1:])
    grad_output = _finite("grad_output", grad_output, x.shape)
    centred = x - x.mean(axis=-1, keepdims=True)  # (..., d_model)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + eps)  # (..., 1)
    normed = centred / spread  # (..., d_model)

    grad_normed = grad_output * gain  # (..., d_model)
    along = (grad_normed * normed).mean(axis=-1, keepdims=True)  # (..., 1)
    grad_x = (grad_normed - grad_normed.mean(axis=-1, keepdims=True) - normed * along) / spread

    grad_gain = _unbroadcast(grad_output * normed, gain.shape)  # (d_model,)
    return _held(grad_x), _held(grad_gain), _held(_unbroadcast(grad_output, gain.shape))


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name below
def embedding_backward(ids: npt.ArrayLike, vocab_size: int, grad_output: npt.ArrayLike) -> Array:
    """Go back through a look-up in a table: each row gets the sum over the places where it was used.

        dE_i = sum of dy_t over all t with ids_t = i   (the table: Vaswani et al. 2017, section 3.4)

    Args:
        ids: whole numbers from 0 to vocab_size - 1, any shape (...).
        vocab_size: number of rows of the table.
        grad_output: (..., d_model).

    Returns:
        The gradient of the table (vocab_size, d_model).

    Raises:
        ShapeError: `grad_output has shape (2, 3), expected the shape of ids (3,) and d_model`
        NumberError: `ids holds 7 at (0, 2), expected whole numbers from 0 to 4`

    >>> embedding_backward([2, 0, 2], 3, [[1, 10], [2, 20], [3, 30]]).tolist()
    [[2.0, 20.0], [0.0, 0.0], [4.0, 40.0]]
    """
    ids = whole_numbers("ids", ids, whole_number("vocab_size", vocab_size, 1))
    grad_output = _finite("grad_output", grad_output)
    if grad_output.ndim == 0 or grad_output.shape[:-1] != ids.shape:
        raise ShapeError(
            f"grad_output has shape {grad_output.shape}, expected the shape of ids {ids.shape} and d_model"
        )
    table = np.zeros((vocab_size, grad_output.shape[-1]), grad_output.dtype)  # (vocab_size, d_model)
    np.add.at(table, ids, grad_output)
    return _held(table)


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name below
def softmax_jacobian(weights: npt.ArrayLike) -> Array:
    """Say how each weight of a softmax changes with each of its scores.

        dw_i / ds_j = w_i (1 if i = j, else 0) - w_i w_j,  that is diag(w) - w w^T   (Dao et al. 2022,
        appendix B.2)

    Args:
        weights: what softmax gave (..., n), along the last axis.

    Returns:
        (..., n, n), row i for weight i, column j for score j.

    Raises:
        ShapeError: `weights must end in the axis of the softmax, got shape ()`
        NumberError: `weights holds nan at (0, 2), expected finite numbers`

    >>> softmax_jacobian([0.75, 0.25]).tolist()
    [[0.1875, -0.1875], [-0.1875, 0.1875]]
    """
    weights = _rows("weights", weights, "of the softmax")
    identity = np.eye(weights.shape[-1], dtype=weights.dtype)  # (n, n)
    return _held(weights[..., :, None] * (identity - weights[..., None, :]))


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name below
def softmax_backward(weights: npt.ArrayLike, grad_output: npt.ArrayLike) -> Array:
    """Go back through softmax along the last axis, without writing its Jacobian down.

        ds = (diag(w) - w w^T) dw = w * (dw - sum_j dw_j w_j)   (Dao et al. 2022, appendix B.2)

    Args:
        weights: what softmax gave (..., n).
        grad_output: (..., n).

    Returns:
        The gradient of the scores (..., n); exactly 0 where a weight is 0.

    Raises:
        ShapeError: `grad_output has shape (2, 3), expected (2, 5)`
        NumberError: `grad_output holds nan at (0, 2), expected finite numbers`

    >>> softmax_backward([0.75, 0.25], [8.0, 0.0]).tolist()
    [1.5, -1.5]
    """
    weights = _rows("weights", weights, "of the softmax")
    grad_output = _finite("grad_output", grad_output, weights.shape)
    mean = (grad_output * weights).sum(axis=-1, keepdims=True)  # (..., 1)
    return _held(weights * (grad_output - mean))


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name below
def attention_backward(trace: AttentionTrace, grad_output: npt.ArrayLike) -> AttentionGradients:
    """Go back through one attention call, by its trace.

        dV = W^T dO,  dW = dO V^T,  dS = W * (dW - row sums of dW * W),  dM = dS,
        dQ = dS K * scale,  dK = dS^T Q * scale   (Dao et al. 2022, appendix B.2)

    with W the weights, S the masked scores and O the head outputs. What was stretched over an axis on the way
    in (a key that all heads share, a mask for all rows) gets the sum over that axis.

    Args:
        trace: of `trace_attention`, without `intervene`.
        grad_output: how the loss changes with the head outputs (..., n_heads, seq_q, d_v).

    Returns:
        AttentionGradients, in the shapes of the trace's q, k, v and mask.

    Raises:
        ShapeError: `grad_output has shape (2, 3), expected (2, 5)`
        NumberError: `weights are not the softmax of masked_scores, intervene changed them: trace the call
            without it`
        ConfigError: `trace must be of the class AttentionTrace, got ndarray: ...`

    >>> from attention.core import trace_attention
    >>> trace = trace_attention([[0.0]], [[1.0], [-1.0]], [[4.0], [8.0]], scale=3)
    >>> grads = attention_backward(trace, [[1.0]])
    >>> grads.q.tolist(), grads.k.tolist(), grads.v.tolist(), grads.mask
    ([[-6.0]], [[0.0], [0.0]], [[0.5], [0.5]], None)
    """
    require_kind("trace", trace, AttentionTrace, "trace_attention gives one")
    q, k, v, weights = trace.q, trace.k, trace.v, trace.weights
    grad_output = _finite("grad_output", grad_output, trace.head_outputs.shape)
    _refuse_changed_weights(trace)

    grad_v = weights.swapaxes(-1, -2) @ grad_output  # (..., n_heads, seq_k, d_v)
    grad_weights = _unbroadcast(grad_output @ v.swapaxes(-1, -2), weights.shape)
    grad_masked = softmax_backward(weights, grad_weights)  # (..., n_heads, seq_q, seq_k)
    grad_raw = grad_masked * trace.scale  # (..., n_heads, seq_q, seq_k)
    grad_q = grad_raw @ k  # (..., n_heads, seq_q, d_k)
    grad_k = grad_raw.swapaxes(-1, -2) @ q  # (..., n_heads, seq_k, d_k)

    mask = trace.mask if trace.mask is not None and trace.mask.dtype != bool else None
    return AttentionGradients(
        _held(_unbroadcast(grad_q, q.shape)),
        _held(_unbroadcast(grad_k, k.shape)),
        _held(_unbroadcast(grad_v, v.shape)),
        None if mask is None else _unbroadcast(grad_masked, mask.shape),
    )


def multi_head_backward(trace: MultiHeadTrace, grad_output: npt.ArrayLike) -> Gradients:
    """Go back through attention with several heads, by its trace: the same steps, last to first.

        head_i = Attention(Q W_Q_i, K W_K_i, V W_V_i), MultiHead = Concat(head_1, ..., head_h) W_O
        (Vaswani et al. 2017, section 3.2.2)

    A key head that several query heads share (Ainslie et al. 2023, section 2.2) gets the sum of what each of
    them says. In self-attention, x is query, key and value: its gradient is the sum of the three.

    Args:
        trace: of `MultiHeadAttention.trace`, without `intervene`.
        grad_output: how the loss changes with the output (..., seq_q, d_model).

    Returns:
        Gradients: inputs (query, key, value), and parameters w_q, w_k, w_v, w_o, b_q, b_k, b_v, b_o, as many
        of them as the trace has.

    Raises:
        ShapeError: `grad_output has shape (2, 3), expected (2, 5)`
        NumberError: `weights are not the softmax of masked_scores, intervene changed them: trace the call
            without it`
        ConfigError: `trace must be of the class MultiHeadTrace, got AttentionTrace: ...`

    >>> from attention import hand_built_projections, trace_self_attention
    >>> trace = trace_self_attention([[1, 0], [0, 1], [1, 1]], hand_built_projections(2, 1), n_heads=1)
    >>> grads = multi_head_backward(trace, np.ones((3, 2)))
    >>> [grad.shape for grad in grads.inputs], list(grads.parameters)
    ([(3, 2), (3, 2), (3, 2)], ['w_q', 'w_k', 'w_v'])
    """
    require_kind("trace", trace, MultiHeadTrace, "MultiHeadAttention.trace gives one")
    attention, rotary = trace.attention, trace.rotary
    grad_output = _finite("grad_output", grad_output, trace.output.shape)
    found: dict[str, Array] = {}

    grad_concat = grad_output  # (..., seq_q, n_heads * d_v)
    if trace.w_o is not None:
        grad_concat, found["w_o"], found["b_o"] = linear_backward(trace.concat, trace.w_o, grad_output)
    heads = attention_backward(attention, _split(grad_concat, attention.v.shape[-1]))
    grad_q = heads.q  # (..., n_heads, seq_q, d_k)
    grad_k = _sum_shared(heads.k, trace.w_k.shape[1])  # (..., n_kv_heads, seq_k, d_k)
    grad_v = _sum_shared(heads.v, trace.w_v.shape[1])  # (..., n_kv_heads, seq_k, d_v)
    if rotary is not None:
        grad_q, grad_k = rotary.backward(grad_q), rotary.backward(grad_k)
    grad_query, found["w_q"], found["b_q"] = linear_backward(trace.query, trace.w_q, _merge(grad_q))
    grad_key, found["w_k"], found["b_k"] = linear_backward(trace.key, trace.w_k, _merge(grad_k))
    grad_value, found["w_v"], found["b_v"] = linear_backward(trace.value, trace.w_v, _merge(grad_v))

    names = [f"{kind}_{which}" for kind in "wb" for which in "qkvo"]
    parameters = {name: found[name] for name in names if getattr(trace, name) is not None}
    return Gradients((grad_query, grad_key, grad_value), parameters)


def cross_entropy(
    logits: npt.ArrayLike, targets: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> float:
    """Measure the surprise at the right answers, in nats: 0 if each was certain, ln n for a blind guess.

        L = mean over the rows of -ln softmax(z)_target = ln(sum_j exp z_j) - z_target
        (Goodfellow et al. 2016, section 6.2.2.3, eq. 6.30)

    With weights w it is sum(w L) / sum(w): a row of weight 0, such as padding, does not count.

    Args:
        logits: scores z of each class (..., n_classes).
        targets: the right class of each row (...), counted from 0.
        weights: how much each row counts (...), at least 0; all the same unless given.

    Returns:
        The mean over all rows.

    Raises:
        ShapeError: `targets has shape (3,), expected (2,): one for each row of logits`
        NumberError: `targets holds 7 at (1,), expected whole numbers from 0 to 4`; `weights holds -1.0 at
            (0,), expected numbers of at least 0`; `weights are all 0: no row counts`

    >>> cross_entropy([[0.0, 0.0], [0.0, 1000.0]], [0, 1]) == math.log(2) / 2
    True
    >>> cross_entropy([[0.0, 0.0], [0.0, 1000.0]], [0, 1], weights=[3, 1]) == math.log(2) * 3 / 4
    True
    """
    logits, targets = _logits(logits, targets)
    shares = _shares(weights, targets.shape)
    shifted = logits - logits.max(axis=-1, keepdims=True)  # (..., n_classes)
    surprise = np.log(np.exp(shifted).sum(axis=-1)) - _at(shifted, targets)  # (...)
    return float(surprise.mean() if shares is None else (surprise * shares).sum())


def cross_entropy_backward(
    logits: npt.ArrayLike, targets: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> Array:
    """Start the backward pass: what was said, minus what was right.

        dL/dz = (softmax(z) - one-hot(target)) / number of rows   (the gradient of Goodfellow et al. 2016,
        section 6.2.2.3, eq. 6.30)

    With weights w, each row is multiplied by w / sum(w) instead.

    Args:
        logits: scores z of each class (..., n_classes).
        targets: the right class of each row (...), counted from 0.
        weights: how much each row counts (...), at least 0; all the same unless given.

    Returns:
        The gradient of the logits, in their shape; each row sums to 0.

    Raises:
        ShapeError: `targets has shape (3,), expected (2,): one for each row of logits`
        NumberError: `targets holds 7 at (1,), expected whole numbers from 0 to 4`; `weights are all 0: no
            row counts`

    >>> cross_entropy_backward([[0.0, 0.0], [0.0, 1000.0]], [0, 1]).tolist()
    [[-0.25, 0.25], [0.0, 0.0]]
    """
    logits, targets = _logits(logits, targets)
    shares = _shares(weights, targets.shape)
    grad = softmax(logits)  # (..., n_classes)
    np.put_along_axis(grad, targets[..., None], _at(grad, targets)[..., None] - 1, axis=-1)
    if shares is None:
        return grad / targets.size
    return grad * shares.astype(grad.dtype)[..., None]


def _finite(name: str, values: npt.ArrayLike, shape: tuple[int, ...] | None = None) -> Array:
    """Read finite numbers, of one shape if it is given."""
    array = real_array(name, values)
    if shape is not None and array.shape != shape:
        raise ShapeError(f"{name} has shape {array.shape}, expected {shape}")
    require_finite(name, array)
    return array


def _held(grad: Array) -> Array:
    """Refuse a gradient that its dtype cannot hold."""
    refuse_overflow("the gradient", grad)
    return grad


def _rows(name: str, values: npt.ArrayLike, axis: str) -> Array:
    """Read finite rows whose last axis is called `axis`."""
    array = _finite(name, values)
    if array.ndim == 0:
        raise ShapeError(f"{name} must end in the axis {axis}, got shape ()")
    return array


def _logits(logits: npt.ArrayLike, targets: npt.ArrayLike) -> tuple[Array, npt.NDArray[np.integer[Any]]]:
    logits = _finite("logits", logits)
    if logits.ndim == 0 or 0 in logits.shape:
        raise ShapeError(f"logits has shape {logits.shape}, expected at least one row of n_classes numbers")
    targets = whole_numbers("targets", targets, logits.shape[-1])
    if targets.shape != logits.shape[:-1]:
        raise ShapeError(
            f"targets has shape {targets.shape}, expected {logits.shape[:-1]}: one for each row of logits"
        )
    return logits, targets


def _shares(weights: npt.ArrayLike | None, shape: tuple[int, ...]) -> Array | None:
    """Bring weights of rows to a sum of 1."""
    if weights is None:
        return None
    array = _finite("weights", weights, shape)
    if (array < 0).any():
        index = tuple(int(i) for i in np.argwhere(array < 0)[0])
        raise NumberError(f"weights holds {array[index]} at {index}, expected numbers of at least 0")
    total = array.sum(dtype=np.float64)
    if total == 0:
        raise NumberError("weights are all 0: no row counts")
    shares: Array = array / total  # (...)   float64
    return shares


def _at(rows: Array, places: npt.NDArray[np.integer[Any]]) -> Array:
    """Pick one number from each row (..., n)."""
    picked: Array = np.take_along_axis(rows, places[..., None], axis=-1)[..., 0]
    return picked


def _unbroadcast(grad: Array, shape: tuple[int, ...]) -> Array:
    """Sum over the axes along which an array of this shape was stretched."""
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    stretched = tuple(i for i, size in enumerate(shape) if size == 1)
    summed: Array = grad.sum(axis=stretched, keepdims=True)
    return summed


def _refuse_changed_weights(trace: AttentionTrace) -> None:
    rounding = 100 * np.finfo(trace.weights.dtype).eps
    if np.abs(trace.weights - softmax(trace.masked_scores)).max() > rounding:
        raise NumberError(
            "weights are not the softmax of masked_scores, intervene changed them: trace the call without it"
        )


def _split(rows: Array, width: int) -> Array:
    """(..., seq, n_heads * width) -> (..., n_heads, seq, width)."""
    return rows.reshape(*rows.shape[:-1], -1, width).swapaxes(-2, -3)


def _merge(heads: Array) -> Array:
    """(..., n_heads, seq, width) -> (..., seq, n_heads * width)."""
    rows = heads.swapaxes(-2, -3)
    return rows.reshape(*rows.shape[:-2], -1)


def _sum_shared(grad: Array, columns: int) -> Array:
    """Sum over the query heads that share one key head: head i reads key head i // (n_heads / n_kv_heads)."""
    n_kv_heads = columns // grad.shape[-1]
    group = grad.shape[-3] // n_kv_heads
    summed: Array = grad.reshape(*grad.shape[:-3], n_kv_heads, group, *grad.shape[-2:]).sum(axis=-3)
    return summed
