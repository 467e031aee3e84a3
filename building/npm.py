"""The tarballs of npm packages."""

import tarfile
from pathlib import Path, PurePosixPath

ROOT_FOLDER = "package/"  # where every file of such a tarball lies


def unpack(tarball: Path, into: Path) -> None:
    """Write the files of a package into a folder; links and whatever points elsewhere are left out."""
    with tarfile.open(tarball) as archive:
        for member in archive:
            path = PurePosixPath(member.name.removeprefix(ROOT_FOLDER))
            content = archive.extractfile(member) if member.isfile() else None
            if content is None or path.is_absolute() or ".." in path.parts:
                continue
            target = into.joinpath(*path.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())
