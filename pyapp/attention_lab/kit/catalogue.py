"""Finds the labs: every folder of `labs/` with a lab.md. There is no list of them anywhere else."""

from __future__ import annotations

import importlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from attention_lab.kit.lab import Lab
from attention_lab.kit.lesson import ASKED_AT, Lesson, parse_lesson
from attention_lab.kit.scoring import CHECK, EXERCISE, Item
from attention_lab.kit.texts import lazy

HOME = "attention_lab.labs"


@cache
def lessons() -> tuple[Lesson, ...]:
    """Return what every lab.md says, in the order that the files ask for; no lab is imported for it."""
    folders = [each for each in resources.files(HOME).iterdir() if each.joinpath("lab.md").is_file()]
    found = [parse_lesson(each.name, each.joinpath("lab.md").read_text(encoding="utf-8")) for each in folders]
    return tuple(sorted(found, key=lambda lesson: (lesson.order, lesson.name)))


@cache
def tasks_in(folder: str) -> tuple[str, ...]:
    """Return what is to be done in a lab besides its steps: the folders of that folder with a prompt.md."""
    home = resources.files("attention_lab").joinpath(folder)
    return tuple(sorted(each.name for each in home.iterdir() if each.joinpath("prompt.md").is_file()))


@dataclass(frozen=True, slots=True)
class Assigned:
    """A task of a lab, as its prompt.md presents it."""

    name: str
    title: str
    order: int
    home: str  # the lab that it belongs to
    address: str


@cache
def assigned() -> tuple[tuple[Lesson, tuple[Assigned, ...]], ...]:
    """Return every lab that has tasks, with them in the order that their files ask for."""
    return tuple((lesson, _assigned(lesson)) for lesson in lessons() if lesson.tasks)


def _assigned(lesson: Lesson) -> tuple[Assigned, ...]:
    found = []
    for task in tasks_in(lesson.tasks):
        prompt = resources.files("attention_lab").joinpath(lesson.tasks, task, "prompt.md")
        front = tomllib.loads(prompt.read_text(encoding="utf-8").split("+++")[1])
        address = f"#lab={lesson.name}&{lesson.opens}{task}"
        found.append(Assigned(task, lazy(front["title"]), int(front["order"]), str(front["lab"]), address))
    return tuple(sorted(found, key=lambda each: (each.order, each.name)))


def tasks_for(lab: str) -> tuple[tuple[str, str], ...]:
    """Return the tasks that say that they belong to a lab, each as (title, address)."""
    return tuple((each.title, each.address) for _, tasks in assigned() for each in tasks if each.home == lab)


@cache
def counted() -> tuple[Item, ...]:
    """Return everything that counts, in the order of the course."""
    found: list[Item] = []
    with_tasks = {lesson.name: tasks for lesson, tasks in assigned()}
    for lesson in lessons():
        at, name = f"#lab={lesson.name}&step={ASKED_AT}", lesson.name
        found += [
            Item(CHECK, name, key, lesson.title, lesson.title, name, at, i)
            for i, key in enumerate(lesson.checks, 1)
        ]
        found += [
            Item(EXERCISE, name, each.name, each.title, lesson.title, each.home, each.address)
            for each in with_tasks.get(name, ())
        ]
    return tuple(found)


def address_of(task: str) -> str:
    """Return the address of a task; empty for one that there is not."""
    homes = [each for each in lessons() if each.tasks and task in tasks_in(each.tasks)]
    return f"#lab={homes[0].name}&{homes[0].opens}{task}" if homes else ""


def names() -> tuple[str, ...]:
    """Return the names of all labs, in their order."""
    return tuple(lesson.name for lesson in lessons())


@cache
def lab_class(name: str) -> type[Lab]:
    """Return the class of a lab; ValueError for a name that is none."""
    if name not in names():
        raise ValueError(f"there is no lab {name!r}: choose one of {', '.join(names())}")
    module = importlib.import_module(f"{HOME}.{name}.lab")
    found = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Lab) and each.__module__ == module.__name__
    ]
    if len(found) != 1:
        raise ValueError(f"labs/{name}/lab.py must hold one class of a Lab, not {len(found)}")
    return found[0]
