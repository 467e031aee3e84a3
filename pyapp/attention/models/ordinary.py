"""The ordinary encoder: it learns the same answers, and the arrows of its best head do not explain them.

Three blocks of eight heads, and the answer is read from the last state of the word that is asked about. What
is needed for it may come by any way through three layers: over other words, around a head, along several
heads at once. It is here as the counter-example.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attention.grad import Gradients
from attention.initial import Seed, generator, glorot_uniform
from attention.model import LayerIntervention
from attention.models.encoder import JOBS, EncoderTrace, Places, Rows, SmallEncoder
from attention.models.vocabulary import Vocabulary
from attention.trace import Array

__all__ = ["Ordinary", "OrdinaryTrace"]


@dataclass(frozen=True, slots=True, eq=False)
class OrdinaryTrace(EncoderTrace):
    """One pass through the ordinary encoder, every step of it; what was said is read off the last states.

    >>> trace = Ordinary.random(0).trace("the cat sat".split())
    >>> trace.tokens, [weights.shape for weights in trace.layers]
    (('<s>', 'the', 'cat', 'sat'), [(8, 4, 4), (8, 4, 4), (8, 4, 4)])
    """


class Ordinary(SmallEncoder[OrdinaryTrace]):
    """An encoder of three blocks, whose answers are read from the last state by one matrix for each job.

        P(word) = softmax(LayerNorm(x_3) W_job E^T)   (after Vaswani et al. 2017, section 3.4)

    Trained on the same sentences and the same answers as the reader.

    Args:
        vocabulary: the words it knows; all of `Vocabulary()` unless given.
        d_model, num_heads, d_ff, n_layers: of the blocks.
        max_len: the most positions, "<s>" included.
        seed: what the random start depends on.
        dtype: of the weights, float64 or float32.

    >>> ordinary = Ordinary.random(0)
    >>> trace = ordinary.trace("the cat sat on the mat because it was tired".split())
    >>> trace.answer("pronoun", query=8).word in ordinary.vocabulary
    True
    """

    w_answer: Array  # (n_jobs, d_model, d_model)

    def __init__(
        self,
        vocabulary: Vocabulary | None = None,
        d_model: int = 48,
        num_heads: int = 8,
        d_ff: int = 64,
        n_layers: int = 3,
        max_len: int = 32,
        *,
        seed: Seed = 0,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        rng = generator(seed)
        words = Vocabulary() if vocabulary is None else vocabulary
        super().__init__(words, d_model, num_heads, d_ff, n_layers, max_len, seed=rng, dtype=dtype)
        self.w_answer = np.stack([glorot_uniform(rng, d_model, d_model, dtype) for _ in JOBS])

    @classmethod
    def random(cls, seed: int) -> Ordinary:
        """Return an untrained encoder of the same shapes."""
        return cls(seed=seed)

    def backward(self, trace: OrdinaryTrace, places: Places, grad_logits: npt.ArrayLike) -> Gradients:
        """Return the gradient of every weight, from that of the logits (n, vocab) at the places."""
        grad_said, output = self._said_backward(trace, places, grad_logits)
        states = trace.rows.normed[..., None, :, :]  # (..., 1, seq, d_model)
        across = tuple(range(states.ndim - 3))  # the axes of a batch
        w_answer = (states.swapaxes(-1, -2) @ grad_said).sum(axis=across)  # (n_jobs, d_model, d_model)
        grad_normed = (grad_said @ self.w_answer.swapaxes(-1, -2)).sum(axis=-3)  # (..., seq, d_model)
        found = dict(self._rows_backward(trace.rows, grad_normed, 0.0).parameters)
        found["embedding.weight"] = found["embedding.weight"] + output  # (vocab, d_model)
        found["w_answer"] = w_answer
        return Gradients((), {name: found[name] for name in self.parameters()})

    def _traced(
        self, rows: Rows, tokens: tuple[str, ...], intervene: LayerIntervention | None
    ) -> OrdinaryTrace:
        said = rows.normed[..., None, :, :] @ self.w_answer  # (..., n_jobs, seq, d_model)
        return OrdinaryTrace(tokens, rows, said, self.vocabulary.words, self.embedding.weight.copy())
