"""Random cases, and how near two results must be. Every case follows from its number."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from attention import combine_masks

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed: CONTRIBUTING.md says how to compare with it"
)
torch.set_num_threads(1)

CASES = 1000
TOLERANCE = {  # of the largest number in the result, or of 1 if that is larger
    np.dtype(np.float64): 1e-10,
    np.dtype(np.float32): 1e-4,  # most for b_k, whose gradient is 0 but for what rounding leaves of its sum
}


class Attention(NamedTuple):
    """What one call of attention gets, and the gradient that comes back to its output."""

    q: np.ndarray  # (..., seq_q, d_k)
    k: np.ndarray  # (..., seq_k, d_k)
    v: np.ndarray  # (..., seq_k, d_v)
    mask: np.ndarray | None  # True = may attend, or added; broadcasts to (..., seq_q, seq_k)
    scale: float | None
    grad_output: np.ndarray  # (..., seq_q, d_v)


def generator(case: int) -> np.random.Generator:
    return np.random.default_rng([2017, case])


def dtype_of(case: int) -> np.dtype[Any]:
    """Three cases in float64, then one in float32."""
    return np.dtype(np.float32 if case % 4 == 3 else np.float64)


def normal(rng: np.random.Generator, *shape: int, dtype: Any = np.float64) -> np.ndarray:
    """Numbers of a spread of their own, from 0.1 to 10."""
    return (rng.standard_normal(shape) * 10 ** rng.uniform(-1, 0.5)).astype(dtype)


def size(rng: np.random.Generator, high: int = 12) -> int:
    return int(rng.integers(1, high + 1))


def thinned(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape that broadcasts to `shape`: some axes of size 1, some leading ones left out."""
    kept = tuple(1 if rng.random() < 0.25 else n for n in shape)
    return kept[int(rng.integers(0, len(kept) - 1)) :] if len(kept) > 2 else kept


def random_mask(rng: np.random.Generator, shape: tuple[int, ...], dtype: Any) -> np.ndarray | None:
    """None, boolean, 0 and -inf, or biases, with at least one key for every query."""
    kind = rng.choice(["none", "causal", "boolean", "infinite", "biases", "both"])
    if kind == "none":
        return None
    if kind == "causal":
        return np.tri(*shape[-2:], dtype=bool)
    shape = thinned(rng, shape)
    allowed = rng.random(shape) < rng.uniform(0.2, 1)
    if shape[-1] > 1:
        allowed[..., int(rng.integers(shape[-1]))] = True
    else:
        allowed[...] = True
    if kind == "boolean":
        return allowed
    biases = np.zeros(shape) if kind == "infinite" else normal(rng, *shape)
    if kind != "biases":
        biases[~allowed] = -np.inf
    return biases.astype(dtype)


def random_attention(case: int) -> Attention:
    """Leading axes that broadcast, any sizes, any mask, any scale, and rows in any order in memory."""
    rng, dtype = generator(case), dtype_of(case)
    leading = tuple(size(rng, 4) for _ in range(rng.integers(0, 4)))
    seq_q, seq_k, d_k, d_v = (size(rng, 19) for _ in range(4))

    def input_of(*shape: int) -> np.ndarray:
        lead = tuple(1 if rng.random() < 0.15 else n for n in leading)
        return normal(rng, *lead, *shape, dtype=dtype)

    q, k, v = input_of(seq_q, d_k), input_of(seq_k, d_k), input_of(seq_k, d_v)
    batch = np.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
    scores = np.broadcast_shapes(q.shape[:-2], k.shape[:-2])
    mask = random_mask(rng, (*scores, seq_q, seq_k), dtype)
    scale = None if rng.random() < 0.7 else float(rng.uniform(-1, 1))
    if rng.random() < 0.2:
        q, k = q[..., ::-1, :], np.asfortranarray(k)
    return Attention(q, k, v, mask, scale, normal(rng, *batch, seq_q, d_v, dtype=dtype))


def tensor(array: np.ndarray, *, gradient: bool = False) -> torch.Tensor:
    return torch.from_numpy(array.copy()).requires_grad_(gradient)


def assert_near(name: str, ours: np.ndarray, theirs: torch.Tensor | np.ndarray | None, dtype: Any) -> None:
    """Compare shape, dtype and numbers, to the tolerance of the dtype."""
    assert theirs is not None, f"{name} has no counterpart"
    other = theirs if isinstance(theirs, np.ndarray) else theirs.detach().numpy()
    assert (ours.shape, ours.dtype) == (other.shape, other.dtype), name
    scale = max(1.0, float(np.abs(other).max(initial=0)))
    worst = float(np.abs(ours - other).max(initial=0)) / scale
    assert worst <= TOLERANCE[np.dtype(dtype)], f"{name} differs by {worst:.1e} of {scale:.1e}"


def shaken(module: torch.nn.Module, rng: np.random.Generator, dtype: Any) -> torch.nn.Module:
    """The module in one dtype, without dropout, and no weight at 0 or 1, where PyTorch starts some."""
    module = module.to(torch.float64 if dtype == np.float64 else torch.float32).eval()
    with torch.no_grad():
        for weight in module.parameters():
            weight += tensor((rng.standard_normal(weight.shape) * 0.3).astype(dtype))
    return module


def square_mask(rng: np.random.Generator, seq_q: int, seq_k: int) -> np.ndarray | None:
    """None, or which query may attend to which key (seq_q, seq_k): to the first one always."""
    kind = rng.integers(3)
    if kind == 0:
        return None
    allowed = np.tri(seq_q, seq_k, dtype=bool) if kind == 1 else rng.random((seq_q, seq_k)) < 0.6
    allowed[:, 0] = True
    return allowed


def key_mask(rng: np.random.Generator, batch: int, seq: int) -> np.ndarray | None:
    """None, or which tokens of each sentence are no padding (batch, seq): the first one always."""
    if rng.random() < 0.4:
        return None
    real = rng.random((batch, seq)) < 0.7
    real[:, 0] = True
    return real


def joined(square: np.ndarray | None, keys: np.ndarray | None) -> np.ndarray | None:
    """The two as one mask in our form."""
    return combine_masks(square, None if keys is None else keys[:, None, :])


def inverted(mask: np.ndarray | None) -> torch.Tensor | None:
    """The mask as `torch.nn` has it: True = may not attend."""
    return None if mask is None else tensor(~mask)


def gradients(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The gradient of each weight, under its name in the state."""
    return {name: weight.grad for name, weight in module.named_parameters()}
