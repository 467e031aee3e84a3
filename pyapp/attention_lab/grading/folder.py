"""`python -m attention_lab.grading capstone FOLDER`: a folder's programs, put together, run a transformer."""

from __future__ import annotations

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
from attention_lab.kit.texts import _, lazy, said_by

_TEXT = "anna smith saw the dog . tom potter met the cat . anna"


def ride(
    folder: Path, text: str | None, minilm: Path | None, read: Callable[[Path], str]
) -> tuple[list[Ride], Ridden, tuple[str, ...]]:
    """Run what a folder holds; the models with the text, what came of it, and the limits that held."""
    if not folder.is_dir():
        raise CannotGradeError(
            lazy(
                "{folder} is no folder: it holds {file} and exercise_<id>.py of each part",
                folder=folder,
                file=FILE,
            )
        )
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
    except AttentionError as error:
        raise CannotGradeError(said_by(error)) from None
    except OSError as error:
        raise CannotGradeError(str(error)) from None
    return rides


def told(rides: list[Ride], ridden: Ridden) -> list[str]:
    """Return the lines that say what came of it."""
    found = list(lines(ridden.verdict))
    for each, rows, gap in zip(rides, ridden.rows, ridden.gaps, strict=True):
        if rows is None or gap is None:
            continue
        gone = _(
            "{model}: {n} tokens, largest difference {gap}",
            model=each.title,
            n=len(each.tokens),
            gap=f"{gap:.1e}",
        )
        found.append(f"  {gone}")
        for name, share in each.likely(rows, 3):
            after = _(
                "after “{word}”: {next} {share}",
                word=plain(each.tokens[-1]),
                next=plain(name),
                share=f"{share:.3f}",
            )
            found.append(f"    {after}")
    whose = _("Yours: {parts}. Ours: tokens, embeddings, weights, erf and ReLU.", parts=", ".join(PARTS))
    found.append(f"  {whose}")
    if ridden.verdict.passed:
        found.append(_("Your code just ran a real transformer."))
    return found


def view(rides: list[Ride], ridden: Ridden) -> dict[str, Any]:
    """Return the same for JSON."""
    verdict: Verdict = ridden.verdict
    rides_told = [
        {"model": each.name, "tokens": list(each.tokens), "difference": gap, "called": dict(called)}
        for each, gap, called in zip(rides, ridden.gaps, ridden.called, strict=True)
    ]
    return {**verdict.view(), "rides": rides_told}
