"""The translations that lie beside the program: in a wheel, and in a clone after `build.py wheel`.

The page fetches its own; this is for hosts that have files.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attention_lab.kit.texts import ENGLISH, known, learn

FOLDER = Path(__file__).parent / "dist"
_PREFIX, _SUFFIX = "texts.", ".mo"
_SCRIPTS = "scripts.{language}.json"


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that there are: "en", "es"."""
    found = (path.name for path in FOLDER.glob(f"{_PREFIX}*{_SUFFIX}"))
    return (ENGLISH, *sorted(name.removeprefix(_PREFIX).removesuffix(_SUFFIX) for name in found))


def learned(language: str) -> bool:
    """Read the catalogue of a language, once; whether there is one."""
    if language == known(language):
        return True
    if language not in languages():
        return False
    learn(language, (FOLDER / f"{_PREFIX}{language}{_SUFFIX}").read_bytes())
    return True


def of_scripts(language: str) -> dict[str, Any] | None:
    """Return what scripts say in a language, with its direction and what every language is called.

    {"language", "direction", "texts", "names"}; None in a copy that has English only.
    """
    told = {code: _told(code) for code in languages() if code != ENGLISH}
    if not told:
        return None
    names = {ENGLISH: "English", **{code: each["name"] for code, each in told.items()}}
    english = {"direction": "ltr", "texts": {}}
    return {"language": language, **told.get(language, english), "names": names}


def _told(language: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((FOLDER / _SCRIPTS.format(language=language)).read_text("utf-8"))
    return told


def refusal(language: str) -> str:
    """Say that there is no such language, and which there are."""
    return f"There is no language {language!r} here: choose one of {', '.join(languages())}."


def of_the_system(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language that the system is set to, as far as there is a translation; or else English."""
    told = next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ""
    )
    code = told.partition(".")[0].partition("@")[0].replace("_", "-")
    there = languages()
    return next((each for each in (code, code.partition("-")[0]) if each in there), ENGLISH)
