"""What attention costs: counted by formula, measured on this device, and worked out for published models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attention import (
    PUBLISHED_MODELS,
    ModelShape,
    Profile,
    attention_cost,
    kv_cache_bytes,
    model_parameters,
)
from attention_lab.kit.blocks import (
    Actions,
    Badge,
    Block,
    Fact,
    Facts,
    Line,
    Lines,
    Node,
    Nothing,
    Path,
    Prose,
    Source,
    Table,
)
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import counted, figures, grouped
from attention_lab.kit.lab import Draft, Lab
from attention_lab.kit.markup import it, sup
from attention_lab.kit.numbers import number
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Predict, Scene
from attention_lab.kit.settings import Choice, Index, Whole
from attention_lab.kit.sources import function_of
from attention_lab.kit.texts import _, lazy, phrase
from attention_lab.labs.price import asking
from attention_lab.labs.price.counted import (
    FLOAT32,
    KINDS,
    LONGEST,
    compared,
    held_bytes,
    intensities,
    multiplications,
    possible,
    reached,
    slope,
    sources_of,
)
from attention_lab.labs.price.measured import BLOCKS, LENGTHS, WHOLE, WIDTH, fastest, one_round
from attention_lab.labs.price.presets import PRESETS

NODES, LAYERS = 12, 4
MOST_RUNS = 50
_POWERS = [2**i for i in range(4, 18)]
_LAYERS = {
    **KINDS,
    "attention with projections": lazy("attention with projections"),
    "dilated convolution": lazy("dilated convolution"),
}
_MOVED = {
    "whole table": lazy("whole table"),
    "in blocks": lazy("in blocks"),
    "one new word": lazy("one new word"),
}
_SIZES = {1: lazy("1 byte"), 2: lazy("2 bytes"), 4: lazy("4 bytes")}
_INTENSITIES = (0.1, 1e4)  # that are drawn at least
_BESIDE = 5  # times as far as the ridge and the points goes the roof
_GIGA, _TERA = 10**9, 10**12


class Price(Lab):
    """The price of a longer text."""

    presets = PRESETS

    n = Whole(512, bounds=(16, LONGEST), log=True, label=lazy("words, n"), said="n", group=lazy("Size"))
    d_model = Choice(512, options=(64, 512, 4096), label=lazy("width, d"), said="d")
    heads = Choice(8, options=(1, 8, 32), label=lazy("heads"), said=lazy("The number of heads"))
    block = Choice(
        128, options=(32, 128, 512), label=lazy("block"), said=lazy("The block size"), group=lazy("Blocks")
    )
    kind = Choice(
        "convolution",
        options=KINDS,
        label=lazy("layer"),
        said=lazy("The layer"),
        select=True,
        group=lazy("Layer"),
    )
    kernel = Choice(3, options=(2, 3, 5), label=lazy("kernel, k"), said=lazy("The kernel"))
    layer = Index(LAYERS, said=lazy("The layer of the box"), lock=None)
    circle = Index(NODES - 1, said=lazy("The box"), lock=None)
    runs = Whole(
        0,
        bounds=(0, MOST_RUNS),
        label=lazy("rounds"),
        said=lazy("The number of rounds"),
        lock=None,
        linked=False,
    )
    peak = Whole(
        100,
        bounds=(1, 2000),
        log=True,
        label=lazy("peak, TFLOP/s"),
        said=lazy("The peak"),
        group=lazy("Your device"),
    )
    bandwidth = Whole(
        1000,
        bounds=(10, 10_000),
        log=True,
        label=lazy("memory, GB/s"),
        said=lazy("The bandwidth"),
        group=lazy("Your device"),
    )
    model = Choice(
        "Llama 3 8B",
        options=list(PUBLISHED_MODELS),
        label=lazy("model"),
        said=lazy("The model"),
        select=True,
    )
    memory_gib = Whole(24, bounds=(1, 1024), log=True, label=lazy("memory, GiB"), said=lazy("The memory"))
    bytes_each = Choice(2, options=_SIZES, label=lazy("each number takes"), said=lazy("The size of a number"))

    def __init__(self) -> None:
        self._rounds: list[dict[str, Profile]] = []
        super().__init__()

    def take_runs(self, draft: Draft, runs: int) -> None:
        """One more round is measured when it is asked for; none at all forgets them."""
        if runs == 0:
            self._rounds = []
        elif runs > len(self._rounds):
            self._rounds.append(one_round())
        draft.values["runs"] = runs

    def settle(self, draft: Draft) -> None:
        """The box is one of the picture; there are as many rounds as were measured."""
        v = draft.values
        v["layer"], v["circle"] = min(v["layer"], LAYERS), min(v["circle"], NODES - 1)
        v["runs"] = min(v["runs"], len(self._rounds))

    # Twice as long

    def grow(self) -> Scene:
        """Multiplications against n."""
        return Scene(
            predict=self._asked,
            badge=_formula_badge,
            controls=["n", "d_model"],
            look=[self._growth, self._growth_facts],
            check=[
                Source(source=function_of(multiplications), shape=f"n = {self.n}, d = {self.d_model}"),
                _linear_in_what,
            ],
            numbers=lambda: {"crossing": "2d"},
        )

    def _asked(self) -> Predict:
        return asking.doubling()

    def _growth(self) -> Block:
        pairs = [multiplications(n, self.d_model) for n in _POWERS]
        scores = Line(name=_("scores and values, 2n²d"), x=_POWERS, y=[b for __, b in pairs])
        if is_open(self, self._asked()):
            here = multiplications(asking.ASKED_N, self.d_model)[1]
            scores = Line(name=_("scores and values"), x=[asking.ASKED_N], y=[here])
        return Lines(
            label=_("Multiplications of one attention layer, d = {d_model}", d_model=self.d_model),
            across=_("words, n"),
            up=_("multiplications"),
            log_x=True,
            log_y=True,
            series=[scores, Line(name=_("projections, 4nd²"), x=_POWERS, y=[a for a, __ in pairs])],
            marks={"n": self.n, "n = 2d": 2 * self.d_model},
        )

    def _growth_facts(self) -> Block | None:
        if is_open(self, self._asked()):
            return None
        projections, pairs = multiplications(self.n, self.d_model)
        twice_projections, twice_pairs = multiplications(2 * self.n, self.d_model)
        dearer = (
            _("projections") if projections > pairs else _("scores") if pairs > projections else _("equal")
        )
        return Facts(
            facts={
                _("scores and values"): Fact(
                    value=pairs,
                    note=_("× {twice_pairs} when n doubles", twice_pairs=figures(twice_pairs / pairs)),
                ),
                _("projections"): Fact(
                    value=projections,
                    note=_(
                        "× {twice_projections} when n doubles",
                        twice_projections=figures(twice_projections / projections),
                    ),
                ),
                _("dearer here"): Fact(
                    value=dearer, note=_("they are equal at n = {d_model}", d_model=2 * self.d_model)
                ),
            }
        )

    # Memory

    def memory(self) -> Scene:
        """Bytes against n, whole and in blocks."""
        return Scene(
            badge=_formula_badge,
            controls=["n", "heads", "block"],
            look=[self._held, self._held_facts],
            check=[
                Source(source=function_of(held_bytes), shape=f"{self.heads} heads, block {self.block}"),
                _blocks_explained,
            ],
        )

    def _held(self) -> Lines:
        def line(name: str, block: int | None) -> Line:
            return Line(name=name, x=_POWERS, y=[held_bytes(n, 512, self.heads, block) for n in _POWERS])

        return Lines(
            label=_("Bytes held at once, {heads} heads, width 512, float32", heads=self.heads),
            across=_("words, n"),
            up=_("bytes"),
            log_x=True,
            log_y=True,
            series=[
                line(_("whole table"), None),
                line(_("in blocks of {block}", block=self.block), self.block),
            ],
            marks={"n": self.n},
        )

    def _held_facts(self) -> Facts:
        whole = held_bytes(self.n, 512, self.heads, None)
        blocks = held_bytes(self.n, 512, self.heads, self.block)
        same = attention_cost(self.n, self.n, d_k=512).flops // 2
        return Facts(
            facts={
                _("whole table"): Fact(value=size(whole), note=_("weights and output")),
                _("in blocks"): Fact(value=size(blocks), note=self._spared(whole / blocks)),
                _("multiplications"): Fact(value=same, note=_("the same in both")),
            }
        )

    def _spared(self, times: float) -> str:
        """How much less is held in blocks: nothing where one of them is the whole table."""
        if self.n <= self.block:
            return _("one block holds the whole table")
        return _("{whole} times less", whole=figures(times)) if round(times, 2) > 1 else _("hardly less")

    # Reach

    def reach(self) -> Scene:
        """Which inputs reach a box."""
        return Scene(
            badge=_drawn_badge,
            controls=["kind", *(["kernel"] if self.kind in ("convolution", "dilated") else [])],
            look=[self._paths, self._reach_facts],
            check=[Source(source=function_of(sources_of), shape=f"{NODES} words, {LAYERS} layers")],
        )

    def _paths(self) -> Path:
        spots = [(layer, place) for layer in range(LAYERS + 1) for place in range(NODES)]
        at = {spot: i for i, spot in enumerate(spots)}
        edges = [
            (at[source], at[spot])
            for spot in spots
            for source in sources_of(self.kind, *spot, NODES, self.kernel)
        ]
        found = reached(self.kind, self.layer, self.circle, NODES, self.kernel)
        return Path(
            label=_(
                "What box {circle} of layer {layer} can know about: {kinds}",
                circle=self.circle + 1,
                layer=self.layer,
                kinds=KINDS[self.kind],
            ),
            layers=[
                [Node(label=str(i + 1), set={"layer": layer, "circle": i}) for i in range(NODES)]
                for layer in range(LAYERS + 1)
            ],
            edges=edges,
            lit=sorted(at[spot] for spot in found),
            chosen=at[self.layer, self.circle],
            names=[_("words"), *[_("layer {i}", i=i) for i in range(1, LAYERS + 1)]],
        )

    def _reach_facts(self) -> Facts:
        def words(layer: int) -> int:
            found = reached(self.kind, layer, self.circle, NODES, self.kernel)
            return sum(at == 0 for at, __ in found)

        each = [words(layer) for layer in range(1, LAYERS + 1)]
        return Facts(
            facts={
                _("after {i} layer{s}", i=i, s="s" if i > 1 else ""): Fact(
                    value=count, note=_("of {nodes} words", nodes=NODES)
                )
                for i, count in enumerate(each, 1)
            }
        )

    # Layers compared

    def layers(self) -> Scene:
        """Work, waiting and path of each layer."""
        return Scene(
            badge=_formula_badge,
            controls=["n", "d_model", "kernel"],
            look=[self._compared],
            check=[
                Source(
                    source=function_of(compared), shape=f"n = {self.n}, d = {self.d_model}, k = {self.kernel}"
                ),
                _source_corrected,
            ],
        )

    def _compared(self) -> Table:
        rows = compared(self.n, self.d_model, self.kernel)
        return Table(
            label=_("One layer, {n} words of width {d_model}", n=grouped(self.n), d_model=self.d_model),
            columns=[_("layer"), _("multiplications"), _("steps that wait"), _("longest path")],
            rows=[[_LAYERS[name], *values] for name, values in rows.items()],
            bars=[_("multiplications")],
        )

    # Measured

    def live(self) -> Scene:
        """Seconds and bytes on this device."""
        return Scene(
            badge=self._measured_badge,
            controls=[],
            look=[self._measure, self._times, self._slopes],
            check=[
                self._bytes_table,
                Source(source=function_of(slope), shape=f"{len(LENGTHS)} lengths → slope"),
            ],
            numbers=lambda: {"linear": 1, "square": 2},
        )

    def _measured_badge(self) -> Badge | None:
        """Where the numbers come from, once there are any."""
        if not self.runs:
            return None
        words = _(
            "{rounds} on this device, now; the fastest of each length. Random numbers of width {width}.",
            rounds=counted(self.runs, "round", "rounds"),
            width=WIDTH,
        )
        return Badge("measured", _("measured here"), [[words]])

    def _measure(self) -> Actions:
        again = {
            "type": "button",
            "label": _("Measure") if not self.runs else _("Measure once more"),
            "action": "measure",
            "set": {"runs": min(MOST_RUNS, self.runs + 1)},
        }
        forget = {"type": "button", "label": _("Forget"), "action": "forget", "set": {"runs": 0}}
        return Actions(label=_("This device"), items=[again, *([forget] if self.runs else [])])

    def _found(self, name: str) -> Profile:
        return fastest(self._rounds[: self.runs], name)

    def _times(self) -> Block:
        if not self.runs:
            return Nothing(
                step=self.step, text=_("Nothing is measured yet. Press “Measure”: it takes a moment.")
            )
        return Lines(
            label=_("Milliseconds of one call"),
            across=_("words, n"),
            up=_("milliseconds"),
            log_x=True,
            log_y=True,
            series=[
                Line(
                    name=f"{name}, {self._fitted(name)}",
                    x=LENGTHS,
                    y=[1000 * each for each in self._found(name).seconds],
                    points=True,
                )
                for name in (WHOLE, BLOCKS)
            ],
        )

    def _fitted(self, name: str) -> str:
        found = slope(LENGTHS, self._found(name).seconds)
        return f"n^{number(found.exponent, 2)} ± {found.error:.2f}"

    def _slopes(self) -> Facts | None:
        if not self.runs:
            return None
        facts: dict[str, Fact] = {}
        for name in (WHOLE, BLOCKS):
            found = self._found(name)
            for what, values in ((_("time"), found.seconds), (_("memory"), found.peak_bytes)):
                fitted = slope(LENGTHS, values)
                facts[f"{what}, {name}"] = Fact(
                    value=f"n^{number(fitted.exponent, 2)}",
                    note=f"± {fitted.error:.2f}",
                )
        return Facts(
            facts=facts,
            label=_("Fitted over {runs} round{s}", runs=self.runs, s="s" if self.runs > 1 else ""),
        )

    def _bytes_table(self) -> Table | None:
        if not self.runs:
            return None
        whole, blocks = self._found(WHOLE), self._found(BLOCKS)
        return Table(
            label=_("What was measured"),
            columns=["n", _("ms, whole"), _("ms, in blocks"), _("bytes, whole"), _("bytes, in blocks")],
            rows=[
                [str(n), 1000 * a, 1000 * b, c, d]
                for n, a, b, c, d in zip(
                    LENGTHS, whole.seconds, blocks.seconds, whole.peak_bytes, blocks.peak_bytes, strict=True
                )
            ],
        )

    # Roofline

    def roof(self) -> Scene:
        """FLOPs in a second against FLOPs for each byte."""
        return Scene(
            badge=Badge(
                "hand-built",
                _("your numbers"),
                [[_("Peak and bandwidth are what you set, not what was measured.")]],
            ),
            controls=["peak", "bandwidth", "n"],
            look=[self._roofline, self._roof_facts],
            check=[
                Source(source=function_of(intensities), shape=f"n = {self.n}, d = {asking.HEAD}, 2 bytes"),
                Source(source=function_of(possible), shape=f"{self.peak} TFLOP/s, {self.bandwidth} GB/s"),
            ],
        )

    def _limits(self) -> tuple[float, float]:
        return self.peak * _TERA, self.bandwidth * _GIGA

    def _roofline(self) -> Lines:
        peak, bandwidth = self._limits()
        ridge, points = peak / bandwidth, intensities(self.n, asking.HEAD, 2)
        spots, (low, high) = [ridge, *points.values()], _INTENSITIES
        low, high = min(low, min(spots) / _BESIDE), max(high, max(spots) * _BESIDE)
        across = np.sort([*np.geomspace(low, high, 51), ridge])
        return Lines(
            label=_("What the device can reach"),
            across=_("FLOPs for each byte"),
            up=_("TFLOP/s"),
            log_x=True,
            log_y=True,
            series=[
                Line(
                    name=_("roof"),
                    x=across,
                    y=[possible(float(each), peak, bandwidth) / _TERA for each in across],
                ),
                *(
                    Line(
                        name=_MOVED[name], x=[each], y=[possible(each, peak, bandwidth) / _TERA], points=True
                    )
                    for name, each in points.items()
                ),
            ],
            marks={_("ridge"): ridge},
        )

    def _roof_facts(self) -> Facts:
        peak, bandwidth = self._limits()
        return Facts(
            facts={
                _MOVED[name]: Fact(
                    value=_("{each} FLOPs a byte", each=figures(each)),
                    note=_waits(100 * possible(each, peak, bandwidth) / peak, each * bandwidth >= peak),
                )
                for name, each in intensities(self.n, asking.HEAD, 2).items()
            }
        )

    # Published models

    def models(self) -> Scene:
        """Weights, cache and scores of a model."""
        return Scene(
            badge=_published_badge,
            controls=["model", "n", "bytes_each", "memory_gib"],
            look=[self._bill],
            check=[
                self._all_models,
                Source(source=function_of(cache_bytes), shape=f"n = {self.n}"),
                Source(source=function_of(scores_bytes), shape=f"n = {self.n}"),
            ],
        )

    def _bill(self) -> Facts:
        shape = PUBLISHED_MODELS[self.model]
        weights = model_parameters(shape)
        cache = cache_bytes(shape, self.n, self.bytes_each)
        scores = scores_bytes(shape, self.n, self.bytes_each)
        beyond = shape.max_len is not None and self.n > shape.max_len
        room = self.memory_gib * 2**30 - weights * self.bytes_each
        word = 0 if shape.family == "bert" else cache // self.n
        return Facts(
            label=_("{model}, {n} words", model=self.model, n=grouped(self.n)),
            facts={
                _("parameters"): Fact(
                    value=weights, note=_("{size}, whatever the length", size=size(weights * self.bytes_each))
                ),
                _("cache of keys and values"): Fact(
                    value=_("none") if shape.family == "bert" else size(cache),
                    note=_("an encoder reads all at once and keeps none")
                    if shape.family == "bert"
                    else _(
                        "{size} a word; {value} of {n_heads} heads have keys of their own",
                        size=size(cache // self.n),
                        value=shape.n_kv_heads or shape.n_heads,
                        n_heads=shape.n_heads,
                    ),
                ),
                _("scores, if kept whole"): Fact(
                    value=size(scores), note=_("one layer, {n_heads} heads, n² each", n_heads=shape.n_heads)
                ),
                _("in {memory_gib} GiB", memory_gib=self.memory_gib): Fact(
                    value=longest(room, word),
                    note=_("the longest text that weights and cache leave room for")
                    if word and room >= 0
                    else "",
                ),
                _("trained for"): Fact(
                    value=_("any length")
                    if shape.max_len is None
                    else _("{max_len} words", max_len=grouped(shape.max_len)),
                    note=_("your n is longer: a sum only") if beyond else _("your n fits"),
                ),
            },
        )

    def _all_models(self) -> Table:
        rows = [
            [
                name,
                model_parameters(shape) / 1e9,
                None if shape.family == "bert" else cache_bytes(shape, self.n, self.bytes_each) / 2**30,
                scores_bytes(shape, self.n, self.bytes_each) / 2**30,
            ]
            for name, shape in PUBLISHED_MODELS.items()
        ]
        return Table(
            label=_("At {n} words", n=grouped(self.n)),
            columns=[_("model"), _("parameters, billions"), _("cache, GiB"), _("scores of a layer, GiB")],
            rows=rows,
            bars=[_("cache, GiB")],
        )

    def questions(self) -> Sequence[Question]:
        """Doubling, waiting, a cache and the crossing."""
        return asking.questions(self.question_numbers())


def longest(room: int, each: int) -> str:
    """Say how many words fit into what the weights leave, at so many bytes a word."""
    if room < 0:
        return _("not even its weights")
    return _("{room} words", room=grouped(room // each)) if each else _("its weights")


def cache_bytes(shape: ModelShape, n: int, bytes_each: int) -> int:
    """Return 2 n_layers n n_kv_heads d_k bytes: one key and one value for each word, head and layer."""
    n_kv_heads = shape.n_kv_heads or shape.n_heads
    return kv_cache_bytes(
        n, shape.n_layers, n_kv_heads, shape.d_model // shape.n_heads, bytes_each=bytes_each
    )


def scores_bytes(shape: ModelShape, n: int, bytes_each: int) -> int:
    """Return n_heads n² bytes: every score of one layer."""
    return shape.n_heads * n * n * bytes_each


def size(n_bytes: int) -> str:
    """Write bytes as people say them: 1 KiB is 1024 bytes."""
    value, units = float(n_bytes), [_("bytes"), "KiB", "MiB", "GiB", "TiB", "PiB"]
    while value >= 1024 and len(units) > 1:
        value, units = value / 1024, units[1:]
    return f"{figures(value)} {units[0]}"


def _waits(percent: float, for_arithmetic: bool) -> str:
    """What a kernel waits for, and how much of the peak it has."""
    if for_arithmetic:
        return _("{percent} % of the peak: waits for arithmetic", percent=figures(percent))
    return _("{percent} % of the peak: waits for memory", percent=figures(percent))


def _formula_badge() -> Badge:
    return Badge(
        "hand-built",
        _("counted by formula"),
        [
            [
                _(
                    "Matrix products only, by attention/cost.py. Nothing is measured here; "
                    "softmax comes to far less."
                )
            ]
        ],
    )


def _drawn_badge() -> Badge:
    return Badge(
        "hand-built",
        _("drawn by rule"),
        [[_("Each box reads what its kind of layer reads; nothing was trained.")]],
    )


def _published_badge() -> Badge:
    return Badge(
        "hand-built",
        _("published shapes"),
        [
            [
                _(
                    "Shapes as their authors published them, with their sources in "
                    "attention/published.py. Sums are ours."
                )
            ]
        ],
    )


def _linear_in_what() -> Prose:
    return Prose(
        heading=_("Two halves of one layer"),
        paragraphs=[
            phrase(
                "Scores and values: {n}{raised} pairs, each {d} wide, twice.",
                n=it("n"),
                raised=sup("2"),
                d=it("d"),
            ),
            phrase("Projections: four matrices of {d} by {d}, for each of {n} words.", d=it("d"), n=it("n")),
        ],
    )


def _blocks_explained() -> Prose:
    return Prose(
        heading=_("What a source says"),
        paragraphs=[
            [
                _(
                    "“Attention memory = O(batch × seq²)” leaves out heads and layers, and "
                    "holds only for a table kept whole. Counted here: weights and output of "
                    "one layer, {float32} bytes a number.",
                    float32=FLOAT32,
                )
            ]
        ],
    )


def _source_corrected() -> Prose:
    return Prose(
        heading=_("What a source says"),
        paragraphs=[
            phrase(
                "“Convolution O(n), attention O(n²)” leaves out the width: a convolution takes "
                "{k_n_d}{raised}, a recurrence 2{n_d}{raised}, attention 2{n}{raised}{d}. "
                "Longest path: layers, or steps along the row, between the two ends of the "
                "text.",
                k_n_d=it("k n d"),
                raised=sup("2"),
                n_d=it("n d"),
                n=it("n"),
                d=it("d"),
            )
        ],
    )
