"""How soon the lab is there, beside two other pages: ratios of medians, each with its limit.

Run: python3 build.py bench boot [--runs 7] [--parts cold empty warm slow-cpu network firefox bytes]

The pages, all from the built-in server:

- ours: dist/site.
- convert: what `panel convert --to pyodide-worker` makes of the same app, with its hosts replaced by files
  beside it and micropip by `loadPackage` of the same wheels, Bokeh's and Panel's stripped as Panel's own
  build strips them. What the app never imports (pandas, pillow, contourpy, ...) is left out of it: it is
  faster and smaller than in the wild.
- empty: Pyodide's own loader, and nothing but `loadPyodide()` and a page that shows what 1 + 1 is.

What is timed, from the navigation on: "paint", until a matrix with numbers has been painted; "interactive",
until the numbers of a step have been painted that was chosen as soon as one could be; "printed", until the
empty page has painted its sum. Visits alternate, each in a new browser; medians of all runs count. A browser
that has just been started makes pages of its own beside the first one, for most of a second of both
processors here: every visit waits OPENING_SECONDS for their end.

- cold: in a new profile.
- empty: the same, beside the empty page.
- warm: the second visit, in a new browser with the profile of the first, which ended when the page was live
  and our service worker had kept its files. A rest of REST_SECONDS on either page: browsers keep compiled
  code only after a while.
- slow-cpu: cold, the processor four times slower. "main thread" is the DevTools protocol's own brake, which
  refuses workers ("only supported for pages"), where both pages have Python. "all threads" stops the whole
  browser, with all its workers and helpers, for 15 of every 20 milliseconds.
- network: cold, over a line of 10 and of 50 Mbit/s, in the server: so every request has it, the workers' and
  the service worker's too. What went over the line is measured and printed. No latency is added.
- firefox: cold.
- bytes: what the server sent in a cold visit until the page was interactive, as it was sent (brotli).
  "lean" is the page as it is measured here; "convert" has the packages besides that micropip would fetch,
  since Bokeh and Panel name them.

Exits with 1 if a limit is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench._convert_page import build_convert_page, fetched_besides
from bench._empty_page import build_empty_page
from bench._limits import Limits
from bench._line import Line, served_over
from bench._tab import PATIENCE_SECONDS, Tab, browser, slowed
from building.browsers import firefox
from building.compression import compress_all, compressed
from tests.e2e.firefox import FirefoxLab, running

PROBE = Path(__file__).with_name("boot_probe.js").read_text(encoding="utf-8")
REST_SECONDS = 5.0
OPENING_SECONDS = 3.0
SLOWER = 4
LINES = (10, 50)  # Mbit/s
LEAN = {"snapshot": 1.2, "plain": 0.75}  # bytes of a first visit, beside the lean convert page
NEVER_SLOWER = 1.0
KEPT = """
new Promise((kept) => {
  const look = () => document.documentElement.dataset.offline && kept();
  new MutationObserver(look).observe(document.documentElement, {attributes: true});
  look();
})
"""
INDEX = {"ours": "?lab=stepper", "convert": "app.html", "empty": ""}
OURS_AND_CONVERT = ("ours", "convert")

Times = dict[str, float]
Folders = Mapping[str, Path]


@dataclass(frozen=True)
class Page:
    """One of the pages, and the line that it comes over."""

    url: str
    line: Line


Pages = dict[str, Page]


@contextmanager
def serving(folders: Mapping[str, Path], megabits: float | None = None) -> Iterator[Pages]:
    """All pages, each over a line of its own."""
    with contextlib.ExitStack() as stack:
        pages = {}
        for name, folder in folders.items():
            line = Line(megabits)
            address = stack.enter_context(served_over(line, folder))
            pages[name] = Page(address + INDEX[name], line)
        yield pages


async def visited(tab: Tab, url: str) -> Times:
    """A visit, in a browser that has done with its own start."""
    await asyncio.sleep(OPENING_SECONDS)
    await tab.open(url, PROBE)
    times = await tab.evaluate("window.__probed")
    return {name: float(time) for name, time in times.items()}


async def cold(url: str, brake: str = "") -> Times:
    """A visit in a new profile."""
    async with asyncio.timeout(PATIENCE_SECONDS), browser() as tab:
        if brake == "main thread":
            await tab.send("Emulation.setCPUThrottlingRate", rate=SLOWER)
        with slowed(tab.process, SLOWER) if brake == "all threads" else contextlib.nullcontext():
            return await visited(tab, url)


async def warm(url: str, keeps: bool) -> Times:
    """The second visit; `keeps`: the first ends when the page's files are kept."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            async with browser(Path(profile)) as tab:
                await visited(tab, url)
                if keeps:
                    await tab.evaluate(KEPT)
                await asyncio.sleep(REST_SECONDS)
            async with browser(Path(profile)) as tab:
                return await visited(tab, url)


def in_firefox(url: str, executable: str) -> Times:
    """A cold visit in Firefox."""
    with running(executable) as bidi:
        tab = FirefoxLab(bidi)
        bidi.send("script.addPreloadScript", functionDeclaration=f"() => {{ {PROBE} }}")
        bidi.send("browsingContext.navigate", context=tab.tab, url=url, wait="none")
        tab.wait("html", 60_000)
        times = tab.run("() => window.__probed", seconds=PATIENCE_SECONDS)
        return {name: float(time) for name, time in times.items()}


