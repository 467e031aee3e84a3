"""sw.js: the service worker, told which build it is of and which files that has."""

import json
from pathlib import Path

from building.stamps import file_sha256

WORKER = "sw.js"


def write_worker(script: Path, folder: Path, build: str) -> None:
    """Put the service worker beside the files that it will keep: all that are in `folder` now."""
    files = [_entry(path, folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    told = json.dumps({"build": build, "files": files}, sort_keys=True)
    text = f"self.attentionLabBuild = {told};\n{script.read_text(encoding='utf-8')}"
    (folder / WORKER).write_text(text, encoding="utf-8")


def _entry(path: Path, folder: Path) -> dict[str, str | int | None]:
    page = path.suffix == ".html"
    return {
        "url": path.relative_to(folder).as_posix(),
        "bytes": path.stat().st_size,
        "sha256": None if page else file_sha256(path),
    }
