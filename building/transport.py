"""Carrying every outside file to a machine without a network.

The parcel is a zip: the files of artefacts.toml by their hash, and the wheels of the virtual environment for
machines of the kind that packed it. Import checks the former against artefacts.toml; pip checks the latter
against the locks. Standard library only: over there, import comes first.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from building.artefacts import Store, load
from building.environment import all_locks, locks_digest, wheelhouse
from building.errors import BuildError
from building.progress import note, step
from building.sources import SourceError

FILES = "files/"
ENVIRONMENT = "environment/"


def fetch_all(store: Store | None = None) -> None:
    """Get every artefact into the local cache."""
    store = store or Store()
    artefacts = load().values()
    store.get_all(artefacts)
    note(f"All {len(artefacts)} outside files are in {store.home}")


def export_to(parcel: Path, store: Store | None = None, with_environment: bool = True) -> None:
    """Pack every artefact, and the wheels of the virtual environment, into one file."""
    files = (store or Store()).get_all(load().values())
    parcel.parent.mkdir(parents=True, exist_ok=True)
    unfinished = parcel.with_name(parcel.name + ".unfinished")
    try:
        with step(f"Packing {parcel}"), zipfile.ZipFile(unfinished, "w") as archive:
            for file in files.values():
                archive.write(file, f"{FILES}{file.parent.name}/{file.name}")
            if with_environment:
                _pack_environment(archive)
        unfinished.replace(parcel)
    finally:
        unfinished.unlink(missing_ok=True)
    note(f"{parcel}: {parcel.stat().st_size / 1e6:.0f} MB. Over there: build.py fetch --import {parcel.name}")


def _pack_environment(archive: zipfile.ZipFile) -> None:
    with tempfile.TemporaryDirectory(prefix="attention-lab-") as scratch:
        command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download"]
        command += ["--no-deps", "--require-hashes", "--dest", scratch]
        for lock in all_locks():
            command += ["--requirement", str(lock)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise BuildError(
                f"pip could not bring the wheels of the virtual environment:\n{done.stderr.strip()}"
            )
        for wheel in sorted(Path(scratch).iterdir()):
            archive.write(wheel, ENVIRONMENT + wheel.name)
    archive.writestr(f"{ENVIRONMENT}locks.txt", locks_digest(all_locks()))


def import_from(parcel: Path, store: Store | None = None) -> None:
    """Take every artefact out of a parcel, each only if its hash is right."""
    store = store or Store()
    if not zipfile.is_zipfile(parcel):
        raise BuildError(f"{parcel} is not a file that `build.py fetch --export` wrote")
    artefacts = load().values()
    with zipfile.ZipFile(parcel) as archive, tempfile.TemporaryDirectory(prefix="attention-lab-") as scratch:
        for artefact in artefacts:
            try:
                store.put(
                    artefact, Path(archive.extract(f"{FILES}{artefact.sha256[:16]}/{artefact.file}", scratch))
                )
            except KeyError as error:
                raise BuildError(
                    f"{parcel} lacks {artefact.file}: it was packed from another version"
                ) from error
            except (SourceError, zipfile.BadZipFile) as error:
                raise BuildError(f"{parcel} holds a damaged {artefact.file}: {error}") from error
        _take_environment(archive, Path(scratch))
    note(f"Took {len(artefacts)} outside files into {store.home}")


def _take_environment(archive: zipfile.ZipFile, scratch: Path) -> None:
    members = [name for name in archive.namelist() if name.startswith(ENVIRONMENT)]
    if not members:
        return
    for member in members:
        archive.extract(member, scratch)
    home = wheelhouse()
    home.parent.mkdir(parents=True, exist_ok=True)
    beside = home.with_name(f".unfinished-{os.getpid()}")
    shutil.copytree(scratch / ENVIRONMENT, beside)
    shutil.rmtree(home, ignore_errors=True)
    beside.rename(home)
