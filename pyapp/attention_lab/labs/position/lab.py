"""Where words stand: what attention sees without positions, and four ways to give it some."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from attention import (
    Array,
    Reader,
    Tokens,
    Writer,
    alibi_slopes,
    create_causal_mask,
    hand_built_embedding,
    load_card,
    load_model,
    sinusoidal_positions,
)
from attention_lab.kit.blocks import (
    Actions,
    Axis,
    Badge,
    Fact,
    Facts,
    Fill,
    Grids,
    HeatMap,
    Legend,
    Line,
    Lines,
    Matrix,
    Panel,
    Source,
    pick_cell,
)
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import quoted
from attention_lab.kit.frame import item_of
from attention_lab.kit.lab import Draft, Lab, derived
from attention_lab.kit.markup import Math, it, tinted
from attention_lab.kit.numbers import largest, number
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Chip, Group, Predict, Scene, SentenceField
from attention_lab.kit.settings import (
    MAX_SEED,
    Choice,
    Flag,
    Index,
    Item,
    Picked,
    Seed,
    Sentence,
    Whole,
    next_seed,
)
from attention_lab.kit.sources import function_of, source_of
from attention_lab.kit.text import short, tokens_of
from attention_lab.kit.texts import _, lazy, phrase
from attention_lab.labs.position import real
from attention_lab.labs.position.placing import (
    D_MODEL,
    alike,
    output,
    scores_of_alibi,
    scores_of_rotary,
    scores_of_waves,
    shuffled,
)
from attention_lab.labs.position.presets import PRESETS
from attention_lab.labs.position.questions import questions_of

MAX_WORDS = 10
N_PLACES = 64
IN_A_MAP = 22  # of them, which a small screen shows at once
LEARNED = 32  # positions of the shipped models
AT_ONCE = 8  # places beside each other
WIDTH = 16  # of the query and the key
_SAME = 1e-9
_MATRICES = ("written", "shuffled", "waves", "alike", "added", "other")


class Position(Lab):
    """One learner's words, places and ways to tell them apart."""

    presets = PRESETS

    text = Sentence("The cat sat on the mat", most=MAX_WORDS)
    query = Index(1, said=lazy("The word"), lock=None)
    picked = Picked(matrices=_MATRICES)
    shuffle = Whole(3, bounds=(0, MAX_SEED), said=lazy("The order"), doc="the seed of the order of the words")
    told = Choice(
        "none",
        options={
            "none": lazy("No positions"),
            "waves": lazy("Waves"),
            "rotary": lazy("Rotary"),
            "alibi": lazy("ALiBi"),
        },
        label=lazy("Positions"),
        said=lazy("The positions"),
    )
    causal = Flag(False, label=lazy("causal mask"), said=lazy("The causal mask"))
    d_model = Choice(32, options=(8, 16, 32, 64), label=lazy("d_model"))
    at = Whole(20, bounds=(0, N_PLACES - 1), slider=True, label=lazy("position"), said=lazy("The position"))
    over = Choice(
        "place",
        options={"place": lazy("over positions"), "distance": lazy("over distances")},
        label=lazy("Drawn"),
        said=lazy("The axis"),
    )
    model = Choice(
        "waves",
        options={"waves": lazy("Waves"), "reader": lazy("Reader"), "writer": lazy("Writer")},
        label=lazy("Positions of"),
        said=lazy("The model"),
    )
    way = Choice(
        "rotary",
        options={"rotary": lazy("Rotary"), "alibi": lazy("ALiBi")},
        label=lazy("Beside waves"),
        said=lazy("The way"),
    )
    start = Whole(
        0, bounds=(0, 100), slider=True, label=lazy("the text starts at position"), said=lazy("The start")
    )
    head = Whole(1, bounds=(1, 8), slider=True, label=lazy("head of ALiBi"), said=lazy("The head"))
    seed = Seed(4)

    # The rules that hold settings together

    def take_text(self, draft: Draft, text: str) -> None:
        """A picked cell goes with its sentence."""
        if text != draft.values["text"]:
            draft.values.update(text=text, picked=None)

    def take_picked(self, draft: Draft, cell: dict[str, Any] | None) -> None:
        """A picked cell picks its word or its position."""
        draft.values["picked"] = cell
        if cell is None:
            return
        n = len(tokens_of(draft.values["text"], MAX_WORDS))
        if cell["matrix"] in ("waves", "alike"):
            draft.values["at"] = min(cell["row"], N_PLACES - 1)
        elif cell["matrix"] == "written":
            draft.values["query"] = cell["row"]
        elif cell["matrix"] == "shuffled" and cell["row"] < n:
            draft.values["query"] = shuffled(n, draft.values["shuffle"])[cell["row"]]

    def left(self, draft: Draft) -> None:
        """A picked cell belongs to its step."""
        draft.values["picked"] = None

    def settle(self, draft: Draft) -> None:
        """The word is one of the sentence."""
        v = draft.values
        v["query"] = min(v["query"], len(tokens_of(v["text"], MAX_WORDS)) - 1)

    # What follows from them

    @property
    def tokens(self) -> Tokens:
        """The words of the sentence."""
        return tokens_of(self.text, MAX_WORDS)

    @property
    def labels(self) -> list[str]:
        """The words as they stand beside rows."""
        return [short(word) for word in self.tokens.texts]

    @property
    def uniform(self) -> bool:
        """Whether there is but one word, once or again and again: then there is nothing to shuffle."""
        return len({word.lower() for word in self.tokens.texts}) == 1

    @property
    def order(self) -> list[int]:
        """Which word stands at each place once they are shuffled."""
        return shuffled(len(self.tokens), self.shuffle)

    @derived
    def outputs(self) -> tuple[Array, Array]:
        """What comes out for the words as written, and for the words as shuffled, each (n, 4)."""
        x = hand_built_embedding(self.tokens, D_MODEL).x
        mask = create_causal_mask(len(x)) if self.causal else None
        return output(x, self.told, mask), output(x[self.order], self.told, mask)

    @property
    def changed(self) -> Array:  # (n,)
        """How far the row of each word moved when the words were shuffled."""
        written, moved = self.outputs
        changes: Array = np.abs(moved - written[self.order]).max(axis=-1)
        return changes[np.argsort(self.order)]

    @derived
    def rows(self) -> Array:  # (64, d_model)
        """The waves of 64 positions."""
        return sinusoidal_positions(N_PLACES, self.d_model)

    @derived
    def places(self) -> Array:  # (32, d)
        """The rows of positions that are compared."""
        return rows_of(self.model)

    @derived
    def pair(self) -> Array:  # (2, 16)
        """The query and the key that stand at each place."""
        return np.random.default_rng(self.seed).normal(size=(2, WIDTH))

    @derived
    def beside(self) -> tuple[Array, Array]:
        """Scores of each place with each, each (8, 8): with waves, and the other way."""
        return self._with_waves(self.start), self._other(self.start)

    @derived
    def at_zero(self) -> tuple[Array, Array]:
        """The same of a text that starts at 0."""
        return self._with_waves(0), self._other(0)

    def _with_waves(self, start: int) -> Array:
        query, key = self.pair
        return scores_of_waves(query, key, start, AT_ONCE)

    def _other(self, start: int) -> Array:
        query, key = self.pair
        if self.way == "alibi":
            return scores_of_alibi(query, key, self.head, AT_ONCE)
        return scores_of_rotary(query, key, start, AT_ONCE)

    # A bag of words

    def bag(self) -> Scene:
        """The words as written and shuffled, and what comes out for each."""
        n = len(self.tokens)
        return Scene(
            sentence=self._sentence,
            badge=_hand_built,
            controls=[],
            predict=self._asked_of_bag,
            look=[self._bag_controls, self._bags, self._bag_below],
            check=[
                self._bag_facts,
                Source(source=function_of(output), shape=f"({n}, {D_MODEL}) → ({n}, {D_MODEL})"),
            ],
        )

    def _sentence(self) -> SentenceField:
        chips = [
            Chip(text, label, {"query": i})
            for i, (text, label) in enumerate(zip(self.tokens.texts, self.labels, strict=True))
        ]
        return SentenceField("text", self.text, MAX_WORDS, chips, self.query, chips_label=_("Word"))

    def _bag_controls(self) -> Actions:
        return Actions(items=[self._shuffling, item_of(self, "causal"), item_of(self, "told")])

    def _asked_of_bag(self) -> Predict | None:
        n = len(self.tokens)
        if self.uniform:
            return None
        x = hand_built_embedding(self.tokens, D_MODEL).x
        word, order = min(1, n - 1), shuffled(n, 3)
        before, after = output(x, "none", None)[word], output(x[order], "none", None)[order.index(word)]
        moved = float(np.abs(after - before).max())
        return Predict(
            key=f"bag-{_case(self.text)}",
            question=phrase(
                "No positions, no mask. The words are shuffled. What comes out for {labels} now?",
                labels=tinted(quoted(self.labels[word]), "q"),
            ),
            options=[_("Other numbers"), _("The same numbers"), _("Only zeros")],
            right=[1 if moved < _SAME else 0],
            answer=(
                _("its row:"),
                _("the same") if moved < _SAME else _("moved by {moved}", moved=number(moved, 2)),
            ),
            why=[
                [_("Its neighbours are new, but attention does not know who a neighbour is.")],
                [_("The same scores, the same weights, the same values: only the order of the sum is new.")],
                [_("Its scores are as they were, so its weights are, too.")],
            ],
        )

    def _veiled(self) -> bool:
        """Whether what is on the screen would answer the question that is open."""
        asked_for = self.told == "none" and not self.causal
        return asked_for and is_open(self, self._asked_of_bag())

    def _bags(self) -> Grids:
        written, moved = self.outputs
        if self._veiled():
            moved = np.full_like(moved, np.nan)
        names = [self.labels[i] for i in self.order]
        end = largest(written, self.outputs[1])
        return Grids(
            step=self.step,
            pick=pick_cell("picked"),
            tables=["written", "shuffled"],
            n=len(names),
            panels=[
                self._bag_of("written", written, _("as written"), self.labels, self.query, end),
                self._bag_of("shuffled", moved, _("shuffled"), names, self.order.index(self.query), end),
            ],
        )

    def _bag_of(
        self, name: str, values: Array, title: str, labels: Sequence[str], on: int, end: float
    ) -> Panel:
        columns = [str(i + 1) for i in range(D_MODEL)]
        said = ", ".join(number(None if math.isnan(value) else value, 2) for value in values[on].tolist())
        return Panel(
            title=title,
            said=_("{title}, row {labels}: {said}.", title=title, labels=labels[on], said=said),
            matrix=Matrix(
                id=name,
                values=values,
                rows=Axis(axis=name, dim=_("words"), labels=labels, on=on),
                cols=Axis(axis="feature", dim="d_v", labels=columns),
                words=_("output, {title}", title=title),
                decimals=2,
                fill=Fill(tint="v", range=end),
                current=_inside(self.picked, name, values.shape),
            ),
        )

    def _bag_below(self) -> Legend:
        if self._veiled():
            return Legend(extra=[_("Guess first, or skip: then the right side is shown.")])
        most = float(self.changed.max())
        said = "0" if most < _SAME else number(most, 2)
        order = " ".join(self.labels[i] for i in self.order)
        return Legend(
            extra=phrase(
                "“{order}”: the largest change of any number of any word is {said}",
                order=order,
                said=tinted(said, "b"),
            )
        )

    def _bag_facts(self) -> Facts | None:
        if self._veiled():
            return None
        facts: dict[str, Fact | float | Math | str] = {
            f"{i + 1}. {label}": Fact(value=0.0 if change < _SAME else change, decimals=2)
            for i, (label, change) in enumerate(zip(self.labels, self.changed.tolist(), strict=True))
        }
        return Facts(label=_("How far each word’s row moved"), facts=facts)

    # A real model

    def real(self) -> Scene:
        """Both orders through MiniLM, with its positions and without."""
        there = "minilm" in self.optional
        return Scene(
            sentence=self._sentence,
            controls=[],
            look=[
                self._roll,
                partial(real.orders, self),
                partial(real.compared, self) if there else partial(real.waiting, self),
            ],
            check=[partial(real.told, self), real.source] if there else [],
        )

    def _roll(self) -> Actions:
        return Actions(items=[self._shuffling])

    @property
    def _shuffling(self) -> Item:
        """The button that shuffles the words, or why there is none."""
        if self.uniform:
            return {
                "type": "note",
                "text": [_("There is nothing to shuffle: write at least two different words.")],
            }
        return {
            "type": "button",
            "label": _("Shuffle the words"),
            "action": "shuffle",
            "set": {"shuffle": next_seed(self.shuffle)},
        }

    # Waves

    def waves(self) -> Scene:
        """The sinusoids as a picture."""
        return Scene(
            badge=_waves_badge,
            controls=["d_model", Group(_("Row"), [self._in_the_map()])],
            look=[self._wave_map, self._wave_legend],
            check=[
                self._one_row,
                self._wave_facts,
                Source(
                    source=source_of("positional.py", ("angles",)),
                    shape=f"→ ({N_PLACES}, {self.d_model // 2})",
                ),
            ],
        )

    def _wave_map(self) -> HeatMap:
        return self._map(
            "waves",
            self.rows[:IN_A_MAP],
            phrase("{pe}, the positional encoding: one row a position", pe=it("PE")),
            "d_model",
            1,
        )

    def _map(self, name: str, values: Array, caption: Math, cols: str, first: int) -> HeatMap:
        """One row a position; columns are counted from the first."""
        rows = [str(i) for i in range(len(values))]
        columns = [str(first + i) for i in range(values.shape[1])]
        return HeatMap(
            step=self.step,
            pick=pick_cell("picked"),
            tables=[name],
            n=len(values),
            caption=caption,
            note=_("Click a cell to pick its position; Table shows every number."),
            matrix=Matrix(
                id=name,
                values=values,
                rows=Axis(axis="position", dim=_("positions"), labels=rows, on=min(self.at, len(rows) - 1)),
                cols=Axis(axis=cols, dim=cols, labels=columns),
                words=_("positions"),
                decimals=2,
                fill=Fill(range=1.0),
                current=_inside(self.picked, name, values.shape),
            ),
        )

    def _in_the_map(self) -> Item:
        at = min(self.at, IN_A_MAP - 1)
        return item_of(self, "at", max=IN_A_MAP - 1, value=at, shown=str(at))

    def _wave_legend(self) -> Legend:
        return Legend(legend=_SIGNED)

    def _one_row(self) -> Lines:
        at = min(self.at, IN_A_MAP - 1)
        row = self.rows[at]
        return Lines(
            label=_("Position {at}", at=at),
            across=_("column"),
            series=[Line(name=_("its row"), x=1 + np.arange(float(len(row))), y=row)],
            levels={"0": 0.0},
            badge=None,
        )

    def _wave_facts(self) -> Facts:
        pairs = self.d_model // 2
        slowest = 2 * math.pi * 10000.0 ** ((self.d_model - 2) / self.d_model)
        return Facts(
            label=_("Positions until a wave comes again"),
            facts={
                _("columns 1 and 2"): Fact(value=2 * math.pi, decimals=2),
                _(
                    "columns {d_model} and {d_model_2}", d_model=self.d_model - 1, d_model_2=self.d_model
                ): Fact(value=slowest, decimals=0),
                _("waves"): Fact(value=pairs, note=_("each as a sine and a cosine")),
            },
        )

    # How far apart

    def apart(self) -> Scene:
        """The dot product of one position with all."""
        return Scene(
            badge=_waves_badge,
            controls=["at", "over", "d_model"],
            predict=self._asked_of_apart,
            look=[self._products],
            check=[
                self._product_facts,
                Source(
                    source=function_of(dot_products),
                    shape=f"({N_PLACES}, {self.d_model}) → ({N_PLACES},)",
                ),
            ],
        )

    def _asked_of_apart(self) -> Predict:
        rows = sinusoidal_positions(N_PLACES, self.d_model)
        near, far = float(rows[10] @ rows[13]), float(rows[40] @ rows[43])
        same = abs(near - far) < _SAME
        return Predict(
            key=f"product-{self.d_model}",
            question=[_("Is the dot product of positions 10 and 13 larger than that of 40 and 43?")],
            options=[_("Larger"), _("Smaller"), _("Equal")],
            right=[2 if same else 0 if near > far else 1],
            answer=(_("both are"), number(near, 2))
            if same
            else (number(near, 2), _("against {far}", far=number(far, 2))),
            why=[
                [_("Rows all have the same length, so later ones are not smaller.")],
                [_("The numbers do not grow with the position: they are sines and cosines.")],
                [_("Each sine and cosine together give the cosine of the difference of the two angles.")],
            ],
        )

    def _products(self) -> Lines:
        places = np.arange(float(N_PLACES))
        across = places if self.over == "place" else places - self.at
        return Lines(
            label=_("Position {at} with every other", at=self.at),
            across=_("position") if self.over == "place" else _("distance"),
            up=_("dot product"),
            series=[Line(name=_("from {at}", at=self.at), x=across, y=dot_products(self.rows, self.at))],
            marks={_("here"): float(self.at if self.over == "place" else 0)},
            levels={_("d_model / 2"): self.d_model / 2},
            badge=None,
        )

    def _product_facts(self) -> Facts:
        products = dot_products(self.rows, self.at)
        facts: dict[str, Fact | float | Math | str] = {
            _("with itself"): Fact(value=float(products[self.at]), note=_("half of d_model"), decimals=2)
        }
        for step in (1, 5, 20):
            here = self.at + step if self.at + step < N_PLACES else self.at - step
            facts[_("{step} away", step=step)] = Fact(value=float(products[here]), decimals=2)
        return Facts(label=_("Dot products of position {at}", at=self.at), facts=facts)

    # Learned places

    def learned(self) -> Scene:
        """What trained models made of positions."""
        d = self.places.shape[1]
        return Scene(
            badge=self._learned_badge,
            controls=["model", Group(_("Row"), [self._in_the_map()])],
            look=[self._alike_map, self._alike_legend],
            check=[
                self._alike_line,
                Source(source=function_of(alike), shape=f"({LEARNED}, {d}) → ({LEARNED}, {LEARNED})"),
            ],
        )

    def _alike_map(self) -> HeatMap:
        return self._map(
            "alike",
            alike(self.places)[:IN_A_MAP, :IN_A_MAP],
            [_("each position with each: cosine")],
            _("positions again"),
            0,
        )

    def _alike_legend(self) -> Legend:
        cosines = alike(self.places)
        one, two = (float(np.diag(cosines, step)[1:].mean()) for step in (1, 2))
        return Legend(
            legend=_SIGNED,
            extra=phrase(
                "mean with the next place {one}, with the next but one {two}",
                one=tinted(number(one, 2), "b"),
                two=tinted(number(two, 2), "b"),
            ),
        )

    def _alike_line(self) -> Lines:
        at = min(self.at, IN_A_MAP - 1)
        return Lines(
            label=_("Position {at} with every other", at=at),
            across=_("position"),
            up=_("cosine"),
            series=[Line(name=_("from {at}", at=at), x=np.arange(float(LEARNED)), y=alike(self.places)[at])],
            marks={_("here"): float(at)},
        )

    def _learned_badge(self) -> Badge:
        if self.model == "waves":
            return _waves_badge()
        card = load_card(self.model)
        words: Math = phrase(
            "{title}{what} Its {learned} rows of positions were trained with the rest of its "
            "{parameters} numbers.",
            title=tinted(f"{_(card.title)}. ", "b"),
            what=_(card.what),
            learned=LEARNED,
            parameters=f"{card.parameters:,}",
        )
        return Badge("trained", _("trained: {title}", title=_(card.title)), [words])

    # Turned and tilted

    def turned(self) -> Scene:
        """Positions that only know distances, beside waves."""
        way = scores_of_rotary if self.way == "rotary" else scores_of_alibi
        shape = f"({WIDTH},), ({WIDTH},) → ({AT_ONCE}, {AT_ONCE})"
        return Scene(
            badge=self._random,
            controls=["way", *(["head"] if self.way == "alibi" else []), "seed"],
            look=[self._turned_controls, self._beside_each_other, self._turned_below],
            check=[
                self._turned_facts,
                Source(source=function_of(scores_of_waves), shape=shape),
                Source(source=function_of(way), shape=shape),
            ],
        )

    def _random(self) -> Badge:
        words: Math = phrase(
            "{value} The {width} numbers of the query and of the key were drawn from a normal "
            "distribution with seed {seed}.",
            value=tinted(_("Random."), "b"),
            width=WIDTH,
            seed=self.seed,
        )
        return Badge("random", _("random, seed {seed}", seed=self.seed), [words])

    def _turned_controls(self) -> Actions:
        return Actions(items=[item_of(self, "start")])

    def _beside_each_other(self) -> Grids:
        waves, other = self.beside
        labels = [str(self.start + i) for i in range(AT_ONCE)]
        end = largest(waves, other)
        panels = [
            self._scores("added", waves, _("scores with waves"), labels, end),
            self._scores("other", other, _("scores with {ways}", ways=_WAYS[self.way]), labels, end),
        ]
        return Grids(
            step=self.step, pick=pick_cell("picked"), tables=["added", "other"], n=AT_ONCE, panels=panels
        )

    def _scores(self, name: str, values: Array, title: str, labels: Sequence[str], end: float) -> Panel:
        first = ", ".join(number(value, 1) for value in values[0].tolist())
        return Panel(
            title=title,
            said=_("{title}, first row: {first}.", title=title, first=first),
            matrix=Matrix(
                id=name,
                values=values,
                rows=Axis(axis="query", dim=_("query at"), labels=labels),
                cols=Axis(axis="key", dim=_("key at"), labels=labels),
                words=title,
                decimals=1,
                fill=Fill(range=end),
                current=_inside(self.picked, name, values.shape),
            ),
        )

    def _moved(self) -> tuple[float, float]:
        """How far scores moved from those of a text that starts at 0."""
        waves, other = self.beside
        return float(np.abs(waves - self.at_zero[0]).max()), float(np.abs(other - self.at_zero[1]).max())

    def _turned_below(self) -> Legend:
        waves, other = ("0" if value < _SAME else number(value, 2) for value in self._moved())
        return Legend(
            extra=phrase(
                "largest change since the text started at 0: waves {waves}, {ways} {other}",
                waves=tinted(waves, "b"),
                ways=_WAYS[self.way],
                other=tinted(other, "b"),
            )
        )

    def _turned_facts(self) -> Facts:
        other = self.beside[1]
        name = _WAYS[self.way]
        facts: dict[str, Fact | float | Math | str] = {
            _("{name}, key {step} later", name=name, step=step): Fact(value=float(other[0, step]), decimals=2)
            for step in (0, 1, 4, 7)
        }
        if self.way == "alibi":
            slope = float(alibi_slopes(8)[self.head - 1])
            facts[_("slope of this head")] = Fact(value=slope, note=_("taken off for each place of distance"))
        return Facts(label=_("One score for each distance"), facts=facts)

    def questions(self) -> Sequence[Question]:
        """A bag, a slope, a wave, and what turns."""
        return questions_of(self.question_numbers())


