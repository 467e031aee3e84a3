"""The pictures of the small layer: cut, attend, join, mix, and one head off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attention import Array, multi_head_attention_cost
from attention_lab.kit.blocks import (
    Axis,
    Badge,
    Bars,
    Fact,
    Facts,
    Fill,
    Flow,
    From,
    Line,
    Lines,
    Maps,
    Matrix,
    Product,
    Source,
    Words,
)
from attention_lab.kit.markup import Math, it, sub
from attention_lab.kit.numbers import largest, number
from attention_lab.kit.sources import function_of
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.heads.layer import D_MODEL, attended, cut, joined, mixed, moved

if TYPE_CHECKING:
    from attention_lab.labs.heads.lab import Heads

MANY = (1, 2, 4, 8, 16, 32, 64)
"""Numbers of heads that are compared."""

SEQ = 128
"""Words of the sentence whose price is counted."""

_W_O: Math = [it("W"), sub(it("O"))]


def badge(lab: Heads) -> Badge:
    """Say where the numbers of the small layer come from."""
    return Badge(
        "hand-built",
        _("hand-built, seed {seed}", seed=lab.seed),
        [
            phrase(
                "The words and the matrices of Q, K and V are small numbers chosen to be "
                "checked by hand. {w_o} is drawn with seed {seed}. Nothing was trained: no "
                "head means anything.",
                w_o=_W_O,
                seed=lab.seed,
            ),
        ],
    )


def _rows(lab: Heads, dim: str = "n") -> Axis:
    return Axis(axis="word", dim=dim, labels=lab.labels, on=lab.query)


def _columns(lab: Heads, head: int | None = None) -> Axis:
    """Name columns: of one head, or of all, each after its head."""
    d_k = D_MODEL // lab.n_heads
    if head is not None:
        return Axis(axis=f"h{head}", dim="d_k", labels=[f"{head + 1}·{i + 1}" for i in range(d_k)])
    labels = [f"{h + 1}·{i + 1}" for h in range(lab.n_heads) for i in range(d_k)]
    return Axis(axis="column", dim="d_model", labels=labels)


def _plain_columns(dim: str = "d_model") -> Axis:
    return Axis(axis="feature", dim=dim, labels=[str(i + 1) for i in range(D_MODEL)])


def _others(lab: Heads) -> list[list[bool]]:
    """Say which cells belong to the heads that are not shown."""
    d_k = D_MODEL // lab.n_heads
    return [[col // d_k != lab.head for col in range(D_MODEL)]] * len(lab.labels)


def split(lab: Heads) -> Flow:
    """All queries, those of other heads striped, and below those of one head."""
    whole = lab.pass_.whole
    fill = Fill(tint="q", range=largest(whole))
    return Flow(
        step="split",
        n=len(whole),
        inputs=[
            Matrix(
                id="q_all",
                values=whole,
                rows=_rows(lab),
                cols=_columns(lab),
                words=_("queries of all heads"),
                symbol=[it("Q", "q")],
                role="q",
                fill=fill,
                masked=_others(lab),
            ),
        ],
        op=[_("cut")],
        result=Matrix(
            id="q",
            values=lab.shown("q", lab.pass_.found.q)[lab.head],
            rows=_rows(lab),
            cols=_columns(lab, lab.head),
            words=lab.named("q", _("queries of head {head}", head=lab.head + 1)),
            symbol=[it("Q", "q"), sub(str(lab.head + 1))],
            role="q",
            fill=fill,
        ),
        tables=["q", "q_all"],
    )


def lines(lab: Heads) -> Words:
    """The weights of one head, as lines from the words that ask to the words that are asked."""
    return Words(
        label=lab.named("weights", _("Head {head}: who looks at whom", head=lab.head + 1)),
        words=lab.labels,
        onto=lab.labels,
        weights=lab.shown("weights", lab.pass_.found.weights)[lab.head],
        chosen=lab.query,
        sets=[{"query": i} for i in range(len(lab.labels))],
        heads=(_("asks"), _("is asked")),
    )


def maps(lab: Heads, large: bool = False) -> Maps:
    """The weights of every head."""
    weights = lab.shown("weights", lab.pass_.found.weights)
    return Maps(
        region="heads",
        title=[lab.named("weights", _("Weights of all heads"))],
        row=lab.query,
        across=max(2, lab.n_heads),
        large=large,
        maps=[
            {
                "label": _("Head {head}", head=head + 1),
                "short": _("Head {head}", head=head + 1),
                "caption": _caption(lab, head),
                "values": weights[head].round(3).tolist(),
                "set": {"head": head},
                "current": head == lab.head,
            }
            for head in range(lab.n_heads)
        ],
    )


def _caption(lab: Heads, head: int) -> str:
    row = lab.shown("weights", lab.pass_.found.weights)[head, lab.query]
    most = int(row.argmax())
    return _(
        "{labels} looks most at {labels_2}, {row}.",
        labels=lab.labels[lab.query],
        labels_2=lab.labels[most],
        row=number(float(row[most]), 2),
    )


def concat(lab: Heads) -> Flow:
    """What one head found, and its place beside what the others found."""
    found = lab.pass_
    fill = Fill(tint="v", range=largest(found.concat))
    return Flow(
        step="concat",
        n=len(found.concat),
        inputs=[
            Matrix(
                id="head",
                values=found.found.head_outputs[lab.head],
                rows=_rows(lab),
                cols=_columns(lab, lab.head),
                words=_("what head {head} found", head=lab.head + 1),
                role="v",
                fill=fill,
            )
        ],
        op=[_("side by side")],
        result=Matrix(
            id="concat",
            values=lab.shown("concat", found.concat),
            rows=_rows(lab),
            cols=_columns(lab),
            words=lab.named("concat", _("concatenation")),
            role="v",
            fill=fill,
            masked=_others(lab),
        ),
        tables=["concat", "head"],
    )


def mix(lab: Heads) -> Product:
    """Concatenation times W_O."""
    found = lab.pass_
    return Product(
        step="mix",
        n=len(found.concat),
        left=Matrix(
            id="concat",
            values=found.concat,
            rows=_rows(lab),
            cols=_columns(lab),
            words=_("concatenation"),
            role="v",
            fill=Fill(tint="v", range=largest(found.concat)),
        ),
        top=[
            Matrix(
                id="w_o",
                values=lab.w_o,
                rows=_columns(lab),
                cols=_plain_columns(),
                words=_("mixes the heads"),
                symbol=_W_O,
            )
        ],
        results=[
            Matrix(
                id="output",
                values=lab.shown("output", found.output),
                rows=_rows(lab),
                cols=_plain_columns(),
                words=lab.named("output", _("output")),
                sources=[
                    From(matrix="concat", row="row", col="all"),
                    From(matrix="w_o", row="all", col="col"),
                ],
            )
        ],
        tables=["output", "concat", "w_o"],
    )


def change_by_head(lab: Heads) -> Bars:
    """How far the whole output moves when each head is off; picking a bar switches that one off."""
    return Bars(
        label=_("How far the whole output moves when this head is off"),
        names=[_("head {h}", h=h + 1) for h in range(lab.n_heads)],
        values=lab.changes,
        highlighted=[lab.silent],
        sets=[{"off": h} for h in range(lab.n_heads)],
    )


def change_by_word(lab: Heads) -> Bars:
    """How far each word's row moves."""
    return Bars(
        label=_("How far each word’s output moves without head {silent}", silent=lab.silent + 1),
        names=lab.labels,
        values=lab.moved_rows,
        highlighted=[int(lab.moved_rows.argmax())],
    )


