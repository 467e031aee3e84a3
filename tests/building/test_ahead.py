"""Outside files are fetched ahead of the build, on their hash as ever, and a failure is left to the build."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from building import ahead
from building.artefacts import Artefact, Store
from building.sources import SourceError


def artefact(name: str, kind: str, group: str = "page") -> Artefact:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    sources = ({"kind": kind},)
    return Artefact(name, "1.0", f"{name}.whl", sha256, "MIT", "https://example.org", group, sources)


ALL = [
    artefact("one", "pypi-wheel"),
    artefact("two", "pypi-wheel"),
    artefact("@a/three", "npm"),
    artefact("four", "npm"),
    artefact("large", "pypi-wheel", "models"),
]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """The runs of pip and npm; files hold the name of their package, and `bad` is damaged."""
    runs: list[Sequence[str]] = []

    def pack(packages: Sequence[str], scratch: Path) -> None:
        runs.append(packages)
        for number, package in enumerate(packages):
            (scratch / f"{number}.tgz").write_text(package.removesuffix("@1.0"))

    def download(packages: Sequence[str], scratch: Path) -> None:
        runs.append(packages)
        for name in (package.split("==")[0] for package in packages):
            (scratch / f"{name}.whl").write_text("damaged" if name == "bad" else name)

    monkeypatch.setattr(ahead, "download_wheels", download)
    monkeypatch.setattr(ahead, "download_tarballs", pack)
    monkeypatch.setattr(ahead, "load", lambda: {each.name: each for each in ALL})
    return runs


def test_wheels_and_tarballs_come_in_one_run_each_and_what_a_build_comes_to_last_is_left_to_it(
    tmp_path: Path, runs: list[Sequence[str]]
) -> None:
    store = Store(tmp_path)
    ahead.main(store)
    assert sorted(runs) == [["@a/three@1.0", "four@1.0"], ["one==1.0", "two==1.0"]]
    assert [store.has(each) for each in ALL] == [True, True, True, True, False]
    ahead.main(store)
    assert len(runs) == 2, "what is here is not fetched again"


def test_what_fails_or_is_damaged_is_left_to_the_build(
    tmp_path: Path, runs: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = artefact("bad", "pypi-wheel")
    ahead.get_together([bad], Store(tmp_path))
    assert not Store(tmp_path).has(bad)
    altered = artefact("altered", "npm")
    ahead.get_packed([replace(altered, sha256=bad.sha256)], Store(tmp_path))
    assert not Store(tmp_path).has(altered)

    def fails(packages: Sequence[str], scratch: Path) -> None:
        raise SourceError("no network")

    monkeypatch.setattr(ahead, "download_wheels", fails)
    monkeypatch.setattr(ahead, "download_tarballs", fails)
    ahead.main(Store(tmp_path))
    assert not any(Store(tmp_path).has(each) for each in ALL)
