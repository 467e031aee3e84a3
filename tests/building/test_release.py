"""A release: every form, checksums that hold, a page that leads to each."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from building.errors import BuildError
from building.release import FORMS, SUMS, gather


@pytest.fixture
def forms(tmp_path: Path) -> dict[str, Path]:
    """A file in the place of each form, and of the wheel."""
    made = tmp_path / "made"
    made.mkdir()
    files = {name: made / name for name in (*(form.file for form in FORMS), "lab-1-py3-none-any.whl")}
    for number, path in enumerate(files.values()):
        path.write_bytes(bytes([number]) * 1_500_000)
    return files


def test_it_holds_each_form_with_the_checksum_of_what_is_there(
    forms: dict[str, Path], tmp_path: Path
) -> None:
    gather(tmp_path / "release", forms, {})
    sums = dict(reversed(line.split("  ")) for line in (tmp_path / "release" / SUMS).read_text().splitlines())
    assert sums.keys() == forms.keys()
    for name, path in forms.items():
        data = (tmp_path / "release" / name).read_bytes()
        assert data == path.read_bytes()
        assert sums[name] == hashlib.sha256(data).hexdigest()


def test_its_page_leads_to_each_file_and_tells_its_size_and_checksum(
    forms: dict[str, Path], tmp_path: Path
) -> None:
    gather(tmp_path / "release", forms, {})
    page = (tmp_path / "release" / "index.html").read_text(encoding="utf-8")
    for name in forms:
        [row] = re.findall(rf'<tr><td><a href="{re.escape(name)}".*?</tr>', page)
        assert "1.5 MB" in row
        assert hashlib.sha256(forms[name].read_bytes()).hexdigest() in row


def test_what_an_earlier_release_held_is_gone(forms: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "old.zip").write_bytes(b"old")
    gather(tmp_path / "release", forms, {})
    assert not (tmp_path / "release" / "old.zip").exists()


def test_a_form_that_is_not_there_is_named_and_nothing_is_written(
    forms: dict[str, Path], tmp_path: Path
) -> None:
    forms["attention-lab.html"].unlink()
    with pytest.raises(BuildError, match=r"attention-lab\.html"):
        gather(tmp_path / "release", forms, {})
    assert not (tmp_path / "release").exists()
