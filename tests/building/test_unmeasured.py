"""What `serve` makes is not compressed: it tells no size, and what `build` makes takes its place."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from building import compression, site, stamps
from building.administrators import administrators_page
from building.budget import NOT_MEASURED, budget
from building.compression import compressed
from building.site import Parts, Weighing, assemble


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
    """Where the site goes; it is made of nothing, and its one file says how it was weighed."""
    home = tmp_path / "made"
    monkeypatch.setattr(site, "made", lambda step, key, make: stamps.made(step, key, make, home))
    monkeypatch.setattr(site, "is_made", lambda step, key: stamps.is_made(step, key, home))
    for name, value in {"_assets": {}, "_build_id": "0" * 16, "_config": {}, "_sizes": []}.items():
        monkeypatch.setattr(site, name, lambda *_, value=value: value)

    def fill(folder: Path, *given: Any) -> None:
        (folder / "weighing").write_text(str(int(given[-1])))

    monkeypatch.setattr(site, "_fill", fill)
    return tmp_path / "site"


def test_what_is_weighed_better_takes_the_place_of_what_was_made_before(made_here: Path) -> None:
    parts = cast(Parts, SimpleNamespace(optional={}))
    found = []
    for asked in (Weighing.NOT, Weighing.QUICK, Weighing.NOT, Weighing.BEST, Weighing.QUICK, Weighing.NOT):
        build = assemble(parts, made_here, asked).build
        found.append((build, Weighing(int((made_here / "weighing").read_text()))))
    assert [weighing for _, weighing in found] == [0, 1, 1, 2, 2, 2]
    builds = [build for build, _ in found]
    assert len({*builds}) == 3, "a browser that keeps the one must not take it for the other"
    assert builds[1] == builds[2]
    assert builds[3] == builds[4] == builds[5]


def test_the_largest_files_are_made_smaller_with_patience_and_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def encode(data: bytes, best: bool, dense: bool) -> bytes:
        asked.append((best, dense))
        return b"small" if best else b"not so small"

    monkeypatch.setattr(compression, "LARGE", 10)
    monkeypatch.setitem(compression.ENCODERS, "br", encode)
    large, small, weights = (tmp_path / name for name in ("heap.bin", "page.html", "model.safetensors"))
    for path, size in ((large, 11), (small, 9), (weights, 12)):
        path.write_bytes(b"x" * size)
        assert compressed(path, "br", tmp_path).read_bytes() == b"not so small"
    for _ in range(2):
        assert compressed(large, "br", tmp_path, best=True).read_bytes() == b"small"
        assert compressed(large, "br", tmp_path).read_bytes() == b"small"
        assert compressed(small, "br", tmp_path, best=True).read_bytes() == b"not so small"
        assert compressed(weights, "br", tmp_path, best=True).read_bytes() == b"not so small"
    assert asked == [(False, False), (False, False), (False, True), (True, False)]
