"""Where code is written, what is said to it, and what helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from attention_lab.kit.blocks.base import Block, View
from attention_lab.kit.blocks.writing import counted, words_of
from attention_lab.kit.markup import Math
from attention_lab.kit.texts import _

_STATES = ("passed", "failed", "waiting")


@dataclass(frozen=True, kw_only=True, eq=False)
class Editor(Block):
    """A program that the learner writes; the page runs it and keeps it on the device.

    Args:
        label: what the field is called.
        id: under this name the text is kept.
        file: what it is called when it is exported.
        starter: what it holds at first.
        send: the setting that a program goes to when Run is pressed: {"id", "source", "turn", ...}.
        reply: the setting that the answer goes to: {"turn", "reply": text}, or {"turn", "ended": why}.
        draw: the setting that the seed of the next run's inputs goes to, where the page draws it; these are
            then made while the learner writes, and the program and the answer are sent together.
        seed: the seed that `next_request` was made with.
        next_request: the request of the next run as JSON text, without its "source".
        parts: exercises whose programs the page sends along.
        turn: which of the learner's runs the following is about.
        request: what is to be run, as JSON text for the runner; empty while there is nothing to run.
        seconds: how long that may take.
        wrong: lines to look at: {"line", "column", "text"}.
        printed: what lines have printed: {"line", "text"}.
        said: the verdict in a few words, for the list of versions.
        elsewhere: what to do where no page runs it.
    """

    label: str
    id: str
    file: str
    starter: str
    send: str
    reply: str
    draw: str = ""
    seed: int = 0
    next_request: str = ""
    parts: Sequence[str] = ()
    turn: int = 0
    request: str = ""
    seconds: float = 10
    wrong: Sequence[Mapping[str, Any]] = ()
    printed: Sequence[Mapping[str, Any]] = ()
    said: str = ""
    elsewhere: str = ""

    def described(self) -> str:
        """Say how long the program is that it begins with."""
        return _(
            "{label}: {splitlines} to begin with",
            label=self.label,
            splitlines=counted(len(self.starter.splitlines()), "line", "lines"),
        )


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One check, as a sentence, and how it went: passed, failed, or waiting for those before it."""

    text: Math | str
    state: str

    def __post_init__(self) -> None:
        if self.state not in _STATES:
            raise ValueError(f"a check is {' or '.join(_STATES)}, not {self.state}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Graded(Block):
    """What is said to a program: the checks in their order, and what went wrong first.

    Args:
        state: passed, failed, or open while nothing has been run.
        title: the verdict in a few words.
        words: what there is to say about it; of a known mistake, the words about that.
        line: the learner's line that it is about, and its text.
        facts: names and what is known of them, such as the shapes of the arrays in reach.
        checks: every check.
        note: how to repeat it.
        links: what comes next, each with the settings that it sets or the address that it opens.
    """

    label: str
    state: str
    title: str
    words: Sequence[Math | str] = ()
    line: tuple[int, str] | None = None
    facts: Sequence[tuple[str, str]] = ()
    checks: Sequence[Checked] = ()
    note: str = ""
    links: Sequence[Mapping[str, Any]] = ()

    def described(self) -> str:
        """Say how many checks passed."""
        passed = sum(each.state == "passed" for each in self.checks)
        return _(
            "{label}: {title}. {passed} of {checks} passed",
            label=self.label,
            title=self.title,
            passed=passed,
            checks=counted(len(self.checks), "check", "checks"),
        )


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One hint: what it is called, what it says, and what opens it; its HTML is the repository's own."""

    title: str
    html: str
    set: Mapping[str, Any] = field(default_factory=dict)
    open: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Ladder(Block):
    """Hints one after the other, each a step nearer to the answer; one is opened at a time."""

    label: str
    rungs: Sequence[Rung]
    note: str = ""

    def view(self) -> View:
        """Return what is open, and the next one's title; what is closed is not told."""
        shown = [rung for rung in self.rungs if rung.open]
        closed = [rung for rung in self.rungs if not rung.open]
        following = {"title": closed[0].title, "set": dict(closed[0].set)} if closed else None
        return {"block": "Ladder", "alt": self.described(), "label": self.label, "note": self.note,
                "open": [{"title": rung.title, "html": rung.html} for rung in shown],
                "next": following, "left": len(closed)}  # fmt: skip

    def described(self) -> str:
        """Say how many hints there are, and how many are open."""
        taken = sum(rung.open for rung in self.rungs)
        return _(
            "{label}: {taken} of {rungs} open",
            label=self.label,
            taken=taken,
            rungs=counted(len(self.rungs), "hint", "hints"),
        )


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to do: its name, why it matters, how far it is (new, tried or passed), what opens it."""

    title: Math | str
    text: str
    set: Mapping[str, Any]
    state: str = "new"
    sign: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Tasks(Block):
    """Things to do, in groups, each with how far it is."""

    label: str
    groups: Sequence[tuple[str, Sequence[Task]]]
    note: str = ""
    words: Mapping[str, str] = field(
        default_factory=lambda: {"new": "", "tried": _("begun"), "passed": _("passed")}
    )

    def described(self) -> str:
        """Say how many there are, how many are done, and what they are called."""
        tasks = [task for __, each in self.groups for task in each]
        done = sum(task.state == "passed" for task in tasks)
        named = ", ".join(words_of(task.title) for task in tasks)
        return _(
            "{label}: {done} of {tasks} passed: {named}",
            label=self.label,
            done=done,
            tasks=len(tasks),
            named=named,
        )
