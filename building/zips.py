"""Zip files that depend on nothing but their contents."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from building.stamps import file_sha256

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold


def zip_bytes(members: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of these files, dated the same and stored as they are: docs/adr/0004-stored-wheels.md says why.

    Files of a kind stand together, which helps whoever compresses the whole.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted(members.items(), key=lambda item: (PurePosixPath(item[0]).suffix, item[0])):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # as on Unix, also where this runs on Windows
            archive.writestr(entry, data, compression)
    return buffer.getvalue()


def zips_digest() -> str:
    """What names the way in which zips are written."""
    return file_sha256(Path(__file__))
