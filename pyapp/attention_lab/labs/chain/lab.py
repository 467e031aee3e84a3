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
from attention_lab.kit.frame import items_of
from attention_lab.kit.lab import Lab, derived
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Predict, Scene
from attention_lab.kit.settings import Choice, Number, Seed, Whole
from attention_lab.kit.sources import function_of
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
    visible,
)

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
CALL = ("queries, keys, values", "scores", "softmax", "outputs")
PHONE, CONFERENCE = "telephone", "call"


class Chain(Lab):
    """Recurrent networks and attention, side by side."""

    width = Choice(8, options=WIDTHS, label="width", said="The width")
    strength = Number(1.0, bounds=(0.2, 2.0), step=0.1, label="strength of W_h", said="The strength")
    at = Whole(10, bounds=(1, FARTHEST), slider=True, label="steps", said="The number of steps")
    match = Number(1.0, bounds=(0.0, 4.0), step=0.1, label="match", said="The match")
    way = Choice(
        PHONE, options={PHONE: "Telephone", CONFERENCE: "Conference call"}, label="Way", said="The way"
    )
    word = Whole(1, bounds=(0, len(SENTENCE) - 2), said="The word")
    length = Whole(6, bounds=(1, 24), slider=True, label="words", said="The number of words")
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
                "hand-built", "counted", [["One box is one step, however long it takes on a machine."]]
            ),
        )

    def questions(self) -> Sequence[Question]:
        return asking.questions(self.question_numbers())

    def _asked(self) -> Predict:
        return asking.share(self.shares[0], self.seed, self.width)

    def _scene(self, **parts: Any) -> Scene:
        drawn: list[Any] = [
            ["All matrices, words, queries and keys are drawn at random; nothing was trained."]
        ]
        return Scene(badge=Badge("random", f"random, seed {self.seed}", drawn), **parts)

    def _hands(self, *names: str) -> Callable[[], Actions]:
        return lambda: Actions(items=[item for name in names for item in items_of(self, name)])

    # The pictures

    def _message(self) -> Lines:
        return self._fading("What is left of the first word", "share left", self.passed.message)

    def _gradient(self) -> Lines:
        return self._fading("What is left of the gradient", "size of the gradient", self.passed.gradient)

    def _fading(self, label: str, up: str, left: Array) -> Lines:
        low, middle, high = (visible(np.quantile(left, part, axis=0)) for part in (0.25, 0.5, 0.75))
        name = f"median of {NETWORKS} networks"
        return Lines(
            label=f"{label}, strength {self.strength:.1f}",
            across="steps",
            up=up,
            log_y=True,
            marks={f"{self.at} steps": float(self.at)},
            series=[Line(name=name, x=np.arange(FARTHEST + 1.0), y=middle, low=low, high=high)],
        )

    def _left_facts(self) -> Facts:
        return self._facts_of(self.passed.message)

    def _back_facts(self) -> Facts:
        return self._facts_of(self.passed.gradient)

    def _facts_of(self, left: Array) -> Facts:
        here = left[:, self.at]
        return Facts(
            facts={
                "left, median": Fact(value=float(np.median(here)), note=f"after {self.at} steps"),
                "least": float(here.min()),
                "most": float(here.max()),
            }
        )

    def _hop(self) -> Lines:
        lines = [
            Line(
                name=name,
                x=LENGTHS,
                y=np.median(found, axis=0),
                low=np.quantile(found, 0.25, axis=0),
                high=np.quantile(found, 0.75, axis=0),
                tint=tint,
            )
            for name, found, tint in zip(
                ("random query", "matching query"), self.shares, ("k", "q"), strict=True
            )
        ]
        even = Line(name="even share, 1/n", x=LENGTHS, y=1 / np.array(LENGTHS))
        return Lines(
            label="The first word's weight in one hop",
            across="words",
            up="weight",
            log_x=True,
            log_y=True,
            series=[*lines, even],
        )

    def _hop_facts(self) -> Facts:
        chance, found = (float(np.median(each[:, -1])) for each in self.shares)
        note = f"median, {FARTHEST} words"
        return Facts(
            facts={
                "random query": Fact(value=chance, decimals=3, note=note),
                "matching query": Fact(value=found, decimals=3, note=note),
                "even share": Fact(value=1 / FARTHEST, decimals=3),
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
            label="By one hop" if hop else "From word to word",
            layers=[[Node(label=text, set={"word": min(i, last - 1)}) for i, text in enumerate(SENTENCE)]],
            edges=[(self.word, last)] if hop else steps,
            lit=[self.word, last] if hop else list(range(self.word, last + 1)),
            chosen=self.word,
        )

    def _path_facts(self) -> Facts:
        left = float(np.median(self.passed.message[:, self.distance]))
        return Facts(
            facts={
                "telephone": Fact(value=f"{self.distance} steps", note=f"from “{SENTENCE[self.word]}”"),
                "left on the telephone": Fact(value=left, note=f"median of {NETWORKS} random networks"),
                "conference call": "1 step",
            }
        )

    def _timeline(self) -> Timeline:
        n = self.length
        one_by_one = [Box(start=float(i), length=1.0, label=str(i + 1)) for i in range(n)]
        gated = [
            box
            for i in range(n)
            for box in (
                Box(start=2.0 * i, length=1.0, label=f"gates {i + 1}", tint="k"),
                Box(start=2.0 * i + 1, length=1.0, label=f"state {i + 1}"),
            )
        ]
        at_once = [Box(start=float(i), length=1.0, label=part, tint="q") for i, part in enumerate(CALL)]
        return Timeline(
            label=f"{n} words",
            lanes=[
                Lane(name="recurrent: word by word", boxes=one_by_one),
                Lane(name="gated: word by word", boxes=gated),
                Lane(name="attention: all words in each step", boxes=at_once),
            ],
        )

    def _time_facts(self) -> Facts:
        n = self.length
        return Facts(
            facts={
                "steps that wait": Fact(
                    value=f"{n}, {2 * n} and {len(CALL)}", note="recurrent, gated, attention"
                ),
                "pairs of words": Fact(value=f"{n * n}", note="attention scores each of them"),
            }
        )
