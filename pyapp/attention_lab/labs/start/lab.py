"""The front door: what attention is, on a sentence that can be changed at once, and the map of the course."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from attention import JOBS, Array, Reader, load_card, load_model
from attention_lab.kit.blocks import (
    Amount,
    Arithmetic,
    Axis,
    Badge,
    Block,
    Choice,
    Course,
    Fill,
    From,
    Matrix,
    Nothing,
    Pick,
    Product,
    Prose,
    Source,
    Words,
    pick_cell,
)
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import first_of, listed, quoted
from attention_lab.kit.lab import Draft, Lab, derived
from attention_lab.kit.markup import Math, it, page, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Chip, Group, Predict, Scene, SentenceField
from attention_lab.kit.settings import Index, Item, Picked, Seed, Sentence
from attention_lab.kit.sources import function_of
from attention_lab.kit.text import short, tokens_of
from attention_lab.kit.texts import _, lazy, phrase

MAX_WORDS = 30
EXAMPLES = (
    "The cat sat on the mat because it was tired",
    "The cat sat on the mat because it was soft",
    "The dogs in the park are playing",
)
_ASKED = {
    "it": "pronoun",
    "they": "pronoun",
    "is": "subject",
    "are": "subject",
    "was": "subject",
    "were": "subject",
}
_CALLED = {
    "pronoun": lazy("pronoun"),
    "subject": lazy("subject"),
    "adjective": lazy("adjective"),
    "previous": lazy("word before"),
}
_READ_LAYER = 1
SHAPE = (2, 3, 2)  # of the two matrices of the refresher: (2, 3) @ (3, 2)


class Start(Lab):
    """What a newcomer can do on the first screen."""

    text = Sentence(EXAMPLES[0], most=MAX_WORDS)
    query = Index(7, said=lazy("The word"), lock=None)
    seed = Seed(2)
    picked = Picked(matrices=("a", "b", "product"))

    # The sentence

    def take_text(self, draft: Draft, text: str) -> None:
        """Another sentence is asked at the word that has most to say."""
        if text != draft.values["text"]:
            draft.values.update(text=text, query=likely(tokens_of(text, MAX_WORDS).texts))

    def settle(self, draft: Draft) -> None:
        """The word is one of the sentence; the cell is one of a small matrix."""
        v = draft.values
        v["query"] = min(v["query"], len(tokens_of(v["text"], MAX_WORDS)) - 1)
        if v["picked"] and not inside(v["picked"]):
            v["picked"] = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the sentence."""
        return tokens_of(self.text, MAX_WORDS).texts

    @property
    def unknown(self) -> list[str]:
        """The words that the small model has never met."""
        known = reader().vocabulary
        return [word for word in dict.fromkeys(self.words) if word.lower() not in known]

    @property
    def job(self) -> str:
        """What the head that is shown is for: that of the picked word."""
        return _ASKED.get(self.words[self.query].lower(), "previous")

    @derived
    def looks(self) -> Array:  # (words, words and what the model adds)
        """The weights of the read head for this word, also those on the model's own sign and full stop."""
        trace = reader().trace(whole(self.words))
        head: Array = trace.layers[_READ_LAYER][JOBS.index(self.job)]
        return head[1 : len(self.words) + 1]

    @property
    def weights(self) -> Array:  # (words, words)
        """Those on the words."""
        return self.looks[:, 1 : len(self.words) + 1]

    # The steps

    def welcome(self) -> Scene:
        """A live sentence, and the map of the course."""
        return Scene(
            sentence=self._sentence,
            badge=self._badge,
            controls=[Group(_("Try one"), self._examples())],
            look=[partial(self._picture), partial(self._said)],
            check=[Course(label=_("The course")), _needs],
        )

    def _sentence(self) -> SentenceField:
        unknown = set(self.unknown)
        chips = [
            Chip(word, short(word), {"query": i}, spelled=word in unknown)
            for i, word in enumerate(self.words)
        ]
        return SentenceField("text", self.text, MAX_WORDS, chips, self.query, chips_label=_("Looks from"))

    def _badge(self) -> Badge:
        card = load_card("reader")
        first: Math = [
            tinted(f"{_(card.title)}. ", "b"),
            _(
                "A {parameters}-number model trained by the code here on invented sentences. "
                "It is not ChatGPT and has not read English. What you see are the weights of "
                "one of its heads.",
                parameters=f"{card.parameters:,}",
            ),
        ]
        return Badge("trained", _("trained: {title}", title=_(card.title)), [first])

    def _examples(self) -> list[Item]:
        return [
            {
                "type": "button",
                "label": f"… {text.split()[-1]}",
                "action": f"example-{i}",
                "set": {"text": text},
            }
            for i, text in enumerate(EXAMPLES)
        ]

    def _picture(self) -> Block:
        unknown = self.unknown
        if unknown:
            return Nothing(
                step=self.step,
                text=_(
                    "This small model has never met {named}. Use other words, or press an example; in the "
                    "next labs every word is welcome.",
                    named=first_of([quoted(short(word)) for word in unknown], 4),
                ),
            )
        return Words(
            label=_("Where “{short}” looks", short=short(self.words[self.query])),
            words=[short(word) for word in self.words],
            weights=self.weights,
            chosen=self.query,
            sets=[{"query": i} for i in range(len(self.words))],
        )

    def _said(self) -> Prose | None:
        if self.unknown:
            return None
        row = self.looks[self.query].round(2)
        words = [quoted(short(word)) for word in self.words]
        added = _("a start sign before the first word"), _("a full stop after the last word")
        names = [added[0], *words, added[1]][: len(row)]
        at = [name for name, weight in zip(names, row, strict=True) if weight == row.max()]
        parts = {
            "word": tinted(words[self.query], "q"),
            "at": tinted(listed(at), "k"),
            "weight": tinted(number(float(row.max()), 2), "b"),
        }
        said: Math = (
            phrase("{word} looks most at {at}: {weight} of its weight.", **parts)
            if len(at) == 1
            else phrase("{word} looks most at {at}: {weight} of its weight at each.", **parts)
        )
        for name, weight in zip(names, row, strict=True):
            if name in added and name not in at and weight:
                said += [" ", _("{weight} goes to {name}.", weight=number(float(weight), 2), name=name)]
        head = _(
            "The model has several attentions, called heads; shown is the one for “{called}”.",
            called=_CALLED[self.job],
        )
        return Prose(paragraphs=[said, [head]])

    # The refresher

    @derived
    def factors(self) -> tuple[Array, Array]:
        """Two small matrices of whole numbers."""
        rng = np.random.default_rng(self.seed)
        rows, inner, cols = SHAPE
        first, second = rng.integers(-3, 5, size=(rows, inner)), rng.integers(-3, 5, size=(inner, cols))
        return first.astype(float), second.astype(float)

    def products(self) -> Scene:
        """One product, of which any cell can be picked."""
        a, b = self.factors
        cell = self.picked if self.picked and self.picked["matrix"] == "product" else None
        row, col = (cell["row"], cell["col"]) if cell else (0, 0)
        given = self.picked and not cell
        veiled = is_open(self, self._asked())
        return Scene(
            predict=self._asked,
            badge=Badge(
                "random",
                _("random, seed {seed}", seed=self.seed),
                [[_("Small whole numbers, drawn with this seed.")]],
            ),
            controls=["seed"],
            look=[partial(self._product, row, col, veiled)],
            check=[
                None if given or (veiled and (row, col) == (1, 0)) else partial(_arithmetic, a, b, row, col),
                Source(
                    source=function_of(matrix_product), shape="(2, 3) @ (3, 2) → (2, 2)", matrices=["product"]
                ),
            ],
        )

    def _asked(self) -> Predict:
        a, b = self.factors
        right = int(a[1] @ b[:, 0])
        tempting: dict[int, Math] = {
            int(a[0] @ b[:, 0]): [_("This is row 1 times column 1: the row above.")],
            int(a[1] @ b[:, 1]): [_("This is row 2 times column 2: the column beside it.")],
            int((a[1] * b[:, 0]).max()): [_("This is the largest of the products; they are added.")],
            int(a[1].sum() + b[:, 0].sum()): [
                _("This adds everything; first multiply, position by position.")
            ],
            right + 1: [_("Close: one of the products is off by one.")],
            right - 1: [_("Close: one of the products is off by one.")],
        }
        others = [value for value in tempting if value != right][:3]
        options = sorted([right, *others])
        return Predict(
            key=f"product-{self.seed}",
            question=phrase("Row 2 of {a} times column 1 of {b}: what comes out?", a=it("A"), b=it("B")),
            options=[number(value, 0) for value in options],
            right=[options.index(right)],
            answer=(_("row 2, column 1:"), number(right, 0)),
            why=[
                [_("Multiplied position by position, then added.")] if value == right else tempting[value]
                for value in options
            ],
        )

    def _product(self, row: int, col: int, veiled: bool) -> Product:
        a, b = self.factors
        rows, inner, cols = SHAPE
        product = matrix_product(a, b).astype(float)
        shown = np.where([[False, False], [veiled, False]], np.nan, product)

        def names(n: int) -> list[str]:
            return [str(i + 1) for i in range(n)]

        return Product(
            step=self.step,
            pick=pick_cell("picked"),
            tables=["a", "b"] if veiled else ["product", "a", "b"],
            left=Matrix(
                id="a",
                values=a,
                symbol=[it("A", "q")],
                words="",
                role="q",
                label="A",
                rows=Axis(axis="query", dim=_("rows"), labels=names(rows), on=row),
                cols=Axis(axis="inner", dim=_("columns"), labels=names(inner)),
                fill=Fill(tint="q"),
            ),
            top=[
                Matrix(
                    id="b",
                    values=b,
                    symbol=[it("B", "k")],
                    words="",
                    role="k",
                    label="B",
                    rows=Axis(axis="inner", dim=_("rows"), labels=names(inner)),
                    cols=Axis(axis="key", dim=_("columns"), labels=names(cols), on=col),
                    fill=Fill(tint="k"),
                )
            ],
            results=[
                Matrix(
                    id="product",
                    values=shown,
                    symbol=[it("A", "q"), it("B", "k")],
                    words="",
                    label=_("A times B"),
                    rows=Axis(axis="query", dim=_("rows"), labels=names(rows), on=row),
                    cols=Axis(axis="key", dim=_("columns"), labels=names(cols), on=col),
                    sources=[
                        From(matrix="a", row="row", col="all", role="q"),
                        From(matrix="b", row="all", col="col", role="k"),
                    ],
                    current=(row, col),
                    decimals=0,
                )
            ],
        )

    # The questions

    def questions(self) -> Sequence[Question]:
        """A product, a weight that is missing, and what attention is."""
        rng = self.question_numbers()
        a, b = (rng.integers(-3, 6, size=3).astype(float) for __ in range(2))
        shares = np.round(rng.dirichlet([2.0, 2.0, 2.0]), 2)
        given = [float(shares[0]), float(shares[1])]
        left = round(1 - sum(given), 2)
        rows = rng.integers(0, 5, size=(2, 2))
        cell = (int(rng.integers(2)), int(rng.integers(2)))
        terms = zip(a.tolist(), b.tolist(), strict=True)
        text = " + ".join(f"{number(x, 0)} × {number(y, 0)}" for x, y in terms)
        return [
            Amount(
                id="product",
                ask=_(
                    "A row ({listed}) times a column ({listed_2}): what is the sum?",
                    listed=_listed(a),
                    listed_2=_listed(b),
                ),
                right=float(a @ b),
                within=0.0,
                because=f"{text} = {number(int(a @ b), 0)}.",
                hints=[
                    (
                        float(a.sum() + b.sum()),
                        _("That adds the numbers; multiply first, position by position."),
                    )
                ]
                if int(a.sum() + b.sum()) != int(a @ b)
                else [],
                otherwise=_("Multiply position by position, then add the three products."),
            ),
            Amount(
                id="missing",
                ask=_(
                    "A word looks at three words. Two of the weights are {given} and "
                    "{given_2}. What is the third?",
                    given=f"{given[0]:.2f}",
                    given_2=f"{given[1]:.2f}",
                ),
                right=left,
                within=0.005,
                because=_("The weights of one word add up to 1."),
                otherwise=_("All three together make 1."),
            ),
            Pick(
                id="entry",
                ask=_("Pick row {cell}, column {cell_2}.", cell=cell[0] + 1, cell_2=cell[1] + 1),
                right=[cell],
                rows=[_("row 1"), _("row 2")],
                columns=[_("column 1"), _("column 2")],
                text=[[str(value) for value in row] for row in rows.tolist()],
                because=_("Rows are counted downwards, columns to the right."),
                otherwise=_("Rows are counted downwards; columns are counted to the right."),
            ),
            Choice(
                id="what",
                ask=_("What is attention?"),
                options=[
                    _("Weights that say how much one word looks at each other word"),
                    _("A list of the most important words of a text"),
                    _("The order in which words are read"),
                ],
                right=0,
                because=_("And the weights of one word add up to 1."),
                hints={
                    1: _(
                        "A weight is about a pair of words: what matters to one need not matter to another."
                    ),
                    2: _("All words are looked at, at once; how much is what the weights say."),
                },
            ),
        ]


