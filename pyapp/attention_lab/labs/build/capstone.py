"""All that the learner wrote, put together: it runs the shipped writer, and MiniLM where it was fetched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from attention_lab.grading.capstone import (
    ASKS,
    FILE,
    NAME,
    PARTS,
    STARTER,
    Ridden,
    Ride,
    cannot_read,
    judged,
    request,
    ride_minilm,
    ride_writer,
)
from attention_lab.grading.judge import ended
from attention_lab.grading.limits import CAPSTONE_SECONDS
from attention_lab.grading.verdict import FAILED
from attention_lab.kit.blocks import Badge, Bars, Editor, Graded, Nothing, Table
from attention_lab.kit.lab import Draft, Lab
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.scene import Chip, Scene, SentenceField
from attention_lab.kit.settings import Sentence
from attention_lab.kit.text import short, tokens_of
from attention_lab.kit.texts import _, lazy, plural
from attention_lab.labs.build.settings import LEARNER, Attempt, Reply, is_about
from attention_lab.labs.build.showing import (
    arrays_in_reach,
    checked,
    line_of,
    printed_lines,
    worded,
    wrong_lines,
)
from attention_lab.optional import MINILM, minilm

_MOST_WORDS = 24
_TEXT = lazy("anna smith saw the dog . tom potter met the cat . anna")


class Capstone(Lab):
    """The last step of the lab."""

    text = Sentence(_TEXT, most=_MOST_WORDS)
    built = Attempt()
    ran = Reply()

    def take_built(self, draft: Draft, built: dict[str, Any]) -> None:
        """Run was pressed: what came of the run before is let go."""
        if built and built["id"] != NAME:
            raise RefusedError(_("This program is of another exercise: press Run again."))
        draft.values.update(built=built, ran={})

    def take_ran(self, draft: Draft, ran: dict[str, Any]) -> None:
        """What the runner answered."""
        if ran and not is_about(draft.values["built"], ran):
            raise RefusedError(_("This answer is to another run: press Run again."))
        draft.values["ran"] = ran

    def take_text(self, draft: Draft, text: str) -> None:
        """Another sentence gives other numbers: what was run is let go."""
        if text != draft.values["text"]:
            draft.values.update(text=text, built={}, ran={})

    @property
    def _words(self) -> tuple[str, ...]:
        return tokens_of(self.text, _MOST_WORDS).texts

    @property
    def rides(self) -> Sequence[Ride]:
        """The models with this text: what the learner's code is given, and what the library gives."""

        def made() -> Sequence[Ride]:
            real = minilm() if MINILM in self.optional else None
            return [ride_writer(self._words), *([ride_minilm(real, self.text)] if real else [])]

        return self.derive("rides", (self.text, self.optional), made)

    @property
    def refusal(self) -> str:
        """Why the writer cannot read the text; empty where it can."""

        def why() -> str:
            error = cannot_read(self._words)
            return _("The writer cannot read this: {error}.", error=error) if error else ""

        return self.derive("refusal", self.text, why)

    @property
    def ridden(self) -> Ridden | None:
        """What came of the last run; None while there is no answer to it, or it was stopped."""
        ran = self.ran
        if not is_about(self.built, ran) or ran.get("ended") == LEARNER:
            return None

        def judge() -> Ridden:
            if "ended" in ran:
                return judged(self.rides, ended("time" if ran["ended"] == "time" else "ended"))
            try:
                said = json.loads(ran["reply"])
            except (ValueError, RecursionError):
                said = None
            return judged(self.rides, said)

        return self.derive("ridden", (self.text, self.optional, self.built, ran), judge)

    # The step

    def capstone(self) -> Scene:
        """The program that puts the parts together, and what it gives."""
        if self.refusal:
            look: list[Any] = [lambda: Nothing(step=self.step, text=self.refusal)]
            return Scene(sentence=self._sentence, look=look, controls=[])
        return Scene(
            sentence=self._sentence,
            controls=[],
            look=[self._program_of_all, self._next_word],
            check=[self._verdict_of_all, self._whose],
        )

    def _sentence(self) -> SentenceField:
        chips = [Chip(text, short(text), {}) for text in self._words]
        return SentenceField("text", self.text, _MOST_WORDS, chips, len(chips) - 1, chips_label=_("Tokens"))

    def _program_of_all(self) -> Editor:
        found = self.ridden
        waits = bool(self.built) and not is_about(self.built, self.ran)
        asked = request(self.rides, self.built["source"]) if waits else None
        stopped = bool(self.built) and not waits and found is None
        ours = found is not None and found.verdict.told is not None and found.verdict.told["file"] == FILE
        return Editor(
            label=ASKS,
            id=NAME,
            file=FILE,
            starter=STARTER,
            send="built",
            reply="ran",
            parts=PARTS,
            turn=self.built["turn"] if self.built else 0,
            request=json.dumps(asked, allow_nan=False) if asked else "",
            seconds=CAPSTONE_SECONDS,
            wrong=wrong_lines(found.verdict) if found and ours else [],
            printed=printed_lines(found.verdict) if found else [],
            said=_title(found) if found else _("stopped") if stopped else "",
            elsewhere=_(
                "The page of the lab runs what is written here. In this place, save your programs in one "
                "folder and run: python -m attention_lab.grading capstone FOLDER"
            ),
        )

    def _verdict_of_all(self) -> Graded:
        found = self.ridden
        if found is None:
            words = _("Press Run: your six functions run {models}.", models=_models(self.rides))
            return Graded(label=_("Verdict"), state="open", title=_("Not run yet"), words=[words])
        verdict = found.verdict
        gaps = [
            (ride.title, _("{gap} at the most", gap=f"{gap:.1e}"))
            for ride, gap in zip(self.rides, found.gaps, strict=True)
            if gap is not None
        ]
        ours = verdict.told is not None and verdict.told["file"] == FILE
        return Graded(
            label=_("Verdict"),
            state="passed" if verdict.passed else "failed",
            title=_title(found),
            words=[worded(each.detail) for each in verdict.findings if each.state == FAILED],
            line=line_of(verdict, self.built["source"]) if ours else None,
            facts=[*gaps, *arrays_in_reach(verdict)],
            checks=checked(verdict),
            note=_("Compared with the library’s last rows, number by number."),
            links=self._to_minilm() if verdict.passed else [],
        )

    def _to_minilm(self) -> list[dict[str, Any]]:
        """Where the real transformer is fetched, if it has not been."""
        if MINILM in self.optional:
            return []
        return [{"label": _("Fetch MiniLM, and run that"), "href": "#lab=heads&step=survey&model=minilm"}]

    def _next_word(self) -> Bars | None:
        found = self.ridden
        rows = found.rows[0] if found else None
        if rows is None:
            return None
        writer = self.rides[0]
        library = writer.likely(writer.expected)
        yours = dict(writer.likely(rows, most=len(writer.read[1]) if writer.read else 0))
        return Bars(
            label=_("What the writer goes on with after “{word}”", word=writer.tokens[-1]),
            names=[name for name, share in library],
            values=[share for name, share in library],
            after=[yours[name] for name, share in library],
            series=(_("the library"), _("yours")),
            ends=(0.0, 1.0),
            badge=Badge("trained", _("trained: writer")),
        )

    def _whose(self) -> Table:
        """Which parts are theirs, how often each was called, and which are ours."""
        found = self.ridden
        called = found.called if found else ({},) * len(self.rides)
        columns = [_("part"), _("whose"), *(ride.title for ride in self.rides)]
        theirs = [
            [name, _("yours"), *(_calls(each[name]) if name in each else "" for each in called)]
            for name in ("transformer", *PARTS)
        ]
        blank = [""] * len(self.rides)
        ours = [
            [name, _("ours"), *blank] for name in (_("tokens"), _("embeddings"), _("weights"), _("erf, ReLU"))
        ]
        return Table(label=_("Whose is what"), columns=columns, rows=[*theirs, *ours])


def _calls(n: int) -> str:
    return f"{n} {plural('call', 'calls', n)}"


def _models(rides: Sequence[Ride]) -> str:
    titles = [ride.title for ride in rides]
    return _("{one} and {other}", one=titles[0], other=titles[1]) if len(titles) > 1 else titles[0]


def _title(found: Ridden) -> str:
    if found.verdict.passed:
        return _("Your code just ran a real transformer")
    holding = sum(each.state == "passed" for each in found.verdict.findings)
    return _("Not yet: {n} of {most} hold", n=holding, most=len(found.verdict.findings))
