"""The library and the spotlight: one query, three books, and what a soft lookup takes home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from attention import Array, load_card, softmax
from attention_lab.kit.blocks import (
    Actions,
    Badge,
    Bars,
    Card,
    Cards,
    Fact,
    Facts,
    Line,
    Lines,
    Source,
    Table,
    Words,
)
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import listed
from attention_lab.kit.frame import item_of, items_of
from attention_lab.kit.lab import Draft, Lab, derived, settings_of
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.numbers import number, term
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Group, Made, Peek, Predict, Scene, SentenceField
from attention_lab.kit.settings import Choice, Item, Number, Seed, Sentence, Whole
from attention_lab.kit.sources import function_of, source_of
from attention_lab.kit.texts import _, lazy, phrase
from attention_lab.labs.lookup import asking, titles
from attention_lab.labs.lookup.finding import (
    COLUMNS,
    KEYS,
    LESSONS_SHARES,
    LESSONS_WEIGHTS,
    MOST_VOICES,
    QUERY,
    SAMPLES,
    SIMILARITY,
    TITLES,
    VALUES,
    WORDS,
    hard,
    heard,
    mixed,
    room,
    scores_of,
    weights_of,
)
from attention_lab.labs.lookup.presets import PRESETS
from attention_lab.labs.lookup.settings import Entries, array_of, cells_of

BOOKS = tuple(lazy("book {i}", i=i + 1) for i in range(len(TITLES)))
PLACES = (lazy("first"), lazy("second"), lazy("third"))
MAX_WORDS = 12
UNTIED = (1, 1, 0)
"""A key for the last book that fits the query less well than the first one's."""
FLASHLIGHT, SPOTLIGHT = "flashlight", "spotlight"
_HAND: list[Math] = [
    [lazy("Query, keys and values are a lesson's own. The names of their columns were chosen here, to fit.")]
]
_LIGHT: list[Math] = [
    [
        lazy(
            "The five scores and the pale bars are a lesson's own; the spotlight's bars are computed "
            "from the scores."
        )
    ]
]


