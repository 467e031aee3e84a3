"""Looking things up: the smallest task that needs attention, learned by one head in seconds.

Each question shows some pairs of a key and a value, and asks for the value of one of the keys:

    (k3, v1) (k0, v7) (k5, v1) (k2, v4) (k7, v0)   k2?   answer: v4

What a key's value is, changes with every question, so that nothing can be learned by heart. The head has to
learn where to look: its query must find the pair with the same key (associative recall: Graves et al. 2014,
section 4.3).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from attention.checks import whole_number
from attention.grad import Gradients, cross_entropy, cross_entropy_backward
from attention.heads import MultiHeadAttention
from attention.initial import Seed, generator
from attention.layers import Embedding, Layer, Linear
from attention.optim import Adam
from attention.trace import Array, MultiHeadTrace

__all__ = ["LookupModel", "LookupQuestions", "LookupStep", "draw_lookup_questions", "train_lookup"]

Ids: TypeAlias = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class LookupQuestions:
    """LookupQuestions of one batch: the pairs that are shown, and the place of the pair that is asked for.

    >>> questions = draw_lookup_questions(batch=2, n_keys=5, n_values=3, n_pairs=4)
    >>> questions.keys.shape, questions.asked_keys.shape, questions.answers.shape
    ((2, 4), (2,), (2,))
    """

    keys: Ids  # (batch, n_pairs)   all different in one question
    values: Ids  # (batch, n_pairs)
    asked: Ids  # (batch,)   place of the right pair, from 0

    @property
    def asked_keys(self) -> Ids:
        """The key that each question asks for (batch,)."""
        return self.keys[np.arange(len(self.asked)), self.asked]

    @property
    def answers(self) -> Ids:
        """The value that is right (batch,)."""
        return self.values[np.arange(len(self.asked)), self.asked]


@dataclass(frozen=True, slots=True, eq=False)
class LookupStep:
    """How well the model does after so many steps, on questions that it never learns from."""

    step: int  # 0 before it has learned anything
    loss: float  # mean surprise at the right answers, in nats
    accuracy: float  # share of right answers, from 0 to 1
    right_weight: float  # mean weight on the right pair
    weights: Array  # (held_out, n_pairs)   of every held-out question
    questions: LookupQuestions  # the held-out ones, the same at every step
    model: LookupModel  # the model itself, which goes on learning


class LookupModel(Layer):
    """One head that learns to look up: embedded pairs, one attention, and a matrix that reads the answer.

        x_j = sqrt(d_model) (E_key[key_j] + E_value[value_j]),  q = sqrt(d_model) E_key[asked key]
        logits = MultiHead(q, x, x) W + b   (Vaswani et al. 2017, sections 3.2.2 and 3.4, with one head)

    A pair is a single row. W_Q and W_K have to learn to compare keys and not to mind the values, and W_V to
    pass on the value and not the key. The factor sqrt(d_model) of section 3.4 matters: without it the first
    scores are so small, and the weights so even, that learning takes about twice as many steps.

    Args:
        n_keys, n_values: how many there are of each.
        d_model: width of the rows.
        seed: what the random start depends on.

    Raises:
        ConfigError: `n_keys must be a whole number of at least 1, got 0`

    >>> questions = draw_lookup_questions(batch=2, n_keys=5, n_values=3, n_pairs=4)
    >>> model = LookupModel(n_keys=5, n_values=3)
    >>> model.trace(questions).attention.weights.shape, model(questions).shape
    ((2, 1, 1, 4), (2, 3))
    """

    def __init__(self, n_keys: int, n_values: int, d_model: int = 24, *, seed: Seed = 0) -> None:
        rng = generator(seed)
        n_keys, n_values = whole_number("n_keys", n_keys, 1), whole_number("n_values", n_values, 1)
        self.keys = Embedding(n_keys, d_model, seed=rng)
        self.values = Embedding(n_values, d_model, seed=rng)
        self.attention = MultiHeadAttention(d_model, 1, bias=False, seed=rng)
        self.answer = Linear(d_model, n_values, seed=rng)
        self._size = math.sqrt(d_model)

    def __call__(self, questions: LookupQuestions) -> Array:
        """Return the logits of every answer (batch, n_values)."""
        return self.answer(self.attention(*self._rows(questions))[:, 0])

    forward = __call__

    def trace(self, questions: LookupQuestions) -> MultiHeadTrace:
        """Return every step up to what the head found: output (batch, 1, d_model)."""
        return self.attention.trace(*self._rows(questions))

    def logits(self, trace: MultiHeadTrace) -> Array:
        """Read the answer off what the head found: (batch, n_values)."""
        return self.answer(trace.output[:, 0])

    def backward(
        self, questions: LookupQuestions, trace: MultiHeadTrace, grad_logits: npt.ArrayLike
    ) -> Gradients:
        """Return the gradient of every weight, from that of the logits (batch, n_values): ids have none."""
        answer = self.answer.backward(trace.output[:, 0], grad_logits)
        attention = self.attention.backward(trace, answer.inputs[0][:, None])
        grad_query, grad_pairs = attention.inputs[0], attention.inputs[1] + attention.inputs[2]

        asked = self.keys.backward(questions.asked_keys[:, None], self._size * grad_query)
        shown = self.keys.backward(questions.keys, self._size * grad_pairs)
        values = self.values.backward(questions.values, self._size * grad_pairs)
        parameters = {
            "keys.weight": asked.parameters["weight"] + shown.parameters["weight"],
            "values.weight": values.parameters["weight"],
            **{f"attention.{name}": grad for name, grad in attention.parameters.items()},
            **{f"answer.{name}": grad for name, grad in answer.parameters.items()},
        }
        return Gradients((), parameters)

    def _rows(self, questions: LookupQuestions) -> tuple[Array, Array]:
        """Embed the asked keys (batch, 1, d_model) and the pairs (batch, n_pairs, d_model)."""
        pairs = self.keys(questions.keys) + self.values(questions.values)
        return self._size * self.keys(questions.asked_keys[:, None]), self._size * pairs


def draw_lookup_questions(
    batch: int, n_keys: int = 8, n_values: int = 8, n_pairs: int = 5, seed: Seed = 0
) -> LookupQuestions:
    """Draw questions at random: different keys, any values, and one of the pairs is asked for.

    The task is the associative recall of Graves et al. 2014, section 4.3, with one row for each pair.

    Args:
        batch: number of questions.
        n_keys, n_values: how many there are to choose from.
        n_pairs: how many pairs each question shows, at most `n_keys`.
        seed: what the drawing depends on.

    Returns:
        LookupQuestions.

    Raises:
        ConfigError: `n_pairs must be a whole number from 1 to 8, got 9`

    >>> questions = draw_lookup_questions(batch=1, n_keys=3, n_values=2, n_pairs=3)
    >>> sorted(questions.keys[0].tolist())
    [0, 1, 2]
    """
    rng, batch = generator(seed), whole_number("batch", batch, 1)
    n_keys, n_values = whole_number("n_keys", n_keys, 1), whole_number("n_values", n_values, 1)
    n_pairs = whole_number("n_pairs", n_pairs, 1, n_keys)
    keys = rng.permuted(np.tile(np.arange(n_keys), (batch, 1)), axis=1)[:, :n_pairs]  # (batch, n_pairs)
    values = rng.integers(0, n_values, (batch, n_pairs))  # (batch, n_pairs)
    return LookupQuestions(keys, values, asked=rng.integers(0, n_pairs, batch))


def train_lookup(
    steps: int = 60,
    *,
    n_keys: int = 8,
    n_values: int = 8,
    n_pairs: int = 5,
    d_model: int = 24,
    batch: int = 64,
    held_out: int = 128,
    lr: float = 0.01,
    seed: Seed = 0,
) -> Iterator[LookupStep]:
    """Train one head to look up, and hand out how it does after each step.

        theta = Adam(theta, gradient of the mean of -ln softmax(logits)_answer)   (Kingma and Ba 2015,
        algorithm 1; the task: Graves et al. 2014, section 4.3)

    Each step learns from a fresh batch. What is handed out is measured on questions held out for that. The
    same seed gives the same run.

    Args:
        steps: how often to learn.
        n_keys, n_values, n_pairs: the task, as for `draw_lookup_questions`.
        d_model: width of the rows.
        batch: questions to learn from in each step.
        held_out: questions to measure with.
        lr: Adam's learning rate.
        seed: what start and questions depend on.

    Returns:
        A generator of `steps` + 1 LookupStep; the first is from before learning. It computes a step when it
        is asked for one.

    Raises:
        ConfigError: `n_pairs must be a whole number from 1 to 8, got 9`
        NumberError: `lr must be a finite number above 0, got 0`

    >>> run = list(train_lookup(steps=40))
    >>> [round(run[step].accuracy, 1) for step in (0, 40)], run[0].weights.shape
    ([0.1, 1.0], (128, 5))
    """
    steps, rng = whole_number("steps", steps, 0), generator(seed)
    model = LookupModel(n_keys, n_values, d_model, seed=rng)
    measured = draw_lookup_questions(held_out, n_keys, n_values, n_pairs, rng)
    adam = Adam(model.parameters(), lr)
    batch = whole_number("batch", batch, 1)

    def run() -> Iterator[LookupStep]:
        yield _measure(0, model, measured)
        for step in range(1, steps + 1):
            questions = draw_lookup_questions(batch, n_keys, n_values, n_pairs, rng)
            trace = model.trace(questions)
            grad_logits = cross_entropy_backward(model.logits(trace), questions.answers)
            adam.step(model.backward(questions, trace, grad_logits).parameters)
            yield _measure(step, model, measured)

    return run()


def _measure(step: int, model: LookupModel, questions: LookupQuestions) -> LookupStep:
    trace = model.trace(questions)
    logits, answers = model.logits(trace), questions.answers
    weights = trace.attention.weights[:, 0, 0]  # (held_out, n_pairs)   the one head's one query
    right = weights[np.arange(len(weights)), questions.asked]  # (held_out,)
    accuracy = float((logits.argmax(axis=-1) == answers).mean())
    return LookupStep(
        step, cross_entropy(logits, answers), accuracy, float(right.mean()), weights, questions, model
    )
