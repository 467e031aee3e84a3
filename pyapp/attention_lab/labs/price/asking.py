"""What the lab asks: one prediction, and the questions at the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attention import kv_cache_bytes
from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import figures, grouped
from attention_lab.kit.markup import it
from attention_lab.kit.scene import Predict
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.price.counted import multiplications

HEAD = 64  # the width of a head
ASKED_N, ASKED_D = 4096, 512
_FACTORS = (2, 3, 4, 8)


def doubling() -> Predict:
    """How does the cost of scores and values grow when n doubles?"""
    before, after = multiplications(ASKED_N, ASKED_D)[1], multiplications(2 * ASKED_N, ASKED_D)[1]
    factor = after // before
    return Predict(
        key="doubling",
        question=phrase(
            "A text grows from {asked_n} to {asked_n_2} words. How many times as many "
            "multiplications do scores and values take? Width {d} = {asked_d} stays.",
            asked_n=grouped(ASKED_N),
            asked_n_2=grouped(2 * ASKED_N),
            d=it("d"),
            asked_d=ASKED_D,
        ),
        options=[_("{each} times", each=each) for each in _FACTORS],
        right=[_FACTORS.index(factor)],
        answer=(_("scores and values:"), _("{after} times", after=figures(after / before))),
        why=[
            [_("So do the projections: they are made once a word. A score is made once a pair.")],
            [_("Twice the queries and twice the keys multiply; they do not add.")],
            [_("Twice the queries, each with twice the keys.")],
            [_("That would need a third thing that doubles; the width stays.")],
        ],
    )


def questions(rng: np.random.Generator) -> Sequence[Question]:
    """Return four questions with fresh numbers."""
    times = int(rng.integers(3, 9))
    d = int(rng.choice([48, 96, 160, 320, 640]))
    layers, heads = int(rng.choice([3, 5, 6, 7])), int(rng.choice([4, 8]))
    words, d_k = int(rng.choice([10, 20, 50])), int(rng.choice([16, 32, 64]))
    cache = kv_cache_bytes(words, layers, heads, d_k, bytes_each=2)
    kernel, deep = int(rng.choice([3, 5, 7])), int(rng.integers(2, 6))
    seen = deep * (kernel - 1) + 1
    return [
        Amount(
            id="longer",
            ask=_(
                "A text becomes {times} times as long. How many times as many scores are there?", times=times
            ),
            right=times**2,
            within=0,
            because=_("{times} times the queries, each with {times} times the keys.", times=times),
            hints=[
                (times, _("That counts the queries only; the keys grow, too.")),
                (2 * times, _("Queries and keys multiply; they do not add.")),
            ],
            otherwise=_("Scores are pairs: one for each query and each key."),
        ),
        Amount(
            id="crossing",
            ask=_(
                "Width d = {d}. At which n do scores and values (2n²d) cost as much as projections (4nd²)?",
                d=d,
            ),
            right=2 * d,
            within=0,
            because=_("2n²d = 4nd² is n = 2d."),
            hints=[
                (d, _("There the projections still cost twice as much.")),
                (4 * d, _("Divide 4nd² by 2nd: what is left?")),
            ],
            otherwise=_("Set 2n²d = 4nd², and divide both sides by 2nd."),
        ),
        Amount(
            id="cache",
            ask=_(
                "{layers} layers, {heads} heads with keys of {d_k} numbers, 2 bytes each "
                "number. How many bytes does the cache of keys and values take for {words} "
                "words?",
                layers=layers,
                heads=heads,
                d_k=d_k,
                words=words,
            ),
            right=cache,
            within=0,
            because=_(
                "2 × {layers} × {heads} × {d_k} × {words} numbers of 2 bytes.",
                layers=layers,
                heads=heads,
                d_k=d_k,
                words=words,
            ),
            hints=[
                (cache // 2, _("A key and a value are kept, both of 2 bytes a number.")),
                (cache // layers, _("Each layer keeps its own.")),
                (cache // heads, _("Each head keeps its own.")),
            ],
            otherwise=_("Keys and values, for each layer, head and word: multiply, then 2 bytes each."),
        ),
        Amount(
            id="reach",
            ask=_(
                "Convolutions with kernel {kernel}, not dilated, {deep} layers. How many words "
                "can one output know about?",
                kernel=kernel,
                deep=deep,
            ),
            right=seen,
            within=0,
            because=_("Itself, and {kernel} more with each of {deep} layers.", kernel=kernel - 1, deep=deep),
            hints=[
                (deep * kernel, _("Each layer adds one less: the output itself is counted once.")),
                (kernel**deep, _("That is the reach of dilated kernels.")),
            ],
            otherwise=_("Each layer adds kernel − 1 words to the one that it began with."),
        ),
        Choice(
            id="waits",
            ask=_("Which layer has steps that must wait for each other, however many processors there are?"),
            options=[_("attention"), _("convolution"), _("recurrence")],
            right=2,
            because=_("Each state needs the one before it."),
            hints={
                0: _("All pairs are multiplied at once: no score needs another one."),
                1: _("All places are computed at once; only its layers follow each other."),
            },
        ),
    ]
