"""A lab: settings as class attributes, one method a step, and the rules that hold them together.

class Scale(Lab):
    d_k = Whole(64, bounds=(1, 1024), label="d_k", log=True)

    def spread(self) -> Scene:      # a step of lab.md has the id "spread"
        return Scene(look=[...])

Read any setting as an attribute; change it through `apply` only. What follows from settings is `@derived`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import resources
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

import numpy as np
import param

from attention_lab.kit.blocks import Check
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.lesson import Lesson, Step, parse_lesson
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.scene import Preset, Scene, made
from attention_lab.kit.scoring import GUESSED, Result
from attention_lab.kit.settings import (
    MAX_SEED,
    Answers,
    Flag,
    Guesses,
    Keys,
    Sentence,
    Setting,
    StepId,
    Whole,
    next_seed,
    values_of,
)
from attention_lab.kit.texts import _, lazy

T = TypeVar("T")

_SHORT_NAME = 24  # of a name that somebody made up, as it is told


class Lab(param.Parameterized):
    """One learner's state in one lab."""

    # The kit's own settings: every lab has them.
    step = StepId()
    table = Flag(False, said=lazy("The table view"), lock=None)
    guesses = Guesses()
    revealed = Keys()
    answers = Answers(
        doc="of the questions at the end: question -> option, text of a number, or [row, column]"
    )
    fresh = Whole(
        0,
        bounds=(0, MAX_SEED),
        said=lazy("The seed of the questions"),
        lock=None,
        linked=False,
        doc="of their numbers",
    )

    message = param.Parameter(None, doc="{'kind': 'error' or 'note', 'text'}, for the learner")
    seen = param.Parameter([], instantiate=True, doc="the steps visited")
    results = param.Parameter({}, instantiate=True, doc="exercise, question or prediction -> its Result")
    optional = param.Parameter((), doc="downloads that have arrived; set by the kernel, not by the page")
    elsewhere = param.Parameter((), doc="tasks of other labs that were done; set by the session")

    presets: ClassVar[Sequence[Preset]] = ()
    """States worth showing, each offered under the prose of a step."""

    steps_of_old: ClassVar[Mapping[str, str]] = {}
    """Steps that links of earlier builds may name -> what they are called now."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, Any]] = {}
        self._about = ""  # the setting that the message is about
        first = self.lesson.steps[0].id
        super().__init__()  # type: ignore[no-untyped-call]
        self.param.update(step=first, seen=[first])
        self.defaults = self.choices()

    @property
    def lesson(self) -> Lesson:
        """What its lab.md says."""
        return lesson_of(type(self))

    @property
    def name_of_lab(self) -> str:
        """The name of its folder."""
        return self.lesson.name

    @property
    def place(self) -> int:
        """Which step it is, counted from 0."""
        return self.lesson.index(self.step)

    @property
    def here(self) -> Step:
        """The step that is shown."""
        return self.lesson.steps[self.place]

    def choices(self) -> dict[str, Any]:
        """Return every setting by name."""
        held = values_of(self)
        return {name: held[name] if name in held else getattr(self, name) for name in settings_of(type(self))}

    def scene(self) -> Scene:
        """Return what the step shows."""
        scene: Scene = getattr(self, self.step)()
        return scene

    # The questions at the end

    def questions(self) -> Sequence[Question]:
        """Return three to five questions; their numbers come from `self.question_numbers()`."""
        return ()

    def question_numbers(self) -> np.random.Generator:
        """Return the random numbers of the questions: new ones each time the learner asks for them."""
        return np.random.default_rng([self.fresh, 0xA77])

    def check(self) -> Scene:
        """The last step of a lab that asks: the questions."""
        return Scene(look=[self.asked_at_the_end], controls=[])

    def asked_at_the_end(self) -> Check:
        """Return the questions as they stand, with what is said to the answers."""
        return Check(
            questions=list(self.questions()),
            setting="answers",
            answers=self.answers,
            anew={"fresh": next_seed(self.fresh)},
        )

    def take_answers(self, draft: Draft, answers: dict[str, Any]) -> None:
        """Note what came of every answer that is new; there are as many tries as one likes."""
        before = draft.values["answers"]
        draft.values["answers"] = answers
        for question in self.questions():
            state = question.judge(answers.get(question.id)).state
            if state != "open" and answers.get(question.id) != before.get(question.id):
                self.note(question.id, state == "right")

    def take_guesses(self, draft: Draft, guesses: dict[str, Any]) -> None:
        """Note whether what was guessed is so."""
        draft.values["guesses"] = guesses
        asked = made(self.scene().predict) if draft.values["step"] == self.step else None
        if asked is not None and asked.key in guesses and asked.key not in self.guesses:
            self.note(f"{GUESSED}{self.step}", guesses[asked.key] in asked.right)

    def note(self, name: str, right: bool) -> None:
        """Keep what came of a try, besides what the learner sees."""
        self._put({"results": {**self.results, name: self.results.get(name, Result()).tried(right)}})

    @property
    def solved(self) -> Sequence[str]:
        """What was right once."""
        return [name for name, result in self.results.items() if result.right]

    # Changing it

    def apply(self, changes: Mapping[str, object]) -> Mapping[str, str]:
        """Take a set of changes, in the order given, and announce them as one.

        A change that cannot be taken is left out, the others are made; `message` then says what was wrong,
        what was expected and what to do. What no longer fits after a change is brought back into range.

        Returns:
            what was refused: the name of each setting -> why.
        """
        if not changes:
            return {}
        draft = Draft(self)
        with param.parameterized.batch_call_watchers(self):  # results that are noted meanwhile, too
            for name, value in changes.items():
                draft.set(name, value)
            self._finish(draft, set(changes))
        return draft.refused

    def apply_link(self, fields: Mapping[str, str], misread: Sequence[str] = ()) -> None:
        """Take the state that a link describes; what it does not mention goes back to its default.

        What cannot be used of it is named, with what of the rest of the address was `misread`.
        """
        kinds = settings_of(type(self))
        own = [name for name, kind in kinds.items() if not kind.linked and not kind.peek]
        kept = {name: getattr(self, name) for name in own}
        draft = Draft(self, {**self.defaults, **kept}, linked=True)
        for name, setting in kinds.items():
            if setting.linked and name in fields:
                draft.set_from_link(name, fields[name])
        strange = [name[:_SHORT_NAME] for name in fields if name not in kinds or not kinds[name].linked]
        unusable = [*draft.unusable, *strange, *misread]
        if unusable:
            named = ", ".join(dict.fromkeys(unusable))
            draft.say(
                "error",
                "",
                _("Part of the link could not be used ({named}); the rest is shown.", named=named),
            )
        self._finish(draft, {"link"})

    def to_link(self) -> dict[str, str]:
        """Return the fields of a link to this state: what differs from what a reader starts from."""
        start, kinds = self.opening(), settings_of(type(self))
        return {
            name: kinds[name].written(value)
            for name, value in self.choices().items()
            if kinds[name].linked and value != start[name]
        }

    def restore(self, values: Mapping[str, object]) -> None:
        """Take a whole state, as it was: nothing is brought along; what cannot be taken is left out."""
        draft = Draft(self)
        for name, value in values.items():
            draft.put(name, value)
        self._finish(draft, set(values))

    def opening(self) -> Mapping[str, Any]:
        """What a link starts from."""
        return self.defaults

    def settle(self, draft: Draft) -> None:
        """Bring what was set together into one consistent state; a lab of its own rules overrides this."""

    def left(self, draft: Draft) -> None:
        """Let go of what belongs to a step that is left; a lab may override this."""

    def receive(self, name: str, text: str) -> None:
        """Take a sentence that the learner typed in another lab."""
        if text != getattr(self, name):
            self.apply({name: text})

    def _finish(self, draft: Draft, changed: set[str]) -> None:
        self.settle(draft)
        new: dict[str, Any] = dict(draft.values)
        kinds = settings_of(type(self))
        if draft.message or not all(name in kinds and kinds[name].peek for name in changed):
            new["message"], self._about = self._next_message(draft, changed)
            new["seen"] = self.seen if new["step"] in self.seen else [*self.seen, new["step"]]
        held = {**self.choices(), "message": self.message, "seen": self.seen}
        self._put({name: value for name, value in new.items() if value != held[name]})

    def _put(self, values: Mapping[str, Any]) -> None:
        """Set what is shown, and announce it as one; `param.update` would also remember all that was."""
        with param.parameterized.batch_call_watchers(self):
            for name, value in values.items():
                setattr(self, name, value)

    def _next_message(self, draft: Draft, changed: set[str]) -> tuple[dict[str, str] | None, str]:
        if draft.message:
            return draft.message, draft.about
        sentences = sentences_of(type(self))
        if self._about in sentences and not changed & {*sentences, *self.about_sentence, "link"}:
            return self.message, self._about  # it is shown under the sentence, and holds until that changes
        return None, ""

    about_sentence: ClassVar[tuple[str, ...]] = ()
    """Settings that put another sentence on the screen."""

    # What follows from it

    def derive(self, name: str, depends: object, make: Callable[[], T]) -> T:
        """Return a value that is kept for as long as what it depends on stays the same."""
        kept = self._kept.get(name)
        if kept is None or kept[0] != depends:
            kept = (depends, make())
            self._kept[name] = kept
        value: T = kept[1]
        return value


class derived(Generic[T]):  # noqa: N801 - it is used as a decorator
    """A value that follows from settings: kept while those that it reads, and other such values, stay."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, lab: None, owner: type) -> Self: ...
    @overload
    def __get__(self, lab: Lab, owner: type) -> T: ...
    def __get__(self, lab: Lab | None, owner: type) -> Self | T:
        if lab is None:
            return self
        kept = lab._kept.get(self._name)
        if kept is not None:
            read, value = kept
            assert isinstance(read, dict)
            if all(_same(getattr(lab, name), was) for name, was in read.items()):
                _note({self._name: value})
                found: T = value
                return found
        names: dict[str, Any] = {}
        value = self._make(_Reading(lab, names))
        lab._kept[self._name] = (names, value)
        _note({self._name: value})
        return value


