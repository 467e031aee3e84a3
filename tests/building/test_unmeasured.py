"""What `serve` makes is not compressed: it tells no size, and what `build` makes takes its place."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from building import site, stamps
from building.administrators import administrators_page
from building.budget import NOT_MEASURED, budget
from building.site import Parts, assemble


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    path = tmp_path / "files" / "script.js"
    path.write_text("let it = 1;")
    return path


def test_the_budget_tells_what_is_stored_and_of_the_rest_that_it_was_not_measured(file: Path) -> None:
    told = json.loads(budget(file.parent, {"first_visit": ["script.js"]}, "b", measured=False))
    weight = {"raw": 11, "gzip": NOT_MEASURED, "brotli": NOT_MEASURED}
    assert told["files"] == {"script.js": weight}
    assert told["totals"]["first_visit"] == weight | {"files": 1}


def test_the_page_for_administrators_says_not_measured(file: Path) -> None:
    page = administrators_page(
        {}, {"first_visit": [file]}, {"plain": [file], "all": [file]}, "s.css", "b", measured=False
    )
    sizes, policies = page.split("<h2>Sizes</h2>")[1].split("<h2>Content-Security-Policy</h2>")
    assert sizes.count(NOT_MEASURED) == 5  # brotli and gzip of the visit, and the three forms
    assert "python3 build.py" in sizes
    assert NOT_MEASURED not in policies


@pytest.fixture
def made_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the site goes; it is made of nothing, and its one file says whether it was measured."""
    home = tmp_path / "made"
    monkeypatch.setattr(site, "made", lambda step, key, make: stamps.made(step, key, make, home))
    monkeypatch.setattr(site, "is_made", lambda step, key: stamps.is_made(step, key, home))
    for name, value in {"_assets": {}, "_build_id": "0" * 16, "_config": {}}.items():
        monkeypatch.setattr(site, name, lambda *_, value=value: value)

    def fill(folder: Path, *given: Any) -> None:
        (folder / "measured").write_text(str(given[-1]))

    monkeypatch.setattr(site, "_fill", fill)
    return tmp_path / "site"


def test_a_build_takes_the_place_of_what_serve_made_and_serve_keeps_to_it(made_here: Path) -> None:
    parts = cast(Parts, SimpleNamespace(optional={}))
    found = []
    for measured in (False, True, False):
        build = assemble(parts, made_here, measured=measured).build
        found.append((build, (made_here / "measured").read_text()))
    served, whole, served_again = found
    assert (served[1], whole[1]) == ("False", "True")
    assert served[0] != whole[0], "a browser that keeps the one must not take it for the other"
    assert served_again == whole
