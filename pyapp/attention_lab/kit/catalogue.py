"""Finds the labs: every folder of `labs/` with a lab.md. There is no list of them anywhere else."""

from __future__ import annotations

import importlib
import tomllib
from functools import cache
from importlib import resources

from attention_lab.kit.lab import Lab
from attention_lab.kit.lesson import Lesson, parse_lesson

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


@cache
def tasks_for(lab: str) -> tuple[tuple[str, str], ...]:
    """Return the tasks that say that they belong to a lab, each as (title, address)."""
    found = []
    for lesson in lessons():
        for task in tasks_in(lesson.tasks) if lesson.tasks else ():
            prompt = resources.files("attention_lab").joinpath(lesson.tasks, task, "prompt.md")
            front = tomllib.loads(prompt.read_text(encoding="utf-8").split("+++")[1])
            if front["lab"] == lab:
                found.append((front["order"], str(front["title"]), address_of(task)))
    return tuple((title, address) for _, title, address in sorted(found))


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
