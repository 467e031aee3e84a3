"""Generation: one token after another, and the cache that keeps it from starting anew each time.

Without a cache, the next token costs a pass over all tokens so far. But under a causal mask what an earlier
token gave, its keys and its values, cannot change any more: so they are kept, and only the new token passes
through the model. Its query still looks at every key: work that grows with n, where it grew with n^2. The
cache does not make the memory small: it holds 2 n d_model numbers for each layer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from attention.checks import flag, number_or_nan, real_array, require_matrix, whole_number, whole_numbers
from attention.errors import ConfigError, ShapeError
from attention.initial import Seed, generator
from attention.ops import softmax
from attention.trace import Array

if TYPE_CHECKING:
    from numpy.random import Generator

__all__ = ["CachedModel", "GenerationStep", "KVCache", "LayerCache", "generate", "generation_steps"]

FIRST_CAPACITY = 16
"""Positions that a cache makes room for at first."""


class LayerCache:
    """The keys and values of one layer's attention, in the order of their positions.

    Room is made for twice as many positions whenever it runs out, so that appending n times copies fewer than
    2 n rows in all.

    >>> cache = LayerCache()
    >>> k, v = cache.append(np.ones((2, 3, 5)), np.ones((2, 3, 5)))
    >>> k, v = cache.append(np.zeros((2, 1, 5)), np.zeros((2, 1, 5)))
    >>> k.shape, cache.length, cache.n_bytes
    ((2, 4, 5), 4, 640)
    """

    def __init__(self) -> None:
        self.length = 0
        self._k: Array | None = None  # (..., n_kv_heads, capacity, d_k)
        self._v: Array | None = None  # (..., n_kv_heads, capacity, d_v)

    def append(self, k: Array, v: Array) -> tuple[Array, Array]:
        """Put new positions after the earlier ones, and return all of them.

        Args:
            k: keys (..., n_kv_heads, seq_new, d_k).
            v: values (..., n_kv_heads, seq_new, d_v).

        Returns:
            (keys (..., n_kv_heads, length, d_k), values (..., n_kv_heads, length, d_v)): views into the
            cache, to be read only.

        Raises:
            ShapeError: `k has shape (2, 1, 5), which does not continue a cache of (3, 4, 5)`
            ShapeError: `k has shape (2, 1, 5), but v has shape (2, 3, 7): all but the last axis must agree`
        """
        k, v = real_array("k", k), real_array("v", v)
        for name, new in (("k", k), ("v", v)):
            require_matrix(name, new, "seq_new", "d_k" if name == "k" else "d_v")
        if k.shape[:-1] != v.shape[:-1]:
            raise ShapeError(
                f"k has shape {k.shape}, but v has shape {v.shape}: all but the last axis must agree"
            )
        for name, new, kept in (("k", k, self._k), ("v", v, self._v)):
            if kept is not None and (new.shape[:-2], new.shape[-1]) != (kept.shape[:-2], kept.shape[-1]):
                held = (*kept.shape[:-2], self.length, kept.shape[-1])
                raise ShapeError(f"{name} has shape {new.shape}, which does not continue a cache of {held}")
        end = self.length + k.shape[-2]
        self._k, self._v = self._with_room(self._k, k, end), self._with_room(self._v, v, end)
        self._k[..., self.length : end, :] = k
        self._v[..., self.length : end, :] = v
        self.length = end
        return self._k[..., :end, :], self._v[..., :end, :]

    def truncate(self, length: int) -> None:
        """Forget every position from `length` on; their room stays."""
        self.length = whole_number("length", length, 0, self.length)

    @property
    def n_bytes(self) -> int:
        """Bytes of the keys and values that it holds."""
        return sum(a[..., : self.length, :].nbytes for a in (self._k, self._v) if a is not None)

    @property
    def capacity_bytes(self) -> int:
        """Bytes of the room that was made."""
        return sum(a.nbytes for a in (self._k, self._v) if a is not None)

    def _with_room(self, kept: Array | None, new: Array, end: int) -> Array:
        """Return `kept`, or a copy of it that has room for `end` positions of the dtype of all of them."""
        room = FIRST_CAPACITY if kept is None else kept.shape[-2]
        dtype = new.dtype if kept is None else np.result_type(kept, new)
        if kept is not None and end <= room and kept.dtype == dtype:
            return kept
        while room < end:
            room *= 2
        larger = np.empty((*new.shape[:-2], room, new.shape[-1]), dtype)  # (..., n_heads, room, d)
        if kept is not None:
            larger[..., : self.length, :] = kept[..., : self.length, :]
        return larger


class KVCache:
    """The keys and values of every layer of a model.

        2 * n_layers * batch * seq * n_kv_heads * d_k numbers   (Pope et al. 2022, section 2.1)

    Args:
        n_layers: number of layers, each with an attention of its own.

    Raises:
        ConfigError: `n_layers must be a whole number of at least 1, got 0`

    >>> KVCache(n_layers=2).length
    0
    """

    def __init__(self, n_layers: int) -> None:
        self.layers = [LayerCache() for _ in range(whole_number("n_layers", n_layers, 1))]

    @property
    def length(self) -> int:
        """Number of positions that every layer holds."""
        return min(layer.length for layer in self.layers)

    @property
    def n_bytes(self) -> int:
        """Bytes of the keys and values that it holds, all layers together."""
        return sum(layer.n_bytes for layer in self.layers)

    @property
    def capacity_bytes(self) -> int:
        """Bytes of the room that was made, all layers together: at most twice what it holds, or
        `FIRST_CAPACITY` positions."""
        return sum(layer.capacity_bytes for layer in self.layers)

    def truncate(self, length: int) -> None:
        """Forget every position from `length` on, in all layers; a call that was refused halfway leaves
        some layers ahead of others, and this puts them level again."""
        length = whole_number("length", length, 0, self.length)
        for layer in self.layers:
            layer.truncate(length)


class CachedModel(Protocol):
    """What can generate: it gives a score to each token that might come next."""

    max_len: int
    vocab_size: int

    def __call__(self, ids: npt.ArrayLike, cache: KVCache | None = None) -> Array: ...

    def new_cache(self) -> KVCache: ...


class GenerationStep(NamedTuple):
    """One token that was generated."""

    token: int  # the id that was chosen
    probabilities: Array  # (vocab,)   what it was chosen from; 0 for what top_k or top_p left out


def generate(
    model: CachedModel,
    ids: npt.ArrayLike,
    max_new_tokens: int,
    *,
    temperature: float = 0.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: Seed = 0,
    use_cache: bool = True,
) -> list[int]:
    """Continue a sequence, token by token: each that is chosen becomes part of what the next is chosen by.

        p(x_1 ... x_n) = prod_i p(x_i | x_1 ... x_(i-1))   (Radford et al. 2019, section 2, eq. 1)

    Args:
        model: a `CausalModel`, or anything with its calls.
        ids: the beginning (seq,), at least one id.
        max_new_tokens: how many to add.
        temperature: 0 takes the likeliest token each time (the first of equals); above 0, tokens are drawn
            from softmax(logits / temperature) (Hinton et al. 2015, section 2, eq. 1).
        top_k: draw from the k likeliest only (Fan et al. 2018, section 5); from all unless given.
        top_p: draw from the nucleus only, the fewest of the likeliest tokens that have this probability
            together (Holtzman et al. 2020, section 3.1), of the k likeliest if both are given.
        seed: what the draws depend on; the same seed draws the same tokens.
        use_cache: whether keys and values are kept; without, the tokens are the same, only later.

    Returns:
        The ids, the beginning's included.

    Raises:
        ConfigError: `ids and max_new_tokens come to 12 positions, but the model has 10`
        ConfigError: `temperature must be a finite number of at least 0, got -1`
        ConfigError: `top_k must be a whole number from 1 to 7, got 0`
        ConfigError: `top_p must be a number above 0, at most 1, got 90`
        ShapeError: `ids must have one axis (seq,), got shape (2, 3)`
        NumberError: `ids holds 7 at (1,), expected whole numbers from 0 to 6`

    >>> from attention import CausalModel
    >>> model = CausalModel(vocab_size=7, d_model=4, num_heads=2, d_ff=8, n_layers=1, max_len=10)
    >>> generate(model, [3, 1], 4) == generate(model, [3, 1], 4, use_cache=False)
    True
    """
    steps = generation_steps(
        model, ids, max_new_tokens, temperature=temperature, top_k=top_k, top_p=top_p, seed=seed,
        use_cache=use_cache,
    )  # fmt: skip
    return [*np.asarray(ids).tolist(), *(step.token for step in steps)]


def generation_steps(
    model: CachedModel,
    ids: npt.ArrayLike,
    max_new_tokens: int,
    *,
    temperature: float = 0.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: Seed = 0,
    use_cache: bool = True,
) -> Iterator[GenerationStep]:
    """Continue a sequence as `generate` does, and tell of each token what it was chosen from.

        p(x_1 ... x_n) = prod_i p(x_i | x_1 ... x_(i-1))   (Radford et al. 2019, section 2, eq. 1)

    Args:
        model, ids, max_new_tokens, temperature, top_k, top_p, seed, use_cache: as for `generate`.

    Returns:
        An iterator over the new tokens, each computed when it is asked for.

    Raises:
        ConfigError, ShapeError, NumberError: as `generate`, before the first token is asked for

    >>> from attention import CausalModel
    >>> model = CausalModel(vocab_size=7, d_model=4, num_heads=2, d_ff=8, n_layers=1, max_len=10)
    >>> step = next(generation_steps(model, [3, 1], 4))
    >>> step.token == int(step.probabilities.argmax())
    True
    """
    start = whole_numbers("ids", ids, model.vocab_size)  # (seq,)
    if start.ndim != 1:
        raise ShapeError(f"ids must have one axis (seq,), got shape {start.shape}")
    max_new_tokens = whole_number("max_new_tokens", max_new_tokens, 0)
    if (needed := len(start) + max_new_tokens) > model.max_len:
        raise ConfigError(
            f"ids and max_new_tokens come to {needed} positions, but the model has {model.max_len}"
        )
    temperature = _checked_temperature(temperature)
    if top_k is not None:
        top_k = whole_number("top_k", top_k, 1, model.vocab_size)
    top_p = _checked_top_p(top_p)
    cache = model.new_cache() if flag("use_cache", use_cache) else None
    return _steps(model, start, max_new_tokens, temperature, top_k, top_p, generator(seed), cache)


def _steps(
    model: CachedModel,
    ids: npt.NDArray[np.integer],
    max_new_tokens: int,
    temperature: float,
    top_k: int | None,
    top_p: float | None,
    rng: Generator,
    cache: KVCache | None,
) -> Iterator[GenerationStep]:
    unseen = ids  # (seq,)   what the model has not passed over yet
    for _ in range(max_new_tokens):
        logits = model(unseen, cache)[-1]  # (vocab,)
        probabilities = _probabilities(logits, temperature, top_k, top_p)  # (vocab,)
        token = int(probabilities.argmax())
        if temperature > 0:
            token = int(rng.choice(len(probabilities), p=probabilities))
        yield GenerationStep(token, probabilities)
        new = np.array([token])
        ids = np.concatenate([ids, new])
        unseen = ids if cache is None else new


def _probabilities(logits: Array, temperature: float, top_k: int | None, top_p: float | None) -> Array:
    """Return softmax(logits / temperature) over the top k, and the top p of them; plain softmax for
    temperature 0."""
    scores = logits.astype(np.float64)  # (vocab,)
    if top_k is not None:
        behind = np.argsort(-scores, kind="stable")[top_k:]  # of equals, the first stays
        scores[behind] = -np.inf
    if temperature > 0:
        with np.errstate(over="ignore"):  # -1e308 below the likeliest is -inf below: its weight is 0
            scores = (scores - scores.max()) / temperature
    probabilities = softmax(scores)  # (vocab,)
    if top_p is None:
        return probabilities
    order = np.argsort(-probabilities, kind="stable")  # likeliest first; of equals, the first stays first
    before = np.cumsum(probabilities[order]) - probabilities[order]  # (vocab,)   of all that are likelier
    scores[order[1:][before[1:] >= top_p]] = -np.inf
    return softmax(scores)


def _checked_temperature(temperature: float) -> float:
    number = number_or_nan(temperature)
    if not (math.isfinite(number) and number >= 0):
        raise ConfigError(f"temperature must be a finite number of at least 0, got {temperature!r}")
    return number


def _checked_top_p(top_p: float | None) -> float | None:
    if top_p is None:
        return None
    number = number_or_nan(top_p)
    if not 0 < number <= 1:
        raise ConfigError(f"top_p must be a number above 0, at most 1, got {top_p!r}")
    return None if number == 1 else number  # 1 keeps all, whatever the sum rounds to
