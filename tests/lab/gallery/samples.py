"""A sample of every block: as it is used, and at its extremes. The gallery lab shows them; tests run them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from attention import Array
from attention_lab.kit.blocks import (
    Actions,
    Amount,
    Badge,
    Bars,
    Block,
    Box,
    Card,
    Cards,
    Check,
    Checked,
    Choice,
    Drawing,
    Editor,
    Fact,
    Facts,
    Field,
    Graded,
    Histogram,
    Ladder,
    Lane,
    Line,
    Lines,
    Node,
    Path,
    Pick,
    Player,
    Rung,
    Table,
    Task,
    Tasks,
    Timeline,
    Words,
    Yours,
)
from attention_lab.kit.markup import it, root, sub, tinted

ENGLISH = ("The", "cat", "sat", "on", "the", "mat")
FRENCH = ("Le", "chat", "était", "assis", "sur", "le", "tapis")
ARABIC = ("القطة", "جلست", "على", "الحصيرة", "الصغيرة")
LONG = (
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "👩‍👩‍👧‍👦",
    "a",
    "🏳️‍🌈🏳️‍🌈🏳️‍🌈",
    "antidisestablishmentarianism",
    "<b>",
    "__proto__",
)
RANDOM = Badge("random", "random, seed 3", [["Entries are drawn anew for each seed; nothing was trained."]])
TRAINED = Badge("trained", "trained: reader", [["A small encoder, trained on sentences of this course."]])
HAND = Badge("hand-built", "hand-built")
MEASURED = Badge("measured", "measured here", [["Timed on this device a moment ago."]])


def weights(rows: int, columns: int, seed: int = 1, sharp: float = 2.0) -> Array:
    """Return rows of weights, (rows, columns)."""
    scores = sharp * np.random.default_rng(seed).normal(size=(rows, columns))
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Array = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def _histograms() -> list[Block]:
    rng = np.random.default_rng(1)
    raw = rng.normal(size=(2000, 64)) @ rng.normal(size=64)
    return [
        Histogram(
            label="Raw scores of one query with 2 000 keys",
            values={"raw scores": raw, "divided by √d_k": raw / 8},
            marks={"−√d_k": -8.0, "√d_k": 8.0},
            axis="score",
            unit="keys",
            bins=40,
            badge=RANDOM,
        ),
        Histogram(
            label="Queries",
            values={"entries of Q": rng.normal(size=512)},
            tints={"entries of Q": "q"},
            axis="entry",
        ),
        Histogram(
            label="Distances of links, on a logarithmic axis",
            axis="words between",
            unit="links",
            counts={"local head": [900, 320, 41, 9, 1, 0], "wide head": [210, 190, 260, 240, 180, 171]},
            edges=[0, 1, 2, 4, 8, 16, 32],
            log=True,
        ),
        Histogram(label="One value", values={"only": [0.25]}, bins=5),
        Histogram(label="No value at all", values={"nothing": [math.nan, math.inf]}, bins=5, log=True),
    ]


def _lines() -> list[Block]:
    d = np.array([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024], dtype=float)
    steps = np.arange(0, 200, 5, dtype=float)
    loss = 2.3 * np.exp(-steps / 50) + 0.1
    n = np.array([1, 16, 64, 256, 1024, 4096], dtype=float)
    return [
        Lines(
            label="Spread of scores",
            across="d_k",
            up="standard deviation",
            log_x=True,
            log_y=True,
            badge=RANDOM,
            series=[
                Line(name="raw scores", x=d, y=np.sqrt(d), points=True),
                Line(name="divided by √d_k", x=d, y=np.ones_like(d), points=True),
            ],
            marks={"d_k = 64": 64.0},
        ),
        Lines(
            label="Loss while training",
            across="step",
            up="loss, nats",
            from_zero=True,
            badge=TRAINED,
            series=[
                Line(name="training", x=steps, y=loss, low=loss * 0.8, high=loss * 1.2),
                Line(name="held out", x=steps, y=[*(loss[:30] * 1.15).tolist(), *[math.nan] * 10]),
            ],
            levels={"chance": 2.3},
            marks={"now": 65.0},
        ),
        Lines(
            label="Sines of the positions",
            across="position",
            up="entry",
            series=[
                Line(
                    name=f"dimension {2 * i}",
                    x=np.linspace(0, 32, 129),
                    y=np.sin(np.linspace(0, 32, 129) / 3**i),
                )
                for i in range(8)
            ],
        ),
        Lines(
            label="Cost of attention",
            across="tokens",
            up="operations",
            log_x=True,
            log_y=True,
            badge=MEASURED,
            series=[
                Line(name="scores", x=n, y=128 * n**2, tint="q"),
                Line(name="recurrent", x=n, y=4 * 64**2 * n, tint="k"),
            ],
        ),
        Lines(label="One point", series=[Line(name="only", x=[3.0], y=[0.46])]),
        Lines(
            label="Nothing known yet",
            series=[Line(name="to come", x=[0.0, 1.0], y=[math.nan, math.nan])],
            log_y=True,
        ),
    ]


def _bars() -> list[Block]:
    shares = weights(1, 6, 4)[0]
    many = weights(1, 64, 5, 0.5)[0]
    return [
        Bars(
            label="Weights of sat",
            names=ENGLISH,
            values=shares,
            ends=(0, 1),
            tint="q",
            highlighted=[int(np.argmax(shares))],
        ),
        Bars(
            label="Next word, before and after the head is off",
            names=["mat", "hat", "sofa", "floor"],
            values=[0.61, 0.2, 0.12, 0.07],
            after=[0.18, 0.44, 0.2, 0.18],
            highlighted=[1],
            ends=(0, 1),
            badge=TRAINED,
        ),
        Bars(
            label="Time of a step",
            names=["scores", "softmax", "output"],
            values=[4.1, 1.2, 3.3],
            low=[3.6, 1.1, 2.2],
            high=[4.9, 1.5, 4.6],
            unit=" ms",
            decimals=1,
            badge=MEASURED,
        ),
        Bars(label="Change of the score", names=["q0", "q1", "q2", "q3"], values=[-1.5, 0.75, 0.0, -0.25]),
        Bars(
            label="Which key to look at",
            names=["The", "cat", "sat"],
            values=[0.2, 0.7, 0.1],
            tint="k",
            sets=[{"sample_key": i} for i in range(3)],
        ),
        Bars(
            label="64 keys",
            names=[f"word {i}" for i in range(64)],
            values=many,
            highlighted=[int(np.argmax(many))],
        ),
        Bars(label="Words of every kind", names=LONG, values=[0.1, 0.2, math.nan, 0.4, 0.0, 0.3, 0.05]),
        Bars(label="One bar of nothing", names=["only"], values=[0.0]),
    ]


def _words() -> list[Block]:
    return [
        Words(
            label="French looks at English",
            words=FRENCH,
            onto=ENGLISH,
            weights=weights(7, 6),
            chosen=1,
            badge=TRAINED,
            sets=[{"sample_query": i} for i in range(7)],
            heads=("writes", "looks at"),
        ),
        Words(
            label="One head, within a sentence",
            words=ENGLISH,
            weights=weights(6, 6, 2),
            chosen=2,
            sets=[{"sample_query": i} for i in range(6)],
        ),
        Words(label="All links alike", words=ENGLISH, onto=ENGLISH, weights=weights(6, 6, 3)),
        Words(
            label="Under each other",
            words=FRENCH,
            onto=ENGLISH,
            weights=weights(7, 6),
            chosen=0,
            columns=True,
            heads=("from", "to"),
        ),
        Words(
            label="From right to left",
            words=ARABIC,
            onto=ARABIC,
            weights=weights(5, 5, 6),
            chosen=0,
            sets=[{"sample_query": i} for i in range(5)],
        ),
        Words(label="In one row, from right to left", words=ARABIC, weights=weights(5, 5, 7), chosen=4),
        Words(label="Long words and signs", words=LONG, weights=weights(7, 7, 8), chosen=0),
        Words(
            label="64 words",
            words=[f"w{i}" for i in range(64)],
            onto=[f"k{i}" for i in range(64)],
            weights=weights(64, 64, 9, 4.0),
            chosen=5,
            sets=[{"sample_query": i} for i in range(64)],
        ),
        Words(label="One word", words=["alone"], weights=[[1.0]]),
    ]


def _timelines() -> list[Block]:
    words = [Box(start=float(i), length=1.0, label=word) for i, word in enumerate(ENGLISH)]
    heads = [Box(start=0.0, length=1.0, label=f"head {i + 1}", tint="q") for i in range(4)]
    return [
        Timeline(
            label="Six words",
            lanes=[
                Lane(name="recurrent", boxes=words),
                Lane(name="attention", boxes=[Box(start=0.0, length=1.0, label="all words")]),
            ],
        ),
        Timeline(
            label="A layer on two machines",
            unit="ms",
            now=2.4,
            badge=MEASURED,
            lanes=[
                Lane(
                    name="first",
                    boxes=[
                        Box(start=0.0, length=1.8, label="Q, K, V", tint="q"),
                        Box(start=1.8, length=2.2, label="scores", tint="k"),
                        Box(start=4.0, length=1.5, label="output", tint="v"),
                    ],
                ),
                Lane(
                    name="second, all heads at once", boxes=[*heads, Box(start=1.0, length=0.4, label="join")]
                ),
            ],
        ),
        Timeline(
            label="64 steps",
            lanes=[
                Lane(
                    name="one by one",
                    boxes=[Box(start=float(i), length=1.0, label=str(i)) for i in range(64)],
                )
            ],
            now=20.5,
        ),
        Timeline(label="Nothing to do", lanes=[Lane(name="idle", boxes=[])]),
    ]


def _chain(words: Sequence[str], *, lit: Sequence[int] = (), skips: bool = False) -> Path:
    edges = [(i, i + 1) for i in range(len(words) - 1)] + [
        (i, len(words) - 1) for i in range(len(words) - 2) if skips
    ]
    return Path(
        label="A chain",
        layers=[[Node(label=word, set={"sample_query": i}) for i, word in enumerate(words)]],
        edges=edges,
        lit=lit,
    )


def _cone(n: int, layers: int) -> Path:
    """Return layers in which each node sees its neighbours below, and what the middle one on top sees."""
    last, middle = layers - 1, n // 2
    near = [(i, j) for i in range(n) for j in range(n) if abs(i - j) <= 1]
    rows = [[Node(label=str(i + 1)) for i in range(n)] for _ in range(last)]
    rows.append([Node(label=str(i + 1), set={"sample_query": i}) for i in range(n)])
    return Path(
        label="What one output can see",
        layers=rows,
        edges=[(depth * n + i, (depth + 1) * n + j) for depth in range(last) for i, j in near],
        lit=[depth * n + i for depth in range(layers) for i in range(n) if abs(i - middle) <= last - depth],
        chosen=last * n + middle,
        names=["input", *[f"layer {depth}" for depth in range(1, layers)]],
    )


def _paths() -> list[Block]:
    return [
        _chain(ENGLISH, lit=[0, 1, 2]),
        _chain(ENGLISH, lit=[0, 5], skips=True),
        _cone(9, 4),
        _chain(ARABIC, lit=[0, 1]),
        _chain(LONG),
        _cone(64, 2),
        Path(label="One node", layers=[[Node(label="x")]]),
    ]


def _cards() -> list[Block]:
    myths = [
        Card(
            sign="heard often",
            title="Attention weights say why a model decided",
            text="True or not?",
            back=["Not in general: other weights can give the same output. Take the link away and look."],
        ),
        Card(
            sign="heard often",
            title=["Scores are divided by ", root(it("d"), sub(it("k"))), " to save time"],
            back="No: it keeps the softmax from saturating.",
            turned=True,
        ),
        Card(
            sign="heard often",
            title="Attention knows the order of the words",
            text="Shuffle them and see.",
            back="Only if positions are added to the words.",
        ),
    ]
    choices = [
        Card(title=name, text=text, sign=sign, set={"sample_mask": name})
        for name, text, sign in (
            ("none", "Every word looks at every word.", "encoder"),
            ("causal", "No word looks ahead.", "decoder"),
            ("padding", "Nobody looks at what only fills up.", "batches"),
        )
    ]
    return [
        Cards(label="Myths", cards=myths),
        Cards(label="Choose a mask", cards=choices, badge=HAND),
        Cards(label="Names of every kind", cards=[Card(title=word) for word in (*LONG, *ARABIC)]),
        Cards(label="64 cards", cards=[Card(title=str(i), set={"sample_query": i}) for i in range(64)]),
    ]


def _tables() -> list[Block]:
    rows: list[list[object]] = [
        ["recurrent", 4_194_304.0, 512, "no", ["O(", it("n"), ")"]],
        ["convolution", 12_582_912.0, 4, "yes", ["O(log ", it("n"), ")"]],
        ["attention", 2_097_152.0, 1, "yes", "O(1)"],
        ["unknown", None, math.nan, "?", None],
    ]
    return [
        Table(
            label="Three ways through a sentence",
            columns=["layer", "operations", "steps", "at once", "longest path"],
            rows=rows,
            bars=["operations"],
            marked=[(2, 1), (2, 3)],
            badge=MEASURED,
        ),
        Table(
            label="Words of every kind",
            columns=["word", "weight"],
            rows=[[word, share] for word, share in zip((*LONG, *ARABIC), weights(1, 12)[0], strict=True)],
            decimals={"weight": 2},
            bars=["weight"],
        ),
        Table(
            label="64 rows",
            columns=["row", "square"],
            rows=[[str(i), i * i] for i in range(64)],
            bars=["square"],
        ),
        Table(label="Empty", columns=["name", "value"], rows=[]),
    ]


def _facts() -> list[Block]:
    return [
        Facts(
            label="Spread",
            facts={
                "standard deviation": Fact(value=8.0312, note="of 2,000 scores", decimals=2),
                "√d_k": 8.0,
                "ratio": Fact(
                    value=1.0039,
                    note=["close to 1, as ", tinted("q", "q"), " · ", tinted("k", "k"), " predicts"],
                ),
                "mask": "causal",
                "scale": [it("d"), sub(it("k")), " = 64"],
            },
            badge=RANDOM,
        ),
        Facts(facts={"one": 1}),
        Facts(
            label="Of every kind",
            facts={**dict.fromkeys(LONG, math.nan), "huge": 1.5e12, "tiny": -2e-9, "endless": math.inf},
        ),
    ]


def _fields() -> list[Block]:
    empty = [[0.0] * 8 for _ in range(8)]
    cross = [[1.0 if r == c or r + c == 7 else 0.0 for c in range(8)] for r in range(8)]
    ring = [
        [1.0 if 2 <= r <= 5 and 2 <= c <= 5 and not (3 <= r <= 4 and 3 <= c <= 4) else 0.0 for c in range(8)]
        for r in range(8)
    ]
    return [
        Field(
            label="Draw a digit",
            setting="sample_drawing",
            value=cross,
            drawings=[
                Drawing(label="cross", set={"sample_drawing": cross}),
                Drawing(label="ring", set={"sample_drawing": ring}),
            ],
        ),
        Field(label="In shades", setting="sample_shades", value=empty, levels=[0.0, 0.5, 1.0]),
        Field(label="16 by 16", setting="sample_large", value=[[0.0] * 16 for _ in range(16)]),
        Field(label="One cell", setting="sample_cell", value=[[1.0]]),
    ]


def check(answers: dict[str, object] | None = None) -> Check:
    """Return the questions of the gallery with these answers."""
    return Check(
        setting="sample_answers",
        answers=answers or {},
        anew={"sample_seed": 4},
        questions=[
            Choice(
                id="why",
                ask="Why are scores divided before softmax?",
                right=1,
                options=[
                    "So that they are positive",
                    ["So that their spread does not grow with ", it("d"), sub(it("k"))],
                    "So that rows sum to 1",
                ],
                because="With unit entries a dot product has variance d_k.",
                hints={2: "Softmax does that by itself."},
            ),
            Amount(
                id="weight",
                ask=["Two scores, 0 and 0. What is the weight of each?"],
                right=0.5,
                because="exp(0) ÷ 2 exp(0).",
                hints=[(1.0, "That would be both together.")],
                otherwise="Both scores are the same.",
            ),
            Pick(
                id="cell",
                ask="Which cell does a causal mask leave to the first word?",
                right=[(0, 0)],
                rows=ENGLISH[:3],
                columns=ENGLISH[:3],
                text=[["0.5", "0.2", "0.3"], ["0.1", "0.8", "0.1"], ["0.3", "0.3", "0.4"]],
                hints={(0, 1): "That one lies ahead."},
                otherwise="Look at the first row.",
            ),
            Pick(
                id="word",
                ask="Which word does “sat” look at most?",
                right=[(0, 1)],
                columns=[*ENGLISH, *LONG[:2]],
                because="0.62.",
            ),
        ],
    )


def _checks() -> list[Block]:
    answers: dict[str, object] = {"why": 1, "weight": "0,46", "cell": [0, 1]}
    only = Check(
        setting="sample_only",
        questions=[Choice(id="only", ask="؟", options=["نعم", "لا"], right=0)],
        label="One question",
    )
    return [check(answers), only]


def _programs() -> list[Block]:
    starter = "import numpy as np\n\n\ndef softmax(x):\n    raise NotImplementedError\n"
    settings: dict[str, Any] = {"send": "sample_program", "reply": "sample_answer"}
    return [
        Editor(label="softmax(x)", id="softmax", file="exercise_softmax.py", starter=starter, **settings),
        Editor(
            label="After a run",
            id="softmax",
            file="exercise_softmax.py",
            starter=starter,
            turn=1,
            wrong=[{"line": 4, "column": 0, "text": "NotImplementedError was raised."}],
            printed=[{"line": 1, "text": "(3,) ⏎ (5,)"}],
            said="Not yet: 0 of 2 hold",
            **settings,
        ),
        Editor(label="An empty one", id="empty", file="empty.py", starter="", **settings),
    ]


def _verdicts() -> list[Block]:
    checks = [
        Checked(text="It runs", state="passed"),
        Checked(text=["Each row sums to ", it("1")], state="failed"),
        Checked(text="It leaves its inputs as they are", state="waiting"),
    ]
    return [
        Graded(label="Verdict", state="open", title="Not run yet", words=["Press Run."]),
        Graded(
            label="Verdict",
            state="failed",
            title="Not yet: 1 of 3 hold",
            words=["These are the weights of a softmax over queries.", [tinted("x.T", "code"), " turns it."]],
            line=(3, "return x @ x"),
            facts=[("x", "(2, 3) float64"), *((word, "(5,) int64") for word in LONG)],
            checks=checks,
            note="Inputs drawn with seed 3.",
        ),
        Graded(
            label="Verdict",
            state="passed",
            title="Passed",
            checks=checks[:1],
            links=[{"label": "Next: Scores", "set": {"sample_query": 1}}],
        ),
    ]


def _own() -> list[Block]:
    options = [{"name": "softmax", "set": {"sample_mask": "none"}, "on": False}]
    on = [{**options[0], "on": True}, *({"name": word, "set": {}, "on": False} for word in LONG)]
    name = tinted("softmax", "code")
    rows = [
        {"kind": "yours", "label": "yours", "numbers": ["0.12"] * 12},
        {"kind": "library", "label": "the library’s", "numbers": ["0.25"] * 12},
    ]
    return [
        Yours(
            label="Your own code",
            options=on,
            name="softmax",
            state="shown",
            words=["Your ", name, " draws the weights."],
            badges=[{"kind": "yours", "label": "yours", "text": "the weights"}],
            beside=rows,
            gap="0.1300, in row 2, column 1",
        ),
        Yours(label="Your own code", options=options),
        Yours(label="Your own code", options=on, state="failed", words=["Your ", name, " was stopped."]),
    ]


def _ladders() -> list[Block]:
    rungs = [
        Rung(title=f"Hint {i + 1}", html=f"<p>Hint <code>{i}</code></p>", set={"sample_query": i}, open=i < 1)
        for i in range(3)
    ]
    return [
        Ladder(label="Hints", rungs=rungs, note="They cost nothing."),
        Ladder(label="All open", rungs=[Rung(title="", html="<p>One</p>", open=True)]),
        Ladder(label="None", rungs=[]),
    ]


def _tasks() -> list[Block]:
    states = ("new", "tried", "passed")
    tasks = [
        Task(
            title=word,
            text="Why it matters.",
            set={"sample_query": i},
            state=states[i % 3],
            sign="find the bug",
        )
        for i, word in enumerate(LONG)
    ]
    return [
        Tasks(
            label="The exercises", groups=[("Write it", tasks), ("Find the bug", tasks[:1])], note="1 passed."
        ),
        Tasks(label="None", groups=[]),
    ]


def _actions() -> list[Block]:
    options = [{"value": value, "label": label} for value, label in (("none", "None"), ("causal", "Causal"))]
    items = [
        {"type": "segmented", "name": "sample_mask", "label": "Mask", "value": "none", "options": options},
        {
            "type": "range",
            "name": "sample_scale",
            "label": "scores ×",
            "value": 0.7,
            "min": 0,
            "max": 2,
            "step": 0.1,
            "shown": "0.7",
        },
        {"type": "button", "label": "New seed", "set": {"sample_seed": 5}},
        {"type": "note", "text": ["Each seed draws ", it("W"), " anew."]},
    ]
    return [Actions(label="Try it", items=items), Actions(items=items[2:3])]


def _players() -> list[Block]:
    return [
        Player(label="Training step", setting="sample_time", value=12, length=60, rate=10, shown="step 12"),
        Player(label="Nothing to play", setting="sample_still", value=0, length=1),
    ]


SAMPLES: dict[str, list[Block]] = {
    "Histogram": _histograms(),
    "Lines": _lines(),
    "Bars": _bars(),
    "Words": _words(),
    "Timeline": _timelines(),
    "Path": _paths(),
    "Cards": _cards(),
    "Table": _tables(),
    "Facts": _facts(),
    "Field": _fields(),
    "Check": _checks(),
    "Actions": _actions(),
    "Player": _players(),
    "Editor": _programs(),
    "Graded": _verdicts(),
    "Ladder": _ladders(),
    "Tasks": _tasks(),
    "Yours": _own(),
}