@dataclass
class Race:
    """Visits to some pages in turn."""

    part: str
    runs: int
    pages: dict[str, Callable[[], Times]]
    times: dict[str, list[Times]] = field(default_factory=dict)

    def run(self) -> Race:
        for run in range(self.runs):
            for name in sorted(self.pages, reverse=bool(run % 2)):
                times = self.pages[name]()
                self.times.setdefault(name, []).append(times)
                shown = "   ".join(f"{what} {time:7.0f} ms" for what, time in times.items())
                print(f"    run {run + 1} {name:8s} {shown}", flush=True)
        return self

    def median(self, name: str, what: str) -> float:
        return statistics.median(times[what] for times in self.times[name])

    def never_slower(self, limits: Limits) -> None:
        """Paint and interactive, beside the convert page's."""
        for what in ("paint", "interactive"):
            self.against(limits, what, "convert", limit=NEVER_SLOWER)

    def against(
        self, limits: Limits, what: str, other: str, its: str | None = None, limit: float | None = None
    ) -> None:
        """Print our median beside another page's."""
        a, b = self.median("ours", what), self.median(other, its or what)
        named = f"{self.part}: {what}"
        print(f"    {named}: ours {a:.0f} ms, {other} {b:.0f} ms (medians of {self.runs})")
        if limit is None:
            print(f"    {named} / {other}: {a / b:.3g}")
        else:
            limits.at_most(f"{named} / {other}", a / b, limit)


def visits(pages: Pages, names: Iterable[str], brake: str = "") -> dict[str, Callable[[], Times]]:
    def visit(url: str) -> Callable[[], Times]:
        return lambda: asyncio.run(cold(url, brake))

    return {name: visit(pages[name].url) for name in names}


def run_cold(folders: Folders, runs: int, limits: Limits) -> None:
    with serving(folders) as pages:
        race = Race("cold", runs, visits(pages, OURS_AND_CONVERT)).run()
    race.against(limits, "paint", "convert", limit=0.03)
    race.against(limits, "interactive", "convert", limit=0.22)


def run_empty(folders: Folders, runs: int, limits: Limits) -> None:
    with serving(folders) as pages:
        race = Race("cold", runs, visits(pages, ("ours", "empty"))).run()
    race.against(limits, "interactive", "empty", its="printed", limit=0.8)


def run_warm(folders: Folders, runs: int, limits: Limits) -> None:
    def visit(url: str, keeps: bool) -> Callable[[], Times]:
        return lambda: asyncio.run(warm(url, keeps))

    with serving(folders) as pages:
        second = {name: visit(pages[name].url, keeps=name == "ours") for name in OURS_AND_CONVERT}
        race = Race("warm", runs, second).run()
    race.against(limits, "paint", "convert", limit=NEVER_SLOWER)
    race.against(limits, "interactive", "convert", limit=0.2)


def run_slow_cpu(folders: Folders, runs: int, limits: Limits) -> None:
    for brake in ("main thread", "all threads"):
        with serving(folders) as pages:
            part = f"processor {SLOWER} times slower, {brake}"
            race = Race(part, runs, visits(pages, pages, brake)).run()
        race.never_slower(limits)
        race.against(limits, "interactive", "empty", its="printed")


def run_network(folders: Folders, runs: int, limits: Limits) -> None:
    for megabits in LINES:
        with serving(folders, megabits) as pages:
            race = Race(f"{megabits} Mbit/s", runs, visits(pages, pages)).run()
            busiest = ", ".join(f"{name} {page.line.busiest:.1f}" for name, page in pages.items())
        print(f"    Mbit that came in the busiest second: {busiest}")
        race.never_slower(limits)
        race.against(limits, "interactive", "empty", its="printed")


def run_firefox(folders: Folders, runs: int, limits: Limits) -> None:
    executable = firefox()
    if executable is None:
        print("    There is no Firefox here.")
        return

    def visit(url: str) -> Callable[[], Times]:
        return lambda: in_firefox(url, executable)

    with serving(folders) as pages:
        race = Race("Firefox", runs, {name: visit(page.url) for name, page in pages.items()}).run()
    race.never_slower(limits)
    race.against(limits, "interactive", "empty", its="printed")


def run_bytes(folders: Folders, runs: int, limits: Limits) -> None:
    sent = {}
    with serving(folders) as pages:
        for name, start in (("snapshot", "&boot=snapshot"), ("plain", "&boot=plain"), ("convert", "")):
            page = pages["convert" if name == "convert" else "ours"]
            page.line.begin()
            asyncio.run(cold(page.url + start))
            sent[name] = page.line.sent
    lean = sent.pop("convert")
    wild = lean + sum(compressed(file, "br").stat().st_size for file in fetched_besides())
    for start, limit in (("snapshot", 1.3), ("plain", 0.6)):
        told = {"ours": sent[start], "convert": wild, "lean": lean}
        print(f"    {start}: " + ", ".join(f"{name} {size / 1e6:.2f} MB" for name, size in told.items()))
        limits.at_most(f"bytes of a first visit, {start} / convert", sent[start] / wild, limit)
        limits.at_most(f"bytes of a first visit, {start} / lean", sent[start] / lean, LEAN[start])


PARTS: dict[str, Callable[[Folders, int, Limits], None]] = {
    "cold": run_cold,
    "empty": run_empty,
    "warm": run_warm,
    "slow-cpu": run_slow_cpu,
    "network": run_network,
    "firefox": run_firefox,
    "bytes": run_bytes,
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--site", type=Path, default=Path("dist/site"))
    arguments = parser.parse_args()
    site: Path = arguments.site
    folders = {"ours": site, "convert": build_convert_page(site), "empty": build_empty_page()}
    for folder in folders.values():  # no visit waits for the compressor
        compress_all(path for path in folder.rglob("*") if path.is_file())
    limits = Limits()
    for part in arguments.parts:
        print(f"\n{part}", flush=True)
        PARTS[part](folders, arguments.runs, limits)
    return limits.summary()


if __name__ == "__main__":
    sys.exit(main())
