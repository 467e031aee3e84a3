"""Many heads, one output: split, attend, concatenate, mix, and what heads were measured to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from attention import (
    Array,
    MultiHeadAttention,
    Tokens,
    hand_built_embedding,
    hand_built_projections,
)
from attention_lab.kit.blocks import Amount, Pick
from attention_lab.kit.blocks import Choice as Options
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.frame import item_of
from attention_lab.kit.lab import Draft, derived
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Chip, Group, Predict, Scene, SentenceField
from attention_lab.kit.settings import Choice, Flag, Index, Number, Numbers, Seed, Sentence
from attention_lab.kit.text import short, tokens_of
from attention_lab.kit.texts import _, lazy
from attention_lab.kit.yours import ByLearner, StandIn
from attention_lab.labs.heads import found, parts
from attention_lab.labs.heads.census import (
    HALF,
    MODELS,
    SENTENCES,
    Measure,
    Spot,
    census,
    right_answers,
    texts_of,
    total,
)
from attention_lab.labs.heads.layer import D_MODEL, Pass, attended, cut, joined, mixed, moved, passed
from attention_lab.labs.heads.presets import PRESETS
from attention_lab.labs.heads.standing import stand_ins

MAX_WORDS = 8
_CUT_FOR = 4  # heads that the hand-built numbers are made for: other numbers of heads cut the same ones
_NO_JOB: Spot = (0, 1)
"""A head of the reader that fits none of the jobs; the second prediction is about it."""


class Heads(ByLearner):
    """What several heads are, and what each of them does."""

    presets = PRESETS

    text = Sentence("The cat sat on the mat", most=MAX_WORDS)
    n_heads = Choice(
        4, options={1: "1", 2: "2", 4: "4"}, label=lazy("Heads"), said=lazy("The number of heads")
    )
    head = Index(0, said=lazy("The head"))
    query = Index(2, said=lazy("The query"))
    off = Index(0, said=lazy("The head that is off"))
    seed = Seed(1, label=lazy("seed of W_O"), said=lazy("The seed of W_O"))
    wide = Choice(
        512, options={64: "64", 512: "512", 768: "768"}, label=lazy("d_model"), said=lazy("d_model")
    )
    many = Choice(
        8, options={h: str(h) for h in parts.MANY}, label=lazy("Heads"), said=lazy("The number of heads")
    )
    model = Choice("reader", options=MODELS, label=lazy("Model"), said=lazy("The model"))
    last = Index(len(SENTENCES) - 1, said=lazy("The text"))
    at = Numbers(lazy("head"), 2, bounds=(0, 11))
    ablated = Flag(False, label=lazy("switch the head off"), said=lazy("Switching a head off"), lock=None)
    least = Number(
        HALF,
        bounds=(0.1, 0.95),
        step=0.05,
        digits=2,
        label=lazy("weight that a job takes"),
        said=lazy("The weight"),
    )

    # The steps

    def split(self) -> Scene:
        """Cut the columns."""
        return self._layer_scene("split", look=[partial(parts.split, self)])

    def attend(self) -> Scene:
        """Every head attends."""
        return self._layer_scene("attend", look=[partial(parts.lines, self), partial(parts.maps, self)])

    def concat(self) -> Scene:
        """Side by side."""
        return self._layer_scene("concat", look=[partial(parts.concat, self)])

    def mix(self) -> Scene:
        """W_O."""
        return self._layer_scene("mix", look=[partial(parts.mix, self)], asks=True)

    def _layer_scene(self, stage: str, look: Sequence[Any], asks: bool = False) -> Scene:
        return Scene(
            look=look,
            check=[self.yours_block, partial(parts.source, self, stage)],
            controls=lambda: [Group(_("Heads"), [*self._cuts()]), *(["seed"] if stage == "mix" else [])],
            sentence=self._field,
            badge=partial(parts.badge, self),
            predict=self._asked if asks else None,
            numbers=self._live,
        )

    def silence(self) -> Scene:
        """One head falls silent."""
        return Scene(
            look=[partial(parts.change_by_head, self), partial(parts.change_facts, self)],
            check=[
                partial(parts.change_by_word, self),
                partial(parts.source, self, "attend"),
                partial(parts.source, self, "off"),
            ],
            controls=lambda: [Group(_("Heads"), [item_of(self, "n_heads")]), "seed"],
            sentence=self._field,
            badge=partial(parts.badge, self),
            predict=partial(self._asked, answered=True),
            numbers=self._live,
        )

    def price(self) -> Scene:
        """Parameters."""
        return Scene(
            look=[partial(parts.price, self), partial(parts.price_facts, self)],
            check=[partial(parts.price_source, self)],
            controls=["many", "wide"],
        )

    def survey(self) -> Scene:
        """What each head of a trained model looks at."""
        if self.model == "minilm" and not self.has_minilm:
            return Scene(look=[found.waiting], controls=["model"], numbers=self._read)
        return Scene(
            look=[
                partial(found.every_head, self),
                partial(found.switch, self),
                partial(found.one_head, self),
            ],
            check=[
                partial(found.lost, self),
                partial(found.player, self),
                partial(found.all_jobs, self),
                found.source,
            ],
            controls=["model", "least"],
            predict=self._asked_of_the_census,
            badge=partial(found.badge, self.model),
            numbers=self._read,
        )

    def names(self) -> Scene:
        """What heads are called."""
        return Scene(look=[partial(found.named, self)], controls=["least"])

    # What follows from the settings

    @property
    def has_minilm(self) -> bool:
        """Whether MiniLM has arrived."""
        return "minilm" in self.optional

    @property
    def words(self) -> Tokens:
        """The tokens of the sentence."""
        return tokens_of(self.text, MAX_WORDS)

    @property
    def labels(self) -> list[str]:
        """What the rows are called."""
        return [short(word) for word in self.words.texts]

    @derived
    def w_o(self) -> Array:
        """The matrix that mixes the heads, (d_model, d_model)."""
        return MultiHeadAttention(D_MODEL, 1, bias=False, seed=self.seed).w_o

    @derived
    def pass_(self) -> Pass:
        """The sentence through the layer, all heads on."""
        x = hand_built_embedding(self.words, D_MODEL).x
        return passed(x, hand_built_projections(D_MODEL, _CUT_FOR), self.w_o, self.n_heads)

    def stand_ins(self) -> Sequence[StandIn]:
        """Return the functions of this step that can be the learner's."""
        return stand_ins(self)

    def looked_at(self) -> tuple[int, int]:
        """Return the head and the word, whose row is written out."""
        return self.head, self.query

    def shown(self, picture: str, library: Array) -> Array:
        """Return what a picture shows: what the learner's function gave, where one stands in."""
        mine = self.mine(picture)
        return library if mine is None else mine

    def named(self, picture: str, name: str) -> str:
        """Return what a picture is called, and whose it is where it is the learner's."""
        return name if self.mine(picture) is None else _("{picture}, yours", picture=name)

    @property
    def silent(self) -> int:
        """The head that is off."""
        off: int = self.off
        return off

    @derived
    def silenced(self) -> list[Array]:
        """The heads side by side, each of them silent once, each (n, d_model)."""
        x = hand_built_embedding(self.words, D_MODEL).x
        q, k, v = cut(x, hand_built_projections(D_MODEL, _CUT_FOR), self.n_heads)
        return [joined(attended(q, k, v, head)) for head in range(self.n_heads)]

    @derived
    def without(self) -> list[Array]:
        """The output without each head, each (n, d_model)."""
        return [mixed(concat, self.w_o) for concat in self.silenced]

    @property
    def changes(self) -> list[float]:
        """How far the whole output moves without each head."""
        return [float(np.linalg.norm(moved(self.pass_.output, each))) for each in self.without]

    @property
    def moved_rows(self) -> Array:
        """How far each word's output moves without the head that is off, (n,)."""
        return moved(self.pass_.output, self.without[self.silent])

    @property
    def moved_columns(self) -> int:
        """How many columns of the output move without the head that is off."""
        return parts.as_columns(self.pass_.output, self.without[self.silent])

    @property
    def census(self) -> Mapping[Spot, Mapping[str, Measure]]:
        """The heads of the model, measured."""
        return census(self.model, self.last + 1)

    @property
    def spot(self) -> Spot:
        """The head that is chosen: the reader's first read head unless another is."""
        spots = list(self.census)
        if self.at is not None and tuple(self.at) in spots:
            return int(self.at[0]), int(self.at[1])
        return (1, 0) if (1, 0) in spots else spots[0]

    # What is asked

    def _asked(self, answered: bool = False) -> Predict:
        """Ask of the lab's own sentence, four heads and seed 1: which columns move without a head?"""
        d_k, own = D_MODEL // _CUT_FOR, self._own_case
        counts = [d_k, D_MODEL - d_k, D_MODEL]
        options = [str(count) for count in counts]
        return Predict(
            key="columns_that_move",
            question=[
                _(
                    "Four heads, one of them silent: how many of the {d_model} columns of the output move?",
                    d_model=D_MODEL,
                )
            ],
            options=options,
            right=[i for i, count in enumerate(counts) if count == own],
            answer=(_("columns"), _("{own} of {d_model}", own=own, d_model=D_MODEL)),
            values=[_("{count} of {d_model}", count=count, d_model=D_MODEL) for count in counts],
            why=[
                [_("Tempting: in the concatenation a head fills its own columns only. W_O spreads them.")],
                [_("A silent head brings zeros, so its part of every column is missing, also in these.")],
                [_("W_O adds numbers of every head into every column.")],
            ],
            answered=answered,
        )

    @derived
    def _own_case(self) -> int:
        """The number of columns that move in the case that is asked about."""
        x = hand_built_embedding(tokens_of(self.defaults["text"], MAX_WORDS), D_MODEL).x
        w_o = MultiHeadAttention(D_MODEL, 1, bias=False, seed=self.defaults["seed"]).w_o
        w = hand_built_projections(D_MODEL, _CUT_FOR)
        on, off = (passed(x, w, w_o, _CUT_FOR, head).output for head in (None, 0))
        return parts.as_columns(on, off)

    def _asked_of_the_census(self) -> Predict | None:
        """Ask what the reader loses with a head that fits no job."""
        if self.model != "reader":
            return None
        whole = total(right_answers("reader", len(SENTENCES), None))
        left = total(right_answers("reader", len(SENTENCES), _NO_JOB))
        share = left[0] / whole[0]
        return Predict(
            key="no_job-reader",
            question=[
                _(
                    "Over all {texts} texts, head {sign} gives no job {least} of its weight. Switched "
                    "off, how many of the {whole} questions does the reader still get right?",
                    texts=len(SENTENCES),
                    sign=found.sign(_NO_JOB),
                    least=number(HALF, 2),
                    whole=whole[1],
                )
            ],
            options=[_("all"), _("most"), _("few")],
            right=[0 if share == 1 else 1 if share > 0.5 else 2],
            answer=(_("still right"), _("{left} of {left_2}", left=left[0], left_2=left[1])),
            why=[
                [_("Tempting: no job, no use. But the list of jobs is ours: the head does something else.")],
                [_("It does something that the others build on.")],
                [_("Only a head that all answers need could do that much.")],
            ],
        )

    def questions(self) -> Sequence[Question]:
        """Questions with fresh numbers."""
        rng = self.question_numbers()
        h, d_k = int(rng.choice([3, 4, 6, 8])), int(rng.choice([5, 7, 16, 32]))
        n, d_model = int(rng.integers(9, 15)), h * d_k
        mine = int(rng.integers(0, 3))
        share, chance = float(rng.integers(60, 95)) / 100, float(rng.integers(8, 16)) / 100
        return [
            Amount(
                id="d_k",
                ask=_("d_model is {d_model}, and there are {h} heads. What is d_k?", d_model=d_model, h=h),
                right=d_k,
                within=0,
                because=f"{d_model} / {h} = {d_k}.",
                hints=[
                    (d_model, _("These are the columns of all heads together: each has its share.")),
                    (d_model * h, _("Heads do not add columns: they share them. Divide.")),
                ],
            ),
            Amount(
                id="weights",
                ask=_("{h} heads read {n} words. How many attention weights are there?", h=h, n=n),
                right=h * n * n,
                within=0,
                because=_("A table for each head: {h} × {n} × {n}.", h=h, n=n),
                hints=[
                    (n * n, _("That is the table of one head. Each head has one of its own.")),
                    (h * n, _("That is one number for each word and head: each weighs every word.")),
                ],
            ),
            Options(
                id="parameters",
                ask=_("{h} heads become {h_2}, d_model stays. And the parameters?", h=h, h_2=2 * h),
                options=[_("they double"), _("they stay the same"), _("they halve")],
                right=1,
                because=_("Each head gets half as many columns, and there are twice as many heads."),
                hints={
                    0: _("Each new head is only half as wide."),
                    2: _("Each halves, but there are twice as many."),
                },
            ),
            Pick(
                id="column",
                ask=_(
                    "4 heads of 2 columns stand side by side. Pick a column of head {mine}.", mine=mine + 1
                ),
                right=[(0, 2 * mine), (0, 2 * mine + 1)],
                columns=[str(i + 1) for i in range(8)],
                because=_("Heads keep their order: two columns for each."),
                otherwise=_("Head 1 has columns 1 and 2. Where does head {mine} start?", mine=mine + 1),
            ),
            Amount(
                id="lift",
                ask=_(
                    "A head gives a place {share} of its weight, chance {chance}. How many "
                    "times chance is that?",
                    share=f"{share:.2f}",
                    chance=f"{chance:.2f}",
                ),
                right=share / chance,
                within=0.06,
                because=_("Share divided by chance."),
                hints=[
                    (share - chance, _("That is how much more, not how many times.")),
                    (chance / share, _("The other way round: its weight by that of chance.")),
                ],
            ),
        ]

    # What stands around the pictures

    def _live(self) -> dict[str, Any]:
        numbers = {"d_model": D_MODEL, "n_heads": self.n_heads, "d_k": D_MODEL // self.n_heads}
        return {**numbers, **(self._of_one() if self.n_heads == 1 else self._of_many(numbers))}

    def _of_one(self) -> dict[str, str]:
        """What the prose says of a single head."""
        return {
            "owned": _("Here one head owns all {d_model} columns of the queries.", d_model=D_MODEL),
            "pick": _("With one head, nothing is left of the output.")
            if self.step == "silence"
            else _("One head fills them all."),
        }

    def _of_many(self, numbers: Mapping[str, int]) -> dict[str, str]:
        """What the prose says where there are others to pick."""
        return {
            "owned": _(
                "Here the queries stand in {d_model} columns; each of {n_heads} heads owns {d_k} of "
                "them, and stripes cover the rest. Pick another head to see its own.",
                **numbers,
            ),
            "pick": _("Pick a bar to silence that head instead, and compare.")
            if self.step == "silence"
            else _("Pick a head to see which columns it fills; stripes cover those of the others."),
        }

    def _read(self) -> dict[str, str]:
        waiting = self.model == "minilm" and not self.has_minilm
        return {
            "sentences": str(0 if waiting else self.last + 1),
            "least": number(self.least, 2),
            "switch": "" if waiting else _("Switch it off and see what is lost."),
        }

    def _cuts(self) -> list[dict[str, Any]]:
        """The number of heads, and which one is shown."""
        items = [item_of(self, "n_heads")]
        if self.step in ("split", "attend", "concat") and self.n_heads > 1:
            options = [{"value": h, "label": str(h + 1)} for h in range(self.n_heads)]
            items.append(
                {
                    "type": "segmented",
                    "name": "head",
                    "label": _("shown"),
                    "value": self.head,
                    "options": options,
                }
            )
        return items

    def _field(self) -> SentenceField:
        chips = [
            Chip(text, label, {"query": i})
            for i, (text, label) in enumerate(zip(self.words.texts, self.labels, strict=True))
        ]
        return SentenceField("text", self.text, MAX_WORDS, chips, self.query)

    # The rules that hold settings together

    def take_model(self, draft: Draft, model: str) -> None:
        """A head belongs to its model; MiniLM reads text by text, since each takes a while."""
        if model != draft.values["model"]:
            last = 0 if model == "minilm" else len(texts_of(model)) - 1
            draft.values.update(model=model, at=None, ablated=False, last=last)

    def settle(self, draft: Draft) -> None:
        """Keep places within the sentence, the heads and the texts."""
        v = draft.values
        n = len(tokens_of(v["text"], MAX_WORDS))
        sizes = {"head": v["n_heads"], "off": v["n_heads"], "query": n, "last": len(texts_of(v["model"]))}
        v.update({name: min(v[name], size - 1) for name, size in sizes.items()})
