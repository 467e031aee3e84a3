"""The sentence as chips, what the grammar says of it, and the badge of the model that is shown."""

from __future__ import annotations

from attention_lab.kit.blocks import Badge
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.scene import Chip, SentenceField
from attention_lab.kit.texts import _, lazy
from attention_lab.labs.experiments.bench import Bench
from attention_lab.labs.experiments.examined import MAX_WORDS, OWN
from attention_lab.labs.experiments.measured import card, card_of
from attention_lab.labs.experiments.words import TITLES, word

_ORIGINS = {
    "minilm": lazy(
        "All-MiniLM-L6-v2: 6 layers of 12 heads, trained by others on real English text to "
        "compare sentences (Apache-2.0). Its weights were rounded to whole numbers of 8 bits, "
        "and are computed with by the classes of this lab."
    ),
    "random": lazy(
        "Never trained: numbers drawn with this seed, in the shapes of the reader. Whatever "
        "pattern you see is chance."
    ),
}


def _small(name: str) -> str:
    known = card(name)
    if known is None:
        return _(
            "A small model trained by the code here on invented sentences. It is not ChatGPT and has not "
            "read English."
        )
    return _(
        "A model of {parameters} numbers, trained by the code here on invented sentences. It is not "
        "ChatGPT and has not read English.",
        parameters=f"{known.parameters:,}",
    )


def sentence(bench: Bench) -> SentenceField:
    """The sentence, one chip for each word."""
    unknown, run = {bench.moved(i) for i in bench.reading.unknown}, bench.run
    chips = [
        Chip(
            text,
            word(bench, i),
            {"asked": [i, bench.query if i == bench.key else bench.key]} if len(bench.words) > 1 else {},
            spelled=i in unknown,
            place=run.after.tokens_of(i)[0] if run else i,
        )
        for i, text in enumerate(bench.words)
    ]
    return SentenceField(
        "own",
        bench.text,
        MAX_WORDS,
        chips,
        bench.query,
        bench.key,
        label=_("Sentence"),
        chips_label=_("Looks from"),
        own=bench.sample == OWN,
        status=_status(bench),
    )


def _status(bench: Bench) -> dict[str, str] | None:
    """Say so where the grammar could not have made the sentence."""
    reading = bench.shown
    if reading.unknown and not reading.words:
        return {"kind": "outside", "text": _("has words that the small models never met")}
    if reading.inside:
        return None
    return {"kind": "outside", "text": _("outside the grammar of the small models: {why}", why=reading.why)}


def badge(bench: Bench) -> Badge:
    """Say where the numbers of the model come from; its card stands below."""
    name = bench.lab.examined
    title = TITLES[name]
    if name == "random":
        paragraphs = [[tinted(_("Random. "), "b"), _ORIGINS["random"]]]
        return Badge("random", _("random, seed {seed}", seed=bench.lab.seed), paragraphs)
    origin = _ORIGINS["minilm"] if name == "minilm" else _small(name)
    first: Math = [tinted(f"{title.name}. ", "b"), origin]
    return Badge(title.kind, _("trained: {name}", name=title.name), [first], card_of(name))
