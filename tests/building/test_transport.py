"""Every outside file travels in one parcel to a machine without a network."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from building import transport
from building.artefacts import Artefact, Store
from building.errors import BuildError


def artefact(name: str, content: bytes) -> Artefact:
    sha256 = hashlib.sha256(content).hexdigest()
    return Artefact(name, "1.0", f"{name}.whl", sha256, "MIT", "https://example.org", "page", ())


CONTENTS = {"one": b"first file", "two": b"second file"}


@pytest.fixture
def parcel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A parcel of two files, packed on a machine that has them."""
    manifest = {name: artefact(name, content) for name, content in CONTENTS.items()}
    monkeypatch.setattr(transport, "load", lambda: manifest)
    here = Store(tmp_path / "here")
    for name, content in CONTENTS.items():
        file = tmp_path / name
        file.write_bytes(content)
        here.put(manifest[name], file)
    transport.export_to(tmp_path / "parcel.zip", here, with_environment=False)
    return tmp_path / "parcel.zip"


def test_what_is_exported_is_imported(parcel: Path, tmp_path: Path) -> None:
    there = Store(tmp_path / "there")
    transport.import_from(parcel, there)
    got = there.get_all(transport.load().values())
    assert {name: path.read_bytes() for name, path in got.items()} == CONTENTS


def rewrite(parcel: Path, keep: str, content: bytes | None) -> None:
    """Replace the member whose name ends with `keep`, or leave it out."""
    with zipfile.ZipFile(parcel) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(parcel, "w") as archive:
        for name, data in members.items():
            if not name.endswith(keep):
                archive.writestr(name, data)
            elif content is not None:
                archive.writestr(name, content)


def test_a_changed_file_is_refused_by_name(parcel: Path, tmp_path: Path) -> None:
    rewrite(parcel, "two.whl", b"something else")
    there = Store(tmp_path / "there")
    with pytest.raises(BuildError, match=r"damaged two\.whl"):
        transport.import_from(parcel, there)
    assert not there.has(transport.load()["two"])


def test_a_parcel_of_another_version_is_refused_by_name(parcel: Path, tmp_path: Path) -> None:
    rewrite(parcel, "two.whl", None)
    with pytest.raises(BuildError, match=r"lacks two\.whl"):
        transport.import_from(parcel, Store(tmp_path / "there"))


def test_another_file_is_no_parcel(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("not a zip")
    with pytest.raises(BuildError, match="fetch --export"):
        transport.import_from(other, Store(tmp_path / "there"))
