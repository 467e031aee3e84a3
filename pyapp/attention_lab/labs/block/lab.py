"""The transformer block: attention and a feed-forward network, each with a layer norm and a way around."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from attention import (
    PUBLISHED_MODELS,
    Array,
    TransformerBlock,
    Writer,
    load_card,
    load_model,
    model_parameters,
    softmax,
)
from attention_lab.kit.blocks import (
    Badge,
    Bars,
    Fact,
    Facts,
    Line,
    Lines,
    Node,
    Path,
    Prose,
    Source,
    Table,
)
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import counted, figures, grouped
from attention_lab.kit.lab import Lab, derived
from attention_lab.kit.markup import Math, it, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Predict, Scene
from attention_lab.kit.settings import Choice, Flag, Seed, Whole
from attention_lab.kit.sources import function_of
from attention_lab.kit.texts import _, lazy, phrase
from attention_lab.labs.block.counting import (
    ATTENTION,
    FEED_FORWARD,
    NORMS,
    in_blocks,
    outside,
    parameters,
    per_block,
)
from attention_lab.labs.block.presets import PRESETS
from attention_lab.labs.block.questions import questions_of
from attention_lab.labs.block.stream import (
    D_MODEL,
    MOST_BLOCKS,
    N_ROWS,
    Stage,
    Way,
    alikeness,
    length,
    likeness,
    passed,
    side_by_side,
    stack_of,
    stages,
)

CHOSEN = (
    "Transformer base",
    "BERT base",
    "GPT-2 small",
    "GPT-2 XL",
    "GPT-3 175B",
    "Llama 2 70B",
    "Llama 3 8B",
)
NORMS_CALLED = {"pre": lazy("Pre-norm"), "post": lazy("Post-norm"), "none": lazy("None")}
BEGINNINGS = {
    "sat": "the cat sat on the",
    "are": "the dogs in the park are",
    "car": "the red car",
}
WITHOUT = {
    "residual": lazy("Residual connections"),
    "final": lazy("The last norm"),
    "norms": lazy("All layer norms"),
}
PARTS = {"attention": lazy("attention"), "feed-forward": lazy("feed-forward")}
_CALLED = {**PARTS, "norm": lazy("norm"), "+": "+"}
_MEASURES = {"norm": lazy("length of the rows"), "cosine": lazy("cosine to the input")}
_TOP = 4
_ALIKE = 0.9  # the cosine from which the prose calls words alike
_SHRINKS, _GROWS, _GROWS_MUCH = 0.5, 2.0, 10.0


class Block(Lab):
    """One learner's block, and what it is stacked to."""

    presets = PRESETS

    norm = Choice("pre", options=NORMS_CALLED, label=lazy("Layer norm"), said=lazy("The layer norm"))
    attend = Flag(True, label=lazy("attention"), said=lazy("The attention"))
    feed_forward = Flag(True, label=lazy("feed-forward"), said=lazy("The feed-forward network"))
    residual = Flag(True, label=lazy("residual connections"), said=lazy("The way around"))
    measure = Choice(
        "norm",
        options={"norm": lazy("Length"), "cosine": lazy("Cosine to the input")},
        label=lazy("Measured"),
    )
    depth = Whole(
        12, bounds=(1, MOST_BLOCKS), slider=True, label=lazy("blocks"), said=lazy("The number of blocks")
    )
    seed = Seed(1)
    beginning = Choice("sat", options=BEGINNINGS, label=lazy("Text"), said=lazy("The text"))
    without = Choice("residual", options=WITHOUT, label=lazy("Without"), said=lazy("What is taken away"))
    d_model = Whole(768, bounds=(8, 4096), log=True, label=lazy("d_model"), said=lazy("d_model"))
    ratio = Whole(4, bounds=(1, 8), slider=True, label=lazy("d_ff ÷ d_model"), said=lazy("d_ff ÷ d_model"))
    published = Choice(
        "GPT-2 small", options=CHOSEN, label=lazy("Model"), said=lazy("The model"), select=True
    )

    # What follows from the settings

    @derived
    def drawn(self) -> tuple[Array, list[TransformerBlock]]:
        """Random rows, and the most blocks that there can be."""
        return stack_of(self.seed)

    @derived
    def one_block(self) -> tuple[Array, list[TransformerBlock]]:
        """The same rows, and the first block alone."""
        return stack_of(self.seed, 1)

    def _through(self, way: Way) -> list[Stage]:
        """The parts of one block."""
        return self.derive(f"{way}", self.seed, lambda: stages(*self.one_block, way))

    @derived
    def outputs(self) -> Mapping[str, Array]:  # (parts, rows, d_model) each
        """The rows that come in and those after each part of the most blocks, for each layer norm."""
        return self._outputs([Way(norm) for norm in NORMS_CALLED], NORMS_CALLED)

    @property
    def with_and_without(self) -> Mapping[str, Array]:  # (parts, rows, d_model) each
        """The same with residual connections and without; each layer norm's is kept."""
        ways = [Way(self.norm), Way(self.norm, residual=False)]
        return self.derive(f"alike-{self.norm}", self.seed, lambda: self._outputs(ways, ("with", "without")))

    def _outputs(self, ways: Sequence[Way], names: Iterable[str]) -> Mapping[str, Array]:
        rows, blocks = self.drawn
        found = side_by_side(rows, blocks, ways)
        start = np.broadcast_to(rows, (len(ways), 1, *rows.shape))
        return dict(zip(names, np.concatenate([start, found], axis=1), strict=True))

    def _yours(self) -> Way:
        return Way(self.norm, self.attend, self.feed_forward, self.residual)

    @property
    def _random(self) -> Badge:
        said: Math = [
            _(
                "{n_rows} rows of {d_model} numbers and all weights are drawn with this seed, not trained.",
                n_rows=N_ROWS,
                d_model=D_MODEL,
            )
        ]
        return Badge("random", _("random, seed {seed}", seed=self.seed), [said])

    def _measured(self, x: Array, start: Array) -> Array:  # (..., rows, d_model), (rows, d_model) -> (...)
        return length(x) if self.measure == "norm" else likeness(x, start)

    # One block

    def parts(self) -> Scene:
        """The parts of one block, and how the stream is after each."""
        return Scene(
            badge=self._random,
            controls=["attend", "feed_forward", "residual", "norm", "measure", "seed"],
            look=[self._chain, self._after_each],
            check=[
                self._table,
                Source(
                    source=function_of(passed),
                    shape=f"({N_ROWS}, {D_MODEL}) → ({N_ROWS}, {D_MODEL})",
                ),
            ],
        )

    def _chain(self) -> Path:
        """The block as a chain; picking a part switches it."""
        first, last = ["norm"] * (self.norm == "pre"), ["norm"] * (self.norm == "post")
        names = [
            name for part in ("attention", "feed-forward") for name in (*first, part, "+", *last)
        ]  # fmt: skip
        nodes = [Node(label=_("in")), *[Node(label=_CALLED[name], set=self._switch(name)) for name in names]]
        edges, start = [(i, i + 1) for i in range(len(nodes) - 1)], 0
        for i, name in enumerate(["in", *names]):
            if name == "+":
                edges += [(start, i)] if self.residual else []
                start = i + len(last)
        off = {"attention": not self.attend, "feed-forward": not self.feed_forward, "+": not self.residual}
        lit = [i for i, name in enumerate(["in", *names]) if not off.get(name, False)]
        return Path(label=_("The block: pick a part to switch it"), layers=[nodes], edges=edges, lit=lit)

    def _switch(self, name: str) -> Mapping[str, Any] | None:
        settings = {"attention": "attend", "feed-forward": "feed_forward", "+": "residual"}
        found = settings.get(name)
        return None if found is None else {found: not getattr(self, found)}

    def _after_each(self) -> Bars:
        whole, yours = self._through(Way(self.norm)), self._through(self._yours())
        names, before = self._points(whole)
        __, after = self._points(yours)
        called = _MEASURES[self.measure]
        return Bars(
            label=_("After each part: {called}", called=called),
            names=names,
            values=self._measured(np.stack(before), before[0]),
            after=self._measured(np.stack(after), after[0]),
            series=(_("every part on"), _("as switched")),
        )

    def _points(self, found: Sequence[Stage]) -> tuple[list[str], list[Array]]:
        names, rows = [_("in")], [self.one_block[0]]
        for stage in found:
            name = PARTS[stage.name]
            names, rows = [*names, name], [*rows, stage.summed]
            if self.norm == "post":
                names, rows = [*names, _("norm after {name}", name=name)], [*rows, stage.output]
        return names, rows

    def _table(self) -> Table:
        x = self.one_block[0]
        rows: list[list[Any]] = [[_("in"), None, float(length(x)), 1.0]]
        for stage in self._through(self._yours()):
            rows.append(
                [
                    PARTS[stage.name],
                    float(length(stage.change)),
                    float(length(stage.output)),
                    float(likeness(stage.output, x)),
                ]
            )
        heads = [_("given"), _("goes on"), _("cosine")]
        return Table(
            label=_("On average: lengths of the rows, and their cosine to the input"),
            columns=[_("part"), *heads],
            rows=rows,
            decimals=dict.fromkeys(heads, 2),
        )

    # A stack of them

    @property
    def _blocks(self) -> str:
        return counted(self.depth, "block", "blocks")

    def stack_ends(self) -> dict[str, float]:
        """Return how long the rows are at the end of the stack, for each layer norm."""
        return {norm: float(length(rows[2 * self.depth])) for norm, rows in self.outputs.items()}

    def grows(self) -> tuple[float, float]:
        """Return the lengths before and after the most blocks, without layer norm."""
        rows = self.outputs["none"]
        return float(length(rows[0])), float(length(rows[-1]))

    def _asked(self) -> Predict:
        start, end = self.grows()
        times = end / start
        right = sum(times >= edge for edge in (_SHRINKS, _GROWS, _GROWS_MUCH))
        true: Math = [_("Each part reads longer rows, and so adds more.")]
        tempting: list[Math] = [
            [_("Weights are small, but what they give is added to the stream and takes nothing away.")],
            [_("That is what layer norm is for. Without it, nothing holds the rows.")],
            [_("After one or two blocks, yes; each next one adds to what has grown already.")],
            [_("Each part adds its share, but here the sum stays smaller.")],
        ]
        return Predict(
            key=f"norm-{self.seed}",
            question=[
                _(
                    "{most_blocks} blocks without layer norm: what happens to the length of the rows?",
                    most_blocks=MOST_BLOCKS,
                )
            ],
            options=[
                _("shrinks"),
                _("stays"),
                _("grows ×2–10"),
                _("grows > ×10"),
            ],
            right=[right],
            answer=(_("length of the rows:"), f"{figures(start)} → {figures(end)}"),
            why=[true if i == right else why for i, why in enumerate(tempting)],
        )

    def stack(self) -> Scene:
        """The stream through a stack of blocks, for each place of the layer norm."""
        ends = self.stack_ends()
        return Scene(
            predict=self._asked,
            badge=self._random,
            controls=["depth", "measure", "seed"],
            look=[partial(self._course, is_open(self, self._asked()))],
            check=[_which_norm, Source(source=function_of(length), shape=f"({N_ROWS}, {D_MODEL}) → ()")],
            numbers={
                "blocks": self._blocks,
                "pre": number(ends["pre"], 1),
                "post": number(ends["post"], 1),
            },
        )

    def _course(self, veiled: bool) -> Lines:
        at = np.arange(2 * self.depth + 1) / 2
        series = []
        for norm, called in {"none": _("no layer norm"), "post": "post-norm", "pre": "pre-norm"}.items():
            rows = self.outputs[norm][: len(at)]
            hidden = veiled and norm == "none"
            y = np.full(len(at), np.nan) if hidden else self._measured(rows, rows[0])
            series.append(Line(name=called, x=at, y=y, points=True))
        return Lines(
            label=_("Through the stack: {measures}", measures=_MEASURES[self.measure]),
            across=_("blocks"),
            up=_MEASURES[self.measure],
            log_y=self.measure == "norm",
            series=series,
        )

    def alike(self) -> Scene:
        """How alike the rows of different words become, with and without the way around."""
        behind = slice(0, 2 * self.depth + 1, 2)
        course = {each: alikeness(rows[behind]) for each, rows in self.with_and_without.items()}
        ends = {each: float(values[-1]) for each, values in course.items()}
        called = {"with": _("with residual connections"), "without": _("without residual connections")}
        at = np.arange(self.depth + 1)
        return Scene(
            badge=self._random,
            controls=["depth", "norm", "seed"],
            look=[
                Lines(
                    label=_("How alike two words have become"),
                    across=_("blocks"),
                    up=_("mean cosine between rows"),
                    series=[
                        Line(name=called[each], x=at, y=likeness, points=True)
                        for each, likeness in course.items()
                    ],
                    levels={_("the same direction"): 1.0},
                )
            ],
            check=[
                Source(source=function_of(alikeness), shape=f"({N_ROWS}, {D_MODEL}) → ()"),
                _not_only_the_way,
            ],
            numbers={
                "blocks": self._blocks,
                "too": _("Here words become alike with it, too.") if min(ends.values()) >= _ALIKE else "",
                **{each: number(end, 2) for each, end in ends.items()},
            },
        )

    # A trained model without one of its parts

    @derived
    def next_words(self) -> tuple[Array, Array, tuple[str, ...]]:
        """How likely the writer finds each next word, as trained and without the part; and the words."""
        return next_words(self.beginning, self.without)

    def tree(self) -> Scene:
        """The shipped writer, as trained and with a part taken away."""
        card = load_card("writer")
        first: Math = [
            tinted(f"{_(card.title)}. ", "b"),
            _(
                "A {parameters}-number model of {n_layers} blocks, trained by the code here on "
                "invented sentences. It was trained with all its parts; nothing was trained "
                "again without one of them.",
                parameters=f"{card.parameters:,}",
                n_layers=card.n_layers,
            ),
        ]
        return Scene(
            badge=Badge("trained", _("trained: {title}", title=_(card.title)), [first]),
            controls=["without", "beginning"],
            look=[self._words_bars, self._certainty],
            check=[_tree_table, Source(source=function_of(scored), shape="(seq, 64) → (462,)")],
        )

    def _words_bars(self) -> Bars:
        before, after, words = self.next_words
        top = list(dict.fromkeys([*_largest(before), *_largest(after)]))
        return Bars(
            label=_("“{beginnings} …”: the next word", beginnings=BEGINNINGS[self.beginning]),
            names=[words[i] for i in top],
            values=before[top],
            after=after[top],
            series=(_("as trained"), _("without {lower}", lower=_lower(WITHOUT[self.without]))),
            decimals=3,
        )

    def _certainty(self) -> Facts:
        before, after, words = self.next_words
        return Facts(
            facts={
                _("as trained"): f"{words[int(before.argmax())]}, {number(float(before.max()), 2)}",
                _("without {lower}", lower=_lower(WITHOUT[self.without])): (
                    f"{words[int(after.argmax())]}, {number(float(after.max()), 2)}"
                ),
                _("moved"): Fact(
                    value=float(np.abs(before - after).sum() / 2), decimals=2, note=_("of 1 in all")
                ),
            }
        )

    # Counting

    def count(self) -> Scene:
        """The parameters of a block, part by part."""
        d_ff = self.ratio * self.d_model
        counts = parameters(self.d_model, d_ff)
        total = sum(counts)
        return Scene(
            badge=Badge("measured", _("counted"), [[_("Counted by the formula beside each part.")]]),
            controls=["d_model", "ratio"],
            look=[
                Bars(
                    label=_("Parameters of a block"),
                    names=[*PARTS.values(), _("layer norms")],
                    values=list(map(float, counts)),
                    decimals=0,
                ),
                Table(
                    label=_("By formula"),
                    columns=[_("part"), _("formula"), _("parameters"), _("share, %")],
                    rows=[
                        [name, formula, n, 100 * n / total]
                        for name, formula, n in zip(
                            (*PARTS.values(), _("two layer norms")),
                            (ATTENTION, FEED_FORWARD, NORMS),
                            counts,
                            strict=True,
                        )
                    ]
                    + [[_("block"), None, total, 100.0]],
                    decimals={_("share, %"): 1},
                ),
            ],
            check=[Source(source=function_of(parameters), shape=f"d_model = {self.d_model}, d_ff = {d_ff}")],
            numbers={"total": grouped(total), "share": number(100 * counts[1] / total, 0)},
        )

    def models(self) -> Scene:
        """A published model, from its block to its total."""
        shape = PUBLISHED_MODELS[self.published]
        n, total = shape.n_layers, model_parameters(shape)
        rows: list[list[Any]] = [
            [
                _("one block") if shape.family != "transformer" else _("encoder and decoder block"),
                per_block(shape),
            ],
            [f"× {n}", in_blocks(shape)],
            [_("around the blocks"), outside(shape)],
            [_("all"), total],
        ]
        if shape.total is not None:
            rows.append([_("as published"), shape.total])
        sizes = {
            "blocks": n, "d_model": shape.d_model, "heads": shape.n_heads, "d_ff": shape.d_ff,
        }  # fmt: skip
        return Scene(
            badge=Badge("measured", _("counted"), [[_("Sizes: {source}.", source=_(shape.source))]]),
            controls=["published"],
            look=[
                Facts(facts={name: grouped(size) for name, size in sizes.items()}),
                Table(
                    label=_("{published}: from a block to the whole", published=self.published),
                    columns=["", _("parameters")],
                    rows=rows,
                    bars=[_("parameters")],
                ),
            ],
            check=[
                _all_models,
                Source(source=function_of(in_blocks), shape=f"{n} × {grouped(per_block(shape))}"),
            ],
            numbers={
                "model": self.published,
                "blocks": _("{n} encoder blocks and {n} decoder blocks", n=n)
                if shape.family == "transformer"
                else counted(n, "block", "blocks"),
                "count": figures(float(total)),
                "published": figures(shape.total),
            },
        )

    def questions(self) -> Sequence[Question]:
        """Counting, adding, and where the norm stands."""
        return questions_of(self.question_numbers())


