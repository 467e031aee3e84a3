"""What may look at what: masks by name and by hand, where they belong, and what goes wrong with them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from attention import (
    Array,
    AttentionTrace,
    FullyMaskedRowError,
    Tokens,
    create_bidirectional_mask,
    create_causal_mask,
    create_padding_mask,
    create_prefix_lm_mask,
    create_sliding_window_mask,
    hand_built_embedding,
    hand_built_projections,
    trace_self_attention,
)
from attention_lab.kit.blocks import (
    Actions,
    Axis,
    Badge,
    Fact,
    Facts,
    Fill,
    Grids,
    Legend,
    Matrix,
    Panel,
    Source,
    Table,
    pick_cell,
)
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import first_of, quoted
from attention_lab.kit.frame import item_of
from attention_lab.kit.lab import Draft, derived
from attention_lab.kit.markup import Math, it, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Chip, Group, Predict, Scene, SentenceField
from attention_lab.kit.settings import Cells, Choice, Flag, Index, Picked, Sentence, Whole
from attention_lab.kit.sources import function_of, source_of
from attention_lab.kit.text import short, tokens_of
from attention_lab.kit.texts import _, lazy, phrase, voice
from attention_lab.kit.yours import ByLearner, StandIn
from attention_lab.labs.masks.attending import (
    ORDERS,
    Allowed,
    added,
    masked_before,
    plain_softmax,
    put_in_place,
    step_near,
    true_may_attend,
    true_may_not,
    with_infinity,
)
from attention_lab.labs.masks.presets import PRESETS
from attention_lab.labs.masks.questions import questions_of
from attention_lab.labs.masks.standing import of_a_batch, of_one_sentence

MAX_WORDS = 12
D_MODEL = 4
BY_HAND = "by-hand"
OTHERS = ("The dog ran", "A bird", "Stop")
LOUD = (0, 1, 2, 4, 8, 800)
_NEAR = 1e-6
_CLOSE = 0.01
_MATRICES = ("mask", "weights", "bert", "gpt", "first", "second", "leak", "apart", "ways", "sdpa", "mha")
WAYS = (lazy("replaced"), "float32", "float64", "−∞")


class Masks(ByLearner):
    """One learner's masks on one sentence."""

    presets = PRESETS

    text = Sentence("The cat sat on the mat", most=MAX_WORDS)
    query = Index(2, said=lazy("The word"), lock=None)
    picked = Picked(matrices=_MATRICES)
    kind = Choice(
        "bidirectional",
        options={
            "bidirectional": lazy("All"),
            "causal": lazy("Causal"),
            "window": lazy("Window"),
            "prefix": lazy("Prefix"),
            BY_HAND: lazy("By hand"),
        },
        label=lazy("Mask"),
        said=lazy("The mask"),
    )
    window = Whole(
        2, bounds=(1, MAX_WORDS), slider=True, label=lazy("words in the window"), said=lazy("The window")
    )
    prefix = Whole(
        3, bounds=(0, MAX_WORDS), slider=True, label=lazy("words of the prefix"), said=lazy("The prefix")
    )
    blocked = Cells(
        side=MAX_WORDS, said=lazy("The mask by hand"), refusal=lazy("click a cell to block or to allow it")
    )
    other = Choice(
        OTHERS[0],
        options=OTHERS,
        select=True,
        label=lazy("second sentence"),
        said=lazy("The second sentence"),
    )
    padding = Flag(False, label=lazy("mask the padding"), said=lazy("The padding mask"))
    order = Choice(
        "before",
        options={
            "before": lazy("−∞ before"),
            "after": lazy("0 after"),
            "renormalised": lazy("rescaled"),
            "zero": lazy("0 before"),
        },
        label=lazy("Mask"),
        said=lazy("The place of the mask"),
    )
    loud = Choice(0, options={n: f"+{n}" if n else "0" for n in LOUD}, label=lazy("louder last word"))
    no_key = Flag(True, label=lazy("block every key of the word"), said=lazy("Whether the word has no key"))
    power = Whole(9, bounds=(2, 20), slider=True, label=lazy("large number"), said=lazy("The size"))
    given = Choice(
        "lower",
        options={"lower": lazy("True up to the word"), "upper": lazy("True after the word")},
        label=lazy("The array that both are given"),
        said=lazy("The array"),
    )

    # The rules that hold settings together

    def take_text(self, draft: Draft, text: str) -> None:
        """A picked cell goes with its sentence, and so does a mask by hand."""
        if text != draft.values["text"]:
            draft.values.update(text=text, picked=None)
            if draft.values["kind"] == BY_HAND and "blocked" not in draft.given:
                draft.values["kind"] = "bidirectional"

    def take_blocked(self, draft: Draft, cells: list[list[int]]) -> None:
        """Whoever clicks a cell draws by hand, from the mask that was there."""
        draft.values.update(blocked=cells, kind=BY_HAND)

    def take_picked(self, draft: Draft, cell: dict[str, Any] | None) -> None:
        """A picked cell picks its row."""
        draft.values["picked"] = cell
        if cell is not None and cell["matrix"] != "ways":
            draft.values["query"] = cell["row"]

    def take_query(self, draft: Draft, query: int) -> None:
        """Another word lets go of the cell."""
        draft.values.update(query=query, picked=None)

    def left(self, draft: Draft) -> None:
        """A picked cell belongs to its step."""
        draft.values["picked"] = None

    def settle(self, draft: Draft) -> None:
        """Cells lie within the sentence; those of a mask with a name follow from its name."""
        v = draft.values
        n = len(tokens_of(v["text"], MAX_WORDS))
        v["query"] = min(v["query"], n - 1)
        if v["kind"] == BY_HAND:
            v["blocked"] = [cell for cell in v["blocked"] if max(cell) < n]
        else:
            v["blocked"] = np.argwhere(~mask_of(v["kind"], n, v["window"], v["prefix"])).tolist()

    def to_link(self) -> dict[str, str]:
        """Leave out cells that follow from the name of a mask."""
        fields = super().to_link()
        if self.kind != BY_HAND:
            fields.pop("blocked", None)
        return fields

    # What follows from them

    @property
    def tokens(self) -> Tokens:
        """The words of the sentence."""
        return tokens_of(self.text, MAX_WORDS)

    @property
    def labels(self) -> list[str]:
        """The words as they stand beside rows."""
        return [short(word) for word in self.tokens.texts]

    @derived
    def plain(self) -> AttentionTrace:
        """The sentence without a mask."""
        return attend(self.tokens)

    @property
    def scores(self) -> Array:  # (n, n)
        """The scaled scores of the one head, which no mask changes."""
        scores: Array = self.plain.scaled_scores[0]
        return scores

    def stand_ins(self) -> Sequence[StandIn]:
        """Return the functions of this step that can be the learner's."""
        return {"draw": of_one_sentence, "batch": of_a_batch}.get(self.step, lambda _: [])(self)

    def looked_at(self) -> tuple[int, int]:
        """Return the word, whose row is written out."""
        return 0, self.query

    @property
    def allowed(self) -> Allowed:  # (n, n)
        """The mask that is drawn, True = may attend: the learner's, where theirs stands in."""
        mine: Allowed | None = self.mine("mask")
        return self.by_library if mine is None else mine

    @derived
    def by_library(self) -> Allowed:  # (n, n)
        """The mask of the library, or by hand."""
        n = len(self.tokens)
        mask = create_bidirectional_mask(n)
        for row, col in self.blocked:
            mask[row, col] = False
        return mask

    @property
    def drawn(self) -> Array | FullyMaskedRowError:
        """The weights under the mask that is drawn, or why there are none."""
        mine = self.mine("weights")
        return self.weights_under(self.allowed) if mine is None else mine

    def weights_under(self, mask: Allowed) -> Array | FullyMaskedRowError:
        """Return the weights under a mask, or why there are none."""

        def attended() -> Array | FullyMaskedRowError:
            try:
                weights: Array = attend(self.tokens, mask).weights[0]
            except FullyMaskedRowError as error:
                return error.with_traceback(None)
            return weights

        return self.derive("weights_under", (self.text, mask.tobytes()), attended)

    @property
    def second(self) -> Tokens:
        """The words of the second sentence."""
        return tokens_of(self.other, MAX_WORDS)

    @property
    def side_by_side(self) -> tuple[list[Tokens], Array, Allowed]:
        """Both sentences filled up to one length, their weights (2, n, n), and what is a word (2, n)."""
        mine: Allowed | None = self.mine("padding")
        depends = (self.text, self.other, self.padding, None if mine is None else mine.tobytes())
        return self.derive("side_by_side", depends, lambda: self._side_by_side(mine))

    def _side_by_side(self, mine: Allowed | None) -> tuple[list[Tokens], Array, Allowed]:
        lengths = [len(self.tokens), len(self.second)]
        longest = max(lengths)
        rows = [each.padded(longest - len(each)) for each in (self.tokens, self.second)]
        words = create_padding_mask(lengths, longest)
        masks = [None, None] if not self.padding else words if mine is None else mine
        weights = [attend(each, mask).weights[0] for each, mask in zip(rows, masks, strict=True)]
        return rows, np.stack(weights), words[:, 0]

    @derived
    def louder(self) -> Array:  # (n, n)
        """The scores, with those of the last word lifted."""
        scores = self.scores.copy()
        scores[:, -1] += self.loud
        return scores

    @derived
    def leaked(self) -> tuple[Array, Array]:
        """The weights with the mask where it is put (n, n), and how far they moved."""
        mask, masking = create_causal_mask(len(self.tokens)), ORDERS[self.order]
        weights = masking(self.louder, mask)
        return weights, weights - masking(self.scores, mask)

    @derived
    def ways(self) -> Array:  # (5, n)
        """One row of scores without a mask, and with its keys blocked in four ways."""
        return ways_of(self.scores[self.query], self.no_key, 10.0**self.power)

    @derived
    def read_twice(self) -> tuple[Allowed, Array, Array]:
        """One array of True and False (n, n), and the weights of the two functions that are given it."""
        lower = create_causal_mask(len(self.tokens))
        given = lower if self.given == "lower" else ~lower
        return given, true_may_attend(self.scores, given), true_may_not(self.scores, given)

    # What steps have in common

    def _sentence(self) -> SentenceField:
        chips = [
            Chip(text, label, {"query": i})
            for i, (text, label) in enumerate(zip(self.tokens.texts, self.labels, strict=True))
        ]
        return SentenceField("text", self.text, MAX_WORDS, chips, self.query, chips_label=_("Row"))

    def _badge(self) -> Badge:
        words: Math = phrase(
            "{value} One head with d_k 4. The numbers behind words and matrices were chosen so "
            "that sums can be checked by hand; those of words outside the lexicon come from "
            "their spelling. No model was trained.",
            value=tinted(_("Hand-built."), "b"),
        )
        return Badge("hand-built", _("hand-built"), [words])

    def _scene(self, **more: Any) -> Scene:
        return Scene(sentence=self._sentence, badge=self._badge, **more)

    def _matrix(
        self, name: str, values: Any, title: str, labels: Sequence[str] | None = None, **more: Any
    ) -> Matrix:
        names = self.labels if labels is None else labels
        cell = self.picked if self.picked and self.picked["matrix"] == name else None
        inside = cell is not None and cell["row"] < len(names) and cell["col"] < len(names)
        return Matrix(
            **{
                "id": name,
                "values": values,
                "rows": Axis(
                    axis="query", dim=_("looks from"), labels=names, on=min(self.query, len(names) - 1)
                ),
                "cols": Axis(axis="key", dim=_("looks at"), labels=names),
                "words": title,
                "decimals": 2,
                "fill": Fill(kind="weights"),
                "current": (cell["row"], cell["col"]) if cell is not None and inside else None,
                **more,
            }
        )

    def _grids(self, *matrices: Matrix) -> Grids:
        return Grids(
            step=self.step,
            pick=pick_cell("picked"),
            tables=[matrix.id for matrix in matrices],
            n=len(self.tokens),
            panels=[Panel(title=matrix.words, said=self._said(matrix), matrix=matrix) for matrix in matrices],
        )

    def _said(self, matrix: Matrix) -> str:
        if matrix.values is None:
            return _("{words}: not computed.", words=matrix.words)
        row = np.asarray(matrix.values, dtype=float)[matrix.rows.on or 0]
        named = [
            f"{label} {number(None if np.isnan(value) else value, 2)}"
            for label, value in zip(matrix.cols.labels, row.tolist(), strict=True)
        ]
        return _(
            "{words}, row {labels}: {named}.",
            words=matrix.words,
            labels=matrix.rows.labels[matrix.rows.on or 0],
            named=", ".join(named),
        )

    # The steps

    def draw(self) -> Scene:
        """The mask, cell by cell, and the weights that it leaves."""
        sliders = {"window": "window", "prefix": "prefix"}
        n = len(self.tokens)
        items = [item_of(self, "kind")] + [
            item_of(self, name, max=n, shown=str(min(getattr(self, name), n)))
            for kind, name in sliders.items()
            if kind == self.kind
        ]
        return self._scene(
            controls=[Group(_("Mask"), [*items, {"type": "note", "text": self._used_for()}])],
            look=[self._drawn, self._below],
            check=[
                self.yours_block,
                self._of_the_row,
                Source(
                    source=source_of("core.py", ("masked_scores",)),
                    shape=f"(1, {n}, {n}) + ({n}, {n}) → (1, {n}, {n})",
                ),
                Source(source=source_of("core.py", ("weights",)), shape=f"(1, {n}, {n}) → (1, {n}, {n})"),
            ],
            numbers=lambda: {"allowed": int(self.allowed.sum()), "pairs": self.allowed.size},
        )

    def _used_for(self) -> Math:
        """Say what the mask lets a word see: at their ends, a window and a prefix are other masks."""
        n = len(self.tokens)
        if self.kind == "window" and self.window == 1:
            return [_("A word sees itself only.")]
        if self.kind == "window" and self.window < n:
            return [
                _(
                    "A word sees itself and at most {before} before it, so that long texts cost less.",
                    before=self.window - 1,
                )
            ]
        if self.kind == "window" or (self.kind == "prefix" and self.prefix == 0):
            return _USED_FOR["causal"]
        return _USED_FOR["bidirectional" if self.kind == "prefix" and self.prefix >= n else self.kind]

    def _drawn(self) -> Grids:
        mask = np.where(self.allowed, 0.0, -np.inf)
        weights = None if isinstance(self.drawn, FullyMaskedRowError) else self.drawn
        return self._grids(
            self._matrix(
                "mask",
                mask,
                self._named("mask", _("mask: click a cell")),
                symbol=[it("M")],
                decimals=None,
                fill=Fill(kind="mask"),
                masked=~self.allowed,
                toggles="blocked",
            ),
            self._matrix(
                "weights", weights, self._named("weights", _("weights")), masked=~self.allowed, sums=True
            ),
        )

    def _named(self, picture: str, name: str) -> str:
        """Say whose it is, where it is the learner's."""
        return name if self.mine(picture) is None else _("{picture}, yours", picture=name)

    def _below(self) -> Legend:
        return Legend(alert=self._refused(), legend=_LEGEND)

    def _refused(self) -> dict[str, str] | None:
        if not isinstance(self.drawn, FullyMaskedRowError):
            return None
        rows = [row[-1] for row in self.drawn.rows]
        named = first_of([quoted(self.labels[row]) for row in rows], 3)
        return {
            "title": _("No key left for {named}.", named=named),
            "text": _(
                "Softmax over nothing is 0/0, so the library stops: FullyMaskedRowError. The "
                "step “No key left” shows what happens where nobody stops. Allow one cell of "
                "that row again."
            ),
        }

    def _of_the_row(self) -> Facts | None:
        if isinstance(self.drawn, FullyMaskedRowError):
            return None
        word, row, before = self.labels[self.query], self.drawn[self.query], self.plain.weights[0, self.query]
        kept = self.allowed[self.query]
        return Facts(
            label=_("Row “{word}”", word=word),
            facts={
                _("keys allowed"): Fact(value=int(kept.sum()), note=_("of {kept}", kept=len(kept))),
                _("weight that was set free"): Fact(
                    value=float(before[~kept].sum()),
                    note=_("by blocked keys; the others share it in proportion"),
                    decimals=2,
                ),
                _("sum of the row"): Fact(value=float(row.sum()), decimals=2),
            },
        )

    def pair(self) -> Scene:
        """The same scores under two masks."""
        n = len(self.tokens)
        return self._scene(
            controls=[],
            predict=self._asked_of_pair,
            look=[self._two, self._two_below],
            check=[
                self._ahead,
                Source(source=function_of(masked_before), shape=f"({n}, {n}), ({n}, {n}) → ({n}, {n})"),
            ],
            numbers=lambda: {"n": n},
        )

    @property
    def causal(self) -> Array:  # (n, n)
        """The weights of the same scores under a causal mask."""
        return masked_before(self.scores, create_causal_mask(len(self.tokens)))

    def _asked_of_pair(self) -> Predict | None:
        n = len(self.tokens)
        if n < 2:
            return None
        same = np.abs(self.causal - self.plain.weights[0]).max(axis=-1) < _NEAR
        first, last = self.labels[0], self.labels[-1]
        options = [
            _("Only the first, “{first}”", first=first),
            _("Only the last, “{last}”", last=last),
            _("All of them"),
            _("None of them"),
        ]
        right = 2 if same.all() else 3 if not same.any() else 1
        return Predict(
            key=f"same-row-{_case(self.text)}",
            question=[_("BERT’s weights are shown. Under GPT’s mask, which rows stay as they are?")],
            options=options,
            right=[right],
            answer=(_("rows that stay:"), ", ".join(self.labels[i] for i in np.flatnonzero(same)[:3])),
            why=[
                [_("The first word may look at itself only, so all of its weight goes there.")],
                [_("Nothing comes after the last word, so nothing is taken from it.")],
                [_("The scores are the same, but softmax now shares each row among fewer keys.")],
                [_("Every word but the last has others after it; the last has none to lose.")],
            ],
        )

    def _two(self) -> Grids:
        causal, ahead = self.causal, ~create_causal_mask(len(self.tokens))
        if is_open(self, self._asked_of_pair()):
            causal = np.full_like(causal, np.nan)
        return self._grids(
            self._matrix("bert", self.plain.weights[0], _("BERT: sees everything")),
            self._matrix("gpt", causal, _("GPT: sees what came before"), masked=ahead),
        )

    def _two_below(self) -> Legend:
        return Legend(legend=_LEGEND)

    def _ahead(self) -> Facts:
        n, weights = len(self.tokens), self.plain.weights[0]
        ahead = ~create_causal_mask(n)
        return Facts(
            label=_("What the mask takes away"),
            facts={
                _("pairs for BERT"): n * n,
                _("pairs for GPT"): n * (n + 1) // 2,
                _("weight of “{labels}” on words ahead", labels=self.labels[self.query]): Fact(
                    value=float(weights[self.query][ahead[self.query]].sum()),
                    note=_("for BERT; 0 for GPT"),
                    decimals=2,
                ),
            },
        )

    def batch(self) -> Scene:
        """Two sentences of different length, computed together."""
        n = max(len(self.tokens), len(tokens_of(self.other, MAX_WORDS)))
        return self._scene(
            controls=[Group(_("Padding"), [item_of(self, "padding"), item_of(self, "other")])],
            predict=self._asked_of_batch,
            look=[self._padded, self._padded_below],
            check=[
                self.yours_block,
                self._lost_to_padding,
                Source(source=function_of(padding_weights), shape=f"(2, {n}, {n}), (2, {n}) → (2, {n})"),
            ],
        )

    def _asked_of_batch(self) -> Predict | None:
        depends = (voice(), self.text, self.other)  # and not what is done against it
        return self.derive("asked_of_batch", depends, self._ask_of_batch)

    def _ask_of_batch(self) -> Predict | None:
        rows, __, words = self.side_by_side
        shorter = int(words.sum(axis=-1).argmin())
        if words[shorter].all():
            return None
        weights = attend(rows[shorter]).weights[0]
        share = float(weights[0, ~words[shorter]].sum())
        return Predict(
            key=f"padding-{_case(self.text, self.other)}",
            question=[
                _(
                    "PAD’s numbers are all 0, and nothing is masked. How much of the first "
                    "word’s weight goes to PAD?"
                )
            ],
            options=[_("None of it"), _("Some"), _("All of it")],
            right=[0 if share == 0 else 1 if share < 1 else 2],
            answer=(_("“{texts}” gives PAD", texts=rows[shorter].texts[0]), number(share, 2)),
            why=[
                [_("Its score is 0, but exp(0) is 1: a score of 0 is in the middle, not at the bottom.")],
                [_("A score of 0 is a score like any other: exp(0) is 1.")],
                [_("The words have scores, too, and share in it.")],
            ],
        )

    def _padded(self) -> Grids:
        rows, weights, words = self.side_by_side
        veiled = is_open(self, self._asked_of_batch())
        matrices = []
        for name, each, shares, kept in zip(("first", "second"), rows, weights, words, strict=True):
            labels = [short(text) for text in each.texts]
            unused = np.broadcast_to(~kept, shares.shape) if self.padding else None
            title = short_title(" ".join(each.texts[: each.n_words]))
            if self.mine("padding") is not None:
                title = _("{picture}, yours", picture=title)
            shown = np.full_like(shares, np.nan) if veiled and not kept.all() else shares
            matrices.append(self._matrix(name, shown, title, labels, masked=unused))
        return self._grids(*matrices)

    def _padded_below(self) -> Legend:
        __, weights, words = self.side_by_side
        lost = padding_weights(weights, words)[words]
        if words.all():
            return Legend(legend=_LEGEND, extra=[_("equally long: nothing to fill up")])
        if is_open(self, self._asked_of_batch()):
            return Legend(legend=_LEGEND)
        return Legend(
            legend=_LEGEND,
            extra=phrase(
                "most weight that a word gives to PAD: {lost}", lost=tinted(number(float(lost.max()), 2), "b")
            ),
        )

    def _lost_to_padding(self) -> Table | None:
        rows, weights, words = self.side_by_side
        if is_open(self, self._asked_of_batch()):
            return None
        lost = padding_weights(weights, words)
        return Table(
            label=_("Weight that goes to PAD"),
            columns=[_("word"), _("to PAD")],
            rows=[
                [rows[i].texts[j], float(lost[i, j])]
                for i in range(2)
                for j in range(rows[i].n_words)
                if not words[i].all()
            ],
            decimals={_("to PAD"): 2},
            bars=[_("to PAD")],
        )

    def leak(self) -> Scene:
        """The mask before softmax, after it, and in two more places."""
        n = len(self.tokens)
        return self._scene(
            controls=[],
            predict=self._asked_of_leak,
            look=[self._leak_controls, self._leaking, self._leak_below],
            check=[
                self._what_leaks,
                Source(source=function_of(ORDERS[self.order]), shape=f"({n}, {n}), ({n}, {n}) → ({n}, {n})"),
            ],
        )

    def _leak_controls(self) -> Actions:
        quiet = {"type": "note", "text": [_("Added to the scores of the last word:")]}
        where = {"type": "note", "text": [_("The mask comes in, seen from softmax:")]}
        return Actions(items=[where, item_of(self, "order"), quiet, item_of(self, "loud")])

    def _asked_of_leak(self) -> Predict | None:
        mask = create_causal_mask(len(self.tokens))
        if len(self.tokens) < 2:
            return None
        gap = float(
            np.abs(ORDERS["renormalised"](self.scores, mask) - masked_before(self.scores, mask)).max()
        )
        return Predict(
            key=f"rescaled-{_case(self.text)}",
            question=[
                _(
                    "Strike out the future after softmax, then divide each row by its sum. "
                    "Compared with a mask before softmax?"
                )
            ],
            options=[_("The future still shows"), _("The same weights"), _("Every row is uniform")],
            right=[1 if gap < _NEAR else 0],
            answer=(
                _("largest difference of a weight:"),
                number(gap, 2) if gap > _NEAR else _("rounding only"),
            ),
            why=[
                [
                    _(
                        "Tempting: softmax did see the future. But that only changed what "
                        "every weight of the row is divided by, and dividing again undoes it."
                    )
                ],
                [
                    _(
                        "What all weights of a row were divided by cancels out. It fails only "
                        "where the future took everything: try +800."
                    )
                ],
                [_("Dividing by the sum keeps the proportions within a row.")],
            ],
            answered=self.order == "renormalised",
        )

    def _leaking(self) -> Grids:
        weights, moved = self.leaked
        ahead = ~create_causal_mask(len(self.tokens))
        return self._grids(
            self._matrix(
                "leak",
                np.column_stack([weights, weights.sum(axis=-1)]),
                _("weights, and each row’s sum"),
                cols=Axis(axis="key", dim=_("looks at"), labels=[*self.labels, _("sum")]),
                masked=np.column_stack([ahead, np.zeros(len(ahead), dtype=bool)]),
                unknown="nan",
            ),
            self._matrix(
                "apart",
                moved,
                _("moved by the louder word"),
                masked=ahead,
                unknown="nan",
                fill=Fill(range=1.0),
            ),
        )

    def _leak_below(self) -> Legend:
        weights, __ = self.leaked
        broken = [self.labels[i] for i in np.flatnonzero(np.isnan(weights).any(axis=-1))]
        alert = None
        if broken:
            text = _(
                "The last word took all of the weight, the rest was rounded to 0, and 0 "
                "divided by 0 is no number. With −∞ before softmax nothing is lost."
            )
            named = first_of([quoted(word) for word in broken], 3)
            alert = {
                "title": _("nan for {named}.", named=named),
                "text": text,
            }
        return Legend(alert=alert, extra=self._leak_in_words())

    def _leak_in_words(self) -> Math:
        moved = self.leaked[1][:-1]
        if not moved.size:
            return [_("One word has no future: write a second one.")]
        if np.isnan(moved).any():
            return phrase(
                "{order_said} Rows above the last: {value}",
                order_said=_ORDER_SAID[self.order],
                value=tinted(_("nan"), "b"),
            )
        most = float(np.abs(moved).max())
        said = _("nothing") if most < _NEAR else number(most, 2)
        return phrase(
            "{order_said} Largest change in a row above the last: {said}",
            order_said=_ORDER_SAID[self.order],
            said=tinted(said, "b"),
        )

    def _what_leaks(self) -> Facts:
        weights, __ = self.leaked
        ahead, row, word = ~create_causal_mask(len(self.tokens)), self.query, self.labels[self.query]
        unmasked = plain_softmax(self.louder)[row]
        named = sorted(
            ((float(unmasked[j]), self.labels[j]) for j in np.flatnonzero(ahead[row])), reverse=True
        )[:3]
        future = ", ".join(f"{label} {number(share, 2)}" for share, label in named) or _(
            "nothing is ahead of it"
        )
        total = float(weights[row].sum())
        counted = not np.isnan(total)
        on_ahead = float(weights[row][ahead[row]].sum())
        return Facts(
            label=_("Row “{word}”", word=word),
            facts={
                _("sum of the row"): Fact(value=total, decimals=2) if counted else "nan",
                _("weight on words ahead"): Fact(value=on_ahead, decimals=2) if counted else "nan",
                _("what softmax gave them, unmasked"): future,
            },
        )

    def empty(self) -> Scene:
        """A row without keys, in four ways."""
        n = len(self.tokens)
        return self._scene(
            controls=[],
            predict=self._asked_of_empty,
            look=[self._empty_controls, self._four_ways, self._four_below],
            check=[
                self._came_out,
                Source(source=function_of(put_in_place), shape=f"({n},), ({n},) → ({n},)"),
                Source(source=function_of(added), shape=f"({n},), ({n},) → ({n},)"),
                Source(source=function_of(with_infinity), shape=f"({n},), ({n},) → ({n},)"),
            ],
        )

    def _empty_controls(self) -> Actions:
        return Actions(items=[item_of(self, "no_key"), item_of(self, "power", shown=_amount(self.power))])

    def _asked_of_empty(self) -> Predict | None:
        shares = ways_of(self.scores[self.query], True, 1e9)[_IN_FLOAT64]
        unmasked = plain_softmax(self.scores[self.query])
        if np.ptp(unmasked) < _CLOSE:
            return None
        outcome = _outcome(shares, unmasked)
        options = [_("Equal weights for every key"), _AS_UNMASKED, "nan"]
        return Predict(
            key=f"float64-{_case(self.text, self.query)}",
            question=phrase(
                "Every key is blocked by adding {large} in float64, NumPy’s usual precision. "
                "What does softmax give?",
                large=["−10", {"sup": ["9"]}],
            ),
            options=options,
            right=[options.index(outcome)] if outcome in options else [],
            answer=(_("added in float64:"), outcome.lower()),
            why=[
                [_("That is what float32 gives: there the scores are lost in rounding.")],
                [
                    _(
                        "Softmax only sees differences. float64 is fine enough to keep them at "
                        "that size, so the mask cancels out."
                    )
                ],
                [_("That is what −∞ gives: infinity minus infinity.")],
            ],
        )

    def _four_ways(self) -> Grids:
        shares = self.ways
        if is_open(self, self._asked_of_empty()):
            shares = np.vstack([shares[:1], np.full_like(shares[1:], np.nan)])
        word, cell = self.labels[self.query], self.picked
        names = [_("no mask"), *WAYS]
        return self._grids(
            Matrix(
                id="ways",
                values=shares,
                rows=Axis(axis="way", dim=_("ways to mask"), labels=names),
                cols=Axis(axis="key", dim=_("looks at"), labels=self.labels),
                words=_(
                    "“{word}”: −{amount} as the score, or added",
                    word=word,
                    amount=_amount(self.power),
                ),
                decimals=2,
                fill=Fill(kind="weights"),
                unknown="?" if is_open(self, self._asked_of_empty()) else "nan",
                current=(cell["row"], min(cell["col"], len(self.labels) - 1))
                if cell and cell["row"] < 5
                else None,
            )
        )

    def _four_below(self) -> Legend:
        seen = not is_open(self, self._asked_of_empty())
        if not self.no_key:
            agree: Math = [_("one key is left, and all ways agree on what matters")]
            return Legend(legend=_LEGEND, extra=agree if seen and self.power > 3 else None)
        text = (
            _(
                "The library refuses it by name: FullyMaskedRowError. Every other way goes "
                "on with what you see."
            )
            if seen
            else _("The library refuses it by name: FullyMaskedRowError.")
        )
        title = _("“{labels}” has no key.", labels=self.labels[self.query])
        return Legend(legend=_LEGEND, alert={"title": title, "text": text})

    def _came_out(self) -> Table | None:
        if is_open(self, self._asked_of_empty()):
            return None
        amount = 10.0**self.power
        unmasked = self.ways[0]
        spacing = [None, step_near(amount, np.float32), step_near(amount, np.float64), None]
        rows = [
            [name, _outcome(shares, unmasked, self.no_key), steps]
            for name, shares, steps in zip(WAYS, self.ways[1:], spacing, strict=True)
        ]
        return Table(
            label=_("What came out"),
            columns=[_("way"), _("weights"), _("steps near {amount}", amount=_amount(self.power))],
            rows=rows,
        )

    def booleans(self) -> Scene:
        """One array, two readings."""
        n = len(self.tokens)
        return self._scene(
            controls=["given"],
            look=[self._readings, self._readings_below],
            check=[
                _conventions,
                Source(source=function_of(true_may_attend), shape=f"({n}, {n}), ({n}, {n}) → ({n}, {n})"),
                Source(source=function_of(true_may_not), shape=f"({n}, {n}), ({n}, {n}) → ({n}, {n})"),
            ],
        )

    def _readings(self) -> Grids:
        given, may, may_not = self.read_twice
        return self._grids(
            self._matrix("sdpa", may, "scaled_dot_product_attention", masked=~given, unknown="nan"),
            self._matrix("mha", may_not, "MultiheadAttention", masked=given, unknown="nan"),
        )

    def _readings_below(self) -> Legend:
        __, may, may_not = self.read_twice
        wrong, weights = (
            ("MultiheadAttention", may_not)
            if self.given == "lower"
            else ("scaled_dot_product_attention", may)
        )
        return Legend(
            legend=_LEGEND,
            extra=phrase(
                "{wrong} sees only the future here. {word} comes last, so it has no key left: {given} by "
                "plain softmax, which draws both pictures. Some versions of PyTorch give zeros.",
                wrong=wrong,
                word=tinted(quoted(self.labels[-1]), "q"),
                given=tinted(str(float(weights[-1, 0])), "b"),
            ),
        )

    def questions(self) -> Sequence[Question]:
        """Count pairs, pick cells, share out weights, and place the mask."""
        return questions_of(self.question_numbers())


