"""How a model writes: the chances of the next word, word after word, and the cache that spares work."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from attention import (
    PUBLISHED_MODELS,
    Array,
    AttentionError,
    GenerationStep,
    KVCache,
    ModelShape,
    Writer,
    WriterTrace,
    generation_steps,
    load_card,
    load_model,
)
from attention_lab.kit.blocks import (
    Axis,
    Badge,
    Bars,
    Block,
    Fact,
    Facts,
    Fill,
    Grids,
    Line,
    Lines,
    Matrix,
    Nothing,
    Panel,
    Player,
    Prose,
    Source,
    Table,
)
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import figures, grouped, listed
from attention_lab.kit.lab import Draft, Lab, derived
from attention_lab.kit.markup import Math, it, sup, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Chip, Group, Predict, Scene, SentenceField
from attention_lab.kit.settings import Choice, Index, Item, Number, Seed, Sentence, Whole
from attention_lab.kit.sources import function_of, source_of
from attention_lab.kit.text import short, tokens_of
from attention_lab.kit.texts import _, lazy, phrase, said_by
from attention_lab.labs.generate import asking
from attention_lab.labs.generate.counted import at_temperature, kept_bytes, next_word
from attention_lab.labs.generate.presets import PRESETS

PADDING = "<pad>"
MAX_WORDS = 24
NEW = 6
SHOWN = 10
EXAMPLES = {
    "the cat …": "the cat sat on the",
    "anna …": "anna smith saw the dog . tom potter met the cat . anna",
    "anna zorp …": "anna zorp saw the dog . tom potter met the cat . anna",
}
_ALL = 0
_SEEN = [2**i for i in range(4, 14)]
_NUMBERS = 8  # of a key and a value, so that they can be seen


class Generate(Lab):
    """A text, and what the writer makes of it."""

    presets = PRESETS

    text = Sentence(EXAMPLES["the cat …"], most=MAX_WORDS)
    query = Index(4, said=lazy("The word"), lock=None)
    temperature = Number(
        0.7,
        bounds=(0.0, 3.0),
        step=0.1,
        label=lazy("temperature"),
        said=lazy("The temperature"),
        group=lazy("Chances"),
    )
    top_k = Choice(
        _ALL,
        options={_ALL: lazy("all"), 1: "1", 3: "3", 5: "5", 8: "8"},
        label=lazy("top-k"),
        said=lazy("Top-k"),
        group=lazy("Top-k"),
    )
    top_p = Number(
        1.0, bounds=(0.05, 1.0), step=0.05, label=lazy("top-p"), said=lazy("Top-p"), group=lazy("Top-p")
    )
    seed = Seed(1, group=lazy("Draws"))
    written = Whole(
        0,
        bounds=(0, NEW),
        slider=True,
        label=lazy("words written"),
        said=lazy("The number of words"),
        lock=None,
    )
    length = Whole(
        2048,
        bounds=(16, 131_072),
        log=True,
        label=lazy("words so far"),
        said=lazy("The words so far"),
        group=lazy("Text"),
    )

    def take_text(self, draft: Draft, text: str) -> None:
        """Another text is asked at its end, and nothing is written yet."""
        if text != draft.values["text"]:
            draft.values.update(text=text, query=len(tokens_of(text, MAX_WORDS)) - 1, written=0)

    def settle(self, draft: Draft) -> None:
        """The word is one of the text."""
        v = draft.values
        v["query"] = min(v["query"], len(tokens_of(v["text"], MAX_WORDS)) - 1)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the text."""
        return tokens_of(self.text, MAX_WORDS).texts

    @property
    def refusal(self) -> str:
        """Why the writer cannot read the text; empty where it can."""
        try:
            writer().read(self.words)
        except AttentionError as error:
            return _("The writer cannot read this: {error}.", error=said_by(error))
        return ""

    @derived
    def trace(self) -> WriterTrace:
        """One pass over the text."""
        return writer().trace(self.words)

    @derived
    def chances(self) -> tuple[Array, Array]:  # (vocab,), (vocab,)
        """The chances after the picked word, before and after the cuts."""
        cut = self._write(self.words[: self.query + 1], 1)[0].probabilities
        return at_temperature(self._logits, self.temperature), cut

    @property
    def _logits(self) -> Array:  # (vocab,)
        logits: Array = self.trace.model.logits[self.query + 1].astype(float)
        return logits

    @derived
    def continued(self) -> Sequence[GenerationStep]:
        """The words that are written, and the one that comes next: no more is computed than is shown."""
        return self._write(self.words, self.written + 1)

    def _write(self, words: Sequence[str], n_words: int) -> Sequence[GenerationStep]:
        steps = generation_steps(
            Remembered(),
            writer().read(words).ids,
            n_words,
            temperature=self.temperature,
            top_k=self.top_k or None,
            top_p=self.top_p,
            seed=self.seed,
            use_cache=False,
        )
        if self.temperature == 0:
            return tuple(GenerationStep(step.token, at_temperature(step.probabilities, 0)) for step in steps)
        return tuple(steps)

    @property
    def so_far(self) -> tuple[str, ...]:
        """The text, and the words that are written."""
        return *self.words, *(self.trace.names[step.token] for step in self.continued[: self.written])

    @derived
    def pass_over(self) -> WriterTrace:
        """One pass over all that is written so far."""
        return writer().trace(self.so_far)

    def _sentence(self) -> SentenceField:
        if self.step != "next":  # no other step asks for what follows a word of the text
            return SentenceField("text", self.text, MAX_WORDS, (), self.query, chips_label="")
        known = writer().vocabulary
        chips = [
            Chip(word, short(word), {"query": i}, spelled=word.lower() not in known)
            for i, word in enumerate(self.words)
        ]
        return SentenceField("text", self.text, MAX_WORDS, chips, self.query, chips_label=_("What follows"))

    def _scene(self, *look: Any, check: Sequence[Any], controls: Sequence[str | Group], **more: Any) -> Scene:
        """A step about the learner's text, or why there is none."""
        if self.refusal:
            look, check = (lambda: Nothing(step=self.step, text=self.refusal),), ()
        return Scene(
            sentence=self._sentence,
            badge=_badge,
            look=look,
            check=check,
            controls=[*controls, Group(_("Try one"), _examples())],
            **more,
        )

    # The next word

    def next(self) -> Scene:
        """Chances, and what is cut off."""
        return self._scene(
            self._bars,
            self._said,
            lambda: _signs(self._bars().names),
            controls=["temperature", "top_k", "top_p"],
            check=[
                Source(source=function_of(at_temperature), shape=f"({len(names())},) → ({len(names())},)"),
                Source(source=source_of("cache.py", ("behind",)), shape=f"top-k: {self.top_k or 'all'}"),
                Source(source=source_of("cache.py", ("order", "before")), shape=f"top-p: {self.top_p:g}"),
            ],
        )

    def _bars(self) -> Bars:
        before, after = self.chances
        called = self.trace.names
        order = np.argsort(-self._logits, kind="stable")[:SHOWN]
        return Bars(
            label=_("After “{short}”", short=short(self.words[self.query])),
            names=[called[i] for i in order],
            values=before[order],
            after=after[order],
            series=(_("at this temperature"), _("after the cuts")),
            highlighted=[int(i) for i, place in enumerate(order) if after[place] > 0],
            ends=(0, 1) if after.max() > 0.5 else None,
        )

    def _said(self) -> Facts:
        before, after = self.chances
        kept = int((after > 0).sum())
        return Facts(
            facts={
                _("may be drawn"): Fact(value=kept, note=_("of {after} words", after=len(after))),
                _("likeliest"): Fact(
                    value=float(after.max()), decimals=2, note=self.trace.names[int(after.argmax())]
                ),
                _("cut off"): Fact(
                    value=float(before[after == 0].sum()), decimals=2, note=_("of the chance before")
                ),
            }
        )

    # Word by word

    def write(self) -> Scene:
        """The text grows."""
        return self._scene(
            self._player,
            self._text,
            self._drawn,
            lambda: _signs(self._drawn().names),
            controls=["temperature", "top_k", "top_p", "seed"],
            check=[_again],
        )

    def _player(self) -> Player:
        return Player(
            label=_("Words written"),
            setting="written",
            value=self.written,
            length=NEW + 1,
            rate=1.0,
            shown=str(self.written),
        )

    def _text(self) -> Prose:
        new: Math = [tinted(" ".join(["", *self.so_far[len(self.words) :]]), "v")]
        return Prose(paragraphs=[[" ".join(self.words), *new, " …"]])

    def _drawn(self) -> Bars:
        step = self.continued[-1]
        order = np.argsort(-step.probabilities, kind="stable")[:SHOWN]
        order = order[step.probabilities[order] > 0]
        order = order if step.token in order else np.array([*order[:-1], step.token])
        place = order.tolist().index(step.token)
        word = self.trace.names[step.token]
        return Bars(
            label=_(
                "Next: “{word}” is {taken}",
                word=word,
                taken=_("taken") if self.temperature == 0 else _("drawn"),
            ),
            names=[self.trace.names[i] for i in order],
            values=step.probabilities[order],
            highlighted=[place],
        )

    # The cache

    def cache(self) -> Scene:
        """What is computed for the next word, with the cache and without."""
        return self._scene(
            self._player,
            self._tables,
            self._costs,
            controls=[],
            predict=self._asked,
            check=[
                self._curve,
                Source(
                    source=function_of(next_word), shape=f"{len(self.words) + 1 + self.written} words seen"
                ),
                Source(source=function_of(kept_bytes), shape="float32: 4 bytes"),
            ],
        )

    def _asked(self) -> Predict:
        return asking.cached_cost()

    def _tables(self) -> Grids:
        trace = self.pass_over
        weights = trace.layers[1][0]
        n = len(weights)
        later = np.triu(np.ones((n, n), dtype=bool), 1)
        kept = np.ones((n, n), dtype=bool)
        kept[-1] = later[-1]
        labels = [short(word) for word in trace.tokens]

        def panel(name: str, masked: Array, computed: str) -> Panel:
            return Panel(
                title=name,
                said=computed,
                matrix=Matrix(
                    id="weights-" + ("kept" if masked is kept else "anew"),
                    values=np.where(masked, 0.0, weights),
                    rows=Axis(axis="query", dim="seq_q", labels=labels, on=n - 1),
                    cols=Axis(axis="key", dim="seq_k", labels=labels),
                    words=name,
                    decimals=2,
                    fill=Fill(kind="weights"),
                    masked=masked,
                ),
            )

        return Grids(
            step=self.step,
            panels=[
                panel(_("without a cache"), later, _("{n} weights, all rows again", n=n * (n + 1) // 2)),
                panel(_("with the cache"), kept, _("{n} weights, one row", n=n)),
            ],
        )

    def _costs(self) -> Facts:
        n = len(self.so_far) + 1
        shape = own_shape()
        anew, cheap = next_word(shape, n, cached=False), next_word(shape, n, cached=True)
        return Facts(
            facts={
                _("without a cache"): Fact(value=anew, note=_("multiplications for the next word")),
                _("with the cache"): Fact(
                    value=cheap, note=_("{anew} times fewer", anew=figures(anew / cheap))
                ),
                _("kept"): Fact(
                    value=_("{kept_bytes} bytes", kept_bytes=grouped(kept_bytes(shape, n, 4))),
                    note=_(
                        "{kept_bytes} a word, “<s>” at the start included", kept_bytes=kept_bytes(shape, 1, 4)
                    ),
                ),
            }
        )

    def _curve(self) -> Block | None:
        if is_open(self, self._asked()):
            return None
        shape = PUBLISHED_MODELS["GPT-2 small"]
        return Lines(
            label=_("The next word of GPT-2 small"),
            across=_("words so far"),
            up=_("multiplications"),
            log_x=True,
            log_y=True,
            series=[
                Line(name=name, x=_SEEN, y=[next_word(shape, n, cached=kept) for n in _SEEN])
                for name, kept in ((_("without a cache"), False), (_("with the cache"), True))
            ],
        )

    # Columns

    def columns(self) -> Scene:
        """Keys and values, one column a word."""
        return self._scene(
            self._player,
            self._key_columns,
            controls=[],
            check=[
                Source(
                    source=source_of("cache.py", ("end",)),
                    shape=f"{len(self.words) + 1 + self.written} columns",
                ),
                _one_column,
            ],
        )

    def _key_columns(self) -> Grids:
        trace = self.pass_over
        head = trace.model.blocks[0].attention.attention
        labels = [short(word) for word in trace.tokens]

        def panel(name: str, rows: Array, role: str) -> Panel:
            shown = rows[:, :_NUMBERS].T
            return Panel(
                title=name,
                said=_("{rows} columns", rows=len(rows)),
                matrix=Matrix(
                    id=role,
                    values=shown,
                    rows=Axis(axis="number", dim="d_k", labels=[str(i + 1) for i in range(_NUMBERS)]),
                    cols=Axis(axis="key", dim="seq", labels=labels, on=len(labels) - 1),
                    words=name,
                    decimals=1,
                    role=role,
                    fill=Fill(tint=role),
                ),
            )

        return Grids(
            step=self.step,
            panels=[
                panel(_("keys that are kept"), head.k[0], "k"),
                panel(_("values that are kept"), head.v[0], "v"),
            ],
        )

    # Published models

    def models(self) -> Scene:
        """The next word of models that write."""
        return Scene(
            badge=Badge(
                "hand-built",
                _("published shapes"),
                [
                    [
                        _(
                            "Shapes as published, with their sources in attention/published.py. The "
                            "sums are ours."
                        )
                    ]
                ],
            ),
            controls=["length"],
            look=[self._table, self._beyond],
            check=[Source(source=function_of(next_word), shape=f"{grouped(self.length)} words so far")],
        )

    def _table(self) -> Table:
        rows = []
        for name, shape in PUBLISHED_MODELS.items():
            if shape.family in ("gpt", "llama"):
                cheap, anew = (next_word(shape, self.length, cached=kept) for kept in (True, False))
                kept = kept_bytes(shape, self.length, 2) / 2**30
                rows.append([name, cheap / 1e9, anew / 1e9, anew / cheap, kept])
        return Table(
            label=_(
                "The next word after {length}, in billions of multiplications", length=grouped(self.length)
            ),
            columns=[_("model"), _("with cache"), _("without"), _("times more"), _("cache, GiB")],
            rows=rows,
            bars=[_("cache, GiB")],
        )

    def _beyond(self) -> Prose | None:
        shorter = [
            name
            for name, shape in PUBLISHED_MODELS.items()
            if shape.family in ("gpt", "llama") and shape.max_len is not None and shape.max_len < self.length
        ]
        said = _("Trained for shorter texts, so a sum only: {models}.", models=listed(shorter))
        return Prose(paragraphs=[[said]]) if shorter else None

    def questions(self) -> Sequence[Question]:
        """A cut, a row, bytes, and why the cache holds."""
        return asking.questions(self.question_numbers())


@cache
def writer() -> Writer:
    """Return the small model."""
    model = load_model("writer")
    assert isinstance(model, Writer)
    return model


class Remembered:
    """The writer for `generation_steps`: what it said after the same words is not computed again.

    A temperature, a cut or a seed changes what is drawn from the logits, not the logits.
    """

    def __init__(self) -> None:
        self.max_len, self.vocab_size = writer().max_len, len(names())

    def __call__(self, ids: npt.ArrayLike, cache: KVCache | None = None) -> Array:
        """Return the logits after the last of all ids: (1, vocab)."""
        return logits_after(tuple(np.asarray(ids).tolist()))[None]

    def new_cache(self) -> KVCache:
        """Return what nothing is kept in: what is remembered is what came of whole texts."""
        return writer().model.new_cache()


@lru_cache(maxsize=256)
def logits_after(ids: tuple[int, ...]) -> Array:  # -> (vocab,)
    """Return the writer's score of each word that might come after these."""
    logits: Array = writer().model(ids)[-1]
    logits.flags.writeable = False
    return logits


def names() -> tuple[str, ...]:
    """Return every word that the writer knows."""
    return writer().vocabulary.words


@cache
def own_shape() -> ModelShape:
    """Return the writer's sizes."""
    model = writer()
    return ModelShape(
        family="gpt",
        n_layers=model.n_layers,
        d_model=model.d_model,
        n_heads=model.n_heads,
        d_ff=model.model.blocks[0].feed_forward.first.w.shape[1],
        vocab_size=len(model.vocabulary),
        max_len=model.max_len,
    )


def _badge() -> Badge:
    card = load_card("writer")
    first: Math = [
        tinted(f"{_(card.title)}. ", "b"),
        _(
            "A model of {parameters} numbers, trained by the code here on invented texts. {limits}",
            parameters=grouped(card.parameters),
            limits=_(card.limits[0]),
        ),
    ]
    return Badge("trained", _("trained: {title}", title=_(card.title)), [first])


def _signs(shown: Sequence[str]) -> Prose | None:
    """Say what signs among the words are; `<s>` is in the glossary."""
    known = writer().vocabulary
    new = [name for name in shown if name in known.kinds]
    said = [_("{signs}: for words that the model does not know.", signs=listed(new))] if new else []
    if PADDING in shown:
        said.append(_("{sign}: fills up a text that is too short.", sign=PADDING))
    return Prose(paragraphs=[[each] for each in said]) if said else None


def _examples() -> list[Item]:
    return [
        {"type": "button", "label": label, "action": f"example-{i}", "set": {"text": text}}
        for i, (label, text) in enumerate(EXAMPLES.items())
    ]


def _again() -> Prose:
    return Prose(
        heading=_("With the cache or without"),
        paragraphs=[[_("The words are the same either way; only the work is not. The next step counts it.")]],
    )


def _one_column() -> Prose:
    return Prose(
        heading=_("What a source says"),
        paragraphs=[
            phrase(
                "“The cache reduces memory from O({n}{raised}) to O({n})”: the cache itself "
                "takes memory that grows with the text. It spares the old rows.",
                n=it("N"),
                raised=sup("2"),
            ),
            [
                _(
                    "Shown are the first {numbers} numbers of each key and value of the first head.",
                    numbers=number(_NUMBERS, 0),
                )
            ],
        ],
    )
