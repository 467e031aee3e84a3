"""The languages of a build: what a page fetches to be said in one of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from building.bundle import WEB
from building.paths import ROOT
from building.progress import note
from building.stamps import digest, made, tree_digest
from building.texts import (
    OPENING,
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


def without_scripts(spoken: Mapping[str, Language]) -> str:
    """What a page says, after English, where scripts do not run: nothing tells it the language then."""
    text = OPENING.findall((WEB / "index.html").read_text(encoding="utf-8"))[-1]
    said = {name: json.loads(each.page.read_bytes()) for name, each in spoken.items() if each.released}
    return "".join(
        f'<p class="opening" lang="{name}" dir="{spoken[name].direction}">{escape(texts[text])}</p>'
        for name, texts in said.items()
    )


def _direction(name: str) -> str:
    return "rtl" if runs_right_to_left(name) else "ltr"


def _language(name: str) -> Language:
    def make(folder: Path) -> None:
        (folder / f"texts.{name}.mo").write_bytes(compiled(name))
        (folder / f"texts.{name}.json").write_text(of_the_page(name), encoding="utf-8", newline="")
        (folder / LACKING).write_text("\n".join(map(repr, lacking(name))), encoding="utf-8")

    folder = made("texts", digest(name, tree_digest(sources(), ROOT)), make)
    painted = SEEN if name in PSEUDO else None
    missing = len((folder / LACKING).read_text(encoding="utf-8").splitlines())
    if missing:
        note(f"texts/{name}.po lacks {missing} texts: it is in the site, but offered to nobody")
    called = None if missing or name in PSEUDO else own_name(name)
    return Language(
        folder / f"texts.{name}.mo", folder / f"texts.{name}.json", painted, _direction(name), called
    )
