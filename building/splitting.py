"""The packages, cut in two: what the labs of a first visit read, and what comes when those are alive.

Which files are read is found by using these labs when the memory snapshot is made; a package that learners'
code runs on by itself stays whole.
"""

import shutil
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from building.compiling import SITE_PACKAGES
from building.lock import write_lock
from building.packages import Outside
from building.snapshot import pack
from building.stamps import digest, file_sha256, made
from building.wheels import Package, Wheel, matches, wheel_bytes
from building.zips import zips_digest

REST = "packages-rest.bin"
WHOLE = ("numpy",)


def split(wheels: Iterable[Wheel], runtime: Path, read: Collection[str]) -> Path:
    """A folder of wheels with the files that are `read`, their lock, and the rest in one file."""
    wheels, read = list(wheels), frozenset(read)
    contents = [file_sha256(path) for path in (Path(__file__), *(wheel.file for wheel in wheels))]
    key = digest(runtime.name, zips_digest(), contents, sorted(read))

    def make(folder: Path) -> None:
        smaller: list[Wheel] = []
        rest: dict[str, bytes] = {}
        for wheel in wheels:
            file = folder / wheel.file.name
            rest |= divide(wheel, file, read)
            smaller.append(replace(wheel, file=file))
        (folder / REST).write_bytes(pack({path: rest[path] for path in sorted(rest)}))
        write_lock(smaller, runtime, folder)

    return made("split", key, make)


def divide(wheel: Wheel, into: Path, read: Collection[str]) -> dict[str, bytes]:
    """Write what is read of a wheel as a wheel; the other files, by their paths in the page."""
    if wheel.package.name in WHOLE:
        shutil.copyfile(wheel.file, into)
        return {}
    with zipfile.ZipFile(wheel.file) as archive:
        members = {item.filename: archive.read(item) for item in archive.infolist() if not item.is_dir()}
    info = {
        path: data for path, data in members.items() if ".dist-info/" in path and not path.endswith("/RECORD")
    }
    files = {path: data for path, data in members.items() if ".dist-info/" not in path}
    kept = {
        path: data
        for path, data in files.items()
        if f"{SITE_PACKAGES}/{path}" in read or not _may_come_later(wheel.package, path)
    }
    into.write_bytes(wheel_bytes(kept, info))
    return {f"{SITE_PACKAGES}/{path}": data for path, data in files.items() if path not in kept}


def _may_come_later(package: Package, path: str) -> bool:
    return isinstance(package, Outside) or any(matches(path, pattern) for pattern in package.later)