def _same(now: Any, was: Any) -> bool:
    """Say whether a setting, or what follows from settings, is what it was; arrays are not compared."""
    return now is was or (isinstance(now, float | int | str) and bool(now == was))


_readers: list[dict[str, Any]] = []


def _note(read: Mapping[str, Any]) -> None:
    """Tell whoever is being derived what a value that it reads depends on."""
    if _readers:
        _readers[-1].update(read)


class _Reading:
    """A lab that notes which settings are read from it."""

    def __init__(self, lab: Lab, names: dict[str, Any]) -> None:
        object.__setattr__(self, "_lab", lab)
        object.__setattr__(self, "_names", names)

    def __getattr__(self, name: str) -> Any:
        lab: Lab = object.__getattribute__(self, "_lab")
        names: dict[str, Any] = object.__getattribute__(self, "_names")
        found = getattr(type(lab), name, None)
        if isinstance(found, property) and found.fget is not None:
            return found.fget(self)  # its properties note what they read, as its methods do
        _readers.append(names)
        try:
            value = getattr(lab, name)
        finally:
            _readers.pop()
        if name in settings_of(type(lab)) or name == "optional":
            names[name] = value
        if callable(value) and getattr(value, "__self__", None) is lab:
            return value.__func__.__get__(self)  # its methods note what they read, too
        return value


