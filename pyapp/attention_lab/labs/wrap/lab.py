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
from attention_lab.kit.blocks.writing import figures
from attention_lab.kit.catalogue import lessons
from attention_lab.kit.lab import Lab
from attention_lab.kit.markup import Math, link, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Predict, Scene
from attention_lab.kit.settings import Choice, Whole
from attention_lab.kit.sources import function_of
from attention_lab.labs.wrap import myths
from attention_lab.labs.wrap.glossary import GLOSSARY

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
_LETTERS = {"all": "all", "c-h": "c to h", "k-q": "k to q", "r-z": "r to z"}
_READING = (
    ("Attention Is All You Need", "Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser, Polosukhin"),
    ("The Illustrated Transformer", "Jay Alammar"),
    ("Attention in transformers", "3Blue1Brown (Grant Sanderson)"),
)


class Wrap(Lab):
    """What a learner takes home."""

    last = Choice("tired", options=LASTS, label="… because it was", said="The last word")
    d_k = Whole(64, bounds=(1, 1024), log=True, label="d_k", said="d_k")
    n = Whole(512, bounds=(1, 8192), log=True, label="tokens, n", said="The number of tokens")
    letters = Choice("all", options=_LETTERS, label="Terms", said="The letters")
    published = Choice("GPT-2 small", options=CHOSEN, label="Model", said="The model", select=True)

    # The myths

    def myths(self) -> Scene:
        """Three cards, each with a test on its back."""
        first: Math = ["Reader and Ordinary: small models, trained by the code here on invented sentences."]
        return Scene(
            predict=self._asked,
            badge=Badge("trained", "trained: Reader, Ordinary", [first]),
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
                f"Ordinary’s heaviest arrow from “it” goes to “{arrow.word}”. Cut it: who is “it” then?"
            ],
            options=options,
            right=[options.index(after)],
            answer=("after the cut:", after),
            why=[
                ["Other heads and layers carry the answer; this arrow was not needed for it."]
                if each == after
                else ["A heavy arrow looks as if all hung on it. The cut shows that it does not."]
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
            f"The heaviest arrow from “it” goes to “{arrow.word}”, with {number(arrow.weight, 2)}. "
            f"Cut it, and the answer goes from {_spoken(whole)} to {_spoken(cut)}: it was not what mattered."
        ]
        return Cards(
            label="So, or not so?",
            cards=[
                Card(
                    sign="myth 1",
                    title="Attention is just weighted averaging",
                    text="Then the same weights would do for every sentence.",
                    back=f"It averages, but by weights made from the words. “{self.last}”: it is the "
                    f"{mine.word}. “{other}”: it is the {theirs.word}. "
                    "The model’s own numbers did not change.",
                ),
                Card(
                    sign="myth 2",
                    title="Attention looks at the most important words",
                    text="Then cutting the heaviest arrow would change the answer.",
                    back="Guess first: the question stands on this page." if veiled else second,
                ),
                Card(
                    sign="myth 3",
                    title="More attention is better",
                    text="Then a weight of 1 would be best.",
                    back=f"Give all of the Reader’s weight to “{wrong}”: no arrow can be heavier, and it "
                    f"answers {_spoken(forced)} in place of {_spoken(mine)}.",
                ),
            ],
        )

    # The workshop's questions

    def workshop(self) -> Scene:
        """Questions and answers, each with a number where there is one."""
        d, n = self.d_k, self.n
        rows: list[list[Any]] = [
            ["Why divide by √d_k?", "Scores of random rows spread by √d_k; divided, by 1.", math.sqrt(d)],
            ["What does attention cost?", "One weight for each pair of tokens, in each head.", n * n],
            ["How many pairs has a causal mask?", "n (n + 1) / 2: each token and those before it.", pairs(n)],
            ["How wide can weights spread?", "An entropy of log n, in nats.", math.log(n)],
            ["Do more heads cost parameters?", "No: they share d_model between them.", 0],
            ["Is a heavy arrow an explanation?", "Not by itself: cut it and see.", None],
        ]
        return Scene(
            badge=Badge("measured", "computed", [["By the formula in each row."]]),
            controls=["d_k", "n"],
            look=[Table(label="Asked after the workshop", columns=["question", "answer", "here"], rows=rows)],
            check=[Source(source=function_of(pairs), shape=f"n = {n}")],
        )

    # One page

    def sheet(self) -> Scene:
        """Formula, shapes, masks and costs, each with the step that shows it."""
        d, n = self.d_k, self.n
        flops = attention_cost(n, n, d).flops
        cache = kv_cache_bytes(n, 1, 1, d, bytes_each=2)
        rows = [
            ["formula", "softmax(Q Kᵀ / √d_k + M) V", where("stepper", "weights")],
            ["Q, K, V", f"{n} × {d} each", where("stepper", "qkv")],
            ["scores, weights", f"{n} × {n}", where("stepper", "raw_scores")],
            ["output", f"{n} × {d}", where("stepper", "head_outputs")],
            ["scale", f"√d_k = {figures(math.sqrt(d))}", where("scale", "spread")],
            ["causal mask", f"{figures(pairs(n))} of {figures(n * n)} pairs", where("masks", "draw")],
            ["mask before softmax", "−∞ where a query may not look", where("masks", "leak")],
            ["heads", "split, attend, concatenate, W_O", where("heads", "split")],
            ["cross-attention", "Q from one, K and V from the other", where("cross", "shapes")],
            ["positions", "added to the rows, or put into scores", where("position", "bag")],
            ["block", "x + Attention(Norm(x)), then x + FFN(Norm(x))", where("block", "parts")],
            ["one head, one sequence", f"{figures(flops)} FLOPs", where("price", "grow")],
            ["KV cache", f"{figures(cache)} bytes a head and layer, in float16", where("generate", "cache")],
        ]
        return Scene(
            badge=Badge("measured", "computed", [["Sizes and costs follow from d_k and n."]]),
            controls=["d_k", "n"],
            look=[Table(label="On one page", columns=["what", "how", "see it"], rows=rows)],
        )

    def terms(self) -> Scene:
        """Each term in one sentence."""
        first, last = ("a", "z") if self.letters == "all" else self.letters.split("-")
        rows = [[t, said] for t, said in GLOSSARY.items() if first <= t[0].lower() <= last]
        return Scene(
            controls=["letters"],
            look=[Table(label="Glossary", columns=["term", "in one sentence"], rows=rows)],
        )

    def production(self) -> Scene:
        """Our models beside a published one."""
        shape = PUBLISHED_MODELS[self.published]
        cards = [load_card(name) for name in _SHARED]
        published = [self.published, shape.n_layers, shape.d_model, shape.n_heads, shape.total]
        rows = [[c.title, c.n_layers, c.d_model, c.n_heads, c.parameters] for c in cards]
        return Scene(
            badge=Badge("trained", "trained: ours", [[f"{self.published}: {shape.source}."]]),
            controls=["published"],
            look=[
                Table(
                    label="Ours and a published model",
                    columns=["model", "layers", "d_model", "heads", "parameters"],
                    rows=[*rows, published],
                    marked=[(len(rows), c) for c in range(4)],
                )
            ],
            check=[
                Prose(heading="Kernels", paragraphs=[
                    ["Ours are NumPy’s matrix products, on one processor, in this page. In production the "
                     "same products run on graphics processors, and kernels work block by block, so that the "
                     "scores of a whole sequence are never held at once."]]),
                _reading,
            ],
        )  # fmt: skip

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
                Course(label="What you have done"),
                Table(label="What you can now do", columns=["lab", "you can", "see it again"], rows=rows),
            ],
        )

    def questions(self) -> Sequence[Question]:
        """Pairs, a spread, and what a test of an arrow shows."""
        rng = self.question_numbers()
        n, root = int(rng.integers(4, 13)), int(rng.integers(3, 13))
        return [
            Amount(
                id="pairs", ask=f"{n} tokens under a causal mask: how many pairs may look?",
                right=float(pairs(n)), within=0.0, because=f"{n} × {n + 1} / 2.",
                hints=[(float(n * n), "That is without a mask."),
                       (float(pairs(n - 1)), "Each token may look at itself, too.")],
                otherwise="The first sees 1, the second 2, and so on.",
            ),
            Amount(
                id="spread", ask=f"Queries and keys are random with variance 1, d_k = {root**2}. What is the "
                "standard deviation of their scores?",
                right=float(root), within=0.01, because="The root of d_k.",
                hints=[(float(root**2), "That is the variance; its root is asked for.")],
                otherwise="The variances of d_k products add up; then take the root.",
            ),
            Asked(
                id="arrow", ask="How do you find out whether an answer hangs on an arrow?",
                options=["Read its weight", "Cut it and see whether the answer changes",
                         "Average over all heads"],
                right=1, because="A heavy arrow need not matter; a test shows whether it does.",
                hints={0: "Myth 2: the heaviest arrow was cut, and the answer stayed.",
                       2: "An average hides what each head does."},
            ),
        ]  # fmt: skip


def pairs(n: int) -> int:
    """Count the pairs that a causal mask allows: 1 + 2 + ... + n."""
    return n * (n + 1) // 2


def where(lab: str, step: str) -> Math:
    """Return the way to a step; only its lab's name, or nothing, where the course has it not."""
    found = next((lesson for lesson in lessons() if lesson.name == lab), None)
    if found is None:
        return []
    at = step if step in found.ids else found.ids[0]
    return [link(found.steps[found.index(at)].section, lab, at)]


def _spoken(said: myths.Said) -> str:
    return f"“{said.word}” ({number(said.probability, 2)})"


def _reading() -> Prose:
    return Prose(
        heading="Further reading",
        paragraphs=[[tinted(title, "b"), f", {authors}"] for title, authors in _READING],
    )
