"""A class opens the lab at once: behind one line, from a server in the room, from sticks, and on loopback.

Run: python3 build.py bench classroom [--parts line room disk server] [--runs 3] [--visits 30] [--write]

- line: thirty cold visits behind one line of 100 Mbit/s, 20 ms for a round trip: seconds until the last is
  interactive (a step was chosen, and its numbers painted), beside the page that `panel convert` makes of the
  same app. Thirty browsers on one machine would measure its processor, so one of the thirty is a browser,
  and 29 visit as it does: before, the browser visits alone over a thirtieth of the line, and what it asks
  for is recorded. Each of the 29 sends a request when all those have been answered that the browser had
  answers to, and after as long as the browser then took: so the order of the page, its scripts, workers and
  packages is kept, and the time that one device's processor takes is in it, and no device waits for
  another's processor. All bytes really go over the line, six connections each; the line gives each visitor
  a piece in turn, and the others go on fetching what the browser fetched later (our service worker's part,
  too). Not in it: congestion of TCP, https, the heads of answers.
  "convert" is what learners would get: with the wheels that micropip fetches since Bokeh and Panel name
  them (they are fetched, not installed). "lean" is without them, the page of `bench boot`.
- room: the same visits from a server in the room that compresses nothing, as `python3 -m http.server`, over
  a wired 1,000 Mbit/s with 1 ms.
- disk: the folder and the single file, opened from the disk of this machine in a new browser. A stick reads
  slower than a disk: its bytes at its speed come on top.
- server: as many visits on loopback, from the built-in server and from nginx (Debian: nginx-light) with the
  settings that README.md has: every file of a first visit over six connections. Every answer must be 200 and
  whole, and the same for every visitor. The median and the 95th percentile of a visit's time, and the bytes.

`--write` puts the times of line, room and disk into building/measured.json, which the tech check tells, and
whether the machine had other work to do when it began: then the processor's part is too long, of all pages.
Exits with 1 if a limit is missed or anything failed.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench._class_disk import from_disk
from bench._class_line import Room, classes
from bench._class_server import files_of_a_visit, run_server
from bench._convert_page import build_convert_page
from bench._limits import Limits
from building.compression import compress_all
from building.pages import MEASURED

LINE = {"megabits": 100, "round_trip": 0.020}
IN_THE_ROOM = {"megabits": 1000, "round_trip": 0.001}
LIMIT = 0.5

Found = dict[str, object]


def run_line(options: argparse.Namespace, limits: Limits) -> Found:
    folders = {
        "ours": options.site,
        "convert": build_convert_page(options.site, besides=True),
        "lean": build_convert_page(options.site),
    }
    compress_all(sent(folders))  # no visit waits for the compressor
    last = classes(folders, Room(options.visits, **LINE), options.runs)
    limits.at_most("the last is interactive, ours / convert", last["ours"] / last["convert"], LIMIT)
    print(f"    the last is interactive, ours / lean: {last['ours'] / last['lean']:.3g}")
    seconds = {name: round(last[name], 1) for name in ("ours", "convert")}
    return {"line": {"devices": options.visits, "megabits": LINE["megabits"], **seconds}}


def sent(folders: dict[str, Path]) -> Iterator[Path]:
    """What may be asked for: of ours, what a slow line takes; wheels of others are as small as they get."""
    yield from (folders["ours"] / each for each in files_of_a_visit(folders["ours"], "plain"))
    for file in (each for folder in folders.values() for each in folder.rglob("*")):
        if file.suffix in (".html", ".js", ".css", ".json", ".wasm") or file.name == "python_stdlib.zip":
            yield file


def run_room(options: argparse.Namespace, limits: Limits) -> Found:
    last = classes({"ours": options.site}, Room(options.visits, **IN_THE_ROOM, stored=True), options.runs)
    told = {"devices": options.visits, "megabits": IN_THE_ROOM["megabits"], "ours": round(last["ours"], 1)}
    return {"room": told}


def run_disk(options: argparse.Namespace, limits: Limits) -> Found:
    found = from_disk(options.site.parent, options.runs)
    return {"disk": {name: round(seconds, 1) for name, seconds in found.items()}}


def run_loopback(options: argparse.Namespace, limits: Limits) -> Found:
    if not run_server(options.site, options.visits, options.start):
        limits.missed.append("visits on loopback")
    return {}


PARTS: dict[str, Callable[[argparse.Namespace, Limits], Found]] = {
    "line": run_line,
    "room": run_room,
    "disk": run_disk,
    "server": run_loopback,
}


def is_busy() -> bool:
    """Whether the machine has had other work to do for a minute: it is told beside what is measured."""
    return os.getloadavg()[0] > (os.cpu_count() or 1) / 2


def write(found: Found, *, busy: bool) -> None:
    """Keep what was measured, beside what was measured before of other parts."""
    kept = json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.is_file() else {}
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    on = {"date": today, "threads": os.cpu_count(), "busy": busy}
    told = kept | {name: {**on, **figures} for name, figures in found.items() if isinstance(figures, dict)}
    MEASURED.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--visits", type=int, default=30)
    parser.add_argument("--start", choices=("plain", "snapshot"), default="plain")
    parser.add_argument("--site", type=Path, default=Path("dist/site"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    limits, busy = Limits(), is_busy()
    for part in options.parts:
        print(f"\n{part}", flush=True)
        found = PARTS[part](options, limits)
        if options.write:
            write(found, busy=busy)
    return limits.summary()


if __name__ == "__main__":
    sys.exit(main())
