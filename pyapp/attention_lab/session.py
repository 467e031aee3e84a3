"""One learner: the labs visited, each with its own state, and what goes along from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from attention_lab.kit.catalogue import counted, lab_class, lessons, names, tasks_in
from attention_lab.kit.lab import Lab, lesson_of, sentences_of, settings_of
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.scoring import GUESSED, PREDICTION, Item, Result, Score, read_result, score
from attention_lab.kit.settings import MAX_KEYS, Sentence
from attention_lab.kit.texts import ENGLISH, _, spoken
from attention_lab.link import misread, read_link, write_link

KEPT: Mapping[str, type] = {"guesses": dict, "revealed": list, "answers": dict, "fresh": int}
"""The settings of every lab that are kept from one visit to the next, besides the steps seen and what came
of the tries."""
_MOST = 200  # results of one lab


class Session:
    """The labs that a learner has opened. `current` is the one on the screen."""

    def __init__(self, lab: str | None = None, language: str = ENGLISH) -> None:
        self.language = language
        self.labs: dict[str, Lab] = {}
        self.optional: tuple[str, ...] = ()
        self._sentence: str | None = None  # what the learner typed last, in whichever lab
        self._counts: Callable[[Item], bool] = lambda __: True  # whether the score is about something
        self._known: dict[str, dict[str, Any]] = {}  # of earlier visits: lab -> what was kept of it
        self.current = self.open(lab or names()[0])

    @property
    def sentence(self) -> str | None:
        """The learner's own sentence, once there is one."""
        return self._sentence

    def open(self, name: str) -> Lab:
        """Return a lab as the learner left it; a new one takes what goes along."""
        if name not in self.labs:
            lab = self.labs[name] = lab_class(name)()
            lab.param.update(optional=self.optional)
            self._remember(lab)
        self.labs[name].param.update(elsewhere=self._done_tasks())
        return self.labs[name]

    @spoken
    def go(self, name: str) -> Lab:
        """Put a lab on the screen, with the learner's sentence and the table view of the one before."""
        table = self.current.table
        self.current = self.open(name)
        if self._sentence is not None:
            receive(self.current, self._sentence)
        self.current.param.update(table=table)
        return self.current

    @spoken
    def apply(self, changes: Mapping[str, object], lab: Lab | None = None) -> Mapping[str, str]:
        """Change settings of a lab, of that on the screen unless told; return what was refused, and why."""
        lab = lab or self.current
        before = _sentences(lab)
        refused = lab.apply(changes)
        for name, text in _sentences(lab).items():
            if name in changes and text != before[name]:
                self._sentence = text
        return refused

    @property
    def link(self) -> str:
        """The query string that reproduces what is on the screen."""
        return write_link(self.current.name_of_lab, self.current.to_link())

    @spoken
    def take_link(self, link: str) -> None:
        """Go where a link leads; what it does not mention goes back to its default."""
        found = read_link(link)
        if found is None:
            self.current.apply_link({})
            return self._complain(_("Part of the link could not be used (link); the rest is shown."))
        lab, fields = found
        if lab is None:
            return None
        if lab not in names():
            return self._complain(
                _("There is no lab of that name: choose one of {names}.", names=", ".join(names()))
            )
        self.current = self.open(lab)
        self.current.apply_link(fields, misread(link, names(), self.language))
        for name, text in _sentences(self.current).items():
            if name in fields and text != self.current.defaults[name]:  # else it could not be used
                self._sentence = text
        return None

    def _complain(self, text: str) -> None:
        self.current.param.update(message={"kind": "error", "text": text})

    @spoken
    def provide(self, optional: str) -> None:
        """A download has arrived: every lab may use it."""
        self.optional = tuple(sorted({*self.optional, optional}))
        for lab in self.labs.values():
            lab.param.update(optional=self.optional)

    # After a restart

    @spoken
    def restore(self, current: object, states: object, *, chosen_only: bool = False) -> None:
        """Take over the state of a page that outlived its kernel: every lab that it has, value by value.

        With `chosen_only`, what is a lab's default there is left as it is here.
        """
        for name, values in states.items() if isinstance(states, Mapping) else ():
            if name in names() and isinstance(values, Mapping):
                lab = self.open(name)
                defaults = lab.defaults if chosen_only else {}
                lab.restore(
                    {
                        key: value
                        for key, value in values.items()
                        if key not in defaults or value != defaults[key]
                    }
                )
        if isinstance(current, str) and current in names():
            self.current = self.open(current)

    # What is kept on the device

    @property
    def progress(self) -> dict[str, dict[str, Any]]:
        """What was done in each lab, in this visit and before."""
        found = {name: dict(kept) for name, kept in self._known.items()}
        for name, lab in self.labs.items():
            seen = [*found.get(name, {}).get("seen", ()), *lab.seen]
            found[name] = {"seen": list(dict.fromkeys(seen)), **{key: getattr(lab, key) for key in KEPT}}
        for name, kept in found.items():
            kept["results"] = {key: each.plain() for key, each in self.results(name).items()}
        return found

    def seen(self, name: str) -> Sequence[str]:
        """Return the steps seen of a lab."""
        lab = self.labs.get(name)
        seen = [*self._known.get(name, {}).get("seen", ()), *(lab.seen if lab else ())]
        return list(dict.fromkeys(seen))

    def results(self, name: str) -> Mapping[str, Result]:
        """Return what came of the tries in a lab, in this visit and before."""
        lab = self.labs.get(name)
        return _joined(self._known.get(name, {}).get("results", {}), lab.results if lab else {})

    def solved(self, name: str) -> Sequence[str]:
        """Return what was right once in a lab."""
        return [key for key, result in self.results(name).items() if result.right]

    @property
    def score(self) -> Score:
        """The one total, and what it is made of; predictions that were made are told besides."""
        results = cache(self.results)  # asked for by every item of a lab
        guessed = [
            Item(PREDICTION, lesson.name, key, step.section, lesson.title, lesson.name, at)
            for lesson in lessons()
            for step in lesson.steps
            for key, at in [(f"{GUESSED}{step.id}", f"#lab={lesson.name}&step={step.id}")]
            if key in results(lesson.name)
        ]
        return score([item for item in (*counted(), *guessed) if self._counts(item)], results)

    @property
    def done(self) -> tuple[object, ...]:
        """What the score and the steps seen follow from: while it is equal, they are the same."""
        labs = {name: (lab.seen, lab.results) for name, lab in self.labs.items()}
        return (self.language, self._counts, dict(self._known), labs)

    def count(self, about: str) -> None:
        """Let the score be about a part.

        `masks,heads`: these labs, with the exercises that belong to them. `lab:masks`: what can be done in
        that lab. `step:lab=masks&step=check`: what can be done at that place. None of these: all.
        """
        kind, __, place = about.partition(":")
        named = {name for name in names() if name in about.split(",")}
        if kind in ("lab", "step") and place:
            there = dict(parse_qsl(place)) if kind == "step" else {"lab": place}
            start = self.open(there["lab"]).defaults if kind == "step" and there.get("lab") in names() else {}
            self._counts = lambda item: all(
                value == there.get(name, str(start.get(name)))
                for name, value in parse_qsl(item.opens.lstrip("#"))
                if kind == "step" or name == "lab"
            )
        else:
            self._counts = lambda item: not named or item.home in named

    def take_kept(self, kept: object) -> None:
        """Take what an earlier visit left on the device; what cannot be understood is passed over."""
        for name, values in kept.items() if isinstance(kept, Mapping) else ():
            if name in names() and isinstance(values, Mapping):
                self._known[name] = _sound(lab_class(name), values)
        for lab in self.labs.values():
            self._remember(lab)
        self._tell_tasks()

    def forget(self) -> None:
        """Let go of all progress, here and (by the page) on the device."""
        self._known.clear()
        for lab in self.labs.values():
            lab.param.update(seen=[lab.step], results={}, **{key: kind() for key, kind in KEPT.items()})
        self._tell_tasks()

    def _done_tasks(self) -> tuple[str, ...]:
        """The tasks that were done, in whichever lab has them."""
        homes = [each for each in lessons() if each.tasks]
        return tuple(
            task for each in homes for task in tasks_in(each.tasks) if task in self.solved(each.name)
        )

    def _tell_tasks(self) -> None:
        for lab in self.labs.values():
            lab.param.update(elsewhere=self._done_tasks())

    def _remember(self, lab: Lab) -> None:
        known = self._known.get(lab.name_of_lab)
        if known is None:
            return
        merged = {key: _merged(known[key], getattr(lab, key)) for key in ("guesses", "revealed")}
        if not lab.answers and not lab.fresh:  # answers are to the numbers that they were given to
            merged |= {"answers": known["answers"], "fresh": known["fresh"]}
        lab.param.update(results=_joined(known["results"], lab.results), **merged)


