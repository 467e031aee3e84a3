"""The outside files of artefacts.toml: each is named there once, and accepted only on its SHA-256.

Standard library only: it runs before there is an environment.
"""

import os
import re
import shutil
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from building.errors import BuildError
from building.paths import ARTEFACTS, artefact_cache
from building.progress import note, step
from building.sources import FETCHERS, Network, SourceError
from building.stamps import file_sha256, made

GROUPS = ("runtime", "page", "tests", "tools", "bench", "models")
NEEDED = ("runtime", "page", "tools", "models")  # by a build
LATE = "models"  # of these: large, and the last that a build comes to
AT_ONCE = 4


@dataclass(frozen=True)
class Artefact:
    """One outside file: what it is, and where it may come from, in the order in which to try."""

    name: str
    version: str
    file: str
    sha256: str
    licence: str
    homepage: str
    group: str
    sources: tuple[Mapping[str, str], ...]


def load(path: Path = ARTEFACTS) -> dict[str, Artefact]:
    """Read artefacts.toml; the artefacts by name."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["artefact"]
    artefacts = {row["name"]: _artefact(row) for row in rows}
    if len(artefacts) != len(rows):
        raise BuildError(f"{path.name} names an artefact twice")
    return artefacts


def _artefact(row: dict[str, Any]) -> Artefact:
    artefact = Artefact(**{**row, "sources": tuple(row["sources"])})
    if artefact.group not in GROUPS:
        raise BuildError(f"artefacts.toml: {artefact.name} is in an unknown group, {artefact.group!r}")
    if not re.fullmatch(r"[0-9a-f]{64}", artefact.sha256):
        raise BuildError(f"artefacts.toml: the sha256 of {artefact.name} is not one")
    for source in artefact.sources:
        if source.get("kind") not in FETCHERS:
            raise BuildError(f"artefacts.toml: {artefact.name} has a source of an unknown kind, {source}")
    return artefact


@dataclass
class Store:
    """The local cache: the first source of every artefact, and where the others put what they bring."""

    home: Path = field(default_factory=artefact_cache)
    network: Network = field(default_factory=Network)

    def path(self, artefact: Artefact) -> Path:
        """Where the artefact lies when it is here; the digest in the path keeps versions apart."""
        return self.home / "files" / artefact.sha256[:16] / artefact.file

    def has(self, artefact: Artefact) -> bool:
        """Whether the file is here; files get here whole, and on their hash only."""
        return self.path(artefact).is_file()

    def put(self, artefact: Artefact, file: Path) -> Path:
        """Take over a file, if its hash is right."""
        found = file_sha256(file)
        if found != artefact.sha256:
            raise SourceError(f"the file has the sha256 {found}, not {artefact.sha256}")
        path = self.path(artefact)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
        os.close(handle)
        unfinished = Path(name)
        try:
            shutil.copyfile(file, unfinished)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        return path

    def get(self, artefact: Artefact) -> Path:
        """The artefact's file: from the cache, or from the first source that gives it with the right hash."""
        if self.has(artefact):
            return self.path(artefact)
        failures = []
        for source in artefact.sources:
            with tempfile.TemporaryDirectory(prefix="attention-lab-") as scratch:
                try:
                    file = FETCHERS[source["kind"]](artefact, source, Path(scratch), self.network)
                    return self.put(artefact, file)
                except SourceError as error:
                    failures.append(f"  - {_describe(source)}: {error}")
        raise BuildError(
            f"Cannot get {artefact.file} ({artefact.name} {artefact.version}). Tried:\n"
            f"  - the local cache {self.home}: not there\n" + "\n".join(failures) + "\n"
            "Without a network, bring the files from another machine: `build.py fetch --export FILE` there, "
            "`build.py fetch --import FILE` here."
        )

    def get_all(self, artefacts: Iterable[Artefact]) -> dict[str, Path]:
        """The files of several artefacts, by name; those that are missing are fetched side by side."""
        artefacts = list(artefacts)
        missing = [artefact for artefact in artefacts if not self.has(artefact)]
        if missing:
            with step(f"Fetching {len(missing)} outside files"):
                self._fetch(missing)
        return {artefact.name: self.path(artefact) for artefact in artefacts}

    def _fetch(self, missing: list[Artefact]) -> None:
        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            for artefact, _ in zip(missing, pool.map(self.get, missing), strict=True):
                note(f"  {artefact.file}")
        finally:
            pool.shutdown(cancel_futures=True)


def _describe(source: Mapping[str, str]) -> str:
    rest = ", ".join(f"{key} {value}" for key, value in source.items() if key != "kind")
    return f"{source['kind']} ({rest})" if rest else source["kind"]


def axe_script() -> Path:
    """axe-core, the checker of accessibility, as one script: for the tests."""
    artefact = load()["axe-core"]

    def make(folder: Path) -> None:
        with tarfile.open(Store().get(artefact)) as package:
            script = package.extractfile("package/axe.min.js")
            (folder / "axe.min.js").write_bytes(script.read() if script else b"")

    return made("axe-core", artefact.sha256, make) / "axe.min.js"
