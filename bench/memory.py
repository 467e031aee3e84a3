"""How much memory the page and its worker take together, at their peak and at rest.

Run: python3 build.py bench memory [--runs 3]
Page and worker share one process of the browser. Its peak is what the system has noted (VmHWM), so nothing is
missed between samples; "at rest" is when the lab is live and its files are kept on the device, garbage
included; "collected" is when both were asked to collect it so often that nothing more came back. Resident
memory holds the browser's own code: the row "empty" is a page with nothing on it. The page takes the device
for one of 4 GB. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import sys
from pathlib import Path

from bench._tab import PATIENCE_SECONDS, Tab, browser
from building.serving import serve_site

NOISE_MB = 1.0
#: The device that the limit is about has 4 GB, and says so: the lab keeps no second kernel there.
SMALL = "Object.defineProperty(navigator, 'deviceMemory', {get: () => 4})"
AT_REST = """
new Promise((done, failed) => {
  const watch = new MutationObserver(look);
  function look() {
    const {kernel, settled, offline} = document.documentElement?.dataset ?? {};
    if (kernel === "error") failed(new Error(document.querySelector(".kernel-panel").textContent));
    if (kernel === "ready" && settled === "true" && offline) done();
  }
  watch.observe(document, {attributes: true, childList: true, subtree: true});
  look();
})
"""
NEW_NUMBERS = "#step=weights&text=The+dogs+in+the+park+are+playing"
BUDGET_MB = 450
BUDGET_RATIO = 1.25  # the snapshot's peak over the plain boot's


def children(pid: int) -> list[int]:
    """A process's children, and theirs."""
    found = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*found, *itertools.chain.from_iterable(children(each) for each in found)]


def largest_renderer(root: int) -> int:
    """The process of the page: of those that run pages, the one that takes most."""
    running = [
        pid for pid in children(root) if b"--type=renderer" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    return max(running, key=lambda pid: resident(pid)["VmHWM"])


def resident(pid: int) -> dict[str, float]:
    """What a process holds, in MB."""
    lines = (line.split() for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {line[0][:-1]: int(line[1]) / 1000 for line in lines if line and line[0] in ("VmHWM:", "VmRSS:")}


async def measure(url: str) -> dict[str, float]:
    """One cold visit in a new browser; an empty page where there is no address."""
    async with asyncio.timeout(PATIENCE_SECONDS), browser() as tab:
        heap = 0.0
        if url:
            await tab.open(url, SMALL)
            await tab.evaluate(AT_REST)
            heap = float(await tab.evaluate("attentionLab.heap()")) / 1e6
        else:
            await tab.evaluate("document.readyState")  # its process has begun
        page = largest_renderer(tab.process.pid)
        rest = resident(page)
        await tab.send("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
        return {
            "peak": rest["VmHWM"],
            "at rest": rest["VmRSS"],
            "collected": await collected(tab, page),
            "heap": heap,
        }


async def collected(tab: Tab, page: int) -> float:
    """What is held when another collection gives nothing back."""
    held = resident(page)["VmRSS"]
    while True:
        for session in (None, *tab.workers):
            await tab.send("HeapProfiler.collectGarbage", session)
        before, held = held, resident(page)["VmRSS"]
        if before - held < NOISE_MB:
            return held


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--site", type=Path, default=Path("dist/site"))
    arguments = parser.parse_args()
    if not sys.platform.startswith("linux"):
        print("This bench reads /proc, which only Linux has.")
        return 1
    peaks = {}
    with serve_site(arguments.site) as server:
        ways = {"empty": "", **{w: f"{server.url}?boot={w}{NEW_NUMBERS}" for w in ("plain", "snapshot")}}
        for name, address in ways.items():
            runs = [asyncio.run(measure(address)) for _ in range(arguments.runs)]
            held = {what: statistics.median(run[what] for run in runs) for what in runs[0]}
            peaks[name] = held["peak"]
            print(f"{name:9s}" + "".join(f"   {what} {held[what]:5.0f} MB" for what in held), flush=True)
    ratio = peaks["snapshot"] / peaks["plain"]
    print(f"largest peak {max(peaks.values()):.0f} MB (limit {BUDGET_MB})")
    print(f"peak from the snapshot / plain {ratio:.2f} (limit {BUDGET_RATIO})")
    return 0 if max(peaks.values()) <= BUDGET_MB and ratio <= BUDGET_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
