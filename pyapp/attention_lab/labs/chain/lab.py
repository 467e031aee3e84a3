"""Telephone or conference call: a message through many steps, or in one hop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from attention import Array
from attention_lab.kit.blocks import (
    Actions,
    Badge,
    Box,
    Fact,
    Facts,
    Lane,
    Line,
    Lines,
    Node,
    Path,
    Source,
    Timeline,
)
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import counted
from attention_lab.kit.frame import items_of
from attention_lab.kit.lab import Lab, derived
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Predict, Scene
from attention_lab.kit.settings import Choice, Number, Seed, Whole
from attention_lab.kit.sources import function_of
from attention_lab.kit.texts import _, lazy
from attention_lab.labs.chain import asking
from attention_lab.labs.chain.measured import (
    FARTHEST,
    LENGTHS,
    NETWORKS,
    WIDTHS,
    Passed,
    networks,
    passed_on,
    shares,
)
from attention_lab.labs.chain.presets import PRESETS

SENTENCE = (
    "The",
    "cat",
    "that",
    "lives",
    "in",
    "the",
    "house",
    "on",
    "the",
    "hill",
    "with",
    "the",
    "red",
    "roof",
    "and",
    "big",
    "garden",
    "is",
    "sleeping",
)
CALL = (lazy("queries, keys, values"), lazy("scores"), lazy("softmax"), lazy("outputs"))
PHONE, CONFERENCE = "telephone", "call"


class Chain(Lab):
    """Recurrent networks and attention, side by side."""

    presets = PRESETS

    width = Choice(8, options=WIDTHS, label=lazy("width"), said=lazy("The width"))
    strength = Number(
        1.0, bounds=(0.2, 2.0), step=0.1, label=lazy("strength of W_h"), said=lazy("The strength")
    )
    at = Whole(10, bounds=(1, FARTHEST), slider=True, label=lazy("steps"), said=lazy("The number of steps"))
    match = Number(1.0, bounds=(0.0, 4.0), step=0.1, label=lazy("match"), said=lazy("The match"))
    way = Choice(
        PHONE,
        options={PHONE: lazy("Telephone"), CONFERENCE: lazy("Conference call")},
        label=lazy("Way"),
        said=lazy("The way"),
    )
    word = Whole(1, bounds=(0, len(SENTENCE) - 2), said=lazy("The word"))
    length = Whole(6, bounds=(1, 24), slider=True, label=lazy("words"), said=lazy("The number of words"))
    seed = Seed(1)

    # What is measured

    @derived
    def passed(self) -> Passed:
        """What is left after each step, in each network."""
        return passed_on(*networks(self.seed, self.width, self.strength))

    @derived
    def shares(self) -> tuple[Array, Array]:
        """The first word's weight in one hop: random query, matching query."""
        return shares(self.seed, self.width, self.match)

    # The steps

    def telephone(self) -> Scene:
        """What is left of the message."""
        return self._scene(
            look=[self._message, self._left_facts, self._hands("strength", "at")],
            check=[
                Source(source=function_of(passed_on), shape=f"({NETWORKS}, {FARTHEST + 1}, {self.width})")
            ],
            controls=["width", "seed"],
            numbers={"networks": NETWORKS},
        )

    def back(self) -> Scene:
        """What is left of the gradient."""
        return self._scene(
            look=[self._gradient, self._back_facts, self._hands("strength", "at")],
            check=[
                Source(source=function_of(passed_on), shape=f"({NETWORKS}, {FARTHEST + 1}, {self.width})")
            ],
            controls=["width", "seed"],
        )

    def call(self) -> Scene:
        """The first word's share in one hop."""
        asked = self._asked()
        veiled = is_open(self, asked)
        return self._scene(
            look=[None if veiled else self._hop, None if veiled else self._hop_facts, self._hands("match")],
            check=[]
            if veiled
            else [Source(source=function_of(shares), shape=f"(2, {NETWORKS}, {len(LENGTHS)})")],
            controls=["width", "seed"],
            predict=asked,
        )

    def sentence(self) -> Scene:
        """The lesson's long sentence, and how far each word is."""
        return self._scene(
            look=[self._path, self._path_facts, self._hands("way")], controls=["strength", "width", "seed"]
        )

    def time(self) -> Scene:
        """Steps that wait, and steps that need not."""
        return Scene(
            look=[self._timeline, self._time_facts, self._hands("length")],
            controls=[],
            badge=Badge(
                "hand-built", _("counted"), [[_("One box is one step, however long it takes on a machine.")]]
            ),
        )

    def questions(self) -> Sequence[Question]:
        return asking.questions(self.question_numbers())

    def _asked(self) -> Predict:
        return asking.share(self.shares[0], self.seed, self.width)

    def _scene(self, **parts: Any) -> Scene:
        drawn: list[Any] = [
            [_("All matrices, words, queries and keys are drawn at random; nothing was trained.")]
        ]
        return Scene(badge=Badge("random", _("random, seed {seed}", seed=self.seed), drawn), **parts)

    def _hands(self, *names: str) -> Callable[[], Actions]:
        return lambda: Actions(items=[item for name in names for item in items_of(self, name)])

    # The pictures

    def _message(self) -> Lines:
        return self._fading(_("What is left of the first word"), _("share left"), self.passed.message)

    def _gradient(self) -> Lines:
        return self._fading(
            _("What is left of the gradient"), _("size of the gradient"), self.passed.gradient
        )

    def _fading(self, label: str, up: str, left: Array) -> Lines:
        low, middle, high = np.quantile(left, (0.25, 0.5, 0.75), axis=0)
        name = _("median of {networks} networks", networks=NETWORKS)
        return Lines(
            label=_("{label}, strength {strength}", label=label, strength=f"{self.strength:.1f}"),
            across=_("steps"),
            up=up,
            log_y=True,
            marks={counted(self.at, "step", "steps"): float(self.at)},
            series=[Line(name=name, x=np.arange(FARTHEST + 1.0), y=middle, low=low, high=high)],
        )

    def _left_facts(self) -> Facts:
        return self._facts_of(self.passed.message)

    def _back_facts(self) -> Facts:
        return self._facts_of(self.passed.gradient)

    def _facts_of(self, left: Array) -> Facts:
        here = left[:, self.at]
        middle, after = float(np.median(here)), _("after {steps}", steps=counted(self.at, "step", "steps"))
        return Facts(
            facts={
                _("left, median"): _left(middle, after),
                _("smallest"): _left(float(here.min())),
                _("largest"): _left(float(here.max())),
            }
        )

    def _hop(self) -> Lines:
        lines = [
            Line(
                name=name,
                x=LENGTHS,
                y=middle,
                low=low,
                high=high,
                tint=tint,
            )
            for name, (low, middle, high), tint in zip(
                (_("random query"), _("matching query")),
                np.quantile(self.shares, (0.25, 0.5, 0.75), axis=1).swapaxes(0, 1),
                ("k", "q"),
                strict=True,
            )
        ]
        even = Line(name=_("even share, 1/n"), x=LENGTHS, y=1 / np.array(LENGTHS))
        return Lines(
            label=_("The first word's weight in one hop"),
            across=_("words"),
            up=_("weight"),
            log_x=True,
            log_y=True,
            series=[*lines, even],
        )

    def _hop_facts(self) -> Facts:
        chance, found = (float(np.median(each[:, -1])) for each in self.shares)
        note = _("median, {farthest} words", farthest=FARTHEST)
        return Facts(
            facts={
                _("random query"): Fact(value=chance, decimals=3, note=note),
                _("matching query"): Fact(value=found, decimals=3, note=note),
                _("even share"): Fact(value=1 / FARTHEST, decimals=3),
            }
        )

    @property
    def distance(self) -> int:
        """How many steps the picked word is from the last one."""
        return len(SENTENCE) - 1 - int(self.word)

    def _path(self) -> Path:
        last = len(SENTENCE) - 1
        steps = [(i, i + 1) for i in range(last)]
        hop = self.way == CONFERENCE
        return Path(
            label=_("By one hop") if hop else _("From word to word"),
            layers=[
                [Node(label=text, set={"word": i} if i < last else None) for i, text in enumerate(SENTENCE)]
            ],
            edges=[(self.word, last)] if hop else steps,
            lit=[self.word, last] if hop else list(range(self.word, last + 1)),
            chosen=self.word,
        )

    def _path_facts(self) -> Facts:
        left = float(np.median(self.passed.message[:, self.distance]))
        return Facts(
            facts={
                _("telephone"): Fact(
                    value=counted(self.distance, "step", "steps"),
                    note=_("from “{sentence}”", sentence=SENTENCE[self.word]),
                ),
                _("left on the telephone"): _left(
                    left, _("median of {networks} random networks", networks=NETWORKS)
                ),
                _("conference call"): _("1 step"),
            }
        )

    def _timeline(self) -> Timeline:
        n = self.length
        one_by_one = [Box(start=float(i), length=1.0, label=str(i + 1)) for i in range(n)]
        gated = [
            box
            for i in range(n)
            for box in (
                Box(start=2.0 * i, length=1.0, label=_("gates {i}", i=i + 1), tint="k"),
                Box(start=2.0 * i + 1, length=1.0, label=_("state {i}", i=i + 1)),
            )
        ]
        at_once = [Box(start=float(i), length=1.0, label=part, tint="q") for i, part in enumerate(CALL)]
        return Timeline(
            label=counted(n, "word", "words"),
            lanes=[
                Lane(name=_("recurrent: word by word"), boxes=one_by_one),
                Lane(name=_("gated: word by word"), boxes=gated),
                Lane(name=_("attention: all words in each step"), boxes=at_once),
            ],
        )

    def _time_facts(self) -> Facts:
        n = self.length
        return Facts(
            facts={
                _("steps that wait"): Fact(
                    value=_("{n}, {n_2} and {call}", n=n, n_2=2 * n, call=len(CALL)),
                    note=_("recurrent, gated, attention"),
                ),
                _("pairs of words"): Fact(value=f"{n * n}", note=_("attention scores each of them")),
            }
        )


def _left(value: float, note: str = "") -> Fact:
    """What is left, and why where it is nothing: a number that small cannot be told from rounding."""
    unseen = "" if value else _("less than rounding lets one see")
    return Fact(value=value, note=", ".join(filter(None, (note, unseen))))
