"""A class behind one line: a real browser and others that visit as it does, at once, and the last of them."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from bench._fair_line import FairLine, served_fairly
from bench._tab import PATIENCE_SECONDS, browser
from bench._visits import Recording, recorded, replay
from bench.boot import INDEX, KEPT, OPENING_SECONDS, PROBE


@dataclass(frozen=True)
class Room:
    """How many visit, over what."""

    devices: int
    megabits: float
    round_trip: float
    stored: bool = False  # the server compresses nothing


@dataclass(frozen=True)
class Lesson:
    """When the browser in the class was interactive, and when the last of all was, in seconds."""

    browser: float
    last: float
    gave: float  # Mbit/s of the line


def other(number: int) -> str:
    """An address from which one of the others comes."""
    return f"127.0.1.{number + 1}"


async def alone(folder: Path, index: str, room: Room, keeps: bool) -> Recording:
    """What a browser asks for over its part of the line; `keeps`: until the page's files are kept."""
    line = FairLine(room.megabits / room.devices, room.round_trip)
    with served_fairly(line, folder, stored=room.stored) as (url, _):
        async with asyncio.timeout(PATIENCE_SECONDS), browser() as tab:
            await asyncio.sleep(OPENING_SECONDS)
            begin = time.perf_counter()
            await tab.open(url + index, PROBE)
            times = await tab.evaluate("window.__probed")
            if keeps:
                await tab.evaluate(KEPT)
            return recorded(line.answered, begin, begin + float(times["interactive"]) / 1000)


async def together(folder: Path, index: str, room: Room, recording: Recording) -> Lesson:
    """One browser, and the others as it did alone."""
    line = FairLine(room.megabits, room.round_trip)
    with served_fairly(line, folder, stored=room.stored) as (url, port):
        async with asyncio.timeout(PATIENCE_SECONDS), browser() as tab:
            await asyncio.sleep(OPENING_SECONDS)
            others = asyncio.gather(
                *(replay(recording, port, other(number)) for number in range(room.devices - 1))
            )
            await tab.open(url + index, PROBE)
            times = await tab.evaluate("window.__probed")
            mine = float(times["interactive"]) / 1000
            gave = line.typical
            return Lesson(mine, max(mine, *await others), gave)


def classes(folders: dict[str, Path], room: Room, runs: int) -> dict[str, float]:
    """Lessons with some pages in turn: seconds until the last is interactive, the median of all runs."""
    recordings: dict[str, Recording] = {}
    for name, folder in folders.items():
        told = asyncio.run(alone(folder, index_of(name), room, keeps=name == "ours"))
        recordings[name] = told
        print(
            f"    {name:8s} alone, over its part of the line: {len(told.asked)} requests;"
            f" {told.bytes / 1e6:.2f} MB until interactive, {told.pause:.1f} s after the last of them",
            flush=True,
        )
    lessons: dict[str, list[Lesson]] = {name: [] for name in folders}
    for run in range(runs):
        for name in sorted(folders, reverse=bool(run % 2)):
            lesson = asyncio.run(together(folders[name], index_of(name), room, recordings[name]))
            lessons[name].append(lesson)
            print(
                f"    run {run + 1} {name:8s} the last {lesson.last:6.1f} s"
                f"   the browser {lesson.browser:6.1f} s   the line gave {lesson.gave:.0f} Mbit/s",
                flush=True,
            )
    return {name: statistics.median(each.last for each in met) for name, met in lessons.items()}


def index_of(name: str) -> str:
    return INDEX["ours" if name == "ours" else "convert"]
