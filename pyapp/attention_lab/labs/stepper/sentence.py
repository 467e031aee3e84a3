"""The sentence as chips, what there is to say about it, and the badge: where the numbers come from."""

from __future__ import annotations

from attention_lab.kit.blocks import Badge
from attention_lab.kit.markup import Math, it, sub, tinted
from attention_lab.kit.scene import Chip, SentenceField
from attention_lab.kit.text import short
from attention_lab.labs.stepper.cells import AXES, MAX_TOKENS
from attention_lab.labs.stepper.moment import Moment

_W: Math = [it("W"), sub(it("Q")), ", ", it("W"), sub(it("K")), " and ", it("W"), sub(it("V"))]
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
    more = f" and {len(words) - 2} more" if len(words) > 2 else ""
    whose = "its" if len(words) == 1 else "their"
    return {
        "kind": "spelled",
        "text": f"{', '.join(f'“{short(word)}”' for word in words[:2])}{more}: numbers from {whose} spelling, not {whose} meaning",
    }


def badge(scene: Moment) -> Badge:
    """Say which matrices were made how."""
    embedded = scene.embedded
    if embedded.provenance == "random":
        label = f"random, seed {embedded.seed}"
        first: Math = [
            tinted("Random.", "b"),
            " The embedding table and the matrices ",
            *_W,
            f" were drawn from normal distributions with seed {embedded.seed} and rounded to one decimal. "
            "No training has been done, so whatever pattern you see is chance.",
        ]
        return Badge("random", label, [first])
    first = [
        tinted("Hand-built.", "b"),
        " The embedding table and the matrices ",
        *_W,
        " are small numbers, chosen so that every step can be checked by hand. "
        "They come from no trained model.",
    ]
    paragraphs = [first]
    if embedded.spelled:
        names = ", ".join(f"“{word}”" for word in embedded.spelled[:_NAMED])
        more = len(embedded.spelled) - _NAMED
        names += f" and {more} more" if more > 0 else ""
        one = len(embedded.spelled) == 1
        paragraphs.append(
            [
                f"Not in the lexicon: {names}. {'Its' if one else 'Their'} numbers are worked out from "
                f"{'its' if one else 'their'} spelling and say nothing about meaning."
            ]
        )
    return Badge("hand-built", "hand-built", paragraphs)
