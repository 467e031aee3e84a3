"""A state being changed: each change is read by itself, then all are brought to fit each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from attention import EmptyTextError, Tokens, create_causal_mask, create_padding_mask, tokenize
from attention_lab.experiment import DEFAULTS, MAX_WORDS, OF_A_SENTENCE, OWN
from attention_lab.fields import AXES, MAX_TEXT, MAX_TOKENS, READERS
from attention_lab.link import LINKED, read_link
from attention_lab.refusal import RefusedError

_HALF_A_SLIDER_STEP = 0.005
_COUNTED = 20_000  # characters in which left-out words are counted


class Draft:
    """The values of every setting, on their way from one consistent state to the next."""

    def __init__(
        self,
        before: Mapping[str, Any],
        words: Tokens,
        labs: Mapping[str, tuple[str, ...]],
        defaults: Mapping[str, Any],
    ) -> None:
        self.before, self.words, self.labs, self.defaults = before, words, labs, defaults
        self.values = dict(before)
        self.message: dict[str, str] | None = None
        self.about = ""
        self.given: set[str] = set()

    @property
    def n(self) -> int:
        """How many tokens there are, with padding."""
        return len(self.words) + pads(self.words, self.values["mask"], self.values["n_pad"])

    def say(self, kind: str, about: str, text: str) -> None:
        """Keep one message; an error goes before a note."""
        if self.message is None or self.message["kind"] == "note":
            self.message, self.about = {"kind": kind, "text": text}, about

    def set(self, name: str, value: object) -> None:
        """Read one change; refuse it in words, or take it with what it brings along."""
        reader = READERS.get(name)
        if reader is None:
            self.say("error", name, f"There is no setting {name[:24]!r}: reload the page.")
            return
        try:
            value = reader(value)
            self._setter(name)(name, value)
            self.given.add(name)
        except RefusedError as refusal:
            self.say("error", name, str(refusal))

    def _setter(self, name: str) -> Callable[[str, Any], None]:
        setter: Callable[[str, Any], None] = getattr(self, f"_set_{name}", self._keep)
        return setter

    def _keep(self, name: str, value: Any) -> None:
        self.values[name] = value

    def _set_link(self, _: str, link: str) -> None:
        state, bad = read_link(link)
        for name in LINKED:
            self.values[name] = self.defaults[name]
        self.values["step"] = self.labs[self.defaults["lab"]][0]
        self.words = tokenize(self.values["text"], MAX_TOKENS)
        for name in (each for each in LINKED if each in state):
            put = self._setter(name) if name in ("lab", "step", "text", "own") else self._keep
            try:
                put(name, READERS[name](state[name]))
            except RefusedError:
                bad.append(name)
            if name == "own":
                self.values["sample"] = self.defaults["sample"]  # the link says itself which one is shown
        self.values["hover"] = None
        if bad:
            named = ", ".join(dict.fromkeys(bad))
            self.say("error", "link", f"Part of the link could not be used ({named}); the rest is shown.")

    def _set_lab(self, name: str, lab: str) -> None:
        if lab not in self.labs:
            raise RefusedError(f"There is no lab of that name: choose {' or '.join(self.labs)}.")
        if lab != self.values["lab"]:
            self.values["lab"] = lab
            self._set_step("step", self.labs[lab][0])

    def _set_step(self, name: str, step: str) -> None:
        steps = self.labs[self.values["lab"]]
        if step not in steps:
            raise RefusedError(f"This lab has no step of that name: choose one of {', '.join(steps)}.")
        if step != self.values["step"]:
            self.values.update(step=step, picked=None, hover=None, sample=None, job=None)
            self._leave_the_sentence()

    def _leave_the_sentence(self) -> None:
        """Let go of what is about a sentence of the experiments that is no longer shown."""
        self.values.update({name: DEFAULTS[name] for name in OF_A_SENTENCE})

    def _set_text(self, name: str, text: str) -> None:
        cut, words = self._taken(name, text, MAX_TOKENS)
        if cut != self.values["text"]:
            self.values.update(text=cut, picked=None, hover=None)
            self.words = words

    def _set_own(self, name: str, text: str) -> None:
        self.values.update(own=self._taken(name, text, MAX_WORDS)[0], sample=OWN)
        self._leave_the_sentence()

    def _set_sample(self, name: str, sample: int | None) -> None:
        if sample != self.values["sample"]:
            self.values["sample"] = sample
            self._leave_the_sentence()

    def _set_examined(self, name: str, model: str) -> None:
        if model != self.values["examined"]:
            self.values.update(examined=model, at=None)

    def _taken(self, name: str, text: str, most: int) -> tuple[str, Tokens]:
        """Return the part of a sentence that is held, and its tokens; say what is left out."""
        cut = text[:MAX_TEXT]
        try:
            words = tokenize(cut, most)
        except EmptyTextError:
            raise RefusedError(
                "There is no word in it, so the sentence before it stays: type at least one, such as “cat”."
            ) from None
        if words.dropped:
            cut = _kept_part(cut, words, most)
            words = tokenize(cut, most)
        if cut != text:
            self._say_what_was_left_out(name, text, words, most)
        return cut, words

    def _say_what_was_left_out(self, name: str, text: str, words: Tokens, most: int) -> None:
        dropped = tokenize(text[:_COUNTED], _COUNTED).n_words - words.n_words
        if dropped < 1:
            return
        more = "at least " if len(text) > _COUNTED else ""
        were = "word or sign was" if dropped == 1 else "words and signs were"
        held = f"A sentence here holds up to {most} tokens"
        if words.n_words < most:
            held = f"A sentence here holds up to {MAX_TEXT} characters"
        self.say("note", name, f"{held}, so {more}{dropped} {were} left out.")

    def _set_mask(self, name: str, mask: str) -> None:
        was = self.values["mask"]
        if mask == "by-hand" and was != mask and "blocked" not in self.given:
            self.values["blocked"] = self._blocked_by(was)
        self.values["mask"] = mask

    def _blocked_by(self, mask: str) -> list[list[int]]:
        """Return the cells of the words that `mask` blocks: a mask by hand starts from the one in force."""
        n = len(self.words)
        allowed = make_mask(mask, n, n, [])
        return [] if allowed is None else np.argwhere(~allowed).tolist()

    def _set_query(self, name: str, query: int) -> None:
        """A chip was picked: a picked cell moves with it if its rows are queries, else it is let go."""
        self.values["query"] = query
        cell = self.values["picked"]
        if cell and AXES[cell["matrix"]][0] in ("query", "token"):
            self.values["picked"] = {**cell, "row": query}
        elif cell:
            self.values["picked"] = None

    def _set_picked(self, name: str, cell: dict[str, Any] | None) -> None:
        self.values["picked"] = cell
        if cell is None or self._outside(cell):
            return
        rows, cols = AXES[cell["matrix"]]
        if rows in ("query", "token"):
            self.values["query"] = cell["row"]
        if "key" in (rows, cols):
            self.values["key"] = cell["row"] if rows == "key" else cell["col"]
        if "feature" in (rows, cols):
            self.values["feature"] = cell["col"] if cols == "feature" else cell["row"]

    def settle(self) -> None:
        """Bring what was set together into one consistent state."""
        v = self.values
        self._settle_heads()
        d_k = v["d_model"] // v["n_heads"]
        usual = 1 / math.sqrt(d_k)
        if v["scale"] is not None and abs(v["scale"] - usual) < _HALF_A_SLIDER_STEP:
            v["scale"] = None
        sizes = {"head": v["n_heads"], "query": self.n, "key": self.n, "feature": v["d_model"]}
        for name, size in sizes.items():
            v[name] = min(v[name], size - 1)
        v["blocked"] = [cell for cell in v["blocked"] if max(cell) < self.n]
        for name in ("picked", "hover"):
            if v[name] and self._outside(v[name]):
                v[name] = None

    def _settle_heads(self) -> None:
        v = self.values
        d_model, n_heads = v["d_model"], v["n_heads"]
        if d_model % n_heads == 0:
            return
        fitting = [n for n in range(1, d_model + 1) if d_model % n == 0]
        if n_heads != self.before["n_heads"]:
            choices = f"{', '.join(map(str, fitting[:-1]))} or {fitting[-1]}"
            self.say(
                "error", "n_heads", f"{n_heads} heads do not divide d_model {d_model}: choose {choices}."
            )
            n_heads = self.before["n_heads"]
        v["n_heads"] = max(n for n in fitting if n <= n_heads)
        if v["n_heads"] != self.before["n_heads"]:
            text = f"The number of heads must divide d_model {d_model}, so it is {v['n_heads']} now."
            self.say("note", "d_model", text)

    def _outside(self, cell: Mapping[str, Any]) -> bool:
        v = self.values
        n, padded = self.n, self.n > len(self.words)
        vocab = len(set(self.words.keys)) + padded
        wide = cell["matrix"] in ("table", "x")
        features = v["d_model"] if wide else v["d_model"] // v["n_heads"]
        sizes = {"query": n, "key": n, "token": n, "vocab": vocab, "feature": features}
        rows, cols = AXES[cell["matrix"]]
        n_rows = v["d_model"] if cell["matrix"].startswith("w_") else sizes[rows]
        return bool(cell["row"] >= n_rows or cell["col"] >= sizes[cols])


def pads(words: Tokens, mask: str, n_pad: int) -> int:
    """Return how many PAD tokens follow the words: with a padding mask, as many as there is room for."""
    return min(n_pad, MAX_TOKENS - len(words)) if mask == "padding" else 0


def make_mask(mask: str, n: int, n_words: int, blocked: list[list[int]]) -> npt.NDArray[np.bool_] | None:
    """Return the mask of that name for `n` tokens, (seq_q, seq_k), True = may attend."""
    if mask == "causal":
        return create_causal_mask(n)
    if mask == "padding":
        return np.broadcast_to(create_padding_mask([n_words], n)[0], (n, n))
    if mask == "by-hand":
        allowed = np.ones((n, n), dtype=bool)
        for row, col in blocked:
            allowed[row, col] = False
        return allowed
    return None


def _kept_part(text: str, words: Tokens, most: int) -> str:
    """Return the part of `text` that holds exactly `words`, as the learner typed it."""
    end = 0
    for token in words.texts:
        found = text.find(token, end)
        end = found + len(token) if found >= 0 else end
    cut = text[:end].strip()
    again = tokenize(cut, most) if cut else None
    return cut if again and again.texts == words.texts and not again.dropped else " ".join(words.texts)