def change_facts(lab: Heads) -> Facts:
    """The change of the output, and how many of its columns have moved."""
    size, length = lab.changes[lab.silent], float((lab.pass_.output**2).sum() ** 0.5)
    return Facts(
        facts={
            _("change"): Fact(value=size, note=_("length of the difference of the two outputs"), decimals=2),
            _("of the output"): Fact(
                value=100 * size / length, note=_("per cent of its own length"), decimals=0
            ),
            _("columns that moved"): _(
                "{moved_columns} of {d_model}", moved_columns=lab.moved_columns, d_model=D_MODEL
            ),
        }
    )


def price(lab: Heads) -> Lines:
    """Parameters and weights, as the number of heads grows."""
    counts = [multi_head_attention_cost(SEQ, lab.wide, h, bias=False) for h in MANY]
    return Lines(
        label=_("Parameters and weights at d_model {wide}, {seq} words", wide=lab.wide, seq=SEQ),
        across=_("heads"),
        up=_("numbers"),
        log_x=True,
        log_y=True,
        series=[
            Line(name=_("parameters"), x=MANY, y=[cost.parameters for cost in counts], points=True),
            Line(name=_("weights of all heads"), x=MANY, y=[h * SEQ * SEQ for h in MANY], points=True),
        ],
        marks={_("{many} heads", many=lab.many): float(lab.many)},
        badge=Badge(
            "measured", _("counted"), [[_("Counted by attention.multi_head_attention_cost, without biases.")]]
        ),
    )