def receive(lab: Lab, sentence: str) -> None:
    """Give a lab a sentence that was typed in another; one that it cannot hold leaves its own."""
    for name, kind in settings_of(type(lab)).items():
        if isinstance(kind, Sentence):
            try:
                lab.receive(name, kind.held(sentence).text)
            except RefusedError:
                continue


def _sentences(lab: Lab) -> dict[str, str]:
    return {name: getattr(lab, name) for name in sentences_of(type(lab))}


def _sound(lab: type[Lab], values: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what can be used of what was kept."""
    kinds = settings_of(lab)
    found: dict[str, Any] = {key: kind() for key, kind in KEPT.items()}
    for key in (key for key in KEPT if key in kinds):
        try:
            found[key] = kinds[key].read(values.get(key, KEPT[key]()))
        except RefusedError:
            continue
    results = values.get("results")
    pairs = list(results.items())[:_MOST] if isinstance(results, Mapping) else ()
    read = {key: read_result(each) for key, each in pairs if type(key) is str}
    found["results"] = {key: each for key, each in read.items() if each is not None}
    ids = lesson_of(lab).ids
    seen = values.get("seen")
    found["seen"] = [step for step in seen if step in ids] if isinstance(seen, list) else []
    return found


def _merged(before: Any, now: Any) -> Any:
    """Return what was kept and what is there now, as much of the newest as there is room for."""
    if isinstance(now, Mapping):
        return dict(list({**before, **now}.items())[-MAX_KEYS:])
    return list(dict.fromkeys([*before, *now]))[-MAX_KEYS:]


def _joined(before: Mapping[str, Result], now: Mapping[str, Result]) -> dict[str, Result]:
    return {key: before.get(key, Result()).joined(now.get(key, Result())) for key in {**before, **now}}
