"""The reader: a small encoder whose every answer comes through one arrow that can be seen, and moved.

Most trained transformers solve such tasks and draw arrows that explain nothing: the information takes other
ways. Here there is no other way. After one ordinary block stands one read head for each job. Where it looks
may depend on the whole sentence; what it gets to see are the words themselves, as the table holds them, and
from that alone the answer is read:

    answer at i = softmax_j(q_i . k_j / sqrt(d_k)) over words j, of E[word_j] W_V W_O, compared with E
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from attention.block import BlockTrace
from attention.core import Intervention, trace_attention
from attention.grad import Gradients, attention_backward, linear_backward
from attention.initial import Seed, generator, glorot_uniform
from attention.layers import Layer
from attention.model import LayerIntervention
from attention.models.encoder import JOBS, EncoderTrace, Places, Rows, SmallEncoder
from attention.models.vocabulary import Vocabulary
from attention.trace import Array, AttentionTrace

__all__ = ["ReadHeads", "Reader", "ReaderTrace"]


@dataclass(frozen=True, slots=True, eq=False)
class ReaderTrace(EncoderTrace):
    """One pass through the reader, every step of it; what was said is read off what one head has found.

    >>> trace = Reader.random(0).trace("the cat sat".split())
    >>> trace.tokens, [weights.shape for weights in trace.layers]
    (('<s>', 'the', 'cat', 'sat'), [(4, 4, 4), (4, 4, 4)])
    """

    read: AttentionTrace  # its heads are the jobs; its values the raw words, the same for every job

    @property
    def block(self) -> BlockTrace:
        """The ordinary block."""
        return self.rows.blocks[0]

    @property
    def layers(self) -> tuple[Array, ...]:
        """The weights of the block's heads, and of the read heads: each (..., n_heads, seq, seq)."""
        return self.block.attention.attention.weights, self.read.weights


class ReadHeads(Layer):
    """One head for each job, which may look by what is known of the sentence, and finds words as they are.

        head_j = Attention(Y W_Q_j + b_Q_j, Y W_K_j, E W_V) W_O   (after Vaswani et al. 2017, section 3.2.2)

    Y are rows that know their sentence, E those of the words alone. W_V and W_O are shared by all jobs. No
    position attends to itself: no word is its own answer. All may attend to "<s>".

    W_O starts as twice the transpose of W_V, so that from the first step on a head that looks at a word says
    something like it. Started at random, it is hundreds of steps before anything is learned.
    """

    w_q: Array  # (n_jobs, d_model, d_k)
    b_q: Array  # (n_jobs, 1, d_k)
    w_k: Array  # (n_jobs, d_model, d_k)
    w_v: Array  # (d_model, d_k)
    w_o: Array  # (d_k, d_model)

    def __init__(self, n_jobs: int, d_model: int, d_k: int, *, seed: Seed, dtype: npt.DTypeLike) -> None:
        rng = generator(seed)
        self.w_q = np.stack([glorot_uniform(rng, d_model, d_k, dtype) for _ in range(n_jobs)])
        self.b_q = np.zeros((n_jobs, 1, d_k), dtype)
        self.w_k = np.stack([glorot_uniform(rng, d_model, d_k, dtype) for _ in range(n_jobs)])
        self.w_v = glorot_uniform(rng, d_model, d_k, dtype)
        self.w_o = 2 * self.w_v.T

    def trace(self, rows: Rows, intervene: Intervention | None = None) -> tuple[AttentionTrace, Array]:
        """Return every step, and what each head says (..., n_jobs, seq, d_model)."""
        known = rows.normed[..., None, :, :]  # (..., 1, seq, d_model)
        q = known @ self.w_q + self.b_q  # (..., n_jobs, seq, d_k)
        k = known @ self.w_k  # (..., n_jobs, seq, d_k)
        v = rows.embedded[..., None, :, :] @ self.w_v  # (..., 1, seq, d_k)   the words as they are
        others = ~np.eye(known.shape[-2], dtype=bool)  # (seq, seq)
        others[0, 0] = True
        mask = others & rows.present[..., None, None, :]  # (..., 1, seq, seq)
        read = trace_attention(q, k, v, mask, intervene=intervene)
        return read, read.head_outputs @ self.w_o

    def backward(self, rows: Rows, read: AttentionTrace, grad_said: Array) -> Gradients:
        """Return the gradients of `normed` and `embedded`, and of each weight."""
        grad_outputs, w_o, _ = linear_backward(read.head_outputs, self.w_o, grad_said)
        grads = attention_backward(read, grad_outputs)
        known = rows.normed[..., None, :, :]  # (..., 1, seq, d_model)
        across = tuple(range(known.ndim - 3))  # the axes of a batch
        w_q = (known.swapaxes(-1, -2) @ grads.q).sum(axis=across)  # (n_jobs, d_model, d_k)
        w_k = (known.swapaxes(-1, -2) @ grads.k).sum(axis=across)
        b_q = grads.q.sum(axis=(*across, -2), keepdims=True).reshape(self.b_q.shape)
        grad_known = grads.q @ self.w_q.swapaxes(-1, -2) + grads.k @ self.w_k.swapaxes(-1, -2)
        grad_words, w_v, _ = linear_backward(rows.embedded, self.w_v, grads.v[..., 0, :, :])
        found = {"w_q": w_q, "b_q": b_q, "w_k": w_k, "w_v": w_v, "w_o": w_o}
        return Gradients((grad_known.sum(axis=-3), grad_words), found)