def matrix_product(a: Array, b: Array) -> Array:  # (2, 3), (3, 2) -> (2, 2)
    """Multiply two matrices: each entry is a row of `a` times a column of `b`."""
    return a @ b


def _listed(numbers: Array) -> str:
    return ", ".join(number(value, 0) for value in numbers.tolist())


def likely(words: Sequence[str]) -> int:
    """Return the word that has most to say: a pronoun, a verb, else the last."""
    for wanted in (("it", "they"), ("is", "are", "was", "were")):
        found = [i for i, word in enumerate(words) if word.lower() in wanted]
        if found:
            return found[-1]
    return len(words) - 1


def whole(words: Sequence[str]) -> tuple[str, ...]:
    """The words as the small model reads them: in small letters, with a full stop."""
    low = tuple(word.lower() for word in words)
    return low if low[-1] == "." else (*low, ".")


def inside(cell: dict[str, Any]) -> bool:
    """Say whether a cell lies in its matrix."""
    rows, inner, cols = SHAPE
    n_rows, n_cols = {"a": (rows, inner), "b": (inner, cols), "product": (rows, cols)}[cell["matrix"]]
    return bool(cell["row"] < n_rows and cell["col"] < n_cols)


@cache
def reader() -> Reader:
    """Return the small model."""
    model = load_model("reader")
    assert isinstance(model, Reader)
    return model


def _needs() -> Prose:
    return Prose(
        heading=_("What you need"),
        paragraphs=[
            [_("Matrix products: two minutes of them are the next step.")],
            [_("No Python, no install, no account: everything runs in this page.")],
            phrase(
                "{page}: make a link, a frame or a course item of any step.",
                page=page(_("For teachers"), "teach"),
            ),
        ],
    )


def _arithmetic(a: Array, b: Array, row: int, col: int) -> Arithmetic:
    terms = list(zip(a[row].tolist(), b[:, col].tolist(), strict=True))
    total = number(int(a[row] @ b[:, col]), 0)
    rows = [
        {
            "label": None,
            "a": {"text": number(x, 0), "cls": "q"},
            "b": {"text": number(y, 0), "cls": "k"},
            "product": number(x * y, 0),
        }
        for x, y in terms
    ]
    return Arithmetic(
        heading=_("Where this number comes from"),
        title=phrase(
            "row {row} times column {col}", row=tinted(str(row + 1), "q"), col=tinted(str(col + 1), "k")
        ),
        why=[_("Multiply position by position, then add.")],
        body={"kind": "terms", "rows": rows, "printed": total, "value": total, "approx": False},
    )