def price_facts(lab: Heads) -> Facts:
    """The counts at one number of heads."""
    cost = multi_head_attention_cost(SEQ, lab.wide, lab.many, bias=False)
    return Facts(
        facts={
            _("parameters"): Fact(value=cost.parameters, note=f"4 × {lab.wide} × {lab.wide}"),
            "d_k": Fact(value=lab.wide // lab.many, note=f"{lab.wide} / {lab.many}"),
            _("weights"): Fact(value=lab.many * SEQ * SEQ, note=f"{lab.many} × {SEQ} × {SEQ}"),
            _("operations"): Fact(value=cost.flops, note=_("the same for any number of heads")),
        }
    )


def source(lab: Heads, stage: str) -> Source:
    """The lines that compute a step, with the shapes that they have now."""
    n, h, d_k = len(lab.labels), lab.n_heads, D_MODEL // lab.n_heads
    rows, wide, heads = f"({n}, {D_MODEL})", f"({D_MODEL}, {D_MODEL})", f"({h}, {n}, {d_k})"
    made: dict[str, tuple[Any, str]] = {
        "split": (cut, f"{rows} @ {wide} → {rows} → {heads}"),
        "attend": (
            attended,
            _(
                "{heads}, {heads}, {heads} → weights ({h}, {n}, {n}), head_outputs {heads}",
                heads=heads,
                h=h,
                n=n,
            ),
        ),
        "concat": (joined, f"{heads} → {rows}"),
        "mix": (mixed, f"{rows} @ {wide} → {rows}"),
        "off": (moved, f"{rows}, {rows} → ({n},)"),
    }
    function, shape = made[stage]
    return Source(source=function_of(function), shape=shape)


def price_source(lab: Heads) -> Source:
    """The lines that count."""
    return Source(
        source=function_of(counted_parameters),
        shape=f"4 × ({lab.wide}, {lab.wide}) → {counted_parameters(lab.wide, lab.many):,}",
    )


def counted_parameters(d_model: int, n_heads: int) -> int:
    """Count the numbers in W_Q, W_K, W_V and W_O."""
    d_k = d_model // n_heads
    one_head = 3 * d_model * d_k  # its columns of W_Q, W_K and W_V
    w_o = n_heads * d_k * d_model
    return n_heads * one_head + w_o


def as_columns(before: Array, after: Array) -> int:
    """Count the columns in which two outputs differ."""
    return int((abs(after - before).max(axis=0) > 1e-9).sum())