class Reader(SmallEncoder[ReaderTrace]):
    """One ordinary block, then one read head for each of `JOBS`: what it answers is what its arrows show.

    Trained on words as answers, never on where to look. That labels and a bottleneck together teach the
    arrows is weak supervision, and by design. A new reader is random; `load_model("reader")` is trained.

    Args:
        vocabulary: the words it knows; all of `Vocabulary()` unless given.
        d_model, num_heads, d_ff: of the ordinary block.
        d_k: width of each read head.
        max_len: the most positions, "<s>" included.
        seed: what the random start depends on.
        dtype: of the weights, float64 or float32.

    >>> reader = Reader.random(0)
    >>> trace = reader.trace("the cat sat on the mat because it was tired".split())
    >>> trace.answer("pronoun", query=8).word in reader.vocabulary
    True
    """

    def __init__(
        self,
        vocabulary: Vocabulary | None = None,
        d_model: int = 48,
        num_heads: int = 4,
        d_ff: int = 96,
        d_k: int = 24,
        max_len: int = 32,
        *,
        seed: Seed = 0,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        rng = generator(seed)
        words = Vocabulary() if vocabulary is None else vocabulary
        super().__init__(words, d_model, num_heads, d_ff, 1, max_len, seed=rng, dtype=dtype)
        self.read = ReadHeads(len(JOBS), d_model, d_k, seed=rng, dtype=dtype)

    @classmethod
    def random(cls, seed: int) -> Reader:
        """Return an untrained reader of the same shapes."""
        return cls(seed=seed)

    def backward(self, trace: ReaderTrace, places: Places, grad_logits: npt.ArrayLike) -> Gradients:
        """Return the gradient of every weight, from that of the logits (n, vocab) at the places.

        The table is used three times, as what goes in, as what is found, and as the answers to choose from:
        its gradient is the sum.
        """
        grad_said, output = self._said_backward(trace, places, grad_logits)
        read = self.read.backward(trace.rows, trace.read, grad_said)
        found = dict(self._rows_backward(trace.rows, *read.inputs).parameters)
        found["embedding.weight"] = found["embedding.weight"] + output  # (vocab, d_model)
        found |= {f"read.{name}": array for name, array in read.parameters.items()}
        return Gradients((), {name: found[name] for name in self.parameters()})

    def _traced(
        self, rows: Rows, tokens: tuple[str, ...], intervene: LayerIntervention | None
    ) -> ReaderTrace:
        change = None if intervene is None else partial(intervene, self.n_layers)
        read, said = self.read.trace(rows, change)
        return ReaderTrace(tokens, rows, said, self.vocabulary.words, self.embedding.weight.copy(), read)
