"""Which language a page speaks, of what its address, the device and the browser ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from building.paths import ROOT
from tests.building.node_module import call

MODULE = ROOT / "web" / "languages.js"
THERE = {"es": {"name": "Español"}, "pt-BR": {"name": "Português (Brasil)"}, "ar-XB": {"name": None}}


def asked(folder: Path, **asked: Any) -> Any:
    """What is spoken."""
    given = {"named": None, "kept": None, "wanted": ["en-US", "en"], **asked}
    return call(MODULE, folder, [["languageOf", THERE, given]])[0]


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        ({}, "en"),
        ({"wanted": ["es-MX", "en"]}, "es"),
        ({"wanted": ["de", "es", "en"]}, "es"),
        ({"wanted": ["en-GB", "es"]}, "en"),
        ({"wanted": ["pt"]}, "pt-BR"),
        ({"wanted": ["ar", "fr"]}, "en"),
        ({"wanted": []}, "en"),
        ({"wanted": ["es"], "kept": "en"}, "en"),
        ({"wanted": ["es"], "kept": "en", "named": "ar-XB"}, "ar-XB"),
        ({"wanted": ["es"], "kept": "nonsense", "named": "fr"}, "es"),
        ({"named": "constructor", "kept": "__proto__"}, "en"),
    ],
)
def test_the_address_comes_before_the_device_and_that_before_the_browser(
    tmp_path: Path, wanted: dict[str, Any], spoken: str
) -> None:
    assert asked(tmp_path, **wanted) == spoken


def test_languages_that_are_finished_are_offered_and_the_one_that_is_open(tmp_path: Path) -> None:
    offered, with_open = call(MODULE, tmp_path, [["namesOf", THERE, "es"], ["namesOf", THERE, "ar-XB"]])
    assert offered == {"en": "English", "es": "Español", "pt-BR": "Português (Brasil)"}
    assert with_open == {**offered, "ar-XB": "ar-XB"}
