"""How the small encoders learn: by the answers to questions about invented sentences.

Every sentence asks at each of its words: what is the answer of this job? At a pronoun it is the word that it
stands for, at a verb its subject, at an adjective the noun, at any word the one before it. Where a job has
nothing to answer, the right word is "<s>". The labels are words; where to look is told to nobody.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attention.grad import Gradients, cross_entropy, cross_entropy_backward
from attention.initial import generator
from attention.models.encoder import JOBS, Ids, Places, SmallEncoder, TraceT
from attention.models.vocabulary import PADDING, START, Vocabulary
from attention.optim import Adam
from attention.train.descent import DECAY, HIGHEST, descend
from attention.train.dropping import draw_factors, gradients_through, multiplied
from attention.train.english import Sentence, sample
from attention.train.recipe import Progress

__all__ = ["Batch", "Plan", "batch_of", "train_encoder", "with_kinds"]

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is trained."""

    steps: int = 1200
    batch: int = 64
    sentences: int = 40_000
    lr: float = HIGHEST
    warmup: int = 150
    job_weights: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)  # of JOBS
    nothing_weight: float = 0.2  # of all places, for each job, where it has nothing to answer
    nothing_share: float = 0.15  # how many of these are asked
    previous_share: float = 1.0  # and how many words are asked for the one before them
    heads_dropped: float = 0.0  # with which probability a head of a block is left out, anew at each step


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Sentences as numbers."""

    ids: Ids  # (batch, seq)
    right: Ids  # (batch, n_jobs, seq)   position of the right word; NOWHERE where nothing is asked


def batch_of(sentences: Sequence[Sentence], vocabulary: Vocabulary) -> Batch:
    """Write sentences as numbers, all as long as the longest.

    >>> batch = batch_of([sample(random.Random(0), "train")], Vocabulary())
    >>> batch.right.shape == (1, 4, batch.ids.shape[1])
    True
    """
    seq = 1 + max(len(sentence.words) for sentence in sentences)
    ids = np.full((len(sentences), seq), vocabulary.id(PADDING))  # (batch, seq)
    right = np.full((len(sentences), len(JOBS), seq), NOWHERE)  # (batch, n_jobs, seq)
    for number, sentence in enumerate(sentences):
        ids[number, : len(sentence.words) + 1] = vocabulary.ids([START, *sentence.words])
        right[number, :, 1 : len(sentence.words) + 1] = 0
        for job, links in enumerate(sentence.links[name] for name in JOBS):
            for query, (target, _) in links.items():
                right[number, job, query] = target
    return Batch(ids, right)


def with_kinds(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Ids:
    """Put kinds in the place of every other word that has one, in a quarter of the sentences."""
    kinds = [vocabulary.kind(word) for word in vocabulary.words]
    table = np.array(
        [vocabulary.id(kind or word) for kind, word in zip(kinds, vocabulary.words, strict=True)]
    )
    replaced = (rng.random((len(ids), 1)) < 0.25) & (rng.random(ids.shape) < 0.5)
    return np.where(replaced, table[ids], ids)


def train_encoder(model: SmallEncoder[TraceT], plan: Plan, seed: int) -> Iterator[Progress]:
    """Train a model in place, and tell the loss before each step.

    theta = AdamW(theta, gradient of the mean of -ln softmax(logits)_right word)
    (Loshchilov and Hutter 2019, algorithm 2)
    """
    draw, rng = random.Random(seed), generator(seed)
    drawn = [sample(draw, "train") for _ in range(plan.sentences)]

    def gradients() -> tuple[float, Gradients]:
        chosen = [drawn[number] for number in rng.integers(0, len(drawn), plan.batch)]
        batch = batch_of(chosen, model.vocabulary)
        ids = with_kinds(batch.ids, model.vocabulary, rng)
        places, weights = _asked(batch, plan, rng)
        sentences, jobs, queries = places
        targets = ids[sentences, batch.right[sentences, jobs, queries]]  # (n,)
        factors = draw_factors(model, plan.heads_dropped, rng)
        with multiplied(model, factors):
            trace = model.trace_ids(ids)
            logits = model.logits(trace, places)  # (n, vocab)
            grads = model.backward(trace, places, cross_entropy_backward(logits, targets, weights))
        return cross_entropy(logits, targets, weights), gradients_through(factors, grads)

    return descend(Adam(model.parameters(), plan.lr, weight_decay=DECAY), gradients, plan.steps, plan.warmup)


def _asked(batch: Batch, plan: Plan, rng: np.random.Generator) -> tuple[Places, npt.NDArray[np.float64]]:
    """Choose where answers are asked for, and say how much each counts."""
    something = batch.right > 0  # (batch, n_jobs, seq)
    something[:, JOBS.index("previous"), 1] = True  # before the first word stands "<s>", indeed
    previous = something[:, JOBS.index("previous")]  # (batch, seq)
    previous &= rng.random(previous.shape) < plan.previous_share
    nothing = (batch.right == 0) & ~something & (rng.random(batch.right.shape) < plan.nothing_share)
    sentences, jobs, queries = np.nonzero(something | nothing)
    places: Places = (sentences, jobs, queries)
    weights = np.zeros(len(sentences))
    for job, weight in enumerate(plan.job_weights):
        here, full = jobs == job, something[places]
        weights[here & full] = weight / max(1, (here & full).sum())
        weights[here & ~full] = weight * plan.nothing_weight / max(1, (here & ~full).sum())
    return places, weights
