"""Two sentences: cross-attention, in the shipped translator and in three lines of code."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from attention import (
    Array,
    AttentionTrace,
    TranslationTrace,
    hand_built_embedding,
    hand_built_projections,
    load_card,
)
from attention_lab.kit.blocks import (
    Actions,
    Amount,
    Axis,
    Badge,
    Bars,
    Fact,
    Facts,
    Fill,
    From,
    Matrix,
    Nothing,
    Pick,
    Product,
    Prose,
    Source,
    Words,
)
from attention_lab.kit.blocks import Choice as Options
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.frame import item_of
from attention_lab.kit.lab import Draft, Lab, derived
from attention_lab.kit.markup import Math, it, sup, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Chip, Group, Predict, Scene, SentenceField
from attention_lab.kit.settings import Choice, Index, Item, Numbers, Sentence
from attention_lab.kit.sources import function_of, source_of
from attention_lab.kit.text import short, tokens_of
from attention_lab.kit.texts import _, lazy, phrase
from attention_lab.labs.cross import translated
from attention_lab.labs.cross.asking import ask
from attention_lab.labs.cross.presets import PRESETS
from attention_lab.labs.cross.translated import MAX_WORDS, Test, head_of, nearest, shown, translation

OWN = "own"
SAMPLES = (
    "hello world",
    "goodbye moon",
    "the big house",
    "the red car",
    "red car",
    "a round table",
    "the small green door",
    "a red car",
    "the green hat",
    "my white horse",
)
ASKED = ("the", "red", "car")
"""The sentence that the first prediction is about."""

D_MODEL = 4
_OF_A_SENTENCE = ("french", "english", "other", "test")
_HIGH = MAX_WORDS
_SHOWN = 3  # bars that fit beside the lines, with their names and two numbers each


class Cross(Lab):
    """What one sentence finds in another."""

    presets = PRESETS

    sample = Choice(
        None,
        options={None: "", **{text: text for text in SAMPLES}, OWN: lazy("your own")},
        label=lazy("Sentence"),
        said=lazy("The sentence"),
    )
    own = Sentence("she likes the big black dog", most=MAX_WORDS)
    french = Numbers(lazy("French word"), 1, bounds=(0, _HIGH), doc="[place]; None for the step's own")
    english = Numbers(
        lazy("English word"), 1, bounds=(0, _HIGH), doc="[place]; None for the one looked at most"
    )
    other = Numbers(
        lazy("English word"), 1, bounds=(0, _HIGH), doc="[place] to exchange with; None: likeliest"
    )
    shown_head = Choice(
        None,
        options={None: "", "word": lazy("word head"), "gender": lazy("gender head")},
        label=lazy("Head shown"),
        said=lazy("The head"),
    )
    test = Choice(
        "none",
        options={"none": lazy("none"), "cut": lazy("cut"), "swap": lazy("exchange")},
        said=lazy("The test"),
        lock=None,
    )
    scope = Choice(
        "both",
        options={"both": lazy("both heads"), "shown": lazy("the head shown")},
        label=lazy("The test changes"),
        said=lazy("The scope"),
        lock=None,
    )
    asks = Sentence("The cat sleeps", most=6, lock="text")
    holds = Choice(
        "my dog saw a red car",
        options=("my dog saw a red car", "the bird sings", "a small house"),
        label=lazy("The other sentence"),
        said=lazy("The other sentence"),
        select=True,
    )
    kind = Choice(
        "cross",
        options={"self": lazy("self-attention"), "cross": lazy("cross-attention")},
        label=lazy("Who is asked"),
        said=lazy("Who is asked"),
    )

    query = Index(0, said=lazy("The query"), lock=None)

    about_sentence = ("sample",)

    # The steps

    def look(self) -> Scene:
        """Lines between two sentences."""
        return self._translating()

    def order(self) -> Scene:
        """Lines that cross."""
        return self._translating(self._where)

    def gender(self) -> Scene:
        """The determiner looks at the noun."""
        return self._translating()

    def own_sentence(self) -> Scene:
        """The learner's own."""
        return self._translating()

    def scene(self) -> Scene:
        """Return what the step shows; `own` is a setting, too, so its step has a method of another name."""
        return self.own_sentence() if self.step == "own" else super().scene()

    def shapes(self) -> Scene:
        """The same lines of code for one sentence and for two."""
        return Scene(
            look=[self._scores, self._shapes],
            check=[self._code],
            controls=["kind", *(["holds"] if self.kind == "cross" else [])],
            sentence=self._asking_field,
            badge=_by_hand,
            predict=self._which_shape,
        )

    def _translating(self, asked: Any = None) -> Scene:
        if self.refused:
            return Scene(
                look=[lambda: Nothing(step=self.step, text=self.refused or "")],
                check=[self._known],
                controls=self._controls,
                sentence=self._own_field,
                badge=_card,
                numbers=self._live,
            )
        return Scene(
            look=[self._lines] if self.veiled else [self._lines, self._actions, self._written],
            check=[self._candidates, *([self._known] if self.step == "own" else []), self._cross_code],
            controls=self._controls,
            sentence=self._own_field if self.step == "own" else None,
            badge=_card,
            predict=asked,
            numbers=self._live,
        )

    # What is translated

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the step."""
        return tuple(self.here.more.get("sentences", ()))

    @property
    def sentence(self) -> tuple[str, ...]:
        """The English words that are translated."""
        if self.step == "own" or self.sample == OWN or not self.sentences:
            return tuple(word.lower() for word in tokens_of(self.own, MAX_WORDS).texts)
        chosen = self.sample if self.sample in self.sentences else self.sentences[0]
        return tuple(chosen.split())

    @property
    def refused(self) -> str | None:
        """Why the sentence cannot be translated; None where it can."""
        return translated.refusal(self.sentence)

    @property
    def plain(self) -> TranslationTrace:
        """The translation without a test."""
        return translation(self.sentence)

    @property
    def tested(self) -> TranslationTrace:
        """The translation with the test that is in force."""
        return translation(self.sentence, self._test)

    @property
    def head_name(self) -> str:
        """Which head is shown: the step's own unless another was chosen."""
        return str(self.shown_head or self.here.more.get("head", "word"))

    @property
    def head(self) -> int:
        """Its number."""
        return head_of(self.head_name)

    @property
    def veiled(self) -> bool:
        """Whether the lines would answer a question that is still open."""
        return self.step == "order" and is_open(self, self._where())

    @property
    def french_word(self) -> int:
        """The place of the French word whose lines are shown."""
        place = self.french[0] if self.french else int(self.here.more.get("french", 0))
        return int(min(place, len(self.plain.written) - 1))

    @property
    def english_word(self) -> int:
        """The English word at the end of the line that is tested."""
        if self.english and self.english[0] < len(self.plain.source):
            return int(self.english[0])
        return nearest(self.plain, self.head, self.french_word)

    @property
    def other_word(self) -> int:
        """The English word to exchange its weight with."""
        chosen = self.other[0] if self.other else None
        if chosen is not None and chosen < len(self.plain.source) and chosen != self.english_word:
            return int(chosen)
        return translated.rival(self.plain, self.french_word, self.english_word)

    @property
    def _test(self) -> Test | None:
        if self.test == "none":
            return None
        heads = (0, 1) if self.scope == "both" else (self.head,)
        return (self.test, self.french_word, self.english_word, self.other_word, heads)

    # The pictures

    def _lines(self) -> Words:
        """Where each French word looks."""
        trace, veiled = self.tested, self.veiled
        weights = np.full(trace.cross[0].shape, np.nan) if veiled else trace.cross[self.head]
        told = (
            _("hidden until you have guessed or skipped")
            if veiled
            else _("{head_name} head", head_name=translated.CALLED[self.head_name])
        )
        return Words(
            label=_("French looks at English ({told})", told=told),
            words=[shown(word) for word in trace.written],
            onto=[shown(word) for word in trace.source],
            weights=weights,
            chosen=min(self.french_word, len(trace.written) - 1),
            sets=[
                {"french": [i], "english": None, "other": None, "test": "none"}
                for i in range(len(trace.written))
            ],
            onto_sets=[{"english": [i]} for i in range(len(trace.source))],
            heads=(_("writes"), _("looks at")),
        )

    def _actions(self) -> Actions:
        """Cut the line, exchange it, or put it back."""
        word, end, other = self._named()
        options = [
            {"value": [i], "label": shown(each)}
            for i, each in enumerate(self.plain.source)
            if i != self.english_word
        ]
        items: list[Item] = [
            {
                "type": "note",
                "text": phrase(
                    "The line from {word} to {end}:", word=tinted(word, "q"), end=tinted(end, "k")
                ),
            },
            {"type": "button", "label": _("Cut it"), "set": {"test": "cut"}},
            {"type": "button", "label": _("Exchange with “{other}”", other=other), "set": {"test": "swap"}},
            {
                "type": "select",
                "name": "other",
                "label": _("exchange with"),
                "value": [self.other_word],
                "options": options,
            },
        ]
        if self.test != "none":
            items.append({"type": "button", "label": _("Put it back"), "set": {"test": "none"}})
        return Actions(items=items)

    def _named(self) -> tuple[str, str, str]:
        source = self.plain.source
        word = shown(self.plain.written[self.french_word])
        return word, shown(source[self.english_word]), shown(source[self.other_word])

    def _written(self) -> Facts:
        """What is written, without the test and with it."""
        before, after = self.plain, self.tested
        facts: dict[str, Any] = {_("French"): before.text or _("nothing")}
        if self.test != "none":
            word, end, other = self._named()
            done = (
                _("{word} → {end} cut", word=word, end=end)
                if self.test == "cut"
                else _("{end} and {other} exchanged for {word}", end=end, other=other, word=word)
            )
            so = _("the answer stays") if after.written == before.written else _("the answer changes")
            facts = {done: Fact(value=after.text or _("nothing"), note=so), _("before"): facts[_("French")]}
        return Facts(facts=facts)

    def _candidates(self) -> Bars:
        """The likeliest words at the chosen place, without the test and with it: as many as fit beside it."""
        place, changed = self.french_word, self.test != "none"
        before, after = (translated.likely(trace, place) for trace in (self.plain, self.tested))
        names = list(dict.fromkeys(chain(*zip(before, after, strict=True))))[:_SHOWN]
        return Bars(
            label=_("How likely each French word is at place {place}", place=place + 1),
            names=[shown(name) for name in names],
            values=[before[name] for name in names],
            after=[after[name] for name in names] if changed else None,
            series=(_("without the test"), _("with it")),
            ends=(0, 1),
        )

    def _known(self) -> Prose:
        """Every word that can be used."""
        return Prose(heading=_("Words that it knows"), paragraphs=[[", ".join(translated.known())]])

    def _cross_code(self) -> Source:
        """The line of the library that made these weights."""
        heads, rows, columns = self.tested.cross.shape
        shape = f"({heads}, {rows}, {columns})"
        return Source(source=source_of("core.py", ("weights",)), shape=f"{shape} → {shape}")

    # One sentence or two, by hand

    @property
    def _own_words(self) -> tuple[str, ...]:
        return tokens_of(self.asks, 6).texts

    @property
    def _asked_words(self) -> tuple[str, ...]:
        return self._own_words if self.kind == "self" else tokens_of(self.holds, 6).texts

    @derived
    def attended(self) -> AttentionTrace:
        """What the rows that ask find in the rows that hold."""
        asks = _rows_of(self.asks)
        holds = asks if self.kind == "self" else _rows_of(self.holds)
        return ask(asks, holds, hand_built_projections(D_MODEL, 1))

    def _scores(self) -> Product:
        """Q on the left, K on top, scores where they meet."""
        found = self.attended
        rows = Axis(
            axis="query", dim="seq_q", labels=[short(word) for word in self._own_words], on=self.query
        )
        keys = Axis(axis="key", dim="seq_k", labels=[short(word) for word in self._asked_words])
        columns = Axis(axis="feature", dim="d_k", labels=[str(i + 1) for i in range(D_MODEL)])
        k_t: Math = [it("K", "k"), sup("T", cls="k")]
        return Product(
            step="shapes",
            n=max(found.weights.shape),
            left=Matrix(
                id="q",
                values=found.q,
                rows=rows,
                cols=columns,
                words=_("queries"),
                symbol=[it("Q", "q")],
                role="q",
                fill=Fill(tint="q"),
            ),
            top=[
                Matrix(
                    id="k_t",
                    values=found.k.T,
                    rows=columns,
                    cols=keys,
                    words=_("keys"),
                    symbol=k_t,
                    role="k",
                    fill=Fill(tint="k"),
                )
            ],
            results=[
                Matrix(
                    id="scores",
                    values=found.raw_scores,
                    rows=rows,
                    cols=keys,
                    words=_("raw scores"),
                    sources=[
                        From(matrix="q", row="row", col="all", role="q"),
                        From(matrix="k_t", row="all", col="col", role="k"),
                    ],
                )
            ],
            tables=["scores", "q", "k_t"],
        )

    def _shapes(self) -> Facts:
        """The shapes; that of the output once it is not asked for any more."""
        found = self.attended
        facts: dict[str, Any] = {
            "Q": _shape(found.q),
            _("K and V"): _shape(found.v),
            _("weights"): _shape(found.weights),
        }
        if not is_open(self, self._which_shape()):
            facts[_("output")] = _shape(found.head_outputs)
        return Facts(facts=facts)

    def _code(self) -> Source:
        """The three lines."""
        asks, holds = f"({len(self._own_words)}, {D_MODEL})", f"({len(self._asked_words)}, {D_MODEL})"
        return Source(
            source=function_of(ask), shape=f"asks {asks}, holds {holds} → q {asks}, k {holds}, v {holds}"
        )

    # What is asked

    def _where(self) -> Predict | None:
        """Ask where the second French word looks."""
        if self.sentence != ASKED:
            return None
        trace = translation(ASKED)
        row = trace.cross[head_of("word"), 1]
        best = int(np.argmax(row))
        options = [shown(word) for word in trace.source]
        return Predict(
            key="voiture-looks-at",
            question=phrase(
                "“the red car” becomes “{value}”. Which English word does {written} look at most?",
                value=trace.text,
                written=tinted(trace.written[1], "q"),
            ),
            options=options,
            right=[best],
            answer=(options[best], number(float(row[best]), 2)),
            values=[number(float(weight), 2) for weight in row],
            why=[
                [_("Tempting if one word after another is looked up, from the left.")],
                [
                    _(
                        "Tempting: it is the second word, and so is “voiture”. But places are not "
                        "what is matched."
                    )
                ],
                [_("“Voiture” says “car”, so that is the word whose value it needs.")],
                [_("Tempting: the end is where the model looks once all is said.")],
            ],
        )

    def _which_shape(self) -> Predict:
        """Ask for the shape of the output of a fixed case."""
        rng = np.random.default_rng(0)
        three, five = (rng.normal(size=(n, D_MODEL)) for n in (3, 5))
        shape = ask(three, five, hand_built_projections(D_MODEL, 1)).head_outputs.shape
        shapes = [(3, D_MODEL), (5, D_MODEL), (3, 5)]
        return Predict(
            key="shape-of-the-output",
            question=[
                _(
                    "3 words ask 5 others; each head has {d_model} columns. Which shape has the output?",
                    d_model=D_MODEL,
                )
            ],
            options=[f"({a}, {b})" for a, b in shapes],
            right=[i for i, each in enumerate(shapes) if each == shape],
            answer=(f"({shape[0]}, {shape[1]})", _("one row for each word that asks")),
            why=[
                [_("Each word that asks gets one row back, as wide as the values.")],
                [_("Tempting: the values have 5 rows. They are summed up, once for each of the 3.")],
                [_("That is the shape of the weights, before they meet the values.")],
            ],
        )

    def questions(self) -> Sequence[Question]:
        """Questions with fresh numbers."""
        rng = self.question_numbers()
        n_q, n_k = (int(n) for n in rng.choice(np.arange(5, 12), 2, replace=False))
        cells, mine = _percentages(rng), int(rng.integers(0, 3))
        best = int(cells[mine].argmax())
        a, b, c = _three(rng)
        return [
            Pick(
                id="where",
                ask=_(
                    "Per cent of one head. Which English word does “{french}” look at most?",
                    french=_FRENCH[mine],
                ),
                right=[(mine, best)],
                columns=_ENGLISH,
                rows=_FRENCH,
                text=[[str(each) for each in row] for row in cells.tolist()],
                because=_("Rows ask, columns are asked."),
                otherwise=_(
                    "Stay in the row of “{french}”: that is the word that asks.", french=_FRENCH[mine]
                ),
            ),
            Amount(
                id="weights",
                ask=_(
                    "{n_q} French words ask {n_k} English ones. How many weights has one head?",
                    n_q=n_q,
                    n_k=n_k,
                ),
                right=n_q * n_k,
                within=0,
                because=_("{n_q} rows of {n_k}.", n_q=n_q, n_k=n_k),
                hints=[
                    (n_q * n_q, _("That is self-attention of the French words.")),
                    (n_k * n_k, _("That is self-attention of the English words.")),
                    (n_q + n_k, _("Each word that asks has a weight for each that is asked: multiply.")),
                ],
            ),
            Amount(
                id="rows",
                ask=_("The same {n_q} and {n_k} words. How many rows has the output?", n_q=n_q, n_k=n_k),
                right=n_q,
                within=0,
                because=_("One for each word that asks."),
                hints=[
                    (n_k, _("Those are the rows of K and V. The output has one for each query.")),
                    (n_q * n_k, _("That is the number of weights.")),
                ],
            ),
            Options(
                id="from",
                ask=_("A decoder writes French and asks English words. What comes from the English?"),
                options=["Q", _("K and V"), _("Q, K and V")],
                right=1,
                because=_("The sentence that is asked holds keys and values."),
                hints={
                    0: _("The query belongs to the word that is being written."),
                    2: _("Then English would ask itself: self-attention."),
                },
            ),
            Amount(
                id="cut",
                ask=_(
                    "A row of weights is {a}, {b}, {c}. The first is cut, and the others share "
                    "its weight in the proportions that they have. What is the second now?",
                    a=f"{a:.2f}",
                    b=f"{b:.2f}",
                    c=f"{c:.2f}",
                ),
                right=b / (b + c),
                because=f"{b:.2f} / ({b:.2f} + {c:.2f}).",
                hints=[
                    (b, _("So it was before: the weights have to sum to one again.")),
                    (b + a / 2, _("Shared in their proportions, not in equal parts.")),
                ],
            ),
        ]

    # What stands around the pictures

    def _controls(self) -> list[str | Group]:
        items: list[Item] = []
        if self.sentences:
            chosen = " ".join(self.sentence)
            options = [{"value": text, "label": text} for text in self.sentences]
            items.append(
                {
                    "type": "select",
                    "name": "sample",
                    "label": _("Sentence"),
                    "value": chosen,
                    "options": options,
                }
            )
        heads = [
            {"value": name, "label": _("{name} head", name=translated.CALLED[name])}
            for name in translated.HEADS
        ]
        items.append(item_of(self, "shown_head", options=heads, value=self.head_name))
        return [Group(_("Translator"), items), "scope"]

    def _live(self) -> dict[str, Any]:
        return {"known": len(translated.known())}

    def _own_field(self) -> SentenceField:
        chips = [Chip(word, short(word), {"english": [i]}) for i, word in enumerate(self.sentence)]
        query = 0 if self.refused else min(self.english_word, len(chips) - 1)
        return SentenceField("own", self.own, MAX_WORDS, chips, query, chips_label=_("English"))

    def _asking_field(self) -> SentenceField:
        chips = [Chip(word, short(word), {"query": i}) for i, word in enumerate(self._own_words)]
        return SentenceField("asks", self.asks, 6, chips, self.query, label=_("Asks"))

    # The rules that hold settings together

    def left(self, draft: Draft) -> None:
        """A test belongs to its step, and so does a sentence."""
        draft.values.update(
            sample=None, shown_head=None, **{name: self.defaults[name] for name in _OF_A_SENTENCE}
        )

    def settle(self, draft: Draft) -> None:
        """Keep the query within the sentence that asks."""
        n = len(tokens_of(draft.values["asks"], 6))
        draft.values["query"] = min(draft.values["query"], n - 1)

    def _leave_the_sentence(self, draft: Draft) -> None:
        """Let go of what is about a sentence that is no longer shown."""
        draft.values.update({name: self.defaults[name] for name in _OF_A_SENTENCE})

    def take_sample(self, draft: Draft, sample: str | None) -> None:
        """Another sentence lets go of what was about the one before."""
        draft.values.update(sample=sample)
        self._leave_the_sentence(draft)

    def take_own(self, draft: Draft, text: str) -> None:
        """So does the learner's own."""
        draft.values.update(own=text)
        self._leave_the_sentence(draft)

    def receive(self, name: str, text: str) -> None:
        """A sentence from another lab can ask here; the translator would not know its words."""
        if name == "asks":
            self.apply({name: text})