def attend(tokens: Tokens, mask: Allowed | None = None) -> AttentionTrace:
    """Attend with one head and the matrices that were chosen by hand."""
    x = hand_built_embedding(tokens, D_MODEL).x
    return trace_self_attention(x, hand_built_projections(D_MODEL, 1), 1, mask=mask).attention


def mask_of(kind: str, n: int, window: int, prefix: int) -> Allowed:
    """Return the mask of that name (n, n), True = may attend."""
    if kind == "causal":
        return create_causal_mask(n)
    if kind == "window":
        return create_sliding_window_mask(n, window)
    if kind == "prefix":
        return create_prefix_lm_mask(n, min(prefix, n))
    return create_bidirectional_mask(n)


def ways_of(scores: Array, no_key: bool, amount: float) -> Array:
    """Return one row of scores as weights: unmasked, and with its keys blocked in four ways (5, n)."""
    allowed = np.zeros(len(scores), dtype=bool)
    allowed[0] = not no_key
    return np.stack(
        [
            plain_softmax(scores),
            put_in_place(scores, allowed, amount),
            added(scores, allowed, amount, np.float32),
            added(scores, allowed, amount, np.float64),
            with_infinity(scores, allowed),
        ]
    )


def padding_weights(weights: Array, words: Allowed) -> Array:
    """Add up what each row gives to padding."""
    given: Array = (weights * ~words[:, None]).sum(axis=-1)
    return given


