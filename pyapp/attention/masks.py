"""Masks: which query may attend to which key.

A boolean mask says True = may attend. A floating mask is added to the scaled scores: 0 leaves a score as it
is, -inf takes it out, any other number is a bias. An integer mask of 0 and 1 is read as boolean. This is the
convention of PyTorch's `scaled_dot_product_attention`.

The lowest number of a dtype (`np.finfo(dtype).min`), which others write in place of -inf, is read as -inf:
added to every score of a row, it would leave nothing of them but equal weights. Floats of 0 and 1 alone are
refused as a mask, since they may be meant either way; as a `bias`, they are added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt

from attention.checks import flag, whole_number
from attention.errors import MaskError, ShapeError
from attention.initial import real_dtype
from attention.trace import Array, Mask

__all__ = [
    "additive",
    "as_additive",
    "as_boolean",
    "as_mask_or_bias",
    "checked_mask",
    "combine_masks",
    "create_bidirectional_mask",
    "create_causal_mask",
    "create_custom_mask",
    "create_padding_mask",
    "create_prefix_lm_mask",
    "create_sliding_window_mask",
    "mask_of_heads",
    "with_infinities",
]

BoolMask = npt.NDArray[np.bool_]

_LOWEST = -(2 - 2**-7) * 2.0**127  # of bfloat16; that of float32 is lower by a hair, that of float64 by far


class MaskOrBias(TypedDict, total=False):
    """The one argument in which a mask is handed on."""

    mask: Mask
    bias: Mask


def create_causal_mask(seq_len: int) -> BoolMask:
    """Let each position attend to itself and to what came before, never to what comes after.

        M_ij = (j <= i)   (Vaswani et al. 2017, section 3.2.3: "masking out ... illegal connections")

    Args:
        seq_len: number of positions, at least 1.

    Returns:
        Boolean mask (seq_len, seq_len), True on and below the diagonal.

    Raises:
        ConfigError: `seq_len must be a whole number of at least 1, got 0`

    >>> create_causal_mask(3).astype(int).tolist()
    [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
    """
    seq_len = whole_number("seq_len", seq_len, 1)
    return np.tri(seq_len, dtype=bool)  # (seq_len, seq_len)


def create_bidirectional_mask(seq_len: int) -> BoolMask:
    """Let every position attend to every position.

        M_ij = True   (the encoder's self-attention: Vaswani et al. 2017, section 3.2.3)

    Args:
        seq_len: number of positions, at least 1.

    Returns:
        Boolean mask (seq_len, seq_len), True throughout.

    Raises:
        ConfigError: `seq_len must be a whole number of at least 1, got 0`

    >>> create_bidirectional_mask(2).tolist()
    [[True, True], [True, True]]
    """
    seq_len = whole_number("seq_len", seq_len, 1)
    return np.ones((seq_len, seq_len), dtype=bool)  # (seq_len, seq_len)


def create_padding_mask(lengths: npt.ArrayLike, max_length: int) -> BoolMask:
    """Let every query attend to the real tokens of its own sentence, and not to the padding after them.

        M_bj = (j < lengths_b)   (padding is not in the paper; the mask enters as in section 3.2.3)

    The axis of size 1 stretches over the queries. With a head axis, too, write `mask[:, None]`.

    Args:
        lengths: number of real tokens of each sentence (batch,), from 0 to `max_length`.
        max_length: the length to which all are padded, at least 1.

    Returns:
        Boolean mask (batch, 1, max_length).

    Raises:
        MaskError: `lengths must be whole numbers from 0 to max_length 3, got 4`
        ShapeError: `lengths must have one axis (batch,), got shape ()`
        ConfigError: `max_length must be a whole number of at least 1, got 0`

    >>> create_padding_mask([2, 3], max_length=3).astype(int).tolist()
    [[[1, 1, 0]], [[1, 1, 1]]]
    """
    max_length = whole_number("max_length", max_length, 1)
    try:
        lengths = np.asarray(lengths)  # (batch,)
    except ValueError as error:
        raise ShapeError(f"lengths must have one axis (batch,): {error}") from error
    if lengths.ndim != 1:
        raise ShapeError(f"lengths must have one axis (batch,), got shape {lengths.shape}")
    for length in lengths.tolist():
        if type(length) is not int or not 0 <= length <= max_length:
            raise MaskError(
                f"lengths must be whole numbers from 0 to max_length {max_length}, got {length!r}"
            )
    mask: BoolMask = np.arange(max_length) < lengths[:, None, None]  # (batch, 1, max_length)
    return mask


def create_sliding_window_mask(seq_len: int, window: int, *, causal: bool = True) -> BoolMask:
    """Let each position attend to its neighbours only, so that work grows with seq_len and not its square.

        M_ij = (|i - j| <= window / 2)   (Beltagy et al. 2020, section 3.1, "Sliding Window")
        M_ij = (0 <= i - j < window)   the same number of keys, all of them in the past

    Args:
        seq_len: number of positions, at least 1.
        window: causal: how many keys a query has, itself included; else half of it lies on each side.
        causal: whether what comes after is out of sight.

    Returns:
        Boolean mask (seq_len, seq_len), True in a band along the diagonal.

    Raises:
        ConfigError: `window must be a whole number of at least 1, got 0`

    >>> create_sliding_window_mask(4, window=2).astype(int).tolist()
    [[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]]
    >>> create_sliding_window_mask(4, window=2, causal=False).astype(int).tolist()
    [[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 1], [0, 0, 1, 1]]
    """
    seq_len, window = whole_number("seq_len", seq_len, 1), whole_number("window", window, 1)
    i = np.arange(seq_len)[:, None]  # (seq_len, 1)
    behind = i - np.arange(seq_len)  # (seq_len, seq_len)   how far key j lies before query i
    mask: BoolMask = (
        (behind >= 0) & (behind < window) if flag("causal", causal) else np.abs(behind) <= window // 2
    )
    return mask


def create_prefix_lm_mask(seq_len: int, prefix_len: int) -> BoolMask:
    """Let every position attend to the whole prefix, and beyond it only to what came before.

        M_ij = (j <= i or j < prefix_len)   (Raffel et al. 2020, section 3.2.1: "causal with prefix")

    Args:
        seq_len: number of positions, at least 1.
        prefix_len: how many of them are the prefix, from 0 (a causal mask) to seq_len (a bidirectional one).

    Returns:
        Boolean mask (seq_len, seq_len).

    Raises:
        ConfigError: `prefix_len must be a whole number from 0 to 3, got 4`

    >>> create_prefix_lm_mask(3, prefix_len=2).astype(int).tolist()
    [[1, 1, 0], [1, 1, 0], [1, 1, 1]]
    """
    mask = create_causal_mask(seq_len)  # (seq_len, seq_len)
    mask[:, : whole_number("prefix_len", prefix_len, 0, len(mask))] = True
    return mask


def create_custom_mask(
    seq_q: int, seq_k: int, allowed: Callable[[int, int], bool] | Iterable[tuple[int, int]]
) -> BoolMask:
    """Let a query attend to the keys that a rule or a list of pairs allows.

        M_ij = allowed(i, j)   (any M may enter as in Vaswani et al. 2017, section 3.2.3)

    Args:
        seq_q: number of queries, at least 1.
        seq_k: number of keys, at least 1.
        allowed: a function of query i and key j that returns True or False, or the pairs (i, j) to allow.

    Returns:
        Boolean mask (seq_q, seq_k).

    Raises:
        MaskError: `allowed(0, 1) must be True or False, got 0.5`
        MaskError: `allowed holds (2, 0), expected pairs (i, j) with i below 2 and j below 3`

    >>> create_custom_mask(2, 3, lambda i, j: (i + j) % 2 == 0).astype(int).tolist()
    [[1, 0, 1], [0, 1, 0]]
    >>> create_custom_mask(2, 3, [(0, 0), (1, 2)]).astype(int).tolist()
    [[1, 0, 0], [0, 0, 1]]
    """
    mask = np.zeros((whole_number("seq_q", seq_q, 1), whole_number("seq_k", seq_k, 1)), dtype=bool)
    if callable(allowed):
        for i, j in np.ndindex(mask.shape):
            answer = allowed(i, j)
            if not isinstance(answer, bool | np.bool_):
                raise MaskError(f"allowed({i}, {j}) must be True or False, got {answer!r}")
            mask[i, j] = answer
        return mask
    if not isinstance(allowed, Iterable):
        raise MaskError(f"allowed must be a function of (i, j) or hold pairs (i, j), got {allowed!r}")
    for pair in allowed:
        if not _is_cell(pair, mask.shape):
            raise MaskError(
                f"allowed holds {pair!r}, expected pairs (i, j) with i below {seq_q} and j below {seq_k}"
            )
        mask[tuple(pair)] = True
    return mask


def combine_masks(*masks: npt.ArrayLike | None, bias: npt.ArrayLike | None = None) -> Mask | None:
    """Join masks: a query may attend where every mask allows it, and floating masks add up.

        M = M_1 + M_2 + ...   in the additive form of Vaswani et al. 2017, section 3.2.3; for booleans, "and"

    Args:
        masks: boolean, 0/1 or floating masks whose shapes broadcast with each other; None stands for no mask.
        bias: numbers that are added, 0 and 1 too, or None.

    Returns:
        One mask of the broadcast shape: boolean if all are, else floating, to be given as `bias` where it may
        come to 0 and 1 alone; None if nothing was given.

    Raises:
        MaskError: `masks of shapes (2, 2), (3, 3) do not broadcast with each other`; `masks add up to inf:
            start from smaller numbers`

    >>> combine_masks(create_causal_mask(3), create_padding_mask([2], 3)[0], None).astype(int).tolist()
    [[1, 0, 0], [1, 1, 0], [1, 1, 0]]
    """
    read = [_read(mask) for mask in masks if mask is not None]
    return _joined(read if bias is None else [*read, _read_bias(bias)])


def _joined(read: list[Mask]) -> Mask | None:
    if not read:
        return None
    try:
        shape = np.broadcast_shapes(*(mask.shape for mask in read))
    except ValueError:
        shapes = ", ".join(str(mask.shape) for mask in read)
        raise MaskError(f"masks of shapes {shapes} do not broadcast with each other") from None
    if all(mask.dtype == bool for mask in read):
        allowed = np.ones(shape, dtype=bool)
        for mask in read:
            allowed = allowed & mask
        return allowed
    added = np.zeros(shape)
    with np.errstate(over="ignore"):  # what overflows is refused by name
        for mask in read:
            added = added + additive(mask, np.float64)
    if np.isposinf(added).any():
        raise MaskError("masks add up to inf: start from smaller numbers")
    return added


def as_additive(mask: npt.ArrayLike | None, dtype: npt.DTypeLike = np.float64) -> Array:
    """Write a mask as the M that is added to the scaled scores.

        M_ij = 0 where attention is allowed, -inf where not   (Vaswani et al. 2017, section 3.2.3)

    Args:
        mask: boolean or 0/1 mask; a floating mask is already additive; None allows everything.
        dtype: float64 or float32.

    Returns:
        Floating mask, the shape of `mask`; a single 0 for None.

    Raises:
        MaskError: `this looks like a 0/1 mask: pass mask.astype(bool)`; `mask holds 1e+300, too large for
            float32`
        ConfigError: `dtype must be float64 or float32, got int64`

    >>> as_additive([[True, False]]).tolist()
    [[0.0, -inf]]
    """
    written = additive(None if mask is None else _read(mask), real_dtype(dtype)).copy()
    if np.isposinf(written).any():
        raise MaskError(f"mask holds {np.max(np.asarray(mask))}, too large for {written.dtype}")
    return written


def additive(mask: Mask | None, dtype: npt.DTypeLike) -> Array:
    """Write a mask that was read before as the M that is added: `as_additive` without checks or copies.

    M_ij = 0 where attention is allowed, -inf where not   (Vaswani et al. 2017, section 3.2.3)
    """
    if mask is None:
        return np.zeros((), dtype)
    if mask.dtype == bool:
        return np.where(mask, np.zeros((), dtype), np.full((), -np.inf, dtype))
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes -inf
        return mask.astype(dtype, copy=False)


def as_boolean(mask: npt.ArrayLike) -> BoolMask:
    """Write a mask as True = may attend, where that loses nothing.

        M_ij = 0 becomes True, -inf becomes False   (Vaswani et al. 2017, section 3.2.3, read backwards)

    Args:
        mask: boolean or 0/1 mask, or a floating one that holds only 0 and -inf (or the lowest number).

    Returns:
        Boolean mask, the shape of `mask`.

    Raises:
        MaskError: `mask holds -1.5, which is a bias: only 0 and -inf can be read as True and False`

    >>> as_boolean([[0.0, float("-inf")]]).tolist()
    [[True, False]]
    """
    mask = _read(mask)
    if mask.dtype == bool:
        return mask.astype(bool)
    biases = mask[(mask != 0) & ~np.isneginf(mask)]
    if biases.size:
        raise MaskError(
            f"mask holds {biases[0]}, which is a bias: only 0 and -inf can be read as True and False"
        )
    allowed: BoolMask = mask == 0
    return allowed


def checked_mask(
    mask: npt.ArrayLike | None,
    scores_shape: tuple[int, ...],
    *,
    bias: npt.ArrayLike | None = None,
    causal: bool = False,
) -> Mask | None:
    """Read a mask for scores of a given shape, and join what else is given; 0/1 integers become booleans.

        M in softmax(Q K^T / sqrt(d_k) + M)   (Vaswani et al. 2017, section 3.2.3)

    Args:
        mask: boolean, 0/1 or floating mask that broadcasts to the scores, or None.
        scores_shape: (..., n_heads, seq_q, seq_k).
        bias: numbers that are added, 0 and 1 too, and broadcast likewise, or None.
        causal: whether what comes after a query is out of its sight; the last query stands at the last key.

    Returns:
        Boolean or floating mask, with its own shape if it is alone, or None.

    Raises:
        MaskError: `mask has shape (2, 2), which does not broadcast to scores of shape (3, 5) ...`

    >>> checked_mask([1, 0, 1], scores_shape=(2, 3)).tolist()
    [True, False, True]
    """
    given = _given(mask, bias)
    for name, read in given.items():
        _require_fit(name, read.shape, scores_shape, "(..., seq_q, seq_k)")
    return _together(given, scores_shape, causal)


def mask_of_heads(
    mask: npt.ArrayLike | None,
    scores_shape: tuple[int, ...],
    *,
    bias: npt.ArrayLike | None = None,
    causal: bool = False,
) -> Mask | None:
    """Read a mask for several heads; one with a batch axis and no head axis serves all heads alike.

        M in softmax(Q_i K_i^T / sqrt(d_k) + M), the same M for every head i

    A mask with one axis fewer than the scores of a batch is (batch, seq_q, seq_k), never (n_heads, seq_q,
    seq_k), even where the sizes would fit both.

    Args:
        mask: (seq_q, seq_k); (batch or 1, seq_q or 1, seq_k); or (batch, n_heads, seq_q, seq_k).
        scores_shape: (..., n_heads, seq_q, seq_k).
        bias: numbers that are added, in one of these shapes, or None.
        causal: as for `checked_mask`.

    Returns:
        Boolean or floating mask that broadcasts to the scores, or None.

    Raises:
        MaskError: `mask has shape (2, 2), which does not broadcast to scores of shape (1, 3, 5) ...`

    >>> mask_of_heads(create_padding_mask([2, 3], max_length=3), scores_shape=(2, 7, 3, 3)).shape
    (2, 1, 1, 3)
    """
    given = _given(mask, bias)
    for name, read in given.items():
        without_heads = read.ndim == len(scores_shape) - 1 and len(scores_shape) > 3
        if without_heads:
            _require_fit(name, read.shape, (*scores_shape[:-3], *scores_shape[-2:]), "(batch, seq_q, seq_k)")
            given[name] = read[..., None, :, :]
        else:
            _require_fit(name, read.shape, scores_shape, "(..., n_heads, seq_q, seq_k)")
    return _together(given, scores_shape, causal)


def as_mask_or_bias(read: Mask | None) -> MaskOrBias:
    """Hand a mask on that was read before: floats as a bias, which may hold 0 and 1 alone.

    >>> list(as_mask_or_bias(np.eye(2)))
    ['bias']
    """
    if read is None:
        return {}
    return {"mask": read} if read.dtype == bool else {"bias": read}


def with_infinities(mask: Array) -> Array:
    """Read the lowest number of a dtype as the -inf that it stands for.

    >>> with_infinities(np.array([0.0, -1e9, np.finfo(np.float32).min])).tolist()
    [0.0, -1000000000.0, -inf]
    """
    lowest = np.finfo(np.float16).min if mask.dtype == np.float16 else _LOWEST
    if mask.min(initial=0) > lowest:
        return mask
    return np.where(mask <= lowest, mask.dtype.type(-np.inf), mask)


def _given(mask: npt.ArrayLike | None, bias: npt.ArrayLike | None) -> dict[str, Mask]:
    """Read what was given, under the name of its argument."""
    given = {} if mask is None else {"mask": _read(mask)}
    return given if bias is None else given | {"bias": _read_bias(bias)}


def _together(given: dict[str, Mask], scores_shape: tuple[int, ...], causal: bool) -> Mask | None:
    masks = [*given.values()]
    if flag("causal", causal):
        seq_q, seq_k = scores_shape[-2:]
        masks.append(np.tri(seq_q, seq_k, seq_k - seq_q, dtype=bool))  # (seq_q, seq_k)
    return masks[0] if len(masks) == 1 else _joined(masks)


def _is_cell(pair: object, shape: tuple[int, ...]) -> bool:
    """Say whether this is a pair of whole numbers within the shape."""
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        return False
    whole = all(hasattr(number, "__index__") and not isinstance(number, bool) for number in pair)
    return whole and all(0 <= number < size for number, size in zip(pair, shape, strict=True))


def _require_fit(name: str, shape: tuple[int, ...], scores_shape: tuple[int, ...], axes: str) -> None:
    try:
        fits = np.broadcast_shapes(shape, scores_shape) == scores_shape
    except ValueError:
        fits = False
    if not fits:
        raise MaskError(
            f"{name} has shape {shape}, which does not broadcast to scores of shape {scores_shape} {axes}"
        )


def _read(mask: npt.ArrayLike) -> Mask:
    """Settle what a mask is, and refuse by name what would silently be read as the other kind."""
    array = _array("mask", mask)
    kind = array.dtype.kind
    if kind == "b":
        return array
    if kind in "iu":
        others = array[(array != 0) & (array != 1)]
        if others.size:
            raise MaskError(
                f"mask holds {others[0]}, expected only 0 and 1 in a mask of integers: "
                "to add numbers to the scores, pass mask.astype(float)"
            )
        return array.astype(bool)
    if kind != "f":
        raise MaskError(f"mask must be boolean, 0/1 or floating, got dtype {array.dtype}")
    if array.max(initial=-np.inf) == 1 and ((array == 0) | (array == 1)).all():
        raise MaskError("this looks like a 0/1 mask: pass mask.astype(bool), or bias=mask to add the numbers")
    return _added("mask", array)


def _read_bias(bias: npt.ArrayLike) -> Array:
    """Read numbers that are added, whatever they are."""
    array = _array("bias", bias)
    if array.dtype.kind not in "iuf":
        raise MaskError(f"bias must hold numbers that are added, got dtype {array.dtype}")
    return _added("bias", array if array.dtype.kind == "f" else array.astype(np.float64))


def _array(name: str, values: npt.ArrayLike) -> npt.NDArray[Any]:
    if values is None or np.isscalar(values):
        raise MaskError(
            f"{name} must be an array with a value for each query and key, got {values!r}"
            + (": to hide what comes later, pass causal=True" if name == "mask" else "")
        )
    try:
        return np.asarray(values)
    except ValueError as error:
        raise MaskError(f"{name} must be a full rectangle: {error}") from error


def _added(name: str, array: npt.NDArray[Any]) -> Array:
    largest = array.max(initial=-np.inf)  # nan or inf anywhere shows here
    if np.isnan(largest) or largest == np.inf:
        wrong = array[np.isnan(array) | (array == np.inf)]
        raise MaskError(f"{name} holds {wrong[0]}, expected finite numbers or -inf in a {name} that is added")
    array = with_infinities(array)
    return array.astype(np.float64, copy=False) if array.dtype != np.float32 else array
