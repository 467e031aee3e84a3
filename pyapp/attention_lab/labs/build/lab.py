"""Where the learner writes attention. The page runs what is written; the judge, here, says what it did."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from attention_lab.grading.cases import Check
from attention_lab.grading.catalogue import Exercise, exercise, exercises
from attention_lab.grading.judge import ended, reply_of, request, verdict
from attention_lab.grading.limits import LIMITS
from attention_lab.grading.predicting import Question as Asked
from attention_lab.grading.predicting import question
from attention_lab.grading.replies import Outcome, read_reply
from attention_lab.grading.verdict import PASSED, Verdict
from attention_lab.kit.blocks import (
    Choice,
    Editor,
    Fact,
    Facts,
    Graded,
    Grids,
    Ladder,
    Prose,
    Rung,
    Source,
    Task,
    Tasks,
)
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.catalogue import lessons
from attention_lab.kit.frame import item_of, to_html
from attention_lab.kit.lab import Draft, derived
from attention_lab.kit.numbers import number
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.scene import First, Group, Scene, Told
from attention_lab.kit.scoring import Result
from attention_lab.kit.settings import Choice as OneOf
from attention_lab.kit.settings import Picked
from attention_lab.kit.sources import SourceLines
from attention_lab.kit.texts import _, lazy
from attention_lab.labs.build.capstone import Capstone
from attention_lab.labs.build.selftest import Tested
from attention_lab.labs.build.settings import LEARNER, Attempt, InputsSeed, Reply, is_about
from attention_lab.labs.build.showing import (
    arrays_in_reach,
    checked,
    line_of,
    pair_of,
    place_of,
    printed_lines,
    start_of,
    two_matrices,
    worded,
    words_about,
    wrong_lines,
)

_NAMES = {each.id: lazy(each.title) for each in exercises()}
_KINDS = {"write": "", "mend": lazy("find the bug"), "predict": lazy("what does it print?")}
_GROUPS = {"write": lazy("Write it"), "mend": lazy("Find the bug"), "predict": lazy("What does it print?")}


class Drawn(NamedTuple):
    """The inputs of a run, and what the judge knows of them before it has an answer."""

    checks: tuple[Check, ...]
    request: Mapping[str, Any]  # with an empty program
    expected: tuple[Outcome, ...]


class Build(Capstone, Tested):
    """The exercises, one at a time: a program, its verdict, and what helps."""

    exercise = OneOf(
        next(iter(_NAMES)),
        options=_NAMES,
        select=True,
        label=lazy("exercise"),
        said=lazy("The exercise"),
        lock="step",
    )
    inputs_seed = InputsSeed()
    attempt = Attempt()
    reply = Reply()
    picked = Picked(matrices=("returned", "expected"), linked=False)

    # What is chosen and run

    def take_exercise(self, draft: Draft, name: str) -> None:
        """Another exercise has another program: what was run of the one before is let go."""
        if name != draft.values["exercise"]:
            draft.values.update(exercise=name, attempt={}, reply={}, picked=None)

    def take_attempt(self, draft: Draft, attempt: dict[str, Any]) -> None:
        """A program is asked for the exercise that is shown."""
        if attempt and attempt["id"] != draft.values["exercise"]:
            raise RefusedError(_("This program is of another exercise: press Run again."))
        draft.values.update(attempt=attempt, reply={}, picked=None)

    def take_reply(self, draft: Draft, reply: dict[str, Any]) -> None:
        """What the runner says is judged once; a run that was stopped is no try."""
        attempt = draft.values["attempt"]
        if reply and not is_about(attempt, reply):
            raise RefusedError(_("This answer is to another run: press Run again."))
        draft.values["reply"] = reply
        if reply and reply.get("ended") != LEARNER:
            self.note(attempt["id"], self._judged(attempt, reply).passed)

    def take_answers(self, draft: Draft, answers: dict[str, Any]) -> None:
        """The answer to “what does it print?” counts as a program does."""
        before = draft.values["answers"]
        draft.values["answers"] = answers
        for asked in self.questions():
            state = asked.judge(answers.get(asked.id)).state
            if state != "open" and answers.get(asked.id) != before.get(asked.id):
                self.note(self.exercise, state == "right")

    def take_revealed(self, draft: Draft, revealed: list[str]) -> None:
        """The last hint is the solution: that it was looked at is told, and costs nothing."""
        draft.values["revealed"] = revealed
        last = len(self.chosen.hints) - 1
        if last > 0 and self._key(last) in revealed:
            known = self.results.get(self.exercise, Result())
            self.param.update(results={**self.results, self.exercise: replace(known, looked=True)})

    @property
    def chosen(self) -> Exercise:
        """The exercise that is shown."""
        return exercise(self.exercise)

    @property
    def tasks_done(self) -> Sequence[str]:
        """The exercises that were passed."""
        return [name for name in _NAMES if name in self.solved]

    @derived
    def next_request(self) -> str:
        """What the runner is asked to do, but for the program, as JSON; empty while no seed was drawn.

        It is made while the learner writes, and so is what the judge will expect: a run waits for neither.
        """
        if not self.inputs_seed or self.chosen.kind == "predict":
            return ""
        asked = self._drawn(self.chosen, self.inputs_seed).request
        return json.dumps({name: each for name, each in asked.items() if name != "source"}, allow_nan=False)

    def _drawn(self, chosen: Exercise, seed: int) -> Drawn:
        """What is asked with the inputs of a seed, and what the reference gives for them."""

        def draw() -> Drawn:
            checks = chosen.checks(seed)
            asked = request(chosen, "", seed, checks)
            reply = reply_of(chosen.reference, asked)
            drawn = Drawn(checks, asked, read_reply(reply).outcomes)
            self.derive("rehearsed", (), lambda: self._rehearse(chosen, drawn, reply))
            return drawn

        return self.derive("drawn", (chosen.id, seed), draw)

    def _rehearse(self, chosen: Exercise, drawn: Drawn, reply: Mapping[str, Any]) -> None:
        """Judge the reference, for nothing: what the first verdict of a visit needs is loaded before Run."""
        found = verdict(chosen, drawn.request, reply, drawn.expected, drawn.checks)
        self._graded_of(found, chosen.reference).view()

    @property
    def verdict(self) -> Verdict | None:
        """What the judge says of the last run; None while there is no answer to it, or it was stopped."""
        if not is_about(self.attempt, self.reply) or self.reply.get("ended") == LEARNER:
            return None
        return self._judged(self.attempt, self.reply)

    def _judged(self, attempt: Mapping[str, Any], reply: Mapping[str, Any]) -> Verdict:
        """What the judge says; of a run that gave no answer, how it ended."""

        def judge() -> Verdict:
            chosen, said = exercise(attempt["id"]), _said(reply)
            drawn = self._drawn(chosen, attempt["seed"])
            asked = {**drawn.request, "source": attempt["source"]}
            return verdict(chosen, asked, said, drawn.expected, drawn.checks)

        return self.derive("judged", (attempt, reply), judge)

    # The steps

    def choose(self) -> Scene:
        """All exercises, and how far each is."""
        return self.self_test() if self.selftest else Scene(look=[self._tasks], controls=[])

    def _tasks(self) -> Tasks:
        groups: dict[str, list[Task]] = {}
        for each in exercises():
            result = self.results.get(each.id, Result())
            state = {"right": "passed", "wrong": "tried", "open": "new"}[result.state]
            opens = {"exercise": each.id, "step": "write"}
            task = Task(title=_(each.title), text=_(each.why), set=opens, state=state, sign=_KINDS[each.kind])
            groups.setdefault(_GROUPS[each.kind], []).append(task)
        done = len(self.tasks_done)
        return Tasks(
            label=_("The exercises"),
            groups=list(groups.items()),
            note=_("{done} of {names} passed. Hints and tries cost nothing.", done=done, names=len(_NAMES)),
        )

    def write(self) -> Scene:
        """One exercise: its task, the program, the verdict, and what helps."""
        scene = self._predict_scene if self.chosen.kind == "predict" else self._write_scene
        return scene()

    def _write_scene(self) -> Scene:
        return Scene(
            lesson=self._told,
            controls=self._other_exercises,
            look=[self._editor, self._matrices],
            check=[First(self._graded, after=("reply",)), self._cell, self._ladder, self._other_ways],
        )

    def _predict_scene(self) -> Scene:
        return Scene(
            lesson=self._told,
            controls=self._other_exercises,
            look=[self._program, self.asked_at_the_end],
            check=[self._answered, self._ladder],
        )

    def _other_exercises(self) -> list[Group]:
        return [Group(_("Another exercise"), [item_of(self, "exercise", label=_("go to"))])]

    def _told(self) -> Told:
        chosen = self.chosen
        place = list(_NAMES).index(chosen.id)
        links: list[dict[str, Any]] = [{"label": _("All exercises"), "set": {"step": "choose"}}]
        home = next((each for each in lessons() if each.name == chosen.lab), None)
        if home is not None:
            links.append(
                {
                    "label": _("The lab: {title}", title=home.title),
                    "lab": home.name,
                    "href": f"#lab={home.name}",
                }
            )
        prose = f"{_(chosen.prompt)}\n\n*{_(chosen.why)}*"
        return Told(
            _(chosen.title),
            prose,
            _("Exercise {place} of {names}", place=place + 1, names=len(_NAMES)),
            links,
        )

    def _editor(self) -> Editor:
        chosen, found = self.chosen, self.verdict
        ran = bool(self.attempt)
        return Editor(
            label=chosen.asks,
            id=chosen.id,
            file=chosen.file,
            starter=chosen.starter,
            send="attempt",
            reply="reply",
            draw="inputs_seed",
            seed=self.inputs_seed,
            next_request=self.next_request,
            turn=self.attempt["turn"] if ran else 0,
            seconds=LIMITS["seconds"],
            wrong=wrong_lines(found) if found else [],
            printed=printed_lines(found) if found else [],
            said=_title(found)
            if found
            else _("stopped")
            if ran and is_about(self.attempt, self.reply)
            else "",
            elsewhere=_(
                "The page of the lab runs what is written here. In this place, save it as "
                "{file} and run: python -m attention_lab.grading {id} {file}",
                file=chosen.file,
                id=chosen.id,
            ),
        )

    def _graded(self) -> Graded | None:
        found = self.verdict
        if found is None:
            stopped = bool(self.attempt) and is_about(self.attempt, self.reply)
            words = _("You stopped it.") if stopped else _("Press Run: what your program does is said here.")
            return Graded(
                label=_("Verdict"),
                state="open",
                title=_("Not judged") if stopped else _("Not run yet"),
                words=[words],
            )
        return self._graded_of(found, self.attempt["source"])

    def _graded_of(self, found: Verdict, source: str) -> Graded:
        return Graded(
            label=_("Verdict"),
            state="passed" if found.passed else "failed",
            title=_title(found),
            words=[] if found.passed else words_about(found),
            line=line_of(found, source),
            facts=arrays_in_reach(found),
            checks=checked(found),
            note=_("Inputs drawn with seed {seed}.", seed=found.seed),
            links=self._next() if found.passed else [],
        )

    def _next(self) -> list[dict[str, Any]]:
        """Where the program can stand in for the library's, and the next exercise that was not passed yet."""
        names = list(_NAMES)
        at = names.index(self.exercise)
        solved = self.solved
        left = [name for name in [*names[at + 1 :], *names[:at]] if name not in solved]
        use = self.chosen.use
        links: list[dict[str, Any]] = [{"label": _("See yours in the lab"), "href": f"#{use}"}] if use else []
        if not left:
            return [*links, {"label": _("All exercises"), "set": {"step": "choose"}}]
        return [
            *links,
            {"label": _("Next: {names}", names=_NAMES[left[0]]), "set": {"exercise": left[0]}},
        ]

    # What was returned, and what was expected

    def _matrices(self) -> Grids | None:
        found = self.verdict
        return None if found is None or found.failing is None else two_matrices(found.failing, self.step)

    def _cell(self) -> Facts | None:
        """The two numbers of the picked cell; of the first that differs, how the right one comes about."""
        failing = self.verdict.failing if self.verdict else None
        pair = pair_of(failing)
        if failing is None or pair is None or failing.cell is None:
            return None
        row, col = place_of(failing.cell)
        if self.picked:
            starts = [start_of(size, at) for size, at in zip(_last_two(pair[0]), (row, col), strict=True)]
            row, col = self.picked["row"] + starts[0], self.picked["col"] + starts[1]
        yours, expected = (_number_at(array, failing.cell, row, col) for array in pair)
        because = failing.arithmetic if (row, col) == place_of(failing.cell) else ""
        return Facts(
            label=_("Row {row}, column {col}, counted from 0", row=row, col=col),
            facts={_("yours"): yours, _("expected"): Fact(value=expected, note=because)},
        )

    # What helps

    def _ladder(self) -> Ladder | None:
        chosen = self.chosen
        if not chosen.hints:
            return None
        last = len(chosen.hints) - 1
        rungs = [
            Rung(
                title=_("The solution, line by line") if i == last and last > 0 else _("Hint {i}", i=i + 1),
                html=to_html(_(text)),
                open=self._key(i) in self.revealed,
                set={"revealed": [*self.revealed, self._key(i)]},
            )
            for i, text in enumerate(chosen.hints)
        ]
        return Ladder(label=_("Hints"), rungs=rungs)

    def _key(self, hint: int) -> str:
        return f"hint-{hint + 1}-{self.exercise}"

    def _other_ways(self) -> Ladder | None:
        chosen = self.chosen
        if self.exercise not in self.solved or not chosen.other_ways:
            return None
        rungs = [Rung(title="", html=to_html(_(text)), open=True, set={}) for text in chosen.other_ways]
        return Ladder(label=_("Other ways to write it"), rungs=rungs)

    # What does it print?

    @property
    def asked(self) -> tuple[Asked, int]:
        """The program that is to be read with its answers, and which of them is right."""

        def ask() -> tuple[Asked, int]:
            asked = question(self.chosen, self.fresh)
            return asked, asked.right

        return self.derive("asked", (self.exercise, self.fresh), ask)

    def questions(self) -> Sequence[Question]:
        """Of an exercise that asks what a program prints, that question."""
        if self.chosen.kind != "predict":
            return []
        asked, right = self.asked
        return [
            Choice(
                id=f"{self.exercise}-{self.fresh}",
                ask=_("What does it print?"),
                options=[each.text for each in asked.options],
                right=right,
                because=worded(asked.options[right].why),
                hints={i: worded(each.why) for i, each in enumerate(asked.options) if i != right},
            )
        ]

    def _program(self) -> Source:
        lines = tuple(self.asked[0].program.strip("\n").splitlines())
        return Source(source=SourceLines(_("The program"), 0, lines))

    def _answered(self) -> Prose | None:
        if self.exercise not in self.solved:
            return None
        return Prose(heading=_("Passed"), paragraphs=[[_("Roll new numbers, or go on.")]])


def _said(reply: Mapping[str, Any]) -> Any:
    """The runner's answer, or what stands in its place; the judge knows what is none."""
    if "ended" in reply:
        return ended("time" if reply["ended"] == "time" else "ended")
    try:
        return json.loads(reply["reply"])
    except (ValueError, RecursionError):
        return None


def _title(found: Verdict) -> str:
    holding = sum(each.state == PASSED for each in found.findings)
    return (
        _("Passed")
        if found.passed
        else _("Not yet: {holding} of {findings} hold", holding=holding, findings=len(found.findings))
    )


def _last_two(array: Any) -> tuple[int, int]:
    shape = (1, 1, *array.shape)
    return shape[-2], shape[-1]


def _number_at(array: Any, cell: Sequence[int], row: int, col: int) -> str:
    leading = tuple(cell[:-2]) if len(cell) == array.ndim > 2 else (0,) * max(0, array.ndim - 2)
    place = (*leading, *(row, col)[2 - min(2, array.ndim) :])
    try:
        return number(float(array[place]), 6)
    except IndexError:
        return _("no such cell")
