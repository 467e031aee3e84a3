"""Outside files, fetched while the virtual environment is being made. Standard library only.

What fails is told by nobody here: the build asks for it again.
"""

import contextlib
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from building.artefacts import AT_ONCE, LATE, NEEDED, Artefact, Store, load
from building.errors import BuildError
from building.progress import step
from building.sources import SourceError, download_tarballs, download_wheels, npm_package
from building.stamps import file_sha256


def main(store: Store) -> None:
    """Fetch what a build begins with and the cache lacks."""
    wanted = [found for found in load().values() if found.group in NEEDED and found.group != LATE]
    missing = [found for found in wanted if not store.has(found)]
    pure = [found for found in missing if found.sources[0] == {"kind": "pypi-wheel"}]
    packed = [found for found in missing if found.sources[0]["kind"] == "npm"]
    others = [found for found in missing if found not in pure and found not in packed]

    def try_to_get(artefact: Artefact) -> None:
        with contextlib.suppress(BuildError):
            store.get(artefact)

    with step(f"Fetching {len(missing)} outside files"), ThreadPoolExecutor(AT_ONCE) as pool:
        together = [pool.submit(get_packed, packed, store), pool.submit(get_together, pure, store)]
        list(pool.map(try_to_get, others))
        for each in together:
            each.result()


def get_together(artefacts: Sequence[Artefact], store: Store) -> None:
    """Pure wheels in one run of pip, which takes a second to start."""
    with tempfile.TemporaryDirectory(prefix="attention-lab-") as scratch, contextlib.suppress(SourceError):
        if artefacts:
            download_wheels([f"{found.name}=={found.version}" for found in artefacts], Path(scratch))
        for artefact in artefacts:
            store.put(artefact, Path(scratch) / artefact.file)


def get_packed(artefacts: Sequence[Artefact], store: Store) -> None:
    """Tarballs in one run of npm, which takes as long to start; it names them otherwise."""
    with tempfile.TemporaryDirectory(prefix="attention-lab-") as scratch, contextlib.suppress(SourceError):
        if artefacts:
            download_tarballs([npm_package(found, found.sources[0]) for found in artefacts], Path(scratch))
        packed = {file_sha256(file): file for file in Path(scratch).glob("*.tgz")}
        for artefact in artefacts:
            if artefact.sha256 in packed:
                store.put(artefact, packed[artefact.sha256])


if __name__ == "__main__":
    main(Store())