_FRENCH, _ENGLISH = ("la", "clé", "verte"), ("the", "green", "key")


def _percentages(rng: np.random.Generator) -> Array:
    """Draw three rows of whole per cents, each with one that is clearly the largest."""
    cells = np.array([rng.permutation([60 + s, 30 - s, 10]) for s in rng.integers(-5, 6, 3).tolist()])
    return cells.astype(int)


def _three(rng: np.random.Generator) -> tuple[float, float, float]:
    """Draw three weights that sum to 1, the last of them small."""
    a, c = int(rng.integers(45, 57)), int(rng.integers(8, 16))
    return a / 100, (100 - a - c) / 100, c / 100


def _rows_of(text: str) -> Array:
    return hand_built_embedding(tokens_of(text, 6), D_MODEL).x


def _shape(array: Array) -> str:
    return f"({', '.join(map(str, array.shape))})"


def _card() -> Badge:
    """Say what the translator is, and what was measured of it."""
    card = load_card("translator")
    exact, noun = card.figure("exact sentences"), card.figure("determiners, noun cut")
    paragraphs: list[Math] = [
        [_(card.what)],
        [
            _(
                "Of {sentences} held-out sentences {value} per cent come out exactly. With the "
                "noun cut, {value_2} per cent of the determiners are right.",
                sentences=f"{exact.sentences:,}",
                value=f"{100 * exact.value:.1f}",
                value_2=f"{100 * noun.value:.0f}",
            )
        ],
        *_each(card.limits),
    ]
    return Badge("trained", _("trained: {title}", title=_(card.title)), paragraphs)


def _by_hand() -> Badge:
    return Badge("hand-built", _("hand-built"), [[_("Chosen to be checked by hand; nothing was trained.")]])


def _each(sentences: Sequence[str]) -> list[Math]:
    return [[_(sentence)] for sentence in sentences]
