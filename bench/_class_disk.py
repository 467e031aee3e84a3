"""The forms that are opened from disk, as from a stick: no line at all."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import zipfile
from pathlib import Path

from bench.boot import cold

FORMS = {"folder": "attention-lab-folder.zip", "single": "attention-lab.html"}


def from_disk(dist: Path, runs: int) -> dict[str, float]:
    """Seconds until each form, opened from the disk, is interactive in a new browser: medians."""
    with tempfile.TemporaryDirectory() as scratch:
        with zipfile.ZipFile(dist / FORMS["folder"]) as archive:
            archive.extractall(scratch)
        pages = {"folder": Path(scratch) / "index.html", "single": (dist / FORMS["single"]).resolve()}
        times: dict[str, list[float]] = {name: [] for name in pages}
        for run in range(runs):
            for name, page in pages.items():
                found = asyncio.run(cold(f"{page.as_uri()}#lab=stepper"))
                times[name].append(found["interactive"] / 1000)
                print(f"    run {run + 1} {name:8s} {times[name][-1]:6.1f} s", flush=True)
    return {name: statistics.median(found) for name, found in times.items()}
