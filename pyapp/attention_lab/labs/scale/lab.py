"""Why scores are divided by the square root of d_k: measured on random queries and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from attention import Array, entropy, softmax, softmax_jacobian
from attention_lab.kit.blocks import (
    Actions,
    Badge,
    Bars,
    Fact,
    Facts,
    Histogram,
    Line,
    Lines,
    Prose,
    Source,
)
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import grouped, listed, quoted
from attention_lab.kit.frame import items_of
from attention_lab.kit.lab import Draft, Lab, derived
from attention_lab.kit.markup import D_K, Math, it, root
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Formula, Group, Predict, Scene
from attention_lab.kit.settings import Choice, Flag, Number, Seed, Whole
from attention_lab.kit.sources import function_of, source_of
from attention_lab.kit.texts import _, lazy, phrase
from attention_lab.labs.scale import asking
from attention_lab.labs.scale.measured import (
    FEW_WIDTHS,
    HARDLY,
    MOST_KEYS,
    N_KEYS,
    N_QUERIES,
    WIDTHS,
    Drawn,
    Softened,
    count_rows,
    gradient_norms,
    gradients_over_keys,
    into_softmax,
    keys_in_rows,
    raw_scores,
    scores_at_each_width,
)
from attention_lab.labs.scale.presets import PRESETS

REACH = 32  # the histogram goes so far on both sides, so that scores can be seen to spread
MOST_BARS = 16
PLAIN, DIVIDED = lazy("not divided"), lazy("divided by √d_k")
WORKSHOP = lazy("d_k, as the workshop says")
MEASURES = {"largest": lazy("largest weight"), "bits": lazy("entropy")}
_UP = {"largest": lazy("mean largest weight"), "bits": lazy("mean entropy, bits")}


class Scale(Lab):
    """Scores, weights and gradients of random queries and keys, with and without the division."""

    presets = PRESETS

    d_k = Whole(64, bounds=(1, 1024), log=True, label="d_k", said="d_k", group=lazy("Head"))
    divide = Flag(False, label=lazy("divide by √d_k"), said=lazy("The division"), group=lazy("Head"))
    n_keys = Choice(
        8,
        options=N_KEYS,
        label=lazy("keys"),
        said=lazy("The number of keys"),
        select=True,
        group=lazy("Rows"),
    )
    temperature = Number(
        1.0,
        bounds=(0.25, 4.0),
        step=0.05,
        label=lazy("temperature"),
        said=lazy("The temperature"),
        group=lazy("Head"),
    )
    row = Whole(0, bounds=(0, count_rows(N_KEYS[0]) - 1), said=lazy("The row"))
    measure = Choice(
        "largest", options=MEASURES, label=lazy("measure"), said=lazy("The measure"), group=lazy("Measure")
    )
    seed = Seed(1, group=lazy("Random numbers"))

    def settle(self, draft: Draft) -> None:
        """The row is one of those that there are."""
        draft.values["row"] %= count_rows(draft.values["n_keys"])

    @property
    def n_rows(self) -> int:
        """How many rows of scores there are."""
        return count_rows(self.n_keys)

    @derived
    def heat(self) -> float:
        """The temperature, on the steps that have its slider."""
        return self.temperature if self.step in ("soften", "harden") else 1.0

    # What is measured

    @derived
    def drawn(self) -> Drawn:
        """All queries and keys of this seed."""
        return Drawn(self.seed)

    @derived
    def scores(self) -> Array:  # (N_QUERIES, MOST_KEYS)
        """The raw scores at the chosen d_k."""
        return raw_scores(self.drawn, self.d_k)

    @derived
    def shown_scores(self) -> Array:  # (N_QUERIES, MOST_KEYS)
        """The scores as they stand: divided or not."""
        return into_softmax(self.scores, MOST_KEYS, self.d_k, self.divide, 1.0)

    @derived
    def wider(self) -> tuple[float, float]:
        """The two spreads of the first prediction."""
        narrow, wide = (float(raw_scores(self.drawn, d_k).std()) for d_k in asking.WIDER)
        return narrow, wide

    @derived
    def spreads(self) -> Array:  # (widths,)
        """The standard deviation of the raw scores at each width."""
        return np.array([scores.std() for scores in scores_at_each_width(self.drawn).values()])

    # Rows of n_keys scores need fewer keys than the histogram: these alone are drawn and multiplied.

    @derived
    def in_rows(self) -> Array:  # (N_QUERIES, keys_in_rows(n_keys))
        """The raw scores at the chosen d_k that are cut into rows."""
        return raw_scores(self.drawn, self.d_k, keys_in_rows(self.n_keys))

    @derived
    def at_each_width(self) -> dict[int, Array]:  # (N_QUERIES, keys_in_rows(n_keys)) each
        """The same at each of the widths of the charts."""
        return scores_at_each_width(self.drawn, keys_in_rows(self.n_keys))

    @derived
    def weights(self) -> Array:  # (n_keys,)
        """The weights of the row that is shown."""
        rows = into_softmax(self.in_rows, self.n_keys, self.d_k, self.divide, self.heat)
        return softmax(rows[self.row])

    @derived
    def over_widths(self) -> Softened:  # (2, widths, rows)
        """What softmax makes of the scores at each width: not divided, divided."""
        rows = [
            [into_softmax(self.at_each_width[d_k], self.n_keys, d_k, divide, self.heat) for d_k in FEW_WIDTHS]
            for divide in (False, True)
        ]
        return Softened(np.array(rows))

    @derived
    def here_softened(self) -> Softened:  # (2, rows)
        """The same at the chosen d_k."""
        rows = [
            into_softmax(self.in_rows, self.n_keys, self.d_k, divide, self.heat) for divide in (False, True)
        ]
        return Softened(np.array(rows))

    @derived
    def rows_over_keys(self) -> tuple[list[Array], list[Array]]:  # (rows,) for each number of keys
        """The gradients at the chosen d_k for each number of keys: not divided, divided."""
        plain, divided = (gradients_over_keys(self.scores, self.d_k, divide) for divide in (False, True))
        return plain, divided

    @derived
    def over_keys(self) -> tuple[Array, Array]:  # (numbers of keys,) each
        """Their means."""
        plain, divided = (np.array([rows.mean() for rows in each]) for each in self.rows_over_keys)
        return plain, divided

    @derived
    def at_widest(self) -> float:
        """The mean gradient at the largest d_k, not divided."""
        widest = FEW_WIDTHS[-1]
        scores = raw_scores(self.drawn, widest, keys_in_rows(self.n_keys))
        return float(gradient_norms(softmax(into_softmax(scores, self.n_keys, widest, False, 1.0))).mean())

    @derived
    def asked_gradients(self) -> tuple[Array, Array]:  # (rows,) each
        """The gradients that the prediction is about: divided, not divided."""
        scores = raw_scores(self.drawn, asking.ASKED_D_K, keys_in_rows(self.n_keys))
        divided, plain = (
            gradient_norms(softmax(into_softmax(scores, self.n_keys, asking.ASKED_D_K, divide, 1.0)))
            for divide in (True, False)
        )
        return divided, plain

    # The steps

    def spread(self) -> Scene:
        """Many scores, drifting apart as d_k grows."""
        return self._scene(
            look=[self._histogram, self._spread_facts, self._hands("d_k", "divide")],
            check=[partial(self._source_of_scores)],
            controls=["seed"],
            predict=partial(self._wider, answered=False),
            numbers=lambda: {"n_scores": grouped(N_QUERIES * MOST_KEYS)},
            lit="spread",
        )

    def law(self) -> Scene:
        """The spread over d_k, beside its root and what a workshop says."""
        return self._scene(
            look=[self._law, self._law_facts, self._hands("d_k")],
            check=[self._why_root, partial(self._source_of_scores)],
            controls=["seed"],
            predict=partial(self._wider, answered=True),
            numbers=lambda: {
                "line": quoted(WORKSHOP),
                "d_k": self.d_k,
                "spread": number(float(self.scores.std()), 2),
            },
            lit="law",
        )

    def soften(self) -> Scene:
        """The weights of one row."""
        return self._scene(
            look=[self._row_bars, self._row_facts, self._hands("divide", "d_k", "temperature")],
            check=[
                Source(
                    source=source_of("core.py", ("weights",)), shape=f"({self.n_keys},) → ({self.n_keys},)"
                )
            ],
            controls=["n_keys", Group(_("Query"), [self._next_row()]), "seed"],
            predict=partial(self._larger, answered=False),
            numbers=lambda: {"n_keys": self.n_keys, "even": number(float(np.log2(self.n_keys)), 0)},
            lit="soften",
        )

    def harden(self) -> Scene:
        """The largest weight or the entropy over d_k."""
        return self._scene(
            look=[self._hardening, self._hardening_facts, self._hands("measure", "d_k")],
            check=[
                Source(
                    source=source_of("core.py", ("weights",)),
                    shape=f"({self.n_rows}, {self.n_keys}) → ({self.n_rows}, {self.n_keys})",
                ),
                Source(source=function_of(getattr(Softened, self.measure).func), shape=self._softmax_shape),
            ],
            controls=["n_keys", "temperature", "seed"],
            predict=partial(self._larger, answered=False),
            numbers=lambda: {"n_rows": grouped(self.n_rows)},
            lit="soften",
        )

    def gradient(self) -> Scene:
        """The gradient through softmax over d_k."""
        return self._scene(
            look=[self._gradients, self._gradient_facts, self._hands("d_k")],
            check=[
                self._one_jacobian,
                _further_back,
                Source(
                    source=function_of(gradient_norms),
                    shape=self._softmax_shape,
                ),
            ],
            controls=["n_keys", "seed"],
            predict=partial(self._larger, answered=True),
            numbers=lambda: {
                "d_k": self.d_k,
                "hardly": number(HARDLY, 2),
                "stuck": share(self.here_softened.gradients[0] < HARDLY),
            },
            lit="gradient",
        )

    def keys(self) -> Scene:
        """The gradient over the number of keys."""
        return self._scene(
            look=[self._over_keys, self._gradient_facts, self._hands("d_k")],
            check=[
                self._why_keys,
                Source(
                    source=function_of(gradients_over_keys),
                    shape=f"({N_QUERIES}, {MOST_KEYS}) → "
                    + ", ".join(f"({count_rows(n_keys)},)" for n_keys in N_KEYS),
                ),
            ],
            controls=["n_keys", "seed"],
            predict=partial(self._larger, answered=True),
            numbers=lambda: {"verdict": self.verdict},
            lit="gradient",
        )

    def _scene(self, *, lit: str, **parts: Any) -> Scene:
        return Scene(badge=self._badge, formula=partial(self._formula, lit), **parts)

    def _formula(self, lit: str) -> Formula:
        def part(step: str, name: str, kids: list[Any]) -> list[Any]:
            return [
                {"part": {"step": step, "label": name, "here": lit == step, "matrices": []}, "kids": kids}
            ]

        q_k = part("spread", _("Scores: q times k"), [it("q", "q"), " · ", it("k", "k")])
        if self.divide or self.step not in ("spread", "soften"):
            q_k = [{"frac": [q_k, part("law", _("divided by the root of d_k"), [root(*D_K)])]}]
        return Formula(
            [
                part("gradient", _("Gradient"), [it("∂")]),
                [*part("soften", _("Softmax of a row"), ["softmax"]), {"paren": q_k}],
            ]
        )

    # The pictures

    def _histogram(self) -> Histogram:
        name = DIVIDED if self.divide else _("raw scores")
        spread = 1.0 if self.divide else float(np.sqrt(self.d_k))
        named = ("−1", "1") if self.divide else ("−√d_k", "√d_k")
        return Histogram(
            label=_(
                "Scores of {n_queries} queries with {most_keys} keys, d_k = {d_k}",
                n_queries=N_QUERIES,
                most_keys=MOST_KEYS,
                d_k=self.d_k,
            ),
            values={name: self.shown_scores},
            bins=2 * REACH,
            within=(-REACH, REACH),
            marks={named[0]: -spread, named[1]: spread},
            axis=_("score"),
            unit=_("scores"),
        )

    def _spread_facts(self) -> Facts:
        outside = int((np.abs(self.shown_scores) > REACH).sum())
        beyond = _(
            "{n} of {most} scores outside the picture",
            n=grouped(outside),
            most=grouped(self.shown_scores.size),
        )
        return Facts(
            facts={
                _("spread"): Fact(
                    value=float(self.shown_scores.std()), decimals=2, note=_("standard deviation")
                ),
                "√d_k": Fact(value=float(np.sqrt(self.d_k)), decimals=2),
                _("largest"): Fact(
                    value=float(self.shown_scores.max()), decimals=1, note=beyond if outside else ""
                ),
            }
        )

    def _law(self) -> Lines:
        x = np.array(WIDTHS, dtype=float)
        return Lines(
            label=_("Spread of scores over d_k"),
            across="d_k",
            up=_("standard deviation"),
            log_x=True,
            log_y=True,
            marks={f"d_k = {self.d_k}": float(self.d_k)},
            series=[
                Line(name=_("measured, not divided"), x=x, y=self.spreads, points=True),
                Line(name=_("measured, divided by √d_k"), x=x, y=self.spreads / np.sqrt(x), points=True),
                Line(name="√d_k", x=x, y=np.sqrt(x)),
                Line(name=WORKSHOP, x=x, y=x),
            ],
        )

    def _hands(self, *names: str) -> Callable[[], Actions]:
        return lambda: Actions(items=[item for name in names for item in items_of(self, name)])

    def _law_facts(self) -> Facts:
        return Facts(
            facts={
                _("measured"): Fact(
                    value=float(self.scores.std()), decimals=2, note=_("at d_k = {d_k}", d_k=self.d_k)
                ),
                "√d_k": Fact(value=float(np.sqrt(self.d_k)), decimals=2),
                "d_k": Fact(value=float(self.d_k), note=_("what the workshop says")),
            }
        )

    def _row_bars(self) -> Bars:
        weights = self.weights
        place = int(weights.argmax())
        how = DIVIDED if self.divide else PLAIN
        label = _(
            "Weights of the {n_keys} keys in row {row}, {how}", n_keys=self.n_keys, row=self.row + 1, how=how
        )
        if len(weights) <= MOST_BARS:
            names, values = [str(i + 1) for i in range(len(weights))], weights
        else:
            order = np.argsort(-weights, kind="stable")
            first = order[: MOST_BARS - 1]
            rest = len(weights) - len(first)
            names = [*(str(i + 1) for i in first), _("{rest} more", rest=rest)]
            values = np.append(weights[first], weights[order[MOST_BARS - 1 :]].sum())
            place = 0
        return Bars(label=label, names=names, values=values, highlighted=[place], ends=(0, 1), tint="k")

    def _row_facts(self) -> Facts:
        bits = float(entropy(self.weights))
        return Facts(
            facts={
                _("largest weight"): Fact(value=float(self.weights.max()), decimals=3),
                _("entropy"): Fact(
                    value=bits,
                    decimals=2,
                    note=_("of {log2} bits", log2=number(float(np.log2(self.n_keys)), 0)),
                ),
                _("as if shared by"): Fact(
                    value=_("{bits} keys", bits=number(2**bits, 1)), note=_("2 to the entropy")
                ),
            }
        )

    def _next_row(self) -> dict[str, Any]:
        of_a_query = self.n_rows // N_QUERIES
        return {
            "type": "button",
            "label": _("Another query"),
            "action": "next-row",
            "set": {"row": (self.row + of_a_query) % self.n_rows},
        }

    def _hardening(self) -> Lines:
        return self._over(
            _(
                "{capitalize} over d_k, {n_keys} keys",
                capitalize=_UP[self.measure].capitalize(),
                n_keys=self.n_keys,
            ),
            _UP[self.measure],
            lambda each: getattr(each, self.measure),
            levels={
                _("evenly shared"): 1 / self.n_keys if self.measure == "largest" else np.log2(self.n_keys)
            },
        )

    def _hardening_facts(self) -> Facts:
        note = _("at d_k = {d_k}", d_k=self.d_k)
        means = getattr(self.here_softened, self.measure).mean(axis=-1)
        return Facts(
            facts={
                name: Fact(value=float(mean), decimals=3, note=note)
                for name, mean in zip((PLAIN, _("divided")), means, strict=True)
            }
        )

    def _gradients(self) -> Lines:
        return self._over(
            _("Gradient through softmax over d_k, {n_keys} keys", n_keys=self.n_keys),
            _("mean norm of the Jacobian"),
            lambda each: each.gradients,
        )

    def _over(
        self,
        label: str,
        up: str,
        measure: Callable[[Softened], Array],
        levels: dict[str, float] | None = None,
    ) -> Lines:
        plain, divided = measure(self.over_widths).mean(axis=-1)
        return Lines(
            label=label,
            across="d_k",
            up=up,
            log_x=True,
            from_zero=True,
            marks={f"d_k = {self.d_k}": float(self.d_k)},
            levels=levels or {},
            series=[
                Line(name=PLAIN, x=FEW_WIDTHS, y=plain, points=True),
                Line(name=DIVIDED, x=FEW_WIDTHS, y=divided, points=True),
            ],
        )

    def _gradient_facts(self) -> Facts:
        plain, divided = self.here_softened.gradients
        note, here = (
            _("of rows below {hardly}", hardly=number(HARDLY, 2)),
            _("{n_keys} keys, d_k = {d_k}", n_keys=self.n_keys, d_k=self.d_k),
        )
        return Facts(
            facts={
                _("mean, {plain}", plain=PLAIN): Fact(value=float(plain.mean()), decimals=3, note=here),
                _("mean, divided"): Fact(value=float(divided.mean()), decimals=3, note=here),
                _("stuck, {plain}", plain=PLAIN): Fact(value=share(plain < HARDLY), note=note),
                _("stuck, divided"): Fact(value=share(divided < HARDLY), note=note),
            }
        )

    def _over_keys(self) -> Lines:
        plain, divided = self.over_keys
        return Lines(
            label=_("Gradient through softmax over the number of keys, d_k = {d_k}", d_k=self.d_k),
            across=_("keys"),
            up=_("mean norm of the Jacobian"),
            log_x=True,
            from_zero=True,
            marks={_("{n_keys} keys", n_keys=self.n_keys): float(self.n_keys)},
            series=[
                Line(name=PLAIN, x=N_KEYS, y=plain, points=True),
                Line(name=DIVIDED, x=N_KEYS, y=divided, points=True),
            ],
        )

    @property
    def verdict(self) -> str:
        """Say with how many keys which mean gradient is the larger one, and where the rows cannot tell."""
        if self.d_k == 1:
            return _("Here dividing by {root} changes nothing.", root=self.d_k)
        found = [asking.larger(divided, plain) for plain, divided in zip(*self.rows_over_keys, strict=True)]
        said = (
            lazy("Here dividing gives more at {n} keys."),
            lazy("Here not dividing gives more at {n} keys."),
            lazy("Here it is too close to tell at {n} keys."),
        )
        at = [[str(n) for n, which in zip(N_KEYS, found, strict=True) if which == i] for i in range(3)]
        return " ".join(_(text, n=listed(some)) for text, some in zip(said, at, strict=True) if some)

    def _one_jacobian(self) -> Facts:
        weights = self.weights
        norm = float(np.sqrt((softmax_jacobian(weights) ** 2).sum()))
        return Facts(
            label=_("Row {row}, {divided}", row=self.row + 1, divided=DIVIDED if self.divide else PLAIN),
            facts={
                _("largest weight"): Fact(value=float(weights.max()), decimals=3),
                _("slope of that weight"): Fact(
                    value=float(weights.max() * (1 - weights.max())), decimals=3, note="w (1 − w)"
                ),
                _("norm of its Jacobian"): Fact(
                    value=norm, decimals=3, note=_("all slopes, squared, added, root")
                ),
            },
        )

    def _why_root(self) -> Prose:
        return Prose(
            heading=_("Why the root"),
            paragraphs=[
                phrase(
                    "One product of two independent entries of variance 1 has variance 1. A "
                    "score adds {d_k} of them, and variances add up: the variance is {d_k}. "
                    "The spread is its root.",
                    d_k=D_K,
                ),
                [
                    _(
                        "Measured at {d_k}: variance {scores}, spread {scores_2}.",
                        d_k=self.d_k,
                        scores=number(float(self.scores.var()), 1),
                        scores_2=number(float(self.scores.std()), 2),
                    )
                ],
            ],
        )

    def _why_keys(self) -> Prose:
        plain, divided = self.here_softened.largest
        stuck = self.here_softened.gradients[0] < HARDLY
        undivided: Math = [
            _(
                "Not divided, it is {largest}, and {value} of rows are stuck.",
                largest=number(float(plain.mean()), 2),
                value=share(stuck),
            )
        ]
        if stuck.any() and not stuck.all():
            undivided += [
                " ",
                _(
                    "The others carry the mean gradient: there the largest weight is {others} on average.",
                    others=number(float(plain[~stuck].mean()), 2),
                ),
            ]
        widest = FEW_WIDTHS[-1]
        return Prose(
            heading=_("When, and why"),
            paragraphs=[
                phrase(
                    "Divided, the largest of {n_keys} weights is {largest} on average. The "
                    "more keys share, the less each can move; {d_k} hardly matters.",
                    n_keys=self.n_keys,
                    largest=number(float(divided.mean()), 2),
                    d_k=D_K,
                ),
                undivided,
                phrase(
                    "Near ties get rare in wide heads: at {d_k} = {widest} the mean, not "
                    "divided, is {at_widest}.",
                    d_k=D_K,
                    widest=widest,
                    at_widest=number(self.at_widest, 3),
                ),
            ],
        )

    # Where it comes from

    def _source_of_scores(self) -> Source:
        shape = f"({N_QUERIES}, {self.d_k}) @ ({self.d_k}, {MOST_KEYS}) → ({N_QUERIES}, {MOST_KEYS})"
        return Source(source=function_of(raw_scores), shape=shape)

    @property
    def _softmax_shape(self) -> str:
        return f"({self.n_rows}, {self.n_keys}) → ({self.n_rows},)"

    def _badge(self) -> Badge:
        return Badge(
            "random",
            _("random, seed {seed}", seed=self.seed),
            [
                phrase(
                    "Entries of queries and keys are drawn with this seed: mean 0, variance 1, "
                    "independent. Nothing is trained. A smaller {d_k} uses the first columns "
                    "of the same numbers.",
                    d_k=D_K,
                )
            ],
        )

    def _wider(self, *, answered: bool) -> Predict:
        return asking.asked_wider(self.seed, self.wider, answered=answered)

    def _larger(self, *, answered: bool) -> Predict:
        divided, plain = self.asked_gradients
        return asking.asked_gradient(self.seed, self.n_keys, divided, plain, answered=answered)

    def questions(self) -> Sequence[Question]:
        """Return the questions at the end."""
        return asking.questions(self.question_numbers())


def share(chosen: npt.NDArray[np.bool_]) -> str:
    """Write which share of cells is True."""
    mean = float(np.mean(chosen))
    return f"{number(100 * mean, 0 if mean in (0, 1) else 1)} %"


def _further_back() -> Prose:
    return Prose(
        heading=_("What this does not say"),
        paragraphs=[
            phrase(
                "This is the gradient through softmax alone. On its way back to q and k it "
                "also meets the division, which divides it once more by {root_d_k}.",
                root_d_k=root(*D_K),
            )
        ],
    )
