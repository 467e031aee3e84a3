"""The end of the course: myths tested, one page to keep, and what one can now do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from attention import PUBLISHED_MODELS, attention_cost, kv_cache_bytes, load_card
from attention_lab.kit.blocks import Amount, Badge, Card, Cards, Course, Prose, Source, Table
from attention_lab.kit.blocks import Choice as Asked
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import figures, quoted
from attention_lab.kit.catalogue import lessons
from attention_lab.kit.glossary import glossary, place_of
from attention_lab.kit.lab import Lab
from attention_lab.kit.markup import Math, link, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Predict, Scene
from attention_lab.kit.settings import Choice, Whole
from attention_lab.kit.sources import function_of
from attention_lab.kit.texts import _, lazy
from attention_lab.labs.wrap import myths

CHOSEN = (
    "Transformer base",
    "BERT base",
    "GPT-2 small",
    "GPT-2 XL",
    "GPT-3 175B",
    "Llama 2 70B",
    "Llama 3 8B",
)
LASTS = ("tired", "soft", "hungry", "dirty")
_SHARED = ("reader", "ordinary", "writer", "translator")
_LETTERS = {"all": lazy("all"), "c-i": lazy("c to j"), "k-q": lazy("k to q"), "r-z": lazy("r to z")}
_BEFORE = {"c-i": "k", "k-q": "r"}
"""The letter before which a range ends; "c-i" is what links call it."""
_READING = (
    ("Attention Is All You Need", "Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser, Polosukhin"),
    ("The Illustrated Transformer", "Jay Alammar"),
    ("Attention in transformers", "3Blue1Brown (Grant Sanderson)"),
)


class Wrap(Lab):
    """What a learner takes home."""

    last = Choice("tired", options=LASTS, label=lazy("… because it was"), said=lazy("The last word"))
    d_k = Whole(64, bounds=(1, 1024), log=True, label="d_k", said="d_k")
    n = Whole(512, bounds=(1, 8192), log=True, label=lazy("tokens, n"), said=lazy("The number of tokens"))
    letters = Choice("all", options=_LETTERS, label=lazy("Terms"), said=lazy("The letters"))
    published = Choice(
        "GPT-2 small", options=CHOSEN, label=lazy("Model"), said=lazy("The model"), select=True
    )

    # The myths

    def myths(self) -> Scene:
        """Three cards, each with a test on its back."""
        first: Math = [
            _("Reader and Ordinary: small models, trained by the code here on invented sentences.")
        ]
        return Scene(
            predict=self._asked,
            badge=Badge("trained", _("trained: Reader, Ordinary"), [first]),
            controls=["last"],
            look=[partial(self._cards, is_open(self, self._asked()))],
            check=[
                Source(source=function_of(myths.without_heaviest), shape="(3 layers, 8 heads)"),
                Source(source=function_of(myths.all_on), shape="(4 heads)"),
            ],
        )

    def _asked(self) -> Predict:
        after = myths.without_heaviest(self.last).word
        arrow = myths.heaviest(self.last)
        options = ["cat", "mat", arrow.word]
        return Predict(
            key=f"cut-{self.last}",
            question=[
                _(
                    "Ordinary’s heaviest arrow from “it” goes to “{word}”. Cut it: who is “it” then?",
                    word=arrow.word,
                )
            ],
            options=options,
            right=[options.index(after)],
            answer=(_("after the cut:"), after),
            why=[
                [_("Other heads and layers carry the answer; this arrow was not needed for it.")]
                if each == after
                else [_("A heavy arrow looks as if all hung on it. The cut shows that it does not.")]
                for each in options
            ],
        )

    def _cards(self, veiled: bool) -> Cards:
        whole, cut = myths.said("ordinary", self.last), myths.without_heaviest(self.last)
        arrow = myths.heaviest(self.last)
        other = "soft" if myths.said("reader", self.last).word == "cat" else "tired"
        mine, theirs = myths.said("reader", self.last), myths.said("reader", other)
        wrong = "mat" if mine.word == "cat" else "cat"
        forced = myths.all_on(wrong, self.last)
        second: Math | str = [
            _(
                "The heaviest arrow from “it” goes to “{word}”, with {weight}. Cut it, and the "
                "answer goes from {spoken} to {spoken_2}: it was not what mattered.",
                word=arrow.word,
                weight=number(arrow.weight, 2),
                spoken=_spoken(whole),
                spoken_2=_spoken(cut),
            )
        ]
        return Cards(
            label=_("So, or not so?"),
            cards=[
                Card(
                    sign=_("myth 1"),
                    title=_("Attention is just weighted averaging"),
                    text=_("Then the same weights would do for every sentence."),
                    back=_(
                        "It averages, but by weights made from the words. “{last}”: it is the "
                        "{word}. “{other}”: it is the {word_2}. The model’s own numbers did "
                        "not change.",
                        last=self.last,
                        word=mine.word,
                        other=other,
                        word_2=theirs.word,
                    ),
                ),
                Card(
                    sign=_("myth 2"),
                    title=_("Attention looks at the most important words"),
                    text=_("Then cutting the heaviest arrow would change the answer."),
                    back=_("Guess first: the question stands on this page.") if veiled else second,
                ),
                Card(
                    sign=_("myth 3"),
                    title=_("More attention is better"),
                    text=_("Then a weight of 1 would be best."),
                    back=_(
                        "Give “{wrong}” all the weight of “it” in the Reader’s read head for pronouns: no "
                        "arrow can be heavier, and it answers {spoken} in place of {spoken_2}.",
                        wrong=wrong,
                        spoken=_spoken(forced),
                        spoken_2=_spoken(mine),
                    ),
                ),
            ],
        )

    # The workshop's questions

    def workshop(self) -> Scene:
        """Questions and answers, each with a number where there is one."""
        d, n = self.d_k, self.n
        rows: list[list[Any]] = [
            [
                _("Why divide by √d_k?"),
                _("Scores of random rows spread by √d_k; divided, by 1."),
                math.sqrt(d),
            ],
            [_("What does attention cost?"), _("One weight for each pair of tokens, in each head."), n * n],
            [
                _("How many pairs has a causal mask?"),
                _("n (n + 1) / 2: each token and those before it."),
                pairs(n),
            ],
            [
                _("How wide can weights spread?"),
                _("At most to an entropy of log n, the natural logarithm."),
                math.log(n),
            ],
            [_("Do more heads cost parameters?"), _("No: they share d_model between them."), 0],
            [_("Is a heavy arrow an explanation?"), _("Not by itself: cut it and see."), None],
        ]
        return Scene(
            badge=Badge("measured", _("computed"), [[_("By what each row says.")]]),
            controls=["d_k", "n"],
            look=[
                Table(
                    label=_("Asked after the workshop"),
                    columns=[_("question"), _("answer"), _("here")],
                    rows=rows,
                )
            ],
            check=[Source(source=function_of(pairs), shape=f"n = {n}")],
        )

    # One page

    def sheet(self) -> Scene:
        """Formula, shapes, masks and costs, each with the step that shows it."""
        d, n = self.d_k, self.n
        flops = attention_cost(n, n, d).flops
        cache = kv_cache_bytes(n, 1, 1, d, bytes_each=2)
        rows = [
            [_("formula"), "softmax(Q Kᵀ / √d_k + M) V", where("stepper", "weights")],
            ["Q, K, V", _("{n} × {d} each", n=n, d=d), where("stepper", "qkv")],
            [_("scores, weights"), f"{n} × {n}", where("stepper", "raw_scores")],
            [_("output"), f"{n} × {d}", where("stepper", "head_outputs")],
            [_("scale"), f"√d_k = {figures(math.sqrt(d))}", where("scale", "spread")],
            [
                _("causal mask"),
                _("{pairs} of {n} pairs", pairs=figures(pairs(n)), n=figures(n * n)),
                where("masks", "draw"),
            ],
            [_("mask before softmax"), _("−∞ where a query may not look"), where("masks", "leak")],
            [_("heads"), _("split, attend, concatenate, W_O"), where("heads", "split")],
            [_("cross-attention"), _("Q from one, K and V from the other"), where("cross", "shapes")],
            [_("positions"), _("added to the rows, or put into scores"), where("position", "bag")],
            [
                _("block"),
                _("x + Attention(Norm(x)), then x + Feed-forward(Norm(x))"),
                where("block", "parts"),
            ],
            [
                _("one head, one sequence"),
                _("{flops} multiplications and additions", flops=figures(flops)),
                where("price", "grow"),
            ],
            [
                _("KV cache"),
                _("{cache} bytes a head and layer, in numbers of 16 bits", cache=figures(cache)),
                where("generate", "cache"),
            ],
        ]
        return Scene(
            badge=Badge("measured", _("computed"), [[_("Sizes and costs follow from d_k and n.")]]),
            controls=["d_k", "n"],
            look=[Table(label=_("On one page"), columns=[_("what"), _("how"), _("see it")], rows=rows)],
        )

    def terms(self) -> Scene:
        """Each term in one sentence."""
        first, end = "a" if self.letters == "all" else self.letters[0], _BEFORE.get(self.letters, "~")
        rows = [[t, said] for t, said in glossary().items() if first <= place_of(t)[0] < end]
        return Scene(
            controls=["letters"],
            look=[Table(label=_("Glossary"), columns=[_("term"), _("in one sentence")], rows=rows)],
        )

    def production(self) -> Scene:
        """Our models beside a published one."""
        shape = PUBLISHED_MODELS[self.published]
        cards = [load_card(name) for name in _SHARED]
        layers = (shape.n_layers, shape.n_layers) if shape.family == "transformer" else (shape.n_layers,)
        published = [self.published, stacked(layers, shape.n_heads), shape.d_model, shape.total]
        rows = [
            [
                _(c.title),
                stacked((1, 1) if name == "translator" else (c.n_layers,), c.n_heads),
                c.d_model,
                c.parameters,
            ]
            for name, c in zip(_SHARED, cards, strict=True)
        ]
        return Scene(
            badge=Badge("trained", _("trained: ours"), [[f"{self.published}: {_(shape.source)}."]]),
            controls=["published"],
            look=[
                Table(
                    label=_("Ours and a published model"),
                    columns=[_("model"), _("layers × heads a layer"), _("d_model"), _("parameters")],
                    rows=[*rows, published],
                    marked=[(len(rows), c) for c in range(3)],
                )
            ],
            check=[
                Prose(
                    heading=_("What it runs on"),
                    paragraphs=[
                        [
                            _(
                                "Ours are NumPy’s matrix products, on one processor, in this page. In "
                                "production the same products run on graphics processors. There are "
                                "programs for these that work block by block, so that the scores of a "
                                "whole sequence are never held at once."
                            )
                        ]
                    ],
                ),
                _reading,
            ],
        )

    def done(self) -> Scene:
        """What each lab promised, with the way back to it."""
        rows = [
            [lesson.title, said, where(lesson.name, lesson.ids[0])]
            for lesson in lessons()
            for said in lesson.objectives
        ]
        return Scene(
            controls=[],
            look=[
                Course(label=_("What you have done")),
                Table(
                    label=_("What you can now do"),
                    columns=[_("lab"), _("you can"), _("see it again")],
                    rows=rows,
                ),
            ],
        )

    def questions(self) -> Sequence[Question]:
        """Pairs, a spread, and what a test of an arrow shows."""
        rng = self.question_numbers()
        n, root = int(rng.integers(4, 13)), int(rng.integers(3, 13))
        return [
            Amount(
                id="pairs",
                ask=_("{n} tokens under a causal mask: how many pairs may look?", n=n),
                right=float(pairs(n)),
                within=0.0,
                because=f"{n} × {n + 1} / 2.",
                hints=[
                    (float(n * n), _("That is without a mask.")),
                    (float(pairs(n - 1)), _("Each token may look at itself, too.")),
                ],
                otherwise=_("The first sees 1, the second 2, and so on."),
            ),
            Amount(
                id="spread",
                ask=_(
                    "Queries and keys are random with variance 1, d_k = {root}. What is the "
                    "standard deviation of their scores?",
                    root=root**2,
                ),
                right=float(root),
                within=0.01,
                because=_("The root of d_k."),
                hints=[(float(root**2), _("That is the variance; its root is asked for."))],
                otherwise=_("The variances of d_k products add up; then take the root."),
            ),
            Asked(
                id="arrow",
                ask=_("How do you find out whether an answer hangs on an arrow?"),
                options=[
                    _("Read its weight"),
                    _("Cut it and see whether the answer changes"),
                    _("Average over all heads"),
                ],
                right=1,
                because=_("A heavy arrow need not matter; a test shows whether it does."),
                hints={
                    0: _("Myth 2: the heaviest arrow was cut, and the answer stayed."),
                    2: _("An average hides what each head does."),
                },
            ),
        ]


def pairs(n: int) -> int:
    """Count the pairs that a causal mask allows: 1 + 2 + ... + n."""
    return n * (n + 1) // 2


def stacked(layers: Sequence[int], heads: int) -> str:
    """Write how many heads each layer has: of a model alone, or of an encoder and of the decoder behind it.

    A decoder that reads from an encoder has two attentions in a layer, each with as many heads.
    """
    return " + ".join(f"{n} × {heads * (i + 1)}" for i, n in enumerate(layers))


def where(lab: str, step: str) -> Math:
    """Return the way to a step; to its lab's first step, or nothing, where the course has it not."""
    found = next((lesson for lesson in lessons() if lesson.name == lab), None)
    if found is None:
        return []
    at = step if step in found.ids else found.ids[0]
    return [link(found.steps[found.index(at)].section, lab, at)]


def _spoken(said: myths.Said) -> str:
    return f"{quoted(said.word)} ({number(said.probability, 2)})"


def _reading() -> Prose:
    return Prose(
        heading=_("Further reading"),
        paragraphs=[[tinted(title, "b"), f", {authors}"] for title, authors in _READING],
    )
