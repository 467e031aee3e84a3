"""Beyond sentences: patches of a picture, searches and code that look at each other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from attention import Array
from attention_lab.kit.blocks import (
    Actions,
    Axis,
    Badge,
    Drawing,
    Fact,
    Facts,
    Field,
    Fill,
    Grids,
    Legend,
    Matrix,
    Panel,
    Source,
    Table,
    pick_cell,
)
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import quoted
from attention_lab.kit.frame import item_of
from attention_lab.kit.lab import Draft, Lab, derived
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Chip, Scene, SentenceField
from attention_lab.kit.settings import (
    MAX_SEED,
    Choice,
    Flag,
    Number,
    Numbers,
    Picked,
    Sentence,
    Whole,
    next_seed,
)
from attention_lab.kit.sources import function_of
from attention_lab.kit.text import short
from attention_lab.kit.texts import _, lazy, phrase
from attention_lab.labs.beyond import asking, texts
from attention_lab.labs.beyond.painting import Painting
from attention_lab.labs.beyond.patches import (
    ACROSS,
    CALLED,
    DRAWINGS,
    DRAWINGS_CALLED,
    EYE,
    FACE,
    SIDE,
    SIZE,
    WORDS,
    N,
    convolved,
    mixed,
    patches,
    picture_of,
    shuffled,
    weights_of,
)
from attention_lab.labs.beyond.presets import PRESETS
from attention_lab.labs.beyond.reading import LINES, OWN, SEARCHES, Sample, read

MAX_WORDS = 16
_SAME = 1e-9
_VIT_SIDE, _VIT_PATCH = 224, 16
"""Pixels of a picture and of a patch in the first vision transformer (Dosovitskiy et al. 2021, table 5)."""


class Beyond(Lab):
    """What the learner paints, and what MiniLM reads."""

    presets = PRESETS

    picture = Painting(FACE, said=lazy("The picture"))
    patch = Whole(asking.at(*EYE), bounds=(0, N - 1), said=lazy("The patch"), lock=None)
    picked = Picked(matrices=("map", "painted", "out", "shuffled"))
    sharpness = Number(
        1.0, bounds=(0.0, 5.0), step=0.1, digits=2, label=lazy("sharpness"), said=lazy("The sharpness")
    )
    order = Whole(3, bounds=(0, MAX_SEED), said=lazy("The order"), doc="the seed of the order of the patches")
    places = Flag(False, label=lazy("patches carry their places"), said=lazy("Carrying places"))
    word = Choice("full", options=CALLED, label=lazy("Word"), said=lazy("The word"))
    text = Choice(
        "faucet",
        options={**{name: each.label for name, each in SEARCHES.items()}, OWN: lazy("your own")},
        label=lazy("Text"),
        said=lazy("The text"),
        select=True,
    )
    line = Choice(
        "area",
        options={name: each.label for name, each in LINES.items()},
        label=lazy("Line"),
        said=lazy("The line"),
    )
    own = Sentence("The cat sat on the mat", most=MAX_WORDS)
    pair = Numbers(
        lazy("pair of words"), 2, bounds=(0, 255), doc="[who looks, at whom]; None for what is said first"
    )
    shown = Choice(
        texts.STRONGEST,
        options={texts.STRONGEST: lazy("strongest head"), texts.MEAN: lazy("mean of all heads")},
        label=lazy("Drawn"),
        said=lazy("What is drawn"),
    )

    # The rules that hold settings together

    def take_picked(self, draft: Draft, cell: dict[str, Any] | None) -> None:
        """A picked cell picks its patch."""
        draft.values["picked"] = cell
        if cell is None:
            return
        size = 1 if cell["matrix"] == "map" else SIZE
        row, column = (min(cell[name] // size, ACROSS - 1) for name in ("row", "col"))
        place = asking.at(row, column)
        draft.values["patch"] = (
            shuffled(draft.values["order"])[place] if cell["matrix"] == "shuffled" else place
        )

    def take_own(self, draft: Draft, text: str) -> None:
        """What is typed is read."""
        draft.values.update(own=text, text=OWN, pair=None)

    def take_text(self, draft: Draft, name: str) -> None:
        """A pair belongs to its text."""
        draft.values.update(text=name, pair=None)

    def take_line(self, draft: Draft, name: str) -> None:
        """A pair belongs to its line."""
        draft.values.update(line=name, pair=None)

    def left(self, draft: Draft) -> None:
        """What was picked belongs to its step."""
        draft.values.update(picked=None, pair=None)

    def receive(self, name: str, text: str) -> None:
        """Keep a sentence of another lab for when the learner's own is asked for."""
        if text != self.own:
            kept = self.text
            self.apply({name: text})
            self.apply({"text": kept})

    # What follows

    @derived
    def rows(self) -> Array:  # (16, 4)
        """The patches of the picture."""
        return patches(np.array(self.picture))

    @derived
    def looks(self) -> Array:  # (16, 16)
        """Where each patch looks."""
        return weights_of(self.rows, self.rows)

    @derived
    def out(self) -> Array:  # (16, 4)
        """What each patch takes home."""
        return mixed(self.rows, self.sharpness, False)

    @property
    def stands(self) -> list[int]:
        """Which patch stands at each place once they are shuffled."""
        return shuffled(self.order)

    @derived
    def change(self) -> float:
        """How far any pixel that a patch takes home moves when the patches are shuffled."""
        before = mixed(self.rows, 1.0, self.places)
        after = mixed(self.rows[self.stands], 1.0, self.places)
        return float(np.abs(after - before[self.stands]).max()) / 2

    @derived
    def asks(self) -> Array:  # (16,)
        """Where the word looks."""
        row: Array = weights_of(np.array([WORDS[self.word]]), self.rows)[0]
        return row

    @property
    def has_minilm(self) -> bool:
        """Whether MiniLM has arrived."""
        return "minilm" in self.optional

    @property
    def sample(self) -> Sample | None:
        """The text of the step, and what is said of it; None for the learner's own."""
        return LINES[self.line] if self.step == "code" else SEARCHES.get(self.text)

    @property
    def read_text(self) -> str:
        """The text that is read."""
        return self.own if self.sample is None else self.sample.text

    @property
    def words_asked(self) -> tuple[int, int]:
        """Who looks, and at whom: what is said first, unless another pair was picked."""
        seen, last = read(self.read_text), len(read(self.read_text).words) - 1
        if self.pair is not None and max(self.pair) <= last:
            return int(self.pair[0]), int(self.pair[1])
        if self.sample is None:
            return min(2, last), min(1, last)
        first = self.sample.said[0]
        return seen.place(first.query), seen.place(first.key)

    # The steps

    def paint(self) -> Scene:
        """Paint, and see where a patch looks."""
        return Scene(
            look=[self._map_of_patch, self._one_patch, self._field],
            check=[
                self._arithmetic,
                Source(source=function_of(weights_of), shape=f"({N}, 4), ({N}, 4) → ({N}, {N})"),
            ],
            controls=[],
            predict=asking.twin,
            badge=_hand_built,
            numbers={"n": N},
        )

    def mixed(self) -> Scene:
        """What each patch takes home."""
        return Scene(
            look=[
                lambda: Actions(items=[item_of(self, "sharpness"), *self._drawings()]),
                self._in_and_out,
                self._difference,
            ],
            check=[self._most_changed, Source(source=function_of(mixed), shape=f"({N}, 4) → ({N}, 4)")],
            controls=[],
            predict=partial(asking.twin, answered=True),
            badge=_hand_built,
        )

    def bag(self) -> Scene:
        """Shuffle the patches."""
        return Scene(
            look=[self._shuffling, self._as_shuffled, self._moved],
            check=[
                self._taken_for_granted,
                Source(source=function_of(convolved), shape=f"({N}, 4) → ({N}, 4)"),
                Source(source=function_of(mixed), shape=f"({N}, 4) → ({N}, 4)"),
            ],
            controls=[],
            badge=_hand_built,
        )

    def ask(self) -> Scene:
        """A word looks at the picture."""
        return Scene(
            look=[
                lambda: Actions(items=[item_of(self, "word"), *self._drawings()]),
                self._asked_map,
                self._asked_for,
            ],
            check=[_told, Source(source=function_of(weights_of), shape=f"(1, 4), ({N}, 4) → (1, {N})")],
            controls=[],
            badge=_hand_built,
        )

    def search(self) -> Scene:
        """The lesson's searches."""
        return self._reading("text", _("A lesson says, and MiniLM shows"), self._typed)

    def code(self) -> Scene:
        """A line of code."""
        return self._reading("line", _("One might wish, and MiniLM shows"))

    def _reading(self, name: str, heading: str, sentence: Any = None) -> Scene:
        sample = self.sample
        table = None if sample is None else partial(texts.said, self, sample, heading)
        if not self.has_minilm:
            return Scene(
                look=[self._unread, texts.waiting],
                check=[table],
                controls=[name],
                sentence=sentence,
                numbers=_heads,
            )
        return Scene(
            look=[
                lambda: Actions(items=[item_of(self, "shown")]),
                partial(texts.told, self),
                partial(texts.lines, self),
            ],
            check=[table, texts.carried if name == "line" else partial(texts.received, self), texts.source],
            controls=[name],
            sentence=sentence,
            numbers=_heads,
        )

    def questions(self) -> Sequence[Question]:
        """Patches, scores and what was seen."""
        return asking.questions_of(self.question_numbers())

    # The picture and its patches

    def _field(self) -> Field:
        return Field(
            label=_("Your picture"),
            setting="picture",
            value=self.picture,
            drawings=[
                Drawing(label=DRAWINGS_CALLED[name], set={"picture": drawing})
                for name, drawing in DRAWINGS.items()
            ],
        )

    def _drawings(self) -> list[dict[str, Any]]:
        """Drawings to start from; none is chosen once it is painted over."""
        chosen = next((name for name, drawing in DRAWINGS.items() if drawing == self.picture), "")
        options = [
            {"value": name, "label": DRAWINGS_CALLED[name], "set": {"picture": drawing}}
            for name, drawing in DRAWINGS.items()
        ]
        return [{"type": "segmented", "label": _("Picture"), "value": chosen, "options": options}]

    def _veiled(self) -> bool:
        """Whether the map would answer the question that is open."""
        own = self.picture == FACE and self.patch == asking.at(*EYE)
        return own and is_open(self, asking.twin())

    def _map_of_patch(self) -> Grids:
        weights = self.looks[self.patch].reshape(ACROSS, ACROSS)
        if self._veiled():
            weights = np.full_like(weights, np.nan)
        title = _("where {name_of} looks", name_of=name_of(self.patch))
        return self._grids([self._map(weights, title, divmod(self.patch, ACROSS))])

    def _map(self, weights: Array, title: str, at: tuple[int, int] | None) -> Panel:
        numbers = [str(i + 1) for i in range(ACROSS)]
        said = ", ".join(number(None if np.isnan(each) else float(each), 2) for each in weights.ravel())
        return Panel(
            title=title,
            said=_("{title}, row by row: {said}.", title=title, said=said),
            matrix=Matrix(
                id="map",
                values=weights,
                rows=Axis(axis="row", dim=_("row"), labels=numbers, on=None if at is None else at[0]),
                cols=Axis(axis="column", dim=_("column"), labels=numbers),
                words=_("weights of the patches"),
                decimals=2,
                fill=Fill(kind="weights"),
                current=at,
            ),
        )

    def _grids(self, panels: Sequence[Panel]) -> Grids:
        ids = [panel.matrix.id for panel in panels]
        return Grids(step=self.step, pick=pick_cell("picked"), tables=ids, n=ACROSS, panels=panels)

    def _one_patch(self) -> Legend:
        if self._veiled():
            return Legend(extra=[_("Guess first, or skip: then the map is shown.")])
        row = self.looks[self.patch]
        alike = int((self.rows == self.rows[self.patch]).all(axis=1).sum())
        return Legend(
            extra=phrase(
                "{alike} of {n} patches have these pixels, this one among them; each gets {row}",
                alike=tinted(str(alike), "b"),
                n=N,
                row=tinted(number(float(row[self.patch]), 2), "b"),
            )
        )

    def _arithmetic(self) -> Table | None:
        if self._veiled():
            return None
        row = self.rows[self.patch]
        counts = [int((row == other).sum()) for other in self.rows]
        order = sorted(range(N), key=lambda i: -self.looks[self.patch, i])[:6]
        return Table(
            label=_("From {name_of}", name_of=name_of(self.patch)),
            columns=[_("patch"), _("agree − differ"), _("score / √4"), _("weight")],
            rows=[
                [
                    f"{i // ACROSS + 1}.{i % ACROSS + 1}",
                    f"{counts[i]} − {4 - counts[i]}",
                    (2 * counts[i] - 4) / 2,
                    float(self.looks[self.patch, i]),
                ]
                for i in order
            ],
            decimals={_("weight"): 3},
        )

    def _pixels(self, name: str, values: Array, title: str, at: int) -> Panel:
        numbers = [str(i + 1) for i in range(SIDE)]
        row, column = divmod(at, ACROSS)
        inside = values[SIZE * row : SIZE * (row + 1), SIZE * column : SIZE * (column + 1)].ravel()
        said = ", ".join(number(float(each), 2) for each in inside)
        return Panel(
            title=title,
            said=_("{title}, pixels of the chosen patch: {said}.", title=title, said=said),
            matrix=Matrix(
                id=name,
                values=values,
                rows=Axis(axis=f"{name} row", dim=_("row"), labels=numbers),
                cols=Axis(axis=f"{name} column", dim=_("column"), labels=numbers),
                words=_("pixels, {title}", title=title),
                decimals=1,
                fill=Fill(range=1.0),
                current=(SIZE * row, SIZE * column),
            ),
        )

    def _in_and_out(self) -> Grids:
        return self._grids(
            [
                self._pixels("painted", ink(self.rows), _("as painted"), self.patch),
                self._pixels("out", ink(self.out), _("what comes out"), self.patch),
            ]
        )

    def _difference(self) -> Legend:
        moved = float(np.abs(ink(self.out) - ink(self.rows)).mean())
        return Legend(
            extra=phrase(
                "0 is paper, 1 is ink; a pixel moves on average by {moved}",
                moved=tinted(number(moved, 2), "b"),
            )
        )

    def _most_changed(self) -> Facts:
        return Facts(
            label=_("What {name_of} takes home", name_of=name_of(self.patch)),
            facts={
                name: Fact(value=float(value), decimals=2, note=_("was {was}", was=number(float(was), 0)))
                for name, value, was in zip(_CORNERS, *self._before_and_after(), strict=True)
            },
        )

    def _before_and_after(self) -> tuple[Array, Array]:
        """The share of ink in each pixel of the patch: what comes out, and what was painted."""
        return (1 + self.out[self.patch]) / 2, (1 + self.rows[self.patch]) / 2

    def _shuffling(self) -> Actions:
        roll = {
            "type": "button",
            "label": _("Shuffle the patches"),
            "action": "shuffle",
            "set": {"order": next_seed(self.order)},
        }
        return Actions(items=[roll, item_of(self, "places"), *self._drawings()])

    def _as_shuffled(self) -> Grids:
        return self._grids(
            [
                self._pixels("painted", ink(self.rows), _("as painted"), self.patch),
                self._pixels(
                    "shuffled", ink(self.rows[self.stands]), _("shuffled"), self.stands.index(self.patch)
                ),
            ]
        )

    def _moved(self) -> Legend:
        said = "0" if self.change < _SAME else number(self.change, 2)
        return Legend(
            extra=phrase(
                "0 is paper, 1 is ink; the largest change of any pixel that a patch takes home: {said}",
                said=tinted(said, "b"),
            ),
        )

    def _taken_for_granted(self) -> Facts:
        """The same shuffle for a layer that knows neighbours."""
        before, after = convolved(self.rows), convolved(self.rows[self.stands])
        moved = float(np.abs(after - before[self.stands]).max()) / 2
        return Facts(
            label=_("How far a pixel moves in the shuffle"),
            facts={
                _("attention"): Fact(
                    value=0.0 if self.change < _SAME else self.change,
                    decimals=2,
                    note=_("with places") if self.places else _("it takes nothing about places for granted"),
                ),
                _("convolution"): Fact(
                    value=moved,
                    decimals=2,
                    note=_(
                        "mean of 3 × 3 patches: it takes for granted that neighbours belong "
                        "together, its inductive bias"
                    ),
                ),
            },
        )

    def _asked_map(self) -> Grids:
        weights = self.asks.reshape(ACROSS, ACROSS)
        return self._grids(
            [
                self._pixels("painted", ink(self.rows), _("your picture"), self.patch),
                self._map(weights, _("where “{word}” looks", word=self.word), None),
            ]
        )

    def _asked_for(self) -> Legend:
        marks = " ".join("■" if pixel > 0 else "□" for pixel in WORDS[self.word])
        best = float(self.asks.max())
        n = int((self.asks > best - _SAME).sum())
        return Legend(
            extra=phrase(
                "asks for {marks} (top row, then bottom row); {n} of {n_2} patches fit best, "
                "with {best} each",
                marks=tinted(marks, "q"),
                n=n,
                n_2=N,
                best=tinted(number(best, 2), "b"),
            )
        )

    # Searches and code

    def _typed(self) -> SentenceField:
        """What is read; its words pick who looks, once there is something that looks."""
        query, chips = 0, []
        if self.has_minilm:
            query, key = self.words_asked
            seen = read(self.read_text).words
            chips = [Chip(word, short(word), {"pair": [i, key]}) for i, word in enumerate(seen)]
        return SentenceField(
            "own", self.read_text, MAX_WORDS, chips, query, chips_label=_("Looks"), own=self.sample is None
        )

    def _unread(self) -> Legend:
        return Legend(extra=phrase("The text: {read_text}", read_text=tinted(quoted(self.read_text), "b")))


