"""sw.js: the service worker, told which build it is of and which files that has."""

import json
from collections.abc import Mapping
from pathlib import Path

from building.stamps import file_sha256, integrity

WORKER = "sw.js"


def write_worker(
    script: Path, folder: Path, build: str, starts: Mapping[str, str], languages: Mapping[str, str]
) -> None:
    """Put the service worker beside the files that it may keep: all that are in `folder` now.

    `starts` names the way of starting Python for each file that no other way needs; `languages`, the language
    of each file that is read in no other.
    """
    kept = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = [_entry(path, folder, build, starts, languages) for path in kept]
    told = json.dumps({"build": build, "files": files}, sort_keys=True)
    text = f"self.attentionLabBuild = {told};\n{script.read_text(encoding='utf-8')}"
    (folder / WORKER).write_text(text, encoding="utf-8")


def _entry(
    path: Path, folder: Path, build: str, starts: Mapping[str, str], languages: Mapping[str, str]
) -> dict[str, str | int | None]:
    names_build = path.suffix == ".html" and build.encode() in path.read_bytes()
    url = path.relative_to(folder).as_posix()
    return {
        "url": url,
        "start": starts.get(url),
        "language": languages.get(url),
        "bytes": path.stat().st_size,
        "integrity": None if names_build else integrity(file_sha256(path)),
    }
