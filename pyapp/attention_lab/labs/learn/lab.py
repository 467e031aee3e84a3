"""A head learns to look something up, live: its history is computed as far as the player has come."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from attention import Array
from attention_lab.kit.blocks import (
    Actions,
    Axis,
    Badge,
    Fact,
    Facts,
    Fill,
    Grids,
    Line,
    Lines,
    Matrix,
    Panel,
    Player,
    Prose,
    Source,
    Words,
)
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.frame import items_of
from attention_lab.kit.lab import Draft, Lab
from attention_lab.kit.markup import it
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Group, Predict, Scene
from attention_lab.kit.settings import MAX_SEED, Choice, Flag, Seed, Whole
from attention_lab.kit.sources import function_of
from attention_lab.kit.texts import _, lazy, phrase
from attention_lab.labs.learn import asking
from attention_lab.labs.learn.learning import (
    BATCH,
    D_MODEL,
    HELD_OUT,
    N_PAIRS,
    N_VALUES,
    STEPS,
    Moment,
    Run,
    Setup,
    learn,
)
from attention_lab.labs.learn.presets import PRESETS

RATE = 6.0
TRIALS = {"none": lazy("as it is"), "cut": lazy("cut the arrow"), "swap": lazy("move it on")}
_KEPT = 4  # runs that are kept: those on the screen, and a few before


class Learn(Lab):
    """One head, one seed; each step of learning is computed when the player comes to it."""

    presets = PRESETS

    slice_seconds: ClassVar[float] = 0.03
    """How long a change may go on learning, besides one step that it always takes."""

    t = Whole(0, bounds=(0, STEPS), said=lazy("The step of learning"), lock=None)
    carry = Whole(0, bounds=(0, MAX_SEED), said=lazy("Carry on"), lock=None, linked=False)
    scaled = Flag(True, label=lazy("divide by √d_k"), said=lazy("The scaling"))
    positions = Flag(False, label=lazy("add positions"), said=lazy("Positions"))
    question = Whole(0, bounds=(0, HELD_OUT - 1), said=lazy("The question"), lock=None)
    trial = Choice("none", options=TRIALS, label=lazy("the arrow"), said=lazy("The test of the arrow"))
    seed = Seed(1, label=lazy("seed of the run"))

    def __init__(self) -> None:
        self._runs: dict[Setup, Run] = {}
        super().__init__()

    # The runs

    def setups(self, values: dict[str, Any]) -> list[Setup]:
        """Return the runs of a step: one, or two to compare."""
        seed = values["seed"]
        match values["step"]:
            case "scaling":
                return [Setup(seed), Setup(seed, scaled=False)]
            case "places":
                return [
                    Setup(seed, positions=True, by_place=True),
                    Setup(seed, positions=False, by_place=True),
                ]
        return [Setup(seed, values["scaled"], values["positions"])]

    def run_of(self, setup: Setup) -> Run:
        """Return a run as far as it has come."""
        if setup not in self._runs:
            while len(self._runs) >= _KEPT:
                del self._runs[next(iter(self._runs))]
            self._runs[setup] = Run(setup)
        return self._runs[setup]

    @property
    def runs(self) -> list[Run]:
        """The runs that are on the screen."""
        return [self.run_of(setup) for setup in self.setups(self.choices())]

    def settle(self, draft: Draft) -> None:
        """Let the runs on the screen learn towards the step that the player asks for, for a moment."""
        runs = [self.run_of(setup) for setup in self.setups(draft.values)]
        end = time.perf_counter() + self.slice_seconds
        while behind := [run for run in runs if run.known < draft.values["t"]]:
            min(behind, key=lambda run: run.known).step()
            if time.perf_counter() >= end and min(run.known for run in runs) > 0:
                break

    @property
    def now(self) -> int:
        """The step that is shown: the one that is asked for, or the last that is computed in every run."""
        return int(min(self.t, *(run.known for run in self.runs)))

    @property
    def moments(self) -> list[Moment]:
        """How the runs on the screen do at that step."""
        return [run.history[self.now] for run in self.runs]

    # The steps

    def watch(self) -> Scene:
        """The heat map forms."""
        return self._scene(
            look=[self._map, self._player, self._behind],
            check=[self._example, self._facts],
            controls=[Group(_("The run"), [*self._flags(), *self._seed()])],
            predict=self._asked,
            numbers=lambda: {"n_pairs": N_PAIRS, "step": self.now},
        )

    def loss(self) -> Scene:
        """Loss, right answers and right weight over the steps."""
        return self._scene(
            look=[self._curves, self._player, self._behind],
            check=[
                self._facts,
                Source(source=function_of(learn), shape=f"({BATCH}, {N_PAIRS}) → 1 step"),
            ],
            controls=[Group(_("The run"), [*self._flags(), *self._seed()])],
            predict=self._asked,
            numbers=lambda: {
                "n_values": N_VALUES,
                "guessing": number(math.log(N_VALUES), 2),
                "batch": BATCH,
                "held_out": HELD_OUT,
            },
        )

    def scaling(self) -> Scene:
        """With and without the division."""
        return self._compare(_("with scaling"), _("without"), [self._why_scaling])

    def places(self) -> Scene:
        """Asked by place, with and without positions."""
        return self._compare(_("with positions"), _("without"), [self._why_places])

    def arrow(self) -> Scene:
        """Cut the arrow, or move it."""
        return self._scene(
            look=[self._arrows, self._trial_facts, self._trial_actions, self._player, self._behind],
            check=[
                self._verdict,
                Source(source=function_of(moved), shape=f"({HELD_OUT}, 1, 1, {N_PAIRS})"),
            ],
            controls=[Group(_("The run"), [*self._flags(), *self._seed()])],
        )

    def _compare(self, first: str, second: str, check: list[Any]) -> Scene:
        return self._scene(
            look=[partial(self._both, (first, second)), self._player, self._behind],
            check=check,
            controls=[Group(_("The run"), self._seed())],
            numbers=lambda: {
                "step": self.now,
                "right": number(self.moments[0].right_weight, 2),
                "other": number(self.moments[1].right_weight, 2),
            },
        )

    def _scene(self, **parts: Any) -> Scene:
        return Scene(badge=self._badge, **parts)

    def _flags(self) -> list[Any]:
        return [*items_of(self, "scaled"), *items_of(self, "positions")]

    def _seed(self) -> list[Any]:
        return items_of(self, "seed")

    # The pictures

    def _player(self) -> Player:
        behind = self.now < self.t
        words = _("step {now} of {steps}", now=self.now, steps=STEPS)
        return Player(
            label=_("Learning"),
            setting="t",
            value=self.t,
            length=STEPS + 1,
            rate=RATE,
            shown=_("{words}, not computed further yet", words=words) if behind else words,
        )

    def _behind(self) -> Actions | None:
        if self.now == self.t:
            return None
        more = {
            "type": "button",
            "label": _("Carry on"),
            "action": "carry",
            "set": {"carry": (self.carry + 1) % MAX_SEED},
            "goes_on": True,
        }
        note = {
            "type": "note",
            "text": [_("Computed to step {now}; you asked for step {t}.", now=self.now, t=self.t)],
        }
        return Actions(items=[note, more])

    @property
    def by_place(self) -> Array:  # (N_PAIRS, N_PAIRS)
        """The mean weights of the questions whose right pair stands in each place."""
        weights, asked = self.moments[0].weights, self.runs[0].questions.asked
        return np.array([weights[asked == place].mean(axis=0) for place in range(N_PAIRS)])

    def _map(self) -> Grids:
        names = [str(i + 1) for i in range(N_PAIRS)]
        mean = self.moments[0].right_weight
        return Grids(
            step=f"{self.step}-{self.seed}",
            tables=["weights"],
            n=N_PAIRS,
            panels=[
                Panel(
                    title=_("Step {now}: where it looks", now=self.now),
                    said=_("{mean} of the weight lies on the right pair", mean=number(mean, 2)),
                    matrix=Matrix(
                        id="weights",
                        values=self.by_place,
                        words=_("mean weights on held-out questions"),
                        rows=Axis(axis="asked", dim=_("right pair"), labels=names),
                        cols=Axis(axis="pair", dim=_("looks at pair"), labels=names),
                        fill=Fill(kind="weights"),
                        decimals=2,
                        sums=True,
                    ),
                )
            ],
        )

    def _curves(self) -> Lines:
        history = self.runs[0].history[: self.now + 1]
        x = range(len(history))
        return Lines(
            label=_("Loss, right answers and right weight while it learns"),
            across=_("step"),
            up=_("share, or nats"),
            from_zero=True,
            marks=self._marks(),
            levels={_("loss of a guess"): math.log(N_VALUES)},
            series=[
                Line(name=_("loss"), x=x, y=[each.loss for each in history]),
                Line(name=_("right answers"), x=x, y=[each.accuracy for each in history]),
                Line(name=_("weight on the right pair"), x=x, y=[each.right_weight for each in history]),
            ],
        )

    def _marks(self) -> dict[str, float]:
        """Where the run is and where it ends: the axis holds all of it from the start."""
        return {_("now"): float(self.now), _("end"): float(STEPS)}

    def _both(self, names: tuple[str, str]) -> Lines:
        series = [
            Line(
                name=f"{what}, {name}",
                x=range(self.now + 1),
                y=[getattr(each, field) for each in run.history[: self.now + 1]],
            )
            for name, run in zip(names, self.runs, strict=True)
            for what, field in ((_("weight"), "right_weight"), (_("answers"), "accuracy"))
        ]
        return Lines(
            label=_("Weight on the right pair, and right answers"),
            across=_("step"),
            up=_("share"),
            from_zero=True,
            marks=self._marks(),
            levels={_("an even share"): 1 / N_PAIRS, _("all"): 1.0},
            series=series,
        )

    def _facts(self) -> Facts:
        moment = self.moments[0]
        return Facts(
            label=_("At step {now}", now=self.now),
            facts={
                _("weight on the right pair"): Fact(value=moment.right_weight, decimals=2),
                _("right answers"): Fact(
                    value=moment.accuracy, decimals=2, note=_("of {held_out} questions", held_out=HELD_OUT)
                ),
                _("loss"): Fact(
                    value=moment.loss,
                    decimals=2,
                    note=_("nats: −ln of the probability of the right answer, on average"),
                ),
            },
        )

    def _pairs(self) -> tuple[list[str], str]:
        questions = self.runs[0].questions
        row = self.question
        pairs = zip(questions.keys[row].tolist(), questions.values[row].tolist(), strict=True)
        return [f"k{key} v{value}" for key, value in pairs], f"k{questions.asked_keys[row]} ?"

    def _example(self) -> Words:
        pairs, asked = self._pairs()
        return Words(
            label=_("One of the questions"),
            words=[asked],
            onto=pairs,
            weights=self.moments[0].weights[[self.question]],
            chosen=0,
            columns=True,
            heads=(_("asks"), _("pairs")),
        )

    # Testing the arrow

    @property
    def tried(self) -> tuple[Array, npt.NDArray[np.intp]]:
        """Weights (HELD_OUT, N_PAIRS) and answers (HELD_OUT,) with the arrows as they are tried."""
        moment, questions = self.moments[0], self.runs[0].questions
        if self.trial == "none":
            return moment.weights, moment.answers

        def look() -> tuple[Array, npt.NDArray[np.intp]]:
            trace = moment.head.look(questions, partial(moved, self.trial, questions.asked))
            return trace.attention.weights[:, 0, 0], moment.head.logits(trace).argmax(axis=-1)

        return self.derive("tried", (moment, self.trial), look)

    def _arrows(self) -> Words:
        pairs, asked = self._pairs()
        weights, answers = self.tried
        return Words(
            label=_(
                "Question {question}: the head answers v{answers}",
                question=self.question + 1,
                answers=answers[self.question],
            ),
            words=[asked],
            onto=pairs,
            weights=weights[[self.question]],
            chosen=0,
            heads=(_("asks"), _("pairs")),
        )

    @property
    def beside(self) -> npt.NDArray[np.integer[Any]]:  # (HELD_OUT,)
        """The value of the pair after the right one, for each question."""
        questions = self.runs[0].questions
        return questions.values[np.arange(HELD_OUT), (questions.asked + 1) % N_PAIRS]

    def shares(self) -> tuple[float, float]:
        """How often the answer is that of the right pair, and that of the pair beside it."""
        questions, (_, answers) = self.runs[0].questions, self.tried
        return float((answers == questions.answers).mean()), float((answers == self.beside).mean())

    def _trial_facts(self) -> Facts:
        right, beside = self.shares()
        return Facts(
            facts={
                _("answers of the right pair"): Fact(
                    value=right, decimals=2, note=_("of {held_out} questions", held_out=HELD_OUT)
                ),
                _("answers of the pair after it"): Fact(value=beside, decimals=2),
            }
        )

    def _trial_actions(self) -> Actions:
        other = {
            "type": "button",
            "label": _("Another question"),
            "action": "next-question",
            "set": {"question": (self.question + 1) % HELD_OUT},
        }
        return Actions(items=[*items_of(self, "trial"), other])

    def _verdict(self) -> Prose:
        right, beside = self.shares()
        said = {
            "none": _("Nothing is changed: choose a test."),
            "cut": _("The arrow to the right pair is taken away, and its weight shared among the others."),
            "swap": _("The weights of the right pair and of the one after it are exchanged."),
        }[self.trial]
        alike = float((self.beside == self.runs[0].questions.answers).mean())
        found = _("{right} % of answers are those of the right pair", right=number(100 * right, 0))
        return Prose(
            heading=_("What the test says"),
            paragraphs=[
                [said],
                [
                    _(
                        "{found}, {beside} % those of the pair after it.",
                        found=found,
                        beside=number(100 * beside, 0),
                    )
                ],
                [
                    _(
                        "In {alike} % of questions these two pairs have the same value, and an answer "
                        "with it counts for both.",
                        alike=number(100 * alike, 0),
                    )
                ],
            ],
        )

    # Words

    def _why_scaling(self) -> Prose:
        first, second = (run.looks_at for run in self.runs)
        return Prose(
            heading=_("Which is quicker here"),
            paragraphs=[
                [
                    _(
                        "With scaling, {reached}. Without, {reached_2}.",
                        reached=_reached(first),
                        reached_2=_reached(second),
                    )
                ],
                [
                    _(
                        "Undivided scores are larger from the start: softmax is sharper before "
                        "anything is learned. Of the seeds 1 to 6, four learn more slowly so, "
                        "and two as quickly or more."
                    )
                ],
            ],
        )

    def _why_places(self) -> Prose:
        answers = self.moments[1].accuracy
        return Prose(
            heading=_("What is left without positions"),
            paragraphs=[
                [
                    _(
                        "Without positions {answers} % of answers are right at this step. It "
                        "cannot tell which of the {n_pairs} pairs is meant; it can learn to "
                        "guess a value that is among them.",
                        answers=number(100 * answers, 0),
                        n_pairs=N_PAIRS,
                    )
                ],
                [
                    _(
                        "Asked by key, order does not matter, and the head of the first steps "
                        "needs no positions."
                    )
                ],
            ],
        )

    def _asked(self) -> Predict:
        return asking.asked_steps(self.setups(self.choices())[0], self.runs[0].looks_at, self.t)

    def _badge(self) -> Badge:
        return Badge(
            "trained",
            _("trained here, seed {seed}", seed=self.seed),
            [
                phrase(
                    "One head with {d} = {d_model}, learning in this page from random "
                    "questions. It is measured on {held_out} questions that it never learns "
                    "from.",
                    d=it("d"),
                    d_model=D_MODEL,
                    held_out=HELD_OUT,
                )
            ],
        )

    def questions(self) -> Sequence[Question]:
        """Return the questions at the end."""
        return asking.questions(self.question_numbers())


def moved(trial: str, asked: npt.NDArray[np.integer[Any]], weights: Array) -> Array:
    """Cut each question's arrow to the right pair, or exchange its weight with the next pair's."""
    rows, after = np.arange(len(asked)), (asked + 1) % N_PAIRS
    new = weights.copy()
    if trial == "cut":
        new[rows, 0, 0, asked] = 0.0
        new /= new.sum(axis=-1, keepdims=True)
    if trial == "swap":
        new[rows, 0, 0, asked] = weights[rows, 0, 0, after]
        new[rows, 0, 0, after] = weights[rows, 0, 0, asked]
    return new


def _reached(step: int | None) -> str:
    return (
        _("it does not look at the right pair yet")
        if step is None
        else _("it looks at the right pair from step {step}", step=step)
    )