def short_title(text: str) -> str:
    """Cut a sentence to what fits above a small matrix."""
    return text if len(text) <= _TITLE else f"{text[: _TITLE - 1]}…"


def _outcome(shares: Array, unmasked: Array, no_key: bool = True) -> str:
    """Say in words what came out for a row whose keys were blocked."""
    if np.isnan(shares).any():
        return "nan"
    if not no_key:
        right = np.eye(len(shares))[0]
        return _("Right") if np.abs(shares - right).max() < _NEAR else _("The mask leaks")
    if np.abs(shares - 1 / len(shares)).max() < _NEAR:
        return _("Equal weights for every key")
    if np.abs(shares - unmasked).max() < _NEAR:
        return _AS_UNMASKED
    return (
        _("Nearly as if nothing were masked")
        if np.abs(shares - unmasked).max() < _CLOSE
        else _("Scores rounded away in part")
    )


def _amount(power: int) -> str:
    return f"10{str(power).translate(_RAISED)}"


def _case(*parts: object) -> str:
    return f"{zlib.crc32(repr(parts).encode()):08x}"


def _conventions() -> Table:
    return Table(
        label=_("What True and 1 mean"),
        columns=[_("where"), _("True means")],
        rows=[
            [_("torch.nn.functional.scaled_dot_product_attention, attn_mask"), _("may look")],
            [_("torch.nn.MultiheadAttention, attn_mask"), _("may not look")],
            [_("torch.nn.MultiheadAttention, key_padding_mask"), _("may not look: padding")],
            [_("transformers, attention_mask: 1"), _("a word, not padding")],
            [_("this library, mask"), _("may look")],
        ],
    )


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_TITLE = 26
_IN_FLOAT64 = 3
_AS_UNMASKED = lazy("As if nothing were masked")
_LEGEND = {
    "kind": "weights",
    "tint": "neutral",
    "low": "0",
    "high": "1",
    "text": lazy("weights; 0 is dark, 1 is bright; striped: masked"),
}
_USED_FOR: Mapping[str, Math] = {
    "bidirectional": [lazy("Every word sees every word: BERT reads like this.")],
    "causal": [lazy("A word sees itself and what came before: GPT writes like this.")],
    "prefix": [lazy("The prefix is read as a whole, the rest is written word by word.")],
    BY_HAND: [lazy("Your own. Choose a name to start anew.")],
}
_ORDER_SAID: Mapping[str, Math] = {
    "before": [lazy("The usual place. What is masked has no score, so it cannot count.")],
    "after": [lazy("Softmax has counted the future; its share is missing from each row but the last.")],
    "renormalised": [lazy("Each row is divided by what is left of it.")],
    "zero": [lazy("The score of the future is 0, and exp(0) is 1.")],
}
