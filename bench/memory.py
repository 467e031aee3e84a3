"""How much memory the page and its worker take together, at their peak and at rest.

Run: python3 build.py bench memory [--runs 3]
Page and worker share one process of the browser. Its peak is what the system has noted (VmHWM), so nothing is
missed between samples; "at rest" is ten seconds after the lab was live, garbage included; "collected" is the
same after both were asked to collect it. Resident memory holds the browser's own code: the row "empty" is
a page with nothing on it. A bare socket drives the browser, since a tool that records requests makes the
process keep their bodies. The page takes the device for one of 4 GB. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tornado.websocket import WebSocketClientConnection, websocket_connect

from building.browsers import chromium
from building.serving import serve_site

PATIENCE_SECONDS = 120.0
LOOK_AGAIN = 0.1
REST_SECONDS = 10.0
#: The device that the limit is about has 4 GB, and says so: the lab keeps no second kernel there.
SMALL = "Object.defineProperty(navigator, 'deviceMemory', {get: () => 4})"
STATE = "document.documentElement?.dataset.kernel"
NEW_NUMBERS = "#step=weights&text=The+dogs+in+the+park+are+playing"
BUDGET_MB = 450
BUDGET_RATIO = 1.25  # the snapshot's peak over the plain boot's


class Tab:
    """One tab, over the DevTools protocol: commands only, and no recording."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.workers: list[str] = []

    async def send(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        await self._socket.write_message(json.dumps(command | ({"sessionId": session} if session else {})))
        while True:
            answer = json.loads(await self._socket.read_message() or "{}")
            if answer.get("method") == "Target.attachedToTarget":
                self.workers.append(answer["params"]["sessionId"])
            if answer.get("id") == number:
                return dict(answer.get("result", {}))

    async def evaluate(self, expression: str) -> Any:
        answer = await self.send("Runtime.evaluate", expression=expression, awaitPromise=True)
        return answer.get("result", {}).get("value")


@asynccontextmanager
async def browser() -> AsyncIterator[tuple[Tab, subprocess.Popen[bytes]]]:
    """A new browser with one tab."""
    options = chromium()
    with tempfile.TemporaryDirectory() as profile:
        command = [str(options["executable_path"]), *options["args"], "--headless"]
        command += ["--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            told = Path(profile) / "DevToolsActivePort"
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not told.exists() or "\n" not in told.read_text():
                    await asyncio.sleep(LOOK_AGAIN)
            port = told.read_text().split("\n")[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                tabs = [found for found in json.load(answer) if found["type"] == "page"]
            yield Tab(await websocket_connect(tabs[0]["webSocketDebuggerUrl"])), process
        finally:
            process.terminate()
            process.wait()


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
    async with browser() as (tab, process), asyncio.timeout(PATIENCE_SECONDS):
        heap = 0.0
        if url:
            await tab.send("Page.enable")
            await tab.send("Page.addScriptToEvaluateOnNewDocument", source=SMALL)
            await tab.send("Page.navigate", url=url)
            while await tab.evaluate(STATE) != "ready":
                await asyncio.sleep(LOOK_AGAIN)
            heap = float(await tab.evaluate("attentionLab.heap()")) / 1e6
        await asyncio.sleep(REST_SECONDS)
        rest = resident(largest_renderer(process.pid))
        await tab.send("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
        for session in (None, *tab.workers):
            await tab.send("HeapProfiler.collectGarbage", session)
        await asyncio.sleep(1)
        collected = resident(largest_renderer(process.pid))
        return {
            "peak": rest["VmHWM"],
            "at rest": rest["VmRSS"],
            "collected": collected["VmRSS"],
            "heap": heap,
        }


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