@cache
def writer() -> Writer:
    """Return the small model that goes on with a text."""
    model = load_model("writer")
    assert isinstance(model, Writer)
    return model


def scored(x: Array, table: Array) -> Array:  # (seq, d_model), (vocab, d_model) -> (vocab,)
    """Return how likely each word is to come after the last row."""
    return softmax(x[-1] @ table.T)


@cache
def next_words(beginning: str, without: str) -> tuple[Array, Array, tuple[str, ...]]:
    """Return how likely each next word is, as trained and without a part (vocab,), and the words."""
    model, trace = writer().model, writer().trace(BEGINNINGS[beginning].split())
    way = Way("none" if without == "norms" else "pre", residual=without != "residual")
    x = stages(trace.model.blocks[0].x, model.blocks, way, causal=True)[-1].output
    if without == "residual" and model.final_norm is not None:
        x = model.final_norm(x)
    changed = scored(x, model.embedding.weight)
    return softmax(trace.model.logits[-1]), changed, trace.names


def _largest(likely: Array) -> list[int]:
    return [int(i) for i in np.argsort(-likely, kind="stable")[:_TOP]]


def _lower(name: str) -> str:
    said = str(name)
    return said[0].lower() + said[1:]


def _which_norm() -> Prose:
    return Prose(
        heading=_("Where layer norm stands"),
        paragraphs=[
            phrase("{value}{x} ← LayerNorm({x} + Part({x}))", value=tinted(_("Post-norm: "), "b"), x=it("x")),
            phrase("{value}{x} ← {x} + Part(LayerNorm({x}))", value=tinted(_("Pre-norm: "), "b"), x=it("x")),
            [_("Pre-norm leaves the stream alone: nothing holds it, so a last norm follows the stack.")],
        ],
    )


def _not_only_the_way() -> Prose:
    return Prose(
        paragraphs=[[_("These weights are random: what is shown is where training starts from.")]],
    )


def _tree_table() -> Table:
    return Table(
        label=_("A block of GPT, as drawn and as it is"),
        columns=["", _("the workshop’s tree"), _("GPT-2")],
        rows=[
            ["1", PARTS["attention"], _("layer norm")],
            ["2", _("layer norm"), _("attention, added to the stream")],
            ["3", PARTS["feed-forward"], _("layer norm")],
            ["4", _("layer norm"), _("feed-forward, added to the stream")],
            [_("after all blocks"), _("output"), _("layer norm, then output")],
        ],
    )


def _all_models() -> Table:
    return Table(
        label=_("Published models"),
        columns=[_("model"), _("blocks"), _("d_model"), _("heads"), _("parameters"), _("in blocks, %")],
        rows=[
            [
                name,
                shape.n_layers,
                shape.d_model,
                shape.n_heads,
                figures(float(model_parameters(shape))),
                100 * in_blocks(shape) / model_parameters(shape),
            ]
            for name, shape in PUBLISHED_MODELS.items()
        ],
        decimals={_("in blocks, %"): 0},
    )
