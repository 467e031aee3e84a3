"""`python -m attention_lab.grading capstone FOLDER`: a folder's programs, put together, run a transformer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attention import AttentionError, MiniLM
from attention_lab.grading.apart import CannotGradeError, run_apart
from attention_lab.grading.capstone import (
    FILE,
    PARTS,
    Ridden,
    Ride,
    judged,
    request,
    ride_minilm,
    ride_writer,
)
from attention_lab.grading.judge import ended
from attention_lab.grading.terminal import lines, plain
from attention_lab.grading.verdict import Verdict

_TEXT = "anna smith saw the dog . tom potter met the cat . anna"


def ride(
    folder: Path, text: str | None, minilm: Path | None, read: Callable[[Path], str]
) -> tuple[list[Ride], Ridden, tuple[str, ...]]:
    """Run what a folder holds; the models with the text, what came of it, and the limits that held."""
    if not folder.is_dir():
        raise CannotGradeError(f"{folder} is no folder: it holds {FILE} and exercise_<id>.py of each part")
    rides = _rides(text or _TEXT, minilm)
    paths = {name: folder / f"exercise_{name}.py" for name in PARTS}
    missing = [name for name, path in paths.items() if not path.is_file()]
    if not (folder / FILE).is_file():
        missing.append("capstone")
    if missing:
        return rides, judged(rides, ended("ended"), missing), ()
    parts = {name: read(path) for name, path in paths.items()}
    done = run_apart(request(rides, read(folder / FILE), parts))
    return rides, judged(rides, done.reply), done.limits


def _rides(text: str, minilm: Path | None) -> list[Ride]:
    try:
        rides = [ride_writer(re.findall(r"[\w']+|[^\w\s]", text))]
        if minilm is not None:
            rides.append(ride_minilm(MiniLM.from_files(minilm), text))
    except (AttentionError, OSError) as error:
        raise CannotGradeError(str(error)) from None
    return rides


def told(rides: list[Ride], ridden: Ridden) -> list[str]:
    """Return the lines that say what came of it."""
    found = list(lines(ridden.verdict))
    for each, rows, gap in zip(rides, ridden.rows, ridden.gaps, strict=True):
        if rows is None or gap is None:
            continue
        found.append(f"  {each.title}: {len(each.tokens)} tokens, largest difference {gap:.1e}")
        for name, share in each.likely(rows, 3):
            found.append(f"    after “{plain(each.tokens[-1])}”: {plain(name)} {share:.3f}")
    found.append(f"  Yours: {', '.join(PARTS)}. Ours: tokens, embeddings, weights, erf and ReLU.")
    if ridden.verdict.passed:
        found.append("Your code just ran a real transformer.")
    return found


def view(rides: list[Ride], ridden: Ridden) -> dict[str, Any]:
    """Return the same for JSON."""
    verdict: Verdict = ridden.verdict
    rides_told = [
        {"model": each.name, "tokens": list(each.tokens), "difference": gap, "called": dict(called)}
        for each, gap, called in zip(rides, ridden.gaps, ridden.called, strict=True)
    ]
    return json.loads(json.dumps({**verdict.view(), "rides": rides_told}))  # type: ignore[no-any-return]
