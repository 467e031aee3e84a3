"""Attention block by block: the same output, without ever holding a matrix of seq_q x seq_k numbers.

A softmax needs the largest score of its row and the sum of its row. Both can be kept up to date while the row
is read piece by piece, and so can the output (Milakov and Gimelshein 2018, algorithm 3: the "online" softmax;
Rabe and Staats 2021, section 2; Dao et al. 2022, algorithm 1: FlashAttention).

For each query, from the scores s_j and values v_j of one block of keys,

    m' = max(m, max_j s_j)                                      the largest score so far
    l' = e^(m - m') l + sum_j e^(s_j - m')                      the sum of the exponentials so far
    o' = (e^(m - m') l / l') o + sum_j (e^(s_j - m') / l') v_j  the output, were these all the keys

starting from m = -inf, l = 0, o = 0. After the last block o is the output.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from attention.calls import explained
from attention.checks import flag, whole_number
from attention.core import checked_qkv, checked_scale
from attention.errors import FullyMaskedRowError, NumberError
from attention.masks import checked_mask, combine_masks, with_infinities
from attention.trace import Array, PartialTrace

__all__ = ["blockwise_attention"]

_MASK_VALUES_AT_ONCE = 16384


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name below
@explained
def blockwise_attention(
    q: npt.ArrayLike,
    k: npt.ArrayLike,
    v: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    bias: npt.ArrayLike | None = None,
    causal: bool = False,
    scale: float | None = None,
    block_size: int = 256,
) -> Array:
    """Compute attention in memory that grows with seq_q + seq_k, not with their product.

        softmax(Q K^T / sqrt(d_k) + M) V, row by row from the running m, l and o of this file's first lines
        (Dao et al. 2022, algorithm 1)

    The numbers are those of `scaled_dot_product_attention` up to rounding, whatever the block size.

    Args:
        q: queries (..., seq_q, d_k).
        k: keys (..., seq_k, d_k).
        v: values (..., seq_k, d_v).
        mask: boolean (True = may attend), 0/1 integers, or floating (added); broadcasts to (..., seq_q,
            seq_k). It is read a block at a time.
        bias: numbers that are added besides, or instead; read likewise.
        causal: let each query attend to its own key and to those before it, without a mask that holds this;
            the last query stands at the last key. Blocks that lie wholly in the future are left out.
        scale: what the raw scores are multiplied by; 1 / sqrt(d_k) unless given.
        block_size: how many queries and how many keys are taken at a time, at least 1.

    Returns:
        output (..., seq_q, d_v), the caller's own to change.

    Raises:
        ShapeError, NumberError, MaskError: as `trace_attention`, for instance `q has d_k 16, but k has d_k
            12`; where several scores are too large, the one named need not be the first
        FullyMaskedRowError: as `trace_attention`, but `partial` holds only the first of the rows
        ConfigError: `block_size must be a whole number of at least 1, got 0`

    >>> blockwise_attention([[0, 0]], [[1, 2], [3, 4]], [[6], [8]], block_size=1).tolist()
    [[7.0]]
    """
    q, k, v = checked_qkv(q, k, v)
    scale = checked_scale(scale, d_k=q.shape[-1])
    block_size = whole_number("block_size", block_size, 1)
    shape = (*np.broadcast_shapes(q.shape[:-2], k.shape[:-2]), q.shape[-2], k.shape[-2])
    call = _Call(q, k, scale, _spread_mask(mask, shape), _spread_bias(bias, shape), flag("causal", causal))
    seq_q, seq_k = shape[-2:]

    lead = np.broadcast_shapes(shape[:-2], v.shape[:-2])
    output = np.zeros((*lead, seq_q, v.shape[-1]), q.dtype)  # o
    sums = np.zeros((*shape[:-1], 1), q.dtype)  # l
    for rows in _blocks(seq_q, block_size):
        largest = np.full(sums[..., rows, :].shape, -np.inf, q.dtype)  # m
        for columns in _blocks(max(0, rows.stop + call.ahead) if causal else seq_k, block_size):
            scores = call.masked_scores(rows, columns)  # (..., block, block)
            largest = _absorb(scores, v[..., columns, :], largest, sums[..., rows, :], output[..., rows, :])
    _refuse_overflow("head_outputs", output)
    if empty_rows := np.argwhere(sums[..., 0] == 0).tolist():
        raise FullyMaskedRowError([tuple(row) for row in empty_rows], call.partial(v, empty_rows[0][-1]))
    return output


def _absorb(scores: Array, v: Array, largest: Array, sums: Array, output: Array) -> Array:
    """Take one block of scores into `sums` and `output`, in place; `scores` is used up.

    Returns:
        The largest scores so far (..., block, 1).
    """
    new_largest: Array = np.maximum(largest, scores.max(axis=-1, keepdims=True))  # m'
    shift = np.where(np.isneginf(new_largest), 0, new_largest)  # a row without a key yet: e^-inf = 0
    exponentials = np.exp(np.subtract(scores, shift, out=scores), out=scores)  # e^(s - m')
    old_sums = np.exp(largest - shift) * sums  # e^(m - m') l
    sums[...] = old_sums + exponentials.sum(axis=-1, keepdims=True)  # l'

    divisor = np.where(sums == 0, 1, sums)
    output *= old_sums / divisor
    output += np.divide(exponentials, divisor, out=exponentials) @ v  # o'
    return new_largest


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    """What the scores of any block are made of."""

    q: Array
    k: Array
    scale: float
    mask: npt.NDArray[Any] | None  # a view with the shape of the scores
    bias: npt.NDArray[Any] | None  # likewise
    causal: bool

    @property
    def ahead(self) -> int:
        """How many keys lie before that of the first query, if causal."""
        seq_q, seq_k = int(self.q.shape[-2]), int(self.k.shape[-2])
        return seq_k - seq_q

    def masked_scores(self, rows: slice, columns: slice) -> Array:
        """Q K^T * scale + M of one block, checked as `trace_attention` checks the whole."""
        q, k = self.q[..., rows, :], self.k[..., columns, :]
        scores: Array = q @ k.swapaxes(-1, -2)  # (..., block, block)
        scores *= self.scale
        if not np.isfinite(scores).all():  # then at one of these two steps
            _refuse_overflow("raw_scores", q @ k.swapaxes(-1, -2), rows.start, columns.start)
            _refuse_overflow("scaled_scores", scores, rows.start, columns.start)
        for added in (self.mask, self.bias):
            if added is None:
                continue
            block = added[..., rows, columns]  # (..., block, block)
            if block.dtype.kind == "f":
                scores += with_infinities(block).astype(scores.dtype, copy=False)
                _refuse_overflow("masked_scores", scores, rows.start, columns.start)
            else:
                np.copyto(scores, -np.inf, where=block == 0)
        if self.causal and columns.stop > rows.start + self.ahead:
            np.copyto(scores, -np.inf, where=self._future(rows, columns))
        return scores

    def _future(self, rows: slice, columns: slice) -> npt.NDArray[np.bool_]:
        """Which keys of a block come after each of its queries (block, block)."""
        places = np.arange(rows.start, rows.stop)[:, None] + self.ahead  # (block, 1)
        future: npt.NDArray[np.bool_] = np.arange(columns.start, columns.stop) > places
        return future

    def partial(self, v: Array, row: int) -> PartialTrace:
        """What is known of one query, in every batch and head."""
        rows, all_columns = slice(row, row + 1), slice(0, self.k.shape[-2])
        q = self.q[..., rows, :]  # (..., 1, d_k)
        raw_scores = q @ self.k.swapaxes(-1, -2)  # (..., 1, seq_k)
        scaled_scores = raw_scores * self.scale  # (..., 1, seq_k)
        seen = [~self._future(rows, all_columns)] if self.causal else []
        given = [each[..., rows, :] for each in (self.mask, self.bias) if each is not None]
        added = [each for each in given if each.dtype.kind == "f"]
        allowed = [each for each in given if each.dtype.kind != "f"]
        mask = combine_masks(*allowed, *seen, bias=np.add.reduce(added) if added else None)
        masked_scores = self.masked_scores(rows, all_columns)  # (..., 1, seq_k)
        return PartialTrace(q, self.k, v, raw_scores, scaled_scores, mask, masked_scores, self.scale)


def _blocks(size: int, block_size: int) -> Iterator[slice]:
    for start in range(0, size, block_size):
        yield slice(start, min(start + block_size, size))


def _spread_mask(mask: npt.ArrayLike | None, shape: tuple[int, ...]) -> npt.NDArray[Any] | None:
    """Refuse what `checked_mask` refuses, and return a view of the mask with the shape of the scores."""
    if isinstance(mask, np.ndarray) and mask.dtype.kind in "iuf":
        telling = _telling_values(mask)
        checked_mask(telling, telling.shape)  # the values
        checked_mask(np.broadcast_to(True, mask.shape), shape)  # the shape
    else:
        mask = checked_mask(mask, shape)  # booleans; or a list, whose array is made here
    return None if mask is None else np.broadcast_to(mask, shape)


def _spread_bias(bias: npt.ArrayLike | None, shape: tuple[int, ...]) -> npt.NDArray[Any] | None:
    """Do the same for a bias."""
    if isinstance(bias, np.ndarray) and bias.dtype.kind in "iuf":
        telling = _telling_values(bias)
        checked_mask(None, telling.shape, bias=telling)  # the values
        checked_mask(None, shape, bias=np.broadcast_to(0.0, bias.shape))  # the shape
    else:
        bias = checked_mask(None, shape, bias=bias)
    if bias is None:
        return None
    array = np.asarray(bias)
    return np.broadcast_to(array if array.dtype.kind == "f" else array.astype(np.float64), shape)


def _telling_values(mask: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Pick the values by which a mask is judged, so that the judge makes no copy of all of them."""
    found = [np.empty(0, mask.dtype)]
    flags: Any = ["external_loop", "buffered", "zerosize_ok"]
    for part in np.nditer(mask, flags=flags, order="C", buffersize=_MASK_VALUES_AT_ONCE):
        values = np.asarray(part)  # one axis
        for kind in (~(values < np.inf), values == 1, (values != 0) & (values != 1)):  # nan and inf first
            found.append(values[np.flatnonzero(kind)[:1]])
    return np.concatenate(found)


def _refuse_overflow(name: str, scores: Array, first_row: int = 0, first_column: int = 0) -> None:
    """Refuse what finite input can still come to; -inf is what a mask puts into the masked scores."""
    # a mask's -inf may be there; nan and inf may not
    bad = ~(scores < np.inf) if name == "masked_scores" else ~np.isfinite(scores)
    if bad.any():
        index = tuple(np.argwhere(bad)[0].tolist())
        whole = (*index[:-2], index[-2] + first_row, index[-1] + first_column)
        raise NumberError(
            f"{name} holds {scores[index]} at {whole}, too large for {scores.dtype}: "
            "start from smaller numbers"
        )
