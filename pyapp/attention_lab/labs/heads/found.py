"""The pictures of the census: what each head looks at, what is lost without it, what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attention import load_card
from attention_lab.kit.blocks import Actions, Badge, Bars, Block, Choices, Fact, Facts, Player, Source, Table
from attention_lab.kit.markup import Math
from attention_lab.kit.numbers import number
from attention_lab.kit.sources import function_of
from attention_lab.kit.texts import _, lazy
from attention_lab.labs.heads.census import (
    JOBS,
    MODELS,
    SENTENCES,
    Spot,
    alike,
    best,
    census,
    job_of,
    right_answers,
    shares,
    texts_of,
    total,
)

if TYPE_CHECKING:
    from attention_lab.labs.heads.lab import Heads

SAID: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "grammar": (lazy("subject of a verb, noun of an adjective"), ("subject", "adjective")),
    "semantics": (lazy("nothing here tests it"), ()),
    "position": (lazy("word before, word after, first token"), ("previous", "next", "first")),
    "logic": (lazy("nothing here tests it"), ()),
    "coreference (another source)": (lazy("what a pronoun stands for"), ("pronoun",)),
    "not named": (lazy("same word, the word after it, full stop"), ("same", "again", "punctuation")),
}
"""What heads are said to do -> what is tested of it here, in words and as jobs."""

_ASKED: Mapping[str, str] = {
    "pronoun": lazy("pronouns"),
    "subject": lazy("subjects"),
    "adjective": lazy("adjectives"),
    "previous": lazy("words before"),
    "again": lazy("words that come again"),
}


def sign(spot: Spot) -> str:
    """Name a head as layer.head, both counted from 1."""
    return f"{spot[0] + 1}.{spot[1] + 1}"


def badge(model: str) -> Badge:
    """Say what the model is."""
    if model == "untrained":
        return Badge(
            "random", _("random, seed 0"), [[_("A reader whose numbers were drawn, and never trained.")]]
        )
    card = load_card(model)
    paragraphs: list[Math] = [[_(card.what)]]
    if model == "reader":
        paragraphs.append(
            [_("The heads of its second layer were built for one question each, and trained on answers.")]
        )
    return Badge("trained", _("trained: {title}", title=_(card.title)), paragraphs)


def waiting() -> Choices:
    """Offer the real transformer, which is fetched only if asked for."""
    card = {
        "name": "minilm",
        "title": MODELS["minilm"],
        "what": _("trained on real English"),
        "kind": "trained",
        "set": {"model": "minilm"},
        "open": True,
        "download": "minilm",
        "answer": None,
        "look": None,
        "waits": None,
    }
    return Choices(title=[_("A real transformer: 6 layers of 12 heads")], label=_("Model"), cards=[card])


def every_head(lab: Heads) -> Bars:
    """For each head, the weight that it gives to the job that it comes nearest to."""
    measured = lab.census
    spots = list(measured)
    nearest = [best(measured[spot]) for spot in spots]
    many = len(spots) > 12
    return Bars(
        label=_("{models}: weight of each head on its nearest job", models=MODELS[lab.model]),
        names=[
            sign(spot) if many else f"{sign(spot)} {JOBS[job]}"
            for spot, job in zip(spots, nearest, strict=True)
        ],
        values=[measured[spot][job].share for spot, job in zip(spots, nearest, strict=True)],
        highlighted=[i for i, spot in enumerate(spots) if job_of(measured[spot], lab.least)],
        ends=(0, 1),
        sets=[{"at": list(spot)} for spot in spots],
    )


def one_head(lab: Heads) -> Facts:
    """The chosen head against chance, and how many heads fit nothing."""
    measures, spots = lab.census[lab.spot], lab.census
    nearest = best(measures)
    measure, job = measures[nearest], job_of(measures, lab.least)
    none = sum(job_of(each, lab.least) is None for each in spots.values())
    return Facts(
        facts={
            _("head {sign}", sign=sign(lab.spot)): Fact(
                value=JOBS[job] if job else _("fits none"),
                note="" if job else _("nearest: {jobs}", jobs=JOBS[nearest]),
            ),
            _("weight there"): Fact(
                value=measure.share, note=_("chance {chance}", chance=number(measure.chance, 2)), decimals=2
            ),
            _("times chance"): Fact(
                value=measure.lift, note=_("{words} words asked", words=measure.words), decimals=1
            ),
            _("heads that fit none"): _("{value} of {spots}", value=none, spots=len(spots)),
        }
    )


def switch(lab: Heads) -> Actions:
    """One click to ablate the chosen head."""
    label = (
        _("Switch head {sign} on again", sign=sign(lab.spot))
        if lab.ablated
        else _("Switch head {sign} off", sign=sign(lab.spot))
    )
    return Actions(items=[{"type": "button", "label": label, "set": {"ablated": not lab.ablated}}])


def player(lab: Heads) -> Player:
    """Let the model read one text after another."""
    texts = texts_of(lab.model)
    return Player(
        label=_("Texts read"),
        setting="last",
        value=lab.last,
        length=len(texts),
        shown=_("{last} of {texts}: {texts_2}", last=lab.last + 1, texts=len(texts), texts_2=texts[lab.last]),
    )


def lost(lab: Heads) -> Block:
    """What the model still answers with the head off."""
    if lab.model == "minilm":
        value: Any = alike(lab.last + 1, lab.spot) if lab.ablated else 1.0
        note = _("mean cosine of the sentences’ vectors, with and without the head")
        return Facts(label=_("What is lost"), facts={_("alike"): Fact(value=value, note=note, decimals=3)})
    whole = right_answers(lab.model, lab.last + 1, None)
    without = right_answers(lab.model, lab.last + 1, lab.spot if lab.ablated else None)
    if not whole:
        return Facts(
            label=_("What is lost"), facts={_("questions"): _("none in the texts read so far: play on")}
        )
    after = [n for n, __ in without.values()] if lab.ablated else None
    right, asked = total(without if lab.ablated else whole)
    told = {"right": right, "asked": asked}
    return Bars(
        label=_("Right answers without head {sign}: {right} of {asked}", sign=sign(lab.spot), **told)
        if lab.ablated
        else _("Right answers: {right} of {asked}", **told),
        names=[f"{_ASKED[kind]} ({n})" for kind, (__, n) in whole.items()],
        values=[n for n, __ in whole.values()],
        after=after,
        series=(_("whole model"), _("without it")),
        ends=(0, max(n for __, n in whole.values())),
        decimals=0,
    )


def all_jobs(lab: Heads) -> Table:
    """Every job of the chosen head, the largest share first."""
    measures = sorted(lab.census[lab.spot].items(), key=lambda each: -each[1].share)
    return Table(
        label=_("Head {sign}, job by job", sign=sign(lab.spot)),
        columns=[_("job"), _("weight"), _("chance"), _("times")],
        rows=[[JOBS[job], m.share, m.chance, m.lift] for job, m in measures],
        decimals={_("weight"): 2, _("chance"): 2, _("times"): 1},
    )


def source() -> Source:
    """The lines that measure."""
    return Source(
        source=function_of(shares), shape="(n_heads, n, n), (n, n), (n, n) → (n_heads, words), (words,)"
    )


def named(lab: Heads) -> Table:
    """What the source calls heads, beside the heads that were measured to do such a thing."""
    models = [model for model in MODELS if model != "minilm" or lab.has_minilm]
    counts = {model: _known(lab, model) for model in models}
    rows: list[list[Any]] = [
        [name, tested, *(_heads_for(jobs, counts[model], lab.least) for model in models)]
        for name, (tested, jobs) in SAID.items()
    ]
    rows.append([_("fits none"), _("of all jobs"), *(_none(counts[model], lab.least) for model in models)])
    return Table(
        label=_("What heads are called, and what they were measured to do"),
        columns=[_("said to do"), _("tested as"), *(MODELS[model] for model in models)],
        rows=rows,
        badge=Badge(
            "measured", _("measured here"), [[_("Counted on the texts of the census, in this browser.")]]
        ),
    )


def _known(lab: Heads, model: str) -> Mapping[Spot, Mapping[str, Any]]:
    """The census of a model; of MiniLM on the texts that it has read already."""
    count = min(lab.last + 1, len(SENTENCES)) if model == "minilm" else len(texts_of(model))
    if model == "minilm" and lab.model != "minilm":
        count = 1
    return census(model, count)


def _heads_for(jobs: tuple[str, ...], counted: Mapping[Spot, Mapping[str, Any]], least: float) -> str:
    if not jobs:
        return "–"
    if not any(job in measures for measures in counted.values() for job in jobs):
        return _("not asked")
    spots = [sign(spot) for spot, measures in counted.items() if job_of(measures, least) in jobs]
    if not spots:
        return _("no head")
    return ", ".join(spots) if len(spots) <= 8 else _("{spots} heads", spots=len(spots))


def _none(counted: Mapping[Spot, Mapping[str, Any]], least: float) -> str:
    none = sum(job_of(measures, least) is None for measures in counted.values())
    return _("{value} of {counted}", value=none, counted=len(counted))
