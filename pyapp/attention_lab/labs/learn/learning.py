"""One head that learns to look something up: by key, or by place; with or without scaling and positions.

Asked by key, without positions and with the usual scale, it is `attention.train.train_lookup`, number for
number.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from attention import (
    Adam,
    Array,
    Embedding,
    Intervention,
    LookupModel,
    LookupQuestions,
    MultiHeadTrace,
    cross_entropy,
    cross_entropy_backward,
    draw_lookup_questions,
)

STEPS = 60
N_KEYS, N_VALUES, N_PAIRS, D_MODEL = 8, 8, 5, 24
BATCH, HELD_OUT, RATE = 64, 128, 0.01
LOOKS = 0.5  # a mean weight above this: it looks at the right pair


class Setup(NamedTuple):
    """What a run depends on."""

    seed: int = 0
    scaled: bool = True
    positions: bool = False
    by_place: bool = False


class Head(LookupModel):
    """The library's model, with a row for each place added to the pairs, and questions about places."""

    def __init__(self, setup: Setup, rng: np.random.Generator) -> None:
        super().__init__(N_KEYS, N_VALUES, D_MODEL, seed=rng)
        self.setup = setup
        self.scale = None if setup.scaled else 1.0
        own = np.random.default_rng([setup.seed, 1])
        self.places = Embedding(N_PAIRS, D_MODEL, seed=own)
        self.asks = Embedding(N_PAIRS, D_MODEL, seed=own)

    def look(self, questions: LookupQuestions, intervene: Intervention | None = None) -> MultiHeadTrace:
        """Let each question look at its pairs: weights (batch, 1, 1, N_PAIRS)."""
        size = math.sqrt(D_MODEL)
        pairs = self.keys(questions.keys) + self.values(questions.values)  # (batch, N_PAIRS, D_MODEL)
        if self.setup.positions:
            pairs = pairs + self.places(np.arange(N_PAIRS))
        asked = self.asks(questions.asked) if self.setup.by_place else self.keys(questions.asked_keys)
        return self.attention.trace(
            size * asked[:, None], size * pairs, scale=self.scale, intervene=intervene
        )

    def gradients(
        self, questions: LookupQuestions, trace: MultiHeadTrace, grad_logits: Array
    ) -> dict[str, Array]:
        """Return the gradient of every weight."""
        size = math.sqrt(D_MODEL)
        answer = self.answer.backward(trace.output[:, 0], grad_logits)
        attention = self.attention.backward(trace, answer.inputs[0][:, None])
        query, pairs = size * attention.inputs[0], size * (attention.inputs[1] + attention.inputs[2])
        found = {name: np.zeros_like(weight) for name, weight in self.parameters().items()}
        found["keys.weight"] += self.keys.backward(questions.keys, pairs).parameters["weight"]
        found["values.weight"] += self.values.backward(questions.values, pairs).parameters["weight"]
        if self.setup.positions:
            found["places.weight"] += pairs.sum(axis=0)
        if self.setup.by_place:
            found["asks.weight"] += self.asks.backward(questions.asked[:, None], query).parameters["weight"]
        else:
            by_key = self.keys.backward(questions.asked_keys[:, None], query)
            found["keys.weight"] += by_key.parameters["weight"]
        found |= {f"attention.{name}": grad for name, grad in attention.parameters.items()}
        found |= {f"answer.{name}": grad for name, grad in answer.parameters.items()}
        return found


@dataclass(frozen=True, eq=False)
class Moment:
    """How well the head does after so many steps, on questions that it never learns from."""

    loss: float
    accuracy: float
    right_weight: float
    weights: Array  # (HELD_OUT, N_PAIRS)
    answers: npt.NDArray[np.intp]  # (HELD_OUT,)
    head: Head  # as it was then


def measure(head: Head, questions: LookupQuestions) -> Moment:
    """Ask every held-out question."""
    trace = head.look(questions)
    logits, weights = head.logits(trace), trace.attention.weights[:, 0, 0]
    answers = logits.argmax(axis=-1)
    right = weights[np.arange(len(weights)), questions.asked]
    accuracy = float((answers == questions.answers).mean())
    loss = cross_entropy(logits, questions.answers)
    return Moment(loss, accuracy, float(right.mean()), weights, answers, copy.deepcopy(head))


def learn(head: Head, adam: Adam, questions: LookupQuestions) -> None:
    """Take one step: look, compare, go back through every weight, move each a little."""
    trace = head.look(questions)
    grad_logits = cross_entropy_backward(head.logits(trace), questions.answers)
    adam.step(head.gradients(questions, trace, grad_logits))


class Run:
    """A head that learns, as far as it has been asked to: its history, and what is needed to go on."""

    def __init__(self, setup: Setup) -> None:
        rng = np.random.default_rng(setup.seed)
        head = Head(setup, rng)
        self.questions = draw_lookup_questions(HELD_OUT, N_KEYS, N_VALUES, N_PAIRS, rng)
        self.history = [measure(head, self.questions)]
        self._coming = self._go_on(head, rng)

    @property
    def known(self) -> int:
        """The last step that has been computed."""
        return len(self.history) - 1

    @property
    def looks_at(self) -> int | None:
        """The first step at which most of the weight lies on the right pair; None: not yet."""
        return next((i for i, each in enumerate(self.history) if each.right_weight > LOOKS), None)

    def step(self) -> None:
        """Learn from one more batch."""
        self.history.append(next(self._coming))

    def _go_on(self, head: Head, rng: np.random.Generator) -> Iterator[Moment]:
        adam = Adam(head.parameters(), RATE)
        while True:
            learn(head, adam, draw_lookup_questions(BATCH, N_KEYS, N_VALUES, N_PAIRS, rng))
            yield measure(head, self.questions)
