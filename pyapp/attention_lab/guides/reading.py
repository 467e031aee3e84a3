"""Reads guide.md: TOML between two `+++` lines, then `## ` sections of Markdown.

+++
aim = "..."
bring = "..."

[[fifty]]                       # the lesson of 50 minutes, part by part; [[twenty]] likewise
minutes = 5
what = "Opener"
do = "..."
link = "step=spread&d_k=64"     # what stands on the screen; without one, no computer is needed

[[beliefs]]
believe = "..."                 # what students believe
shows = "... {spread} ..."      # what the lab shows instead
link = "step=law&d_k=64"        # where

[[exit]]
ask = "..."
answer = "..."

[[rubric]]                      # three levels of an answer to the last question of the exit ticket
example = "..."
why = "..."

[numbers]                       # what `{spread}` stands for: link > path into what the lab shows : decimals
spread = "step=law&d_k=64 > Facts / measured : 2"

[vouched]                       # a digit that is typed: a sum that comes to it, or why it is so
"0.73" = "1 / (1 + exp(-1))"
+++

## Opener                       (a sheet for students)
## About the opener
## Questions to ask
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from attention_lab.kit.texts import lazy

FENCE = "+++"
LEVELS = (lazy("Not yet"), lazy("Nearly"), lazy("There"))
"""The levels of a rubric, in the order in which its samples stand."""
OPENER, ABOUT, QUESTIONS = "Opener", "About the opener", "Questions to ask"
SECTIONS = (OPENER, ABOUT, QUESTIONS)
"""The sections that every guide has; others may follow."""
HOME = "attention_lab.labs"


class GuideError(ValueError):
    """A guide.md that cannot be read: `scale/guide.md: ...`."""


@dataclass(frozen=True, slots=True)
class Part:
    """A few minutes of a lesson."""

    minutes: int
    what: str
    do: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Belief:
    """What students believe, what the lab shows, and where."""

    believe: str
    shows: str
    link: str


@dataclass(frozen=True, slots=True)
class Exit:
    """A question that is answered on paper at the end."""

    ask: str
    answer: str


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer as a student would write it, and why it is of its level."""

    example: str
    why: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What a guide.md says; every text is Markdown, with names of numbers in braces."""

    lab: str
    aim: str
    bring: str
    fifty: tuple[Part, ...]
    twenty: tuple[Part, ...]
    beliefs: tuple[Belief, ...]
    exit: tuple[Exit, ...]
    rubric: tuple[Graded, ...]
    sections: Mapping[str, str]
    numbers: Mapping[str, str] = field(default_factory=dict)
    vouched: Mapping[str, str] = field(default_factory=dict)

    @property
    def links(self) -> tuple[str, ...]:
        """Every state that it leads to."""
        links = [part.link for part in (*self.fifty, *self.twenty)] + [each.link for each in self.beliefs]
        return tuple(dict.fromkeys(link for link in links if link))

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that is read in it."""
        rows: list[Part | Belief | Exit | Graded] = [*self.fifty, *self.twenty, *self.beliefs]
        rows += [*self.exit, *self.rubric]
        cells = [value for row in rows for name, value in asdict(row).items() if name not in NOT_READ]
        return (self.aim, self.bring, *cells, *self.sections.values())


NOT_READ = ("minutes", "link")
_ROWS: Mapping[str, type] = {
    "fifty": Part,
    "twenty": Part,
    "beliefs": Belief,
    "exit": Exit,
    "rubric": Graded,
}


def parse_guide(lab: str, text: str) -> Guide:
    """Read one guide.md; an error names the file and what is wrong."""
    lines = text.splitlines()
    if not lines or lines[0] != FENCE or FENCE not in lines[1:]:
        raise GuideError(f"{lab}/guide.md: a guide starts with TOML between two lines of {FENCE}")
    end = lines.index(FENCE, 1)
    try:
        front = tomllib.loads("\n".join(lines[1:end]))
        rows: dict[str, Any] = {
            name: tuple(kind(**row) for row in front.pop(name)) for name, kind in _ROWS.items()
        }
        return Guide(**{**rows, **front, "lab": lab, "sections": _sections(lines[end + 1 :])})
    except KeyError as error:
        raise GuideError(f"{lab}/guide.md: there is no [[{error.args[0]}]]") from error
    except (TypeError, ValueError) as error:
        raise GuideError(f"{lab}/guide.md: {error}") from error


def _sections(lines: list[str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("## "):
            found[line[3:].strip()] = []
        elif found:
            found[next(reversed(found))].append(line)
        elif line.strip():
            raise ValueError(f"{line[:40]!r} stands before the first “## ” section")
    return {title: "\n".join(body).strip() for title, body in found.items()}


@cache
def guide_of(lab: str) -> Guide:
    """Return the guide of a lab."""
    path = resources.files(HOME).joinpath(lab, "guide.md")
    if not path.is_file():
        raise GuideError(f"{lab}/guide.md: there is no such file")
    return parse_guide(lab, path.read_text(encoding="utf-8"))
