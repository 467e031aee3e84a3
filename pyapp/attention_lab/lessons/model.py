"""What a lab file says, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a lab. `view`, `stage` and `prediction` are names that the views give a meaning to."""

    id: str
    section: str  # the heading of its prose, and its title
    prose: str  # Markdown
    view: str
    stage: str
    prediction: str | None = None
    exercise: str | None = None
    sentences: tuple[str, ...] = ()  # to choose from; the step opens with the first
    asks: tuple[str, ...] = ()  # words of the first sentence: who looks, at what, and at what instead
    job: str | None = None  # what the trained models are asked


@dataclass(frozen=True, slots=True)
class Lab:
    """One lab: the steps that a learner goes through."""

    name: str  # the file's name without .md
    title: str
    order: int
    minutes: int
    objectives: tuple[str, ...]
    steps: tuple[Step, ...]

    def index(self, step: str) -> int:
        """Return the place of the step with that id, counted from 0."""
        return [each.id for each in self.steps].index(step)
