"""The languages of a build: what a page fetches to be said in one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from building.bundle import WEB
from building.paths import ROOT
from building.stamps import digest, made, tree_digest
from building.texts import (
    OPENING,
    PSEUDO,
    catalogue,
    compiled,
    languages,
    of_the_page,
    runs_right_to_left,
    sources,
)

#: What is painted of the languages that are made of the sources: enough to see how a page would be.
SEEN = ["stepper"]


@dataclass(frozen=True)
class Language:
    """One language beside English."""

    texts: Path  # for Python, as a .mo file
    page: Path  # for the scripts, as JSON
    painted: Sequence[str] | None  # the labs whose documents are painted; None for all
    direction: str  # "ltr" or "rtl"

    @property
    def released(self) -> bool:
        """Whether it is for learners: it is in every form of the build, and kept on their devices."""
        return self.painted is None


def all_languages() -> Mapping[str, Language]:
    """Every language that there is a catalogue of, and those that are made of the sources."""
    return {name: _language(name) for name in (*languages(), *PSEUDO)}


def without_scripts() -> str:
    """What a page says, after English, where scripts do not run: no address tells it the language then."""
    text = OPENING.findall((WEB / "index.html").read_text(encoding="utf-8"))[-1]
    said = {name: catalogue(name)[text].string for name in languages() if text in catalogue(name)}
    return "".join(
        f'<p class="opening" lang="{name}" dir="{_direction(name)}">{escape(words)}</p>'
        for name, words in said.items()
        if words
    )


def _direction(name: str) -> str:
    return "rtl" if runs_right_to_left(name) else "ltr"


def _language(name: str) -> Language:
    def make(folder: Path) -> None:
        (folder / f"texts.{name}.mo").write_bytes(compiled(name))
        (folder / f"texts.{name}.json").write_text(of_the_page(name), encoding="utf-8", newline="")

    folder = made("texts", digest(name, tree_digest(sources(), ROOT)), make)
    painted = SEEN if name in PSEUDO else None
    return Language(folder / f"texts.{name}.mo", folder / f"texts.{name}.json", painted, _direction(name))