class Lookup(Lab):
    """A small library whose every number can be moved."""

    presets = PRESETS

    query = Entries(QUERY, bounds=(-2, 2), label=lazy("query"), said=lazy("The query"))
    keys = Entries(KEYS, bounds=(-2, 2), label=lazy("keys"), said=lazy("The keys"))
    values = Entries(VALUES, bounds=(0, 30), label=lazy("values"), said=lazy("The values"))
    book = Whole(0, bounds=(0, len(TITLES) - 1), said=lazy("The book"))
    temperature = Number(
        1.0, bounds=(0.05, 10.0), step=0.05, label=lazy("temperature"), said=lazy("The temperature")
    )
    lamp = Choice(
        SPOTLIGHT,
        options={FLASHLIGHT: lazy("Flashlight"), SPOTLIGHT: lazy("Spotlight")},
        label=lazy("Lamp"),
        said=lazy("The lamp"),
    )
    times = Number(1.0, bounds=(0.0, 8.0), step=0.1, label=lazy("scores ×"), said=lazy("The factor"))
    at = Whole(1, bounds=(0, len(WORDS) - 1), said=lazy("The word that is lit"))
    voices = Whole(
        12, bounds=(2, MOST_VOICES), slider=True, label=lazy("voices"), said=lazy("The number of voices")
    )
    focus = Number(0.0, bounds=(0.0, 20.0), step=0.5, label=lazy("focus"), said=lazy("The focus"))
    seed = Seed(1)
    wish = Sentence("what should my kitten eat", most=MAX_WORDS)
    sharper = Number(
        10.0, bounds=(0.0, 40.0), step=1, label=lazy("scores ×"), said=lazy("The factor of the cosines")
    )

    # What follows

    @property
    def q(self) -> Array:  # (columns,)
        """The query."""
        return array_of(self.query, (len(COLUMNS),))

    @property
    def k(self) -> Array:  # (books, columns)
        """The keys."""
        return array_of(self.keys, (len(TITLES), len(COLUMNS)))

    @property
    def v(self) -> Array:  # (books, 3)
        """The values."""
        return array_of(self.values, (len(TITLES), 3))

    @property
    def heat(self) -> float:
        """The temperature, on the step that has its slider."""
        return self.temperature if self.step == "soften" else 1.0

    @derived
    def scores(self) -> Array:  # (books,)
        """How well each key fits the query."""
        return scores_of(self.q, self.k)

    @derived
    def weights(self) -> Array:  # (books,)
        """The share of each book."""
        return weights_of(self.scores, self.heat)

    @derived
    def output(self) -> Array:  # (3,)
        """What is taken home."""
        return mixed(self.weights, self.v)

    @derived
    def shares(self) -> Array:  # (words,)
        """How brightly each of the lesson's words is lit by a spotlight."""
        return softmax(self.times * np.array(SIMILARITY))

    @derived
    def room(self) -> tuple[Array, Array]:
        """All voices of this seed: keys and waves."""
        return room(self.seed)

    @derived
    def heard(self) -> tuple[Array, Array]:
        """The weights of the voices in the room, and the wave that is heard."""
        keys, waves = self.room
        return heard(keys[: self.voices], waves[: self.voices], self.focus)

    def left(self, draft: Draft) -> None:
        """The keys of the twins belong to their step."""
        if draft.values["step"] == "twins":
            draft.values["keys"] = self.defaults["keys"]

    # The steps

    def shelf(self) -> Scene:
        """Beams from the query to three books."""
        asked = self._most()
        veiled = self._is_lessons and is_open(self, asked)
        return self._scene(
            look=[
                self._books if veiled else self._beams,
                None if veiled else self._score_table,
                self._hands(self._query_sliders),
            ],
            check=[self._sources] if not veiled else [],
            controls=[
                Group(_("Key of {books}", books=BOOKS[self.book]), self._key_sliders()),
                self._which_book(),
                self._again(),
            ],
            predict=asked,
        )

    def home(self) -> Scene:
        """The output, moved by the content of a book."""
        return self._scene(
            look=[self._output_bars, self._which_bars, self._hands(self._value_sliders)],
            check=[self._sum_table, Source(source=function_of(mixed), shape="(3,) · (3, 3) → (3,)")],
            controls=[Group(_("Query"), self._query_sliders()), self._again()],
            predict=self._most(answered=True),
            numbers={"share": number(float(self.weights[self.book]), 2)},
        )

    def twins(self) -> Scene:
        """Two books with one key."""
        asked = self._equal()
        veiled = is_open(self, asked)
        return self._scene(
            look=[
                self._books if veiled else self._against_dictionary,
                None if veiled else self._twin_facts,
                None if veiled else self._hands(self._copies),
            ],
            check=[] if veiled else [self._score_table, self._sources],
            controls=[Group(_("Query"), self._query_sliders()), self._again()],
            predict=asked,
        )

    def soften(self) -> Scene:
        """A dictionary's weights beside soft ones."""
        return self._scene(
            look=[self._over_temperature, self._temperature_facts, self._hands(self._warmth)],
            check=[
                Source(source=function_of(hard), shape="(3,) → (3,)"),
                Source(source=function_of(weights_of), shape="(3,) → (3,)"),
            ],
            controls=[
                Group(_("Query"), self._query_sliders()),
                Group(_("Key of {books}", books=BOOKS[self.book]), self._key_sliders()),
                self._which_book(),
                self._again(),
            ],
        )

    def light(self) -> Scene:
        """The lesson's five scores as light."""
        return Scene(
            look=[self._lit_words, self._lit_bars, self._hands(self._lamp_items)],
            check=[Source(source=source_of("core.py", ("weights",)), shape="(5,) → (5,)")]
            if self.lamp == SPOTLIGHT
            else [],
            controls=[],
            badge=Badge("hand-built", _("a lesson's scores"), _LIGHT),
        )

    def restaurant(self) -> Scene:
        """A wave that comes out of the noise."""
        return Scene(
            look=[
                self._waves,
                self._heard_facts,
                self._hands(lambda: [*items_of(self, "focus"), *items_of(self, "voices")]),
            ],
            check=[
                self._loudest,
                Source(source=function_of(heard), shape=f"({self.voices}, {SAMPLES}) → ({SAMPLES},)"),
            ],
            controls=["seed"],
            badge=Badge(
                "random", _("random, seed {seed}", seed=self.seed), [[_("The voices are drawn at random.")]]
            ),
        )

    def titles(self) -> Scene:
        """Titles against the learner's own words, read by a trained model."""
        there = "minilm" in self.optional
        look: list[Made | Peek] = [
            partial(titles.compared, self),
            partial(titles.weighed, self),
            self._hands(lambda: items_of(self, "sharper")),
        ]
        return Scene(
            look=look if there else titles.waiting(self),
            check=[titles.source] if there else [],
            controls=[],
            sentence=self._typed,
            numbers={"width": load_card("minilm").d_model},
        )

    def _typed(self) -> SentenceField:
        return SentenceField("wish", self.wish, MAX_WORDS, [], 0, label=_("Your question"))

    def receive(self, name: str, text: str) -> None:
        """A sentence of another lab is no question for a library: the learner's own stays."""

    def questions(self) -> Sequence[Question]:
        return asking.questions(self.question_numbers())

    def _scene(self, **parts: Any) -> Scene:
        return Scene(badge=Badge("hand-built", _("hand-built"), _HAND), **parts)

    # What is asked

    @property
    def _is_lessons(self) -> bool:
        return all(getattr(self, name) == self.defaults[name] for name in ("query", "keys"))

    def _most(self, *, answered: bool = False) -> Predict:
        return asking.most(answered=answered)

    def _equal(self) -> Predict:
        return asking.equal()

    # Things to move

    def _hands(self, make: Callable[[], Sequence[Item]]) -> Callable[[], Actions]:
        return lambda: Actions(items=list(make()))

    def _entries(self, name: str) -> Entries:
        kind = settings_of(type(self))[name]
        assert isinstance(kind, Entries)
        return kind

    def _query_sliders(self) -> list[Item]:
        return list(self._entries("query").sliders(self.query, [], COLUMNS))

    def _key_sliders(self) -> list[Item]:
        return list(self._entries("keys").sliders(self.keys, [self.book], COLUMNS))

    def _value_sliders(self) -> list[Item]:
        names = [_("{place} number of {books}", place=place, books=BOOKS[self.book]) for place in PLACES]
        return list(self._entries("values").sliders(self.values, [self.book], names))

    def _which_book(self) -> Group:
        options = [{"value": i, "label": name} for i, name in enumerate(BOOKS)]
        return Group(
            _("Book"),
            [
                {
                    "type": "segmented",
                    "name": "book",
                    "label": _("Book to change"),
                    "value": self.book,
                    "options": options,
                }
            ],
        )

    def _again(self) -> Group:
        back = {name: self.defaults[name] for name in ("query", "keys", "values")}
        return Group(_("Start again"), [pressed(_("The lesson's numbers"), "lesson", back)])

    def _copies(self) -> list[Item]:
        twins = self.k
        twins[-1] = twins[0]
        return [
            pressed(_("Copy the first key to the last book"), "twins", {"keys": cells_of(twins)}),
            pressed(_("The lesson's keys"), "lesson-keys", {"keys": self.defaults["keys"]}),
            *self._query_sliders(),
        ]

    def _warmth(self) -> list[Item]:
        apart = np.array(KEYS)
        apart[-1] = UNTIED
        return [
            *items_of(self, "temperature"),
            pressed(_("Break the tie"), "untie", {"keys": cells_of(apart)}),
            pressed(_("The lesson's keys"), "lesson-keys", {"keys": self.defaults["keys"]}),
        ]

    def _lamp_items(self) -> list[Item]:
        if self.lamp == FLASHLIGHT:
            options = [{"value": i, "label": word} for i, word in enumerate(WORDS)]
            aim = {
                "type": "segmented",
                "name": "at",
                "label": _("Aim at"),
                "value": self.at,
                "options": options,
            }
            return [item_of(self, "lamp"), aim]
        return [item_of(self, "lamp"), item_of(self, "times")]

    # The pictures

    def _books(self) -> Cards:
        return Cards(
            label=_("The shelf, and the query {bracketed}", bracketed=bracketed(self.q)),
            cards=[
                Card(
                    title=title,
                    sign=BOOKS[i],
                    text=phrase("key {bracketed}", bracketed=tinted(bracketed(self.k[i]), "k")),
                )
                for i, title in enumerate(TITLES)
            ],
        )

    def _beams(self) -> Words:
        return Words(
            label=_("Where the query {bracketed} looks", bracketed=bracketed(self.q)),
            words=[_("query")],
            onto=TITLES,
            weights=self.weights[None],
            chosen=0,
            onto_sets=[{"book": i} for i in range(len(TITLES))],
            heads=(_("asks"), _("answers")),
        )

    def _score_table(self) -> Table:
        lessons = [*LESSONS_WEIGHTS] if self._is_lessons else [None] * len(TITLES)
        return Table(
            label=_("Scores and weights"),
            columns=[_("book"), _("key"), _("score"), _("weight"), _("a lesson prints")],
            rows=[
                [title, [tinted(bracketed(key), "k")], float(score), float(weight), printed]
                for title, key, score, weight, printed in zip(
                    TITLES, self.k, self.scores, self.weights, lessons, strict=True
                )
            ],
            decimals={_("weight"): 3, _("a lesson prints"): 2},
            bars=[_("weight")],
        )

    def _sources(self) -> Source:
        return Source(source=function_of(scores_of), shape="(3, 3) · (3,) → (3,)")

    def _output_bars(self) -> Bars:
        return Bars(
            label=_("What you take home: the output"),
            names=[_("{place} number", place=place) for place in PLACES],
            values=self.output,
            ends=(0, 30),
            tint="v",
        )

    def _which_bars(self) -> Bars:
        return Bars(
            label=_("Weight of each book: pick one to change its content"),
            names=BOOKS,
            values=self.weights,
            decimals=3,
            ends=(0, 1),
            sets=[{"book": i} for i in range(len(BOOKS))],
        )

    def _sum_table(self) -> Table:
        parts = self.weights[:, None] * self.v
        rows = [
            [f"{number(float(w), 3)} × {bracketed(value)}", *map(float, part)]
            for w, value, part in zip(self.weights, self.v, parts, strict=True)
        ]
        columns = [str(place) for place in PLACES]
        return Table(
            label=_("Share by share"),
            columns=[_("weight × value"), *columns],
            rows=[*rows, [_("sum"), *map(float, self.output)]],
            decimals=dict.fromkeys(columns, 2),
            marked=[(len(TITLES), c) for c in range(3)],
        )

    def _against_dictionary(self) -> Bars:
        return Bars(
            label=_("Who answers: a dictionary and attention"),
            names=BOOKS,
            values=hard(self.scores),
            after=self.weights,
            series=(_("dictionary: first best key"), _("attention")),
            ends=(0, 1),
            decimals=3,
        )

    def _twin_facts(self) -> Facts:
        same = bool(np.array_equal(self.k[0], self.k[-1]))
        return Facts(
            facts={
                _("keys of book 1 and 3"): _("equal") if same else _("different"),
                _("their scores"): Fact(
                    value=_(
                        "{scores} and {scores_2}",
                        scores=term(float(self.scores[0])),
                        scores_2=term(float(self.scores[-1])),
                    )
                ),
                _("output"): Fact(value=bracketed(self.output, 2), note=self._whose_content()),
            }
        )

    def _whose_content(self) -> str:
        """Say whether the output, as it is written, is what some book holds."""
        own = np.all(np.isclose(self.output, self.v, rtol=0, atol=0.005), axis=1)
        names = [str(BOOKS[i]) for i in np.flatnonzero(own)]
        return (
            _("the very content of {books}", books=listed(names))
            if names
            else _("a mix of all, no book's own content")
        )

    def _over_temperature(self) -> Lines:
        at = np.geomspace(0.05, 10, 61)
        found = weights_of(self.scores, at[:, np.newaxis])
        return Lines(
            label=_("Weights of the books over temperature"),
            across=_("temperature"),
            up=_("weight"),
            log_x=True,
            from_zero=True,
            marks={_("temperature {temperature}", temperature=number(self.temperature, 2)): self.temperature},
            levels={_("all alike"): 1 / len(TITLES)},
            series=[
                Line(name=_("{name}, score {score}", name=name, score=term(float(score))), x=at, y=shares)
                for name, score, shares in zip(BOOKS, self.scores, found.T, strict=True)
            ],
        )

    def _temperature_facts(self) -> Facts:
        found = hard(self.scores)
        return Facts(
            facts={
                name: Fact(
                    value=float(self.weights[i]),
                    decimals=3,
                    note=_("a dictionary: {found}", found=number(float(found[i]), 0)),
                )
                for i, name in enumerate(BOOKS)
            }
        )

    def _lit(self) -> Array:
        if self.lamp == SPOTLIGHT:
            return self.shares
        spot: Array = np.eye(len(WORDS))[self.at]
        return spot

    def _lit_words(self) -> Words:
        return Words(
            label=_("The flashlight") if self.lamp == FLASHLIGHT else _("The spotlight"),
            words=[_("lamp")],
            onto=WORDS,
            weights=self._lit()[None],
            chosen=0,
            onto_sets=[{"lamp": FLASHLIGHT, "at": i} for i in range(len(WORDS))],
            least=0.0001,
        )

    def _lit_bars(self) -> Bars:
        return Bars(
            label=_("How brightly each word is lit"),
            names=WORDS,
            values=LESSONS_SHARES,
            after=self._lit(),
            series=(
                _("printed in a lesson"),
                _("one spot") if self.lamp == FLASHLIGHT else _("softmax of the scores"),
            ),
            ends=(0, 1),
        )

    def _waves(self) -> Lines:
        __, waves = self.room
        time = np.linspace(0, 1, SAMPLES)
        return Lines(
            label=_("What you hear of {voices} voices", voices=self.voices),
            across=_("time"),
            up=_("sound"),
            levels={_("silence"): 0.0},
            series=[
                Line(name=_("your friend"), x=time, y=waves[0], tint="v"),
                Line(name=_("what you hear"), x=time, y=self.heard[1], tint="q"),
            ],
        )

    def _heard_facts(self) -> Facts:
        weights, wave = self.heard
        __, waves = self.room
        return Facts(
            facts={
                _("your friend's weight"): Fact(
                    value=float(weights[0]),
                    decimals=3,
                    note=_("alike for all: {voices}", voices=number(1 / self.voices, 3)),
                ),
                _("likeness"): Fact(
                    value=likeness(wave, waves[0]), decimals=2, note=_("cosine with your friend's wave")
                ),
            }
        )

    def _loudest(self) -> Bars:
        weights = self.heard[0]
        order = np.argsort(-weights, kind="stable")[:6]
        names = [_("your friend") if i == 0 else _("voice no. {i}", i=i + 1) for i in order]
        return Bars(
            label=_("Voices with the most weight"), names=names, values=weights[order], ends=(0, 1), tint="k"
        )


def pressed(label: str, action: str, change: dict[str, Any]) -> Item:
    """Return a button that sets these settings."""
    return {"type": "button", "label": label, "action": action, "set": change}


def likeness(a: Array, b: Array) -> float:
    """Return the cosine of two waves: 1 for the same shape."""
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def bracketed(values: Array, decimals: int | None = None) -> str:
    """Write a few numbers as a list."""
    texts = [term(float(value)) if decimals is None else number(float(value), decimals) for value in values]
    return f"[{', '.join(texts)}]"
