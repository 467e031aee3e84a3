"""budget.json: what each file weighs on the way to the reader, and what a first visit weighs in all."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from building.compression import compressed

ENCODINGS = {"gzip": "gzip", "brotli": "br"}


def budget(folder: Path, visits: Mapping[str, Iterable[str]], build: str) -> str:
    """The budget of all files below `folder`; `visits` names the paths that each kind of visit asks for."""
    files = {
        path.relative_to(folder).as_posix(): _weigh(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    totals = {visit: _sum(files[name] for name in names) for visit, names in visits.items()}
    totals |= {"all": _sum(files.values())}
    return json.dumps({"build": build, "totals": totals, "files": files}, indent=1) + "\n"


def weigh(files: Iterable[Path]) -> dict[str, int]:
    """What these files weigh together, and how many they are."""
    return _sum(_weigh(path) for path in files)


def _weigh(path: Path) -> dict[str, int]:
    sizes = {name: compressed(path, encoding).stat().st_size for name, encoding in ENCODINGS.items()}
    raw = path.stat().st_size
    return {"raw": raw} | {name: min(size, raw) for name, size in sizes.items()}


def _sum(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    rows = list(rows)
    return {key: sum(row[key] for row in rows) for key in ("raw", *ENCODINGS)} | {"files": len(rows)}
