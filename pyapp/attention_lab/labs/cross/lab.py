"""Two sentences: cross-attention, in the shipped translator and in three lines of code."""

from __future__ import annotations

from collections.abc import Sequence
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
from attention_lab.labs.cross import translated
from attention_lab.labs.cross.asking import ask
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


class Cross(Lab):
    """What one sentence finds in another."""

    sample = Choice(
        None,
        options={None: "", **{text: text for text in SAMPLES}, OWN: "your own"},
        label="Sentence",
        said="The sentence",
    )
    own = Sentence("she likes the big black dog", most=MAX_WORDS)
    french = Numbers("French word", 1, bounds=(0, _HIGH), doc="[place]; None for the step's own")
    english = Numbers("English word", 1, bounds=(0, _HIGH), doc="[place]; None for the one looked at most")
    other = Numbers("English word", 1, bounds=(0, _HIGH), doc="[place] to exchange with; None: likeliest")
    shown_head = Choice(
        None,
        options={None: "", "word": "word head", "gender": "gender head"},
        label="Head shown",
        said="The head",
    )
    test = Choice(
        "none", options={"none": "none", "cut": "cut", "swap": "exchange"}, said="The test", lock=None
    )
    scope = Choice(
        "both",
        options={"both": "both heads", "shown": "the head shown"},
        label="The test changes",
        said="The scope",
        lock=None,
    )
    asks = Sentence("The cat sleeps", most=6, lock="text")
    holds = Choice(
        "my dog saw a red car",
        options=("my dog saw a red car", "the bird sings", "a small house"),
        label="The other sentence",
        said="The other sentence",
        select=True,
    )
    kind = Choice(
        "cross",
        options={"self": "self-attention", "cross": "cross-attention"},
        label="Who is asked",
        said="Who is asked",
    )

    query = Index(0, said="The query", lock=None)

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
            controls=["kind", "holds"],
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
        weights = np.zeros(trace.cross[0].shape) if veiled else trace.cross[self.head]
        told = "hidden until you have guessed or skipped" if veiled else f"{self.head_name} head"
        return Words(
            label=f"French looks at English ({told})",
            words=[shown(word) for word in trace.written],
            onto=[shown(word) for word in trace.source],
            weights=weights,
            chosen=min(self.french_word, len(trace.written) - 1),
            sets=[
                {"french": [i], "english": None, "other": None, "test": "none"}
                for i in range(len(trace.written))
            ],
            onto_sets=[{"english": [i]} for i in range(len(trace.source))],
            heads=("writes", "looks at"),
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
            {"type": "note", "text": ["The line from ", tinted(word, "q"), " to ", tinted(end, "k"), ":"]},
            {"type": "button", "label": "Cut it", "set": {"test": "cut"}},
            {"type": "button", "label": f"Exchange with “{other}”", "set": {"test": "swap"}},
            {
                "type": "select",
                "name": "other",
                "label": "exchange with",
                "value": [self.other_word],
                "options": options,
            },
        ]
        if self.test != "none":
            items.append({"type": "button", "label": "Put it back", "set": {"test": "none"}})
        return Actions(items=items)

    def _named(self) -> tuple[str, str, str]:
        source = self.plain.source
        word = shown(self.plain.written[self.french_word])
        return word, shown(source[self.english_word]), shown(source[self.other_word])

    def _written(self) -> Facts:
        """What is written, without the test and with it."""
        before, after = self.plain, self.tested
        facts: dict[str, Any] = {"French": before.text or "nothing"}
        if self.test != "none":
            word, end, other = self._named()
            done = f"{word} → {end} cut" if self.test == "cut" else f"{end} and {other} exchanged for {word}"
            so = "the answer stays" if after.written == before.written else "the answer changes"
            facts = {done: Fact(value=after.text or "nothing", note=so), "before": facts["French"]}
        return Facts(facts=facts)

    def _candidates(self) -> Bars:
        """The likeliest words at the chosen place, without the test and with it."""
        place = self.french_word
        before = dict(self.plain.candidates[place])
        changed = self.test != "none" and place < len(self.tested.candidates)
        after = dict(self.tested.candidates[place]) if changed else {}
        names = list(dict.fromkeys([*list(before)[:3], *list(after)[:3]]))
        return Bars(
            label=f"How likely each French word is at place {place + 1}",
            names=[shown(name) for name in names],
            values=[before.get(name, float("nan")) for name in names],
            after=[after.get(name, float("nan")) for name in names] if changed else None,
            series=("without the test", "with it"),
            ends=(0, 1),
        )

    def _known(self) -> Prose:
        """Every word that can be used."""
        return Prose(heading="Words that it knows", paragraphs=[[", ".join(translated.known())]])

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
                words="queries",
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
                    words="keys",
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
                    words="raw scores",
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
            "K and V": _shape(found.v),
            "weights": _shape(found.weights),
        }
        if not is_open(self, self._which_shape()):
            facts["output"] = _shape(found.head_outputs)
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
            question=[
                "“the red car” becomes “",
                trace.text,
                "”. Which English word does ",
                tinted(trace.written[1], "q"),
                " look at most?",
            ],
            options=options,
            right=[best],
            answer=(options[best], number(float(row[best]), 2)),
            values=[number(float(weight), 2) for weight in row],
            why=[
                ["Tempting if one word after another is looked up, from the left."],
                ["Tempting: it is the second word, and so is “voiture”. But places are not what is matched."],
                ["“Voiture” says “car”, so that is the word whose value it needs."],
                ["Tempting: the end is where the model looks once all is said."],
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
                "3 words ask 5 others; each head has ",
                str(D_MODEL),
                " columns. Which shape has the output?",
            ],
            options=[f"({a}, {b})" for a, b in shapes],
            right=[i for i, each in enumerate(shapes) if each == shape],
            answer=(f"({shape[0]}, {shape[1]})", "one row for each word that asks"),
            why=[
                ["Each word that asks gets one row back, as wide as the values."],
                ["Tempting: the values have 5 rows. They are summed up, once for each of the 3."],
                ["That is the shape of the weights, before they meet the values."],
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
                ask=f"Per cent of one head. Which English word does “{_FRENCH[mine]}” look at most?",
                right=[(mine, best)],
                columns=_ENGLISH,
                rows=_FRENCH,
                text=[[str(each) for each in row] for row in cells.tolist()],
                because="Rows ask, columns are asked.",
                otherwise=f"Stay in the row of “{_FRENCH[mine]}”: that is the word that asks.",
            ),
            Amount(
                id="weights",
                ask=f"{n_q} French words ask {n_k} English ones. How many weights has one head?",
                right=n_q * n_k,
                within=0,
                because=f"{n_q} rows of {n_k}.",
                hints=[
                    (n_q * n_q, "That is self-attention of the French words."),
                    (n_k * n_k, "That is self-attention of the English words."),
                    (n_q + n_k, "Each word that asks has a weight for each that is asked: multiply."),
                ],
            ),
            Amount(
                id="rows",
                ask=f"The same {n_q} and {n_k} words. How many rows has the output?",
                right=n_q,
                within=0,
                because="One for each word that asks.",
                hints=[
                    (n_k, "Those are the rows of K and V. The output has one for each query."),
                    (n_q * n_k, "That is the number of weights."),
                ],
            ),
            Options(
                id="from",
                ask="A decoder writes French and asks English words. What comes from the English?",
                options=["Q", "K and V", "Q, K and V"],
                right=1,
                because="The sentence that is asked holds keys and values.",
                hints={
                    0: "The query belongs to the word that is being written.",
                    2: "Then English would ask itself: self-attention.",
                },
            ),
            Amount(
                id="cut",
                ask=f"A row of weights is {a:.2f}, {b:.2f}, {c:.2f}. The first is cut, and the others share "
                "its weight in the proportions that they have. What is the second now?",
                right=b / (b + c),
                because=f"{b:.2f} / ({b:.2f} + {c:.2f}).",
                hints=[
                    (b, "So it was before: the weights have to sum to one again."),
                    (b + a / 2, "Shared in their proportions, not in equal parts."),
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
                {"type": "select", "name": "sample", "label": "Sentence", "value": chosen, "options": options}
            )
        heads = [{"value": name, "label": f"{name} head"} for name in translated.HEADS]
        items.append(item_of(self, "shown_head", options=heads, value=self.head_name))
        return [Group("Translator", items), "scope"]

    def _live(self) -> dict[str, Any]:
        return {"known": len(translated.known())}

    def _own_field(self) -> SentenceField:
        chips = [Chip(word, short(word), {"english": [i]}) for i, word in enumerate(self.sentence)]
        query = 0 if self.refused else min(self.english_word, len(chips) - 1)
        return SentenceField("own", self.own, MAX_WORDS, chips, query, chips_label="English")

    def _asking_field(self) -> SentenceField:
        chips = [Chip(word, short(word), {"query": i}) for i, word in enumerate(self._own_words)]
        return SentenceField("asks", self.asks, 6, chips, self.query, label="Asks")

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
        [card.what],
        [
            f"Of {exact.sentences:,} held-out sentences {100 * exact.value:.1f} per cent come out exactly. "
            f"With the noun cut, {100 * noun.value:.0f} per cent of the determiners are right."
        ],
        *_each(card.limits),
    ]
    return Badge("trained", f"trained: {card.title}", paragraphs)


def _by_hand() -> Badge:
    return Badge("hand-built", "hand-built", [["Chosen to be checked by hand; nothing was trained."]])


def _each(sentences: Sequence[str]) -> list[Math]:
    return [[sentence] for sentence in sentences]
