"""What more labs cost a visit: boot, first paint and bytes, beside a copy of the tree with more of them.

Run: python3 build.py bench labs [--more 14] [--runs 40] [--lab scale] [--parts bytes time]

"ours" is built from a copy of this tree in which one lab stands fourteen times more, under other names. Both
sites are opened at the stepper, and at the front door, which tells of every lab.

- bytes: what the server sent until the page was interactive, from the snapshot and plainly (brotli).
- time: visits in turn, each in a profile of its own in one browser: `runs` until the page answers, and four
  times as many that end when it has painted. One visit differs from the next by a tenth to a fifth, and what
  is looked for is a thirtieth, so that many are needed: told is the mean of the middle four fifths, and how
  far the ratio is usually off.

Exits with 1 if a limit is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench._limits import Limits
from bench._line import Line, served_over
from bench.boot import PROBE, cold
from building.browsers import chromium
from building.compression import compress_all
from building.paths import INTERMEDIATE, ROOT, SITE

LABS = Path("pyapp/attention_lab/labs")
MARGIN = 1.03
ADDRESSES = {"the stepper": "?lab=stepper", "the front door": ""}
BUILD = "from building.build import build_to_serve; build_to_serve()"

Folders = dict[str, Path]


def copy_of_the_tree(into: Path) -> None:
    """Everything that git knows of, as it stands; what builds have made is shared."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, into / name)
    (into / ".cache").symlink_to(INTERMEDIATE, target_is_directory=True)


def add_copies(lab: str, count: int, tree: Path) -> None:
    """Put a lab there so many times more, each under a name of its own."""
    for number in range(count):
        name = f"{lab}_{number + 1}"
        shutil.copytree(tree / LABS / lab, tree / LABS / name)
        for path in (tree / LABS / name).rglob("*.py"):
            text = path.read_text(encoding="utf-8").replace(f"labs.{lab}", f"labs.{name}")
            path.write_text(text, encoding="utf-8")


def build(tree: Path) -> Path:
    """The site of a tree."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tree / "pyapp"), str(tree)])}
    subprocess.run([sys.executable, "-c", BUILD], cwd=tree, env=environment, check=True)
    return tree / SITE.relative_to(ROOT)


def run_bytes(folders: Folders, runs: int, limits: Limits) -> None:
    for where, address in ADDRESSES.items():
        for start in ("snapshot", "plain"):
            sent = {}
            for name, folder in folders.items():
                line = Line()
                with served_over(line, folder) as url:
                    asyncio.run(cold(f"{url}{address}{'&' if address else '?'}boot={start}"))
                sent[name] = line.sent
            print(
                f"    {where}, {start}: " + ", ".join(f"{n} {size / 1e6:.2f} MB" for n, size in sent.items())
            )
            limits.at_most(f"bytes, {where}, {start}", sent["ours"] / sent["as it is"], MARGIN)


def run_time(folders: Folders, runs: int, limits: Limits) -> None:
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(**chromium())
        urls = {name: stack.enter_context(served_over(Line(), folder)) for name, folder in folders.items()}
        for where, address in ADDRESSES.items():
            for what, promise, visits in (
                ("paint", "window.__painted", 4 * runs),
                ("interactive", "window.__probed.then((times) => times.interactive)", runs),
            ):
                times: dict[str, list[float]] = {name: [] for name in urls}
                for visit in range(visits):
                    for name in sorted(urls, reverse=bool(visit % 2)):
                        times[name].append(visited(browser, urls[name] + address, promise))
                told = ", ".join(f"{name} {middle(found):.0f} ms" for name, found in times.items())
                off = standard_error(times["ours"], times["as it is"])
                print(f"    {where}: {what}: {told} ({visits} visits each; the ratio is off by {off:.3f})")
                limits.at_most(f"{where}: {what}", middle(times["ours"]) / middle(times["as it is"]), MARGIN)
        browser.close()


def visited(browser: Browser, url: str, promise: str) -> float:
    """Open a page as one who has never been there, and return what the promise of its probe says."""
    with closing(browser.new_context()) as context:
        page = context.new_page()
        page.add_init_script(PROBE)
        page.goto(url, wait_until="commit")
        return float(page.evaluate(promise))


def middle(times: Sequence[float]) -> float:
    """The mean of the middle four fifths."""
    out = len(times) // 10
    return statistics.fmean(sorted(times)[out : len(times) - out])


def standard_error(ours: Sequence[float], theirs: Sequence[float], draws: int = 500) -> float:
    """How far the ratio of the two is usually off: its spread over samples drawn from them (bootstrap)."""
    dice = random.Random(1)
    return statistics.stdev(
        middle(dice.choices(ours, k=len(ours))) / middle(dice.choices(theirs, k=len(theirs)))
        for _ in range(draws)
    )


PARTS: dict[str, Callable[[Folders, int, Limits], None]] = {"bytes": run_bytes, "time": run_time}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--more", type=int, default=14)
    parser.add_argument("--lab", default="scale")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    arguments = parser.parse_args()
    limits = Limits()
    with tempfile.TemporaryDirectory(prefix="attention-lab-") as scratch:
        tree = Path(scratch)
        copy_of_the_tree(tree)
        add_copies(arguments.lab, arguments.more, tree)
        folders = {"ours": build(tree), "as it is": SITE}
        for folder in folders.values():  # both are sent as small as can be, and at once
            compress_all((path for path in folder.rglob("*") if path.is_file()), best=True)
        for part in arguments.parts:
            print(f"\n{part}", flush=True)
            PARTS[part](folders, arguments.runs, limits)
    return limits.summary()


if __name__ == "__main__":
    sys.exit(main())
