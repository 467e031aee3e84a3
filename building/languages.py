"""The languages of a build: what a page fetches to be said in one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from building.paths import ROOT
from building.progress import note
from building.stamps import digest, made, tree_digest
from building.texts import (
    PSEUDO,
    compiled,
    lacking,
    languages,
    of_the_page,
    own_name,
    runs_right_to_left,
    sources,
)

#: What is painted of the languages that are made of the sources: enough to see how a page would be.
SEEN = ["stepper"]


LACKING = "lacking.txt"


@dataclass(frozen=True)
class Language:
    """One language beside English."""

    texts: Path  # for Python, as a .mo file
    page: Path  # for the scripts, as JSON
    painted: Sequence[str] | None  # the labs whose documents are painted; None for all
    direction: str  # "ltr" or "rtl"
    name: (
        str | None
    )  # what its speakers call it; None where not every text is translated, or none is meant to be

    @property
    def released(self) -> bool:
        """Whether it is for learners: it is offered, and in every form of the build."""
        return self.name is not None


def all_languages() -> Mapping[str, Language]:
    """Every language that there is a catalogue of, and those that are made of the sources."""
    return {name: _language(name) for name in (*languages(), *PSEUDO)}


def _language(name: str) -> Language:
    def make(folder: Path) -> None:
        (folder / f"texts.{name}.mo").write_bytes(compiled(name))
        (folder / f"texts.{name}.json").write_text(of_the_page(name), encoding="utf-8", newline="")
        (folder / LACKING).write_text("\n".join(map(repr, lacking(name))), encoding="utf-8")

    folder = made("texts", digest(name, tree_digest(sources(), ROOT)), make)
    direction = "rtl" if runs_right_to_left(name) else "ltr"
    painted = SEEN if name in PSEUDO else None
    missing = len((folder / LACKING).read_text(encoding="utf-8").splitlines())
    if missing:
        note(f"texts/{name}.po lacks {missing} texts: it is in the site, but offered to nobody")
    called = None if missing or name in PSEUDO else own_name(name)
    return Language(folder / f"texts.{name}.mo", folder / f"texts.{name}.json", painted, direction, called)
