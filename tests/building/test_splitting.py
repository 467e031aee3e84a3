"""The packages, cut in two."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from building.compiling import SITE_PACKAGES
from building.packages import Outside, Own
from building.splitting import divide
from building.wheels import Wheel, wheel_bytes

FILES = {
    "shelf/__init__.py": b"",
    "shelf/used.py": b"1\n",
    "shelf/later.py": b"2\n",
    "shelf/data/a.txt": b"3\n",
}
READ = {f"{SITE_PACKAGES}/shelf/{name}" for name in ("__init__.py", "used.py")}


def wheel(folder: Path, name: str) -> Wheel:
    info = {f"{name}-1.0.dist-info/METADATA": f"Name: {name}\n".encode()}
    file = folder / f"{name}-1.0-py3-none-any.whl"
    file.write_bytes(wheel_bytes(FILES, info))
    return Wheel(Outside(name, ("shelf",)), "1.0", file, ())


def members(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", ["shelf", "numpy"])
def test_what_is_not_read_comes_later_and_nothing_is_lost(tmp_path: Path, name: str) -> None:
    whole = wheel(tmp_path, name)
    into = tmp_path / "smaller.whl"
    rest = divide(whole, into, READ)
    kept = members(into)
    record = kept.pop(f"{name}-1.0.dist-info/RECORD").decode()
    assert {line.split(",")[0] for line in record.splitlines()} == {*kept, f"{name}-1.0.dist-info/RECORD"}
    assert {path.removeprefix(f"{SITE_PACKAGES}/"): data for path, data in rest.items()} | kept == {
        **FILES,
        f"{name}-1.0.dist-info/METADATA": f"Name: {name}\n".encode(),
    }
    later = {f"{SITE_PACKAGES}/shelf/later.py", f"{SITE_PACKAGES}/shelf/data/a.txt"}
    assert rest.keys() == (set() if name == "numpy" else later), "learners' code runs on a whole NumPy"


def test_of_our_own_packages_only_what_is_said_to_may_come_later(tmp_path: Path) -> None:
    whole = wheel(tmp_path, "shelf")
    ours = replace(whole, package=Own("shelf", ("shelf",), later=("shelf/data/**",)))
    rest = divide(ours, tmp_path / "smaller.whl", READ)
    assert rest.keys() == {f"{SITE_PACKAGES}/shelf/data/a.txt"}
