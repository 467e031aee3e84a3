"""budget.json: what each file weighs on the way to the reader, and what a first visit weighs in all."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from building.compression import compressed

ENCODINGS = {"gzip": "gzip", "brotli": "br"}
NOT_MEASURED = "not measured"
Weight = Mapping[str, int | str]  # bytes, or that they were not measured


def budget(folder: Path, visits: Mapping[str, Iterable[str]], build: str, *, measured: bool = True) -> str:
    """The budget of all files below `folder`; `visits` names the paths that each kind of visit asks for.

    What is not `measured` has been compressed by nobody: only the files as stored are weighed.
    """
    files = {
        path.relative_to(folder).as_posix(): _weigh(path, measured)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    totals = {visit: _sum([files[name] for name in names]) for visit, names in visits.items()}
    totals |= {"all": _sum(list(files.values()))}
    return json.dumps({"build": build, "totals": totals, "files": files}, indent=1) + "\n"


def weigh(files: Iterable[Path], *, measured: bool = True) -> Weight:
    """What these files weigh together, and how many they are."""
    return _sum([_weigh(path, measured) for path in files])


def megabytes(weight: int | str) -> str:
    """A weight in words."""
    return f"{weight / 1e6:.1f} MB" if isinstance(weight, int) else weight


def _weigh(path: Path, measured: bool) -> Weight:
    raw = path.stat().st_size
    if not measured:
        return {"raw": raw, **dict.fromkeys(ENCODINGS, NOT_MEASURED)}
    sizes = {name: compressed(path, encoding).stat().st_size for name, encoding in ENCODINGS.items()}
    return {"raw": raw} | {name: min(size, raw) for name, size in sizes.items()}


def _sum(rows: Sequence[Weight]) -> Weight:
    columns = {key: [row[key] for row in rows] for key in ("raw", *ENCODINGS)}
    return {key: _total(column) for key, column in columns.items()} | {"files": len(rows)}


def _total(column: Sequence[int | str]) -> int | str:
    known = [weight for weight in column if isinstance(weight, int)]
    return sum(known) if len(known) == len(column) else NOT_MEASURED
