"""Zip files that depend on nothing but their contents."""

import io
import zipfile
from collections.abc import Mapping

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """A zip of these files: sorted, dated the same, compressed as far as deflate goes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted(members.items()):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # as on Unix, also where this runs on Windows
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()