def ink(rows: Array) -> Array:  # (16, 4) -> (8, 8)
    """Return the share of ink in each pixel, from 0 to 1."""
    share: Array = (1 + picture_of(rows)) / 2
    return share


def name_of(patch: int) -> str:
    """Name a patch by its place."""
    row, column = divmod(patch, ACROSS)
    return _("patch {row}.{column}", row=row + 1, column=column + 1)


def _heads() -> dict[str, Any]:
    return {"heads": 72}


def _hand_built() -> Badge:
    words: Math = phrase(
        "{value} Queries, keys and values are the pixels: there is no W_Q, W_K or W_V. A "
        "vision transformer learns all three.",
        value=tinted(_("Hand-built."), "b"),
    )
    return Badge("hand-built", _("hand-built"), [words])


def _told() -> Table:
    rows: list[list[Any]] = [
        [
            _("vision transformer"),
            _(
                "{vit_side}² pixels become {vit_side_2} patches of {vit_patch}²; each is one "
                "row, and a place is added",
                vit_side=_VIT_SIDE,
                vit_side_2=(_VIT_SIDE // _VIT_PATCH) ** 2,
                vit_patch=_VIT_PATCH,
            ),
        ],
        [
            _("convolution or attention"),
            _("convolution knows neighbours from the start; with very many pictures attention did as well"),
        ],
        [
            "CLIP",
            _(
                "a vector for a picture and one for its caption, trained to be alike where "
                "they belong together"
            ),
        ],
        [
            "DALL-E",
            _("the words and then the patches in one row; each piece is written after those before it"),
        ],
    ]
    return Table(
        label=_("Said of larger models, not measured here"),
        columns=[_("model"), _("what its authors say")],
        rows=rows,
    )


_CORNERS = (lazy("top left"), lazy("top right"), lazy("bottom left"), lazy("bottom right"))
