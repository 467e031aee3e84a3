"""One setting of every kind, and a hook of every kind."""

from __future__ import annotations

from typing import Any, ClassVar

from attention_lab.kit.blocks import Prose
from attention_lab.kit.lab import Draft, Lab, derived
from attention_lab.kit.scene import Peek, Scene
from attention_lab.kit.settings import (
    Answers,
    Cells,
    Choice,
    Flag,
    Index,
    Number,
    Numbers,
    Picked,
    Seed,
    Sentence,
    Text,
    Whole,
)


class Toy(Lab):
    """A lab of no lesson."""

    words = Sentence("one two three", most=5)
    size = Whole(4, bounds=(1, 1_000_000_000), label="size", said="The size", log=True, group="Sizes")
    count = Whole(2, bounds=(1, 9), label="count", said="The count", suffix="of them", group="Sizes")
    seed = Seed(7)
    at = Index(0, said="The place")
    share = Number(0.5, bounds=(0, 1), optional=True, label="share", said="The share")
    power = Number(1.0, bounds=(-2_000_000, 2_000_000), digits=6, label="power", said="The power")
    on = Flag(False, label="On", said="The switch")
    kind = Choice("a", options={"a": "A", "b": "B", None: "neither"}, label="Kind", said="The kind")
    width = Choice(2, options=(2, 4, 8), select=True, label="width", said="The width")
    term = Text("x", said="The term")
    cells = Cells(side=5, said="The cells", refusal="click one")
    cell = Picked(matrices=["m", "n"])
    over = Picked(matrices=["m", "n"], linked=False, peek=True)
    pair = Numbers("pair", 2, bounds=(-1, 99))
    typed = Answers()

    steps_of_old: ClassVar[dict[str, str]] = {"begin": "first"}
    made = 0

    def first(self) -> Scene:
        """The first step."""
        return Scene(
            look=[lambda: Prose(paragraphs=[["words"]])],
            check=[Peek(lambda: None)],
            numbers={"n": self.n},
        )

    def second(self) -> Scene:
        """The second step."""
        return Scene(controls=["size", "kind"])

    def take_kind(self, draft: Draft, kind: Any) -> None:
        """Another kind starts anew."""
        draft.values.update(kind=kind, cell=None)

    def left(self, draft: Draft) -> None:
        """A cell belongs to its step."""
        draft.values.update(cell=None)

    def settle(self, draft: Draft) -> None:
        """The place lies within the words."""
        n = len(draft.values["words"].split())
        draft.values["at"] = min(draft.values["at"], n - 1)

    @property
    def n(self) -> int:
        """How many words."""
        return len(self.words.split())

    def doubled(self) -> int:
        """Twice as many."""
        return 2 * self.n

    @derived
    def through_a_property(self) -> int:
        """It reads the sentence by a property, and by a method that reads it by a property."""
        self.lesson_was_made()
        return self.n + self.doubled()

    @derived
    def on_top(self) -> int:
        """It reads another derived value."""
        return self.through_a_property + self.count

    @derived
    def many(self) -> bool:
        """It comes out the same for many sentences."""
        return self.n > 1

    @derived
    def on_many(self) -> str:
        """It reads that, and no sentence."""
        self.lesson_was_made()
        return "many" if self.many else "few"

    def lesson_was_made(self) -> None:
        """Count how often something was made."""
        Toy.made += 1
