"""One moment of the experiments: the sentence, the question, the test, what each model does with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attention import JOBS, Tokens, WeightsError
from attention_lab.kit.lesson import Step
from attention_lab.kit.text import tokens_of
from attention_lab.kit.texts import said_by
from attention_lab.labs.experiments.examined import (
    MAX_WORDS,
    OWN,
    START,
    Look,
    Said,
    Spot,
    Words,
    answers,
    heard,
    look,
    names_of_heads,
)
from attention_lab.labs.experiments.interventions import Change
from attention_lab.labs.experiments.jobs import fitting, jobs_at, suggested
from attention_lab.labs.experiments.reading import Reading, read

if TYPE_CHECKING:
    from attention_lab.labs.experiments.lab import Experiments


@dataclass(frozen=True, eq=False)
class Run:
    """One model, with and without the test."""

    name: str
    before: Look
    after: Look
    at: Spot  # the head that is shown, and tested
    said: Said | None
    says: Said | None  # with the test

    @property
    def answers(self) -> tuple[str | None, str | None]:
        """The answer before and after; None where no word stands out."""
        return heard(self.said), heard(self.says)

    @property
    def flips(self) -> bool:
        """Whether the answer is another one with the test."""
        before, after = self.answers
        return before != after


class Bench:
    """The lab at one moment."""

    def __init__(self, lab: Experiments, **tested: Any) -> None:
        """Look at a lab as it is, or with other `changes` or another `exchange` than are in force."""
        self.lab = lab
        self._changes = tested.get("changes", lab.changes)
        self._exchange = tested.get("exchange", lab.exchange)
        self.place = lab.place
        self.step: Step = lab.here
        self.view = str(self.step.more["view"])
        self.sentences: tuple[str, ...] = self.step.more.get("sentences", ())
        samples = self.sentences
        first = 0 if samples else OWN
        chosen = first if lab.sample is None else lab.sample
        self.sample = min(chosen, len(samples) - 1) if chosen != OWN else OWN
        self.text = lab.own if self.sample == OWN else samples[self.sample]
        self.tokens: Tokens = tokens_of(self.text, MAX_WORDS)
        self._runs: dict[str, Run | None] = {}
        self.broken: dict[str, str] = {}  # models whose file cannot be used, and why

    # The sentence

    @cached_property
    def exchange(self) -> tuple[int, int] | None:
        """The two words that change places, where both are there."""
        first, second = self._exchange or (0, 0)
        return (first, second) if first != second and max(first, second) < len(self.tokens) else None

    def moved(self, word: int) -> int:
        """Return where a word stands once the exchange is made, or where it stood before."""
        first, second = self.exchange or (0, 0)
        return {first: second, second: first}.get(word, word) if self.exchange else word

    @cached_property
    def words(self) -> Words:
        """The words as they are shown: after the exchange."""
        return self._exchanged(self.tokens.texts)

    def _exchanged(self, words: Words) -> Words:
        return tuple(words[self.moved(i)] for i in range(len(words)))

    @cached_property
    def reading(self) -> Reading:
        """The learner's sentence as the small models read it."""
        return read(self.tokens.texts, dict(map(tuple, self.lab.kinds)))

    @cached_property
    def shown(self) -> Reading:
        """What is on the screen, after the exchange, as the small models read it."""
        return read(self.words, dict(map(tuple, self.lab.kinds))) if self.exchange else self.reading

    # The question

    @cached_property
    def job(self) -> str:
        """What is asked: what the learner or the step wants, where that makes sense for the word."""
        wanted = self.lab.job or self.step.more.get("job") or JOBS[0]
        words = self.tokens.texts
        if not self._chosen:
            return fitting(wanted, words, self.reading)
        possible = jobs_at(self.moved(self._chosen[0]), words, self.reading)
        return wanted if wanted in possible else possible[0]

    @property
    def asks_as_the_step(self) -> bool:
        """Whether the question is the one that the step is about."""
        return self.job == self.step.more.get("job")

    @property
    def _chosen(self) -> tuple[int, int] | None:
        """The two words that the learner chose, where both are there."""
        n, chosen = len(self.words), self.lab.asked
        sound = chosen and 0 <= chosen[0] < n and chosen[1] < n and chosen[0] != chosen[1]
        return (int(chosen[0]), int(chosen[1])) if sound else None

    @cached_property
    def query(self) -> int:
        """The word that is asked about."""
        return self._question[0]

    @cached_property
    def key(self) -> int:
        """The word that it is asked to look at; START for what stands before the first."""
        return self._question[1]

    @cached_property
    def rival(self) -> int:
        """The word that the key is tested against."""
        chosen = self.lab.rival
        wrong = (self.query, self.key)
        if chosen is not None and chosen < len(self.words) and chosen not in wrong:
            return int(chosen)
        return next((word for word in self._likely if word not in wrong), START)

    @cached_property
    def _question(self) -> tuple[int, int]:
        if self._chosen:
            return self._chosen
        query = self._likely_query
        return query, next((word for word in self._likely if word != query), START)

    def words_at(self, row: int, col: int) -> list[int] | None:
        """Return the words of a cell of the map; None where it is no pair of them."""
        run, last = self.run, len(self.words)
        query, key = (run.after.owners[row], run.after.owners[col]) if run else (START, START)
        return [query, key] if 0 <= query < last and key < last and query != key else None

    @cached_property
    def _likely_query(self) -> int:
        if self._asks:
            return self._asks[0]
        return self.moved(suggested(self.job, self.tokens.texts, self.reading))

    @property
    def _links(self) -> Mapping[int, tuple[int, int | None]]:
        """What the grammar answers at each word: (right, in its way), counted as the models do."""
        return self.reading.links.get(self.job, {})

    @cached_property
    def _asks(self) -> list[int]:
        """Where the words stand that the lab file asks about; nothing for the learner's own sentence."""
        if self.sample == OWN or not self.asks_as_the_step:
            return []
        words = [word.lower() for word in self.tokens.texts]
        return [self.moved(words.index(word)) for word in self.step.more["asks"][self.sample].split()]

    @cached_property
    def _likely(self) -> list[int]:
        """Words to look at, the best first: those of the lab file, then those that the reader finds."""
        found = self._asks[1:]
        link = self._links.get(self.moved(self._asked_query()) + 1, ())
        found += [self.moved(place - 1) for place in link if place and place <= len(self.words)]
        return [*found, *self._found_by_reader(), *range(len(self.words))]

    def _found_by_reader(self) -> list[int]:
        """The words by how much the read head for this job looks at them."""
        if not self.reading.words:
            return []
        try:
            seen = look("reader", 0, self._exchanged(self.reading.words))
        except WeightsError:
            return []
        layer, head = next(spot for spot, job in names_of_heads("reader").items() if job == self.job)
        row = seen.layers[layer][head][seen.tokens_of(self._asked_query())[0]]
        best = [seen.owners[place] for place in row.argsort()[::-1]]
        return [word for word in best if 0 <= word < len(self.words)]

    def _asked_query(self) -> int:
        return self._chosen[0] if self._chosen else self._likely_query

    # The test

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The changes of weights whose words are all in the sentence."""
        last = len(self.words)
        kept = []
        for change in self._changes:
            words = change[1:3] if change[0] == "set" else change[1:]
            if all(word < last for word in words) and (not words or words[0] >= 0):
                kept.append(tuple(change))
        return tuple(kept)

    @property
    def tested(self) -> bool:
        """Whether anything is changed at all."""
        return bool(self.changes or self.exchange)

    # The models

    @property
    def run(self) -> Run | None:
        """The model whose maps are shown; None where it cannot read the sentence."""
        return self.run_of(self.lab.examined)

    def run_of(self, name: str) -> Run | None:
        """Run a model, with and without the test; None where it cannot read the sentence or is not there."""
        if name not in self._runs:
            try:
                self._runs[name] = self._run(name)
            except WeightsError as error:
                self._runs[name], self.broken[name] = None, said_by(error)
        return self._runs[name]

    def _run(self, name: str) -> Run | None:
        if name == "minilm" and "minilm" not in self.lab.optional:
            return None
        plain = self.tokens.texts if name == "minilm" else self.reading.words
        if not plain:
            return None
        seed = self.lab.seed if name == "random" else 0
        before = look(name, seed, plain)
        swapped = self._exchanged(plain)
        unchanged = look(name, seed, swapped)
        at = self._spot(name, unchanged)
        scope = at if self.lab.scope == "head" else None
        after = look(name, seed, swapped, self.changes, scope) if self.changes else unchanged
        said = says = None
        if answers(name) and before.answer and after.answer:
            said = before.answer(self.job, before.tokens_of(self.moved(self.query))[0])
            says = after.answer(self.job, after.tokens_of(self.query)[0])
        return Run(name, before, after, at, said, says)

    def _spot(self, name: str, seen: Look) -> Spot:
        """The head that was chosen; else the one with the job's name, or that looks most as is asked."""
        chosen = self.lab.at
        if name == self.lab.examined and chosen and tuple(chosen) in seen.spots:
            return int(chosen[0]), int(chosen[1])
        for spot, job in names_of_heads(name).items():
            if job == self.job:
                return spot
        return seen.spots[int(seen.between(self.query, self.key).argmax())]
