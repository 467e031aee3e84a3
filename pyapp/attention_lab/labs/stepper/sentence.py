"""The sentence as chips, what there is to say about it, and the badge: where the numbers come from."""

from __future__ import annotations

from collections.abc import Sequence

from attention_lab.kit.blocks import Badge
from attention_lab.kit.blocks.writing import first_of, listed, quoted
from attention_lab.kit.markup import Math, it, sub, tinted
from attention_lab.kit.scene import Chip, SentenceField
from attention_lab.kit.text import short
from attention_lab.kit.texts import _, phrase, plural
from attention_lab.labs.stepper.cells import AXES, MAX_TOKENS
from attention_lab.labs.stepper.moment import Moment


def _matrices() -> Math:
    w_q, w_k, w_v = ([it("W"), sub(it(name))] for name in "QKV")
    return phrase("{w_q}, {w_k} and {w_v}", w_q=w_q, w_k=w_k, w_v=w_v)


_NAMED = 6


def sentence(scene: Moment) -> SentenceField:
    """The learner's sentence, one chip for each token."""
    lab, tokens, spelled = scene.lab, scene.tokens, set(scene.embedded.spelled)
    chips = [
        Chip(text, label, {"query": i}, pad=i >= tokens.n_words, spelled=key in spelled)
        for i, (text, label, key) in enumerate(zip(tokens.texts, scene.labels, tokens.keys, strict=True))
    ]
    key = lab.key if "key" in AXES[scene.current["matrix"]] else None
    return SentenceField("text", lab.text, MAX_TOKENS, chips, lab.query, key, status=_spelled(scene))


def _spelled(scene: Moment) -> dict[str, str] | None:
    """Say at every step which words have numbers that mean nothing."""
    words = list(dict.fromkeys(scene.embedded.spelled))
    if not words:
        return None
    named = [_("“{word}”", word=short(word)) for word in words[:2]]
    if len(words) > 2:
        named.append(_("{n} more", n=len(words) - 2))
    said = plural(
        "{words}: numbers from its spelling, not its meaning",
        "{words}: numbers from their spelling, not their meaning",
        len(words),
    )
    return {"kind": "spelled", "text": said.format(words=listed(named))}


def badge(scene: Moment) -> Badge:
    """Say which matrices were made how."""
    embedded = scene.embedded
    if embedded.provenance == "random":
        label = _("random, seed {seed}", seed=embedded.seed)
        first: Math = phrase(
            "{value} The embedding table and the matrices {w} were drawn from normal "
            "distributions with seed {seed} and rounded to one decimal. No training has been "
            "done, so whatever pattern you see is chance.",
            value=tinted(_("Random."), "b"),
            w=_matrices(),
            seed=embedded.seed,
        )
        return Badge("random", label, [first])
    first = phrase(
        "{value} The embedding table and the matrices {w} are small numbers, chosen so that "
        "every step can be checked by hand. They come from no trained model.",
        value=tinted(_("Hand-built."), "b"),
        w=_matrices(),
    )
    paragraphs = [first]
    if embedded.spelled:
        paragraphs.append([_worked_out(embedded.spelled)])
    return Badge("hand-built", _("hand-built"), paragraphs)


def _worked_out(words: Sequence[str]) -> str:
    if len(words) == 1:
        return _(
            "Not in the lexicon: {names}. Its numbers are worked out from its spelling and say nothing about "
            "meaning.",
            names=quoted(words[0]),
        )
    return _(
        "Not in the lexicon: {names}. Their numbers are worked out from their spelling and say nothing about "
        "meaning.",
        names=first_of([quoted(word) for word in words], _NAMED),
    )