def dot_products(rows: Array, at: int) -> Array:  # (64, d) -> (64,)
    """Multiply the row of one position with the row of each."""
    products: Array = rows @ rows[at]
    return products


@cache
def rows_of(model: str) -> Array:  # (32, d)
    """Return the rows of positions of a model, or waves."""
    if model == "waves":
        return sinusoidal_positions(LEARNED, 64)
    loaded = load_model(model)
    assert isinstance(loaded, Reader | Writer)
    positions: Any = loaded.positions if isinstance(loaded, Reader) else loaded.model.positions
    weight: Array = positions.weight
    return weight


def _inside(cell: Mapping[str, Any] | None, name: str, shape: tuple[int, ...]) -> tuple[int, int] | None:
    if cell is None or cell["matrix"] != name or cell["row"] >= shape[0] or cell["col"] >= shape[1]:
        return None
    return cell["row"], cell["col"]


def _case(*parts: object) -> str:
    return f"{zlib.crc32(repr(parts).encode()):08x}"


def _hand_built() -> Badge:
    words: Math = phrase(
        "{value} One head with d_k 4; the numbers of words and matrices were chosen so that "
        "sums can be checked by hand. Those of words outside the lexicon come from their "
        "spelling. No model was trained.",
        value=tinted(_("Hand-built."), "b"),
    )
    return Badge("hand-built", _("hand-built"), [words])


def _waves_badge() -> Badge:
    words: Math = phrase(
        "{value} Sines and cosines (Vaswani et al. 2017, section 3.5); nothing is learned.",
        value=tinted(_("A formula."), "b"),
    )
    return Badge("hand-built", _("by formula"), [words])


_SIGNED = {
    "kind": "signed",
    "tint": "neutral",
    "low": "−1",
    "high": "1",
    "text": lazy("centred on 0; plum is negative"),
}
_WAYS = {"rotary": lazy("rotary"), "alibi": "ALiBi"}