class Draft:
    """The values of every setting, on their way from one consistent state to the next."""

    def __init__(self, lab: Lab, values: Mapping[str, Any] | None = None, *, linked: bool = False) -> None:
        self.lab, self.before = lab, lab.choices()
        self.linked = linked  # whether a link says what is to hold
        self.values = dict(self.before if values is None else values)
        self.message: dict[str, str] | None = None
        self.about = ""
        self.given: set[str] = set()
        self.unusable: list[str] = []  # fields of a link
        self.refused: dict[str, str] = {}

    def say(self, kind: str, about: str, text: str) -> None:
        """Keep one message; an error goes before a note."""
        if self.message is None or self.message["kind"] == "note":
            self.message, self.about = {"kind": kind, "text": text}, about

    def refuse(self, name: str, why: str) -> None:
        """Leave a change out, and say why."""
        self.refused[name] = why
        self.say("error", name, why)

    def set(self, name: str, value: object) -> None:
        """Read one change; refuse it in words, or take it with what it brings along."""
        setting = settings_of(type(self.lab)).get(name)
        if setting is None:
            self.refuse(name, _("There is no setting {name}: reload the page.", name=f"{name[:24]!r}"))
            return
        try:
            value = self._read(name, setting, value)
            if isinstance(setting, StepId) and value != self.values[name]:
                self.lab.left(self)
            take: Callable[[Draft, Any], None] | None = getattr(self.lab, f"take_{name}", None)
            if take is None:
                self.values[name] = value
            else:
                take(self, value)
            self.given.add(name)
        except RefusedError as refusal:
            self.refuse(name, str(refusal))

    def put(self, name: str, value: object) -> None:
        """Take one value as it was; what is none is passed over."""
        setting = settings_of(type(self.lab)).get(name)
        if setting is not None:
            with suppress(RefusedError):
                self.values[name] = self._read(name, setting, value)
                self.given.add(name)

    def set_from_link(self, name: str, text: str) -> None:
        """Read one field of a link: it is the whole state, so nothing is brought along."""
        setting = settings_of(type(self.lab))[name]
        try:
            self.values[name] = self._read(name, setting, setting.parsed(text))
            self.given.add(name)
        except ValueError:  # a RefusedError, too
            self.unusable.append(name)

    def _read(self, name: str, setting: Setting, value: object) -> Any:
        read = setting.read(value)
        if isinstance(setting, StepId):
            return self._known_step(read)
        if isinstance(setting, Sentence):
            held = setting.held(read)
            if held.note:
                self.say("note", name, held.note)
            return held.text
        return read

    def _known_step(self, step: str) -> str:
        ids = self.lab.lesson.ids
        step = self.lab.steps_of_old.get(step, step)
        if step not in ids:
            raise RefusedError(
                _("This lab has no step of that name: choose one of {ids}.", ids=", ".join(ids))
            )
        return step


@cache
def settings_of(lab: type[Lab]) -> Mapping[str, Setting]:
    """Return the settings of a lab by name, the kit's first, then its own in the order of their lines."""
    found: dict[str, Setting] = {}
    for each in reversed(lab.__mro__):
        found |= {name: value for name, value in vars(each).items() if isinstance(value, Setting)}
    return found


@cache
def sentences_of(lab: type[Lab]) -> Collection[str]:
    """Return the names of the settings of a lab that are sentences."""
    return tuple(name for name, kind in settings_of(lab).items() if isinstance(kind, Sentence))


KIT_SETTINGS = tuple(settings_of(Lab))
"""The short list of what every lab has."""


@cache
def lesson_of(lab: type[Lab]) -> Lesson:
    """Return what the lab.md beside a lab's class says."""
    package = lab.__module__.rpartition(".")[0]
    text = resources.files(package).joinpath("lab.md").read_text(encoding="utf-8")
    return parse_lesson(package.rpartition(".")[2], text)
