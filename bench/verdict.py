"""How long it takes from Run to the verdict, for a right softmax.

Run: python3 build.py bench verdict [--runs 30] [--visits 5]
The page waits until Python for the learner's code is there, presses Run, and is timed until the verdict is
laid out, as a change is in `bench steps`: the code runs, its results are compared, the verdict is drawn.
Beside it an empty program is sent to the same runner, by itself. Every run has a worker of its own; its start
is not part of either.

Where Python for the learner's code is not there yet, Run waits for it. In a visit of a browser with an empty
cache an exercise is opened whose program was kept, and Run is pressed as soon as it can be; then a program
without an end is stopped, and the right one is run as soon as that can be. From that Run to the verdict, the
first of a visit is compared with the one after a stop; the time since Python began to start is told, too.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from attention_lab.grading.catalogue import exercise
from bench._limits import Limits
from building.browsers import headless
from building.serving import serve_site
from tests.e2e.conftest import Watch
from tests.e2e.lab import BOOT_MS, Lab
from tests.e2e.test_build import Exercise

RATIO = 10
FIRST = 1.1
LOOP = "while True:\n    pass\n"
EMPTY = {"file": "empty.py", "source": "", "calls": [], "limits": {"seconds": 10, "output": 100}}
RUNNING = "() => attentionLab.runner.told.state === 'running'"
READY = "() => attentionLab.runner.told.state === 'ready'"
ALONE = """async (request) => {
  const start = performance.now()
  await attentionLab.runner.run(JSON.stringify(request), 10)
  return performance.now() - start
}"""
# From the click on Run until another verdict is laid out; `was` is the seed that the last one named.
PRESSED = """(was) => new Promise((done) => {
  const start = performance.now()
  const region = document.querySelector("[data-region=graded]")
  const watch = new MutationObserver(() => {
    const note = region.querySelector(".note")?.textContent ?? ""
    if (region.querySelector(".verdict.passed") == null || note === was) return
    watch.disconnect()
    document.body.offsetHeight
    done([performance.now() - start, note])
  })
  watch.observe(region, {childList: true, subtree: true, characterData: true, attributes: true})
  document.querySelector("[data-action=run]").click()
})"""

# Presses Run as soon as it can be, once a Python has begun to start. `armed` gets the milliseconds from Run
# to the verdict, and those since that start.
AS_SOON_AS = """() => {
  let start = 0
  globalThis.armed = new Promise((done) => {
    addEventListener("attention-lab:runner", ({detail}) => {
      if (detail.state === "starting") start ||= performance.now()
    })
    let pressed = 0
    const look = () => {
      const run = document.querySelector("[data-action=run][aria-disabled=false]")
      if (start !== 0 && pressed === 0 && run != null) {
        pressed = performance.now()
        run.click()
      }
      const passed = pressed !== 0 && document.querySelector("[data-region=graded] .verdict.passed") != null
      if (passed) done([pressed, start].map((from) => performance.now() - from))
      else requestAnimationFrame(look)
    }
    look()
  })
}"""


def measured(page: Page, runs: int) -> tuple[list[float], list[float]]:
    """Milliseconds of an empty program, and of a verdict."""
    empty, verdicts, note = [], [], ""
    for _ in range(runs):
        page.wait_for_function(READY, timeout=BOOT_MS)
        empty.append(page.evaluate(ALONE, EMPTY))
        page.wait_for_function(READY, timeout=BOOT_MS)
        took, note = page.evaluate(PRESSED, note)
        verdicts.append(took)
    return empty, verdicts


def visited(browser: Browser, url: str, kept: StorageState) -> list[float]:
    """Milliseconds of the first run of a visit and of one after a stop: from Run, and since Python starts."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", storage_state=kept
    )
    page = context.new_page()
    page.set_default_timeout(BOOT_MS)
    page.add_init_script(f"({AS_SOON_AS})()")
    task = Exercise(Lab(page, url, Watch(page, url)))
    first: list[float] = page.evaluate("armed")
    task.settled()
    page.wait_for_function(READY, timeout=BOOT_MS)
    task.write(LOOP)
    page.locator("[data-action=run]").click()
    stop = page.locator("[data-action=stop]")
    stop.wait_for()
    page.wait_for_function(RUNNING)
    task.write(exercise("softmax").reference)
    page.evaluate(AS_SOON_AS)
    stop.click()
    again: list[float] = page.evaluate("armed")
    context.close()
    return [*first, *again]


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--site", type=Path, default=Path("dist/site"))
    arguments = parser.parse_args()
    with sync_playwright() as playwright, serve_site(arguments.site) as server:
        browser = playwright.chromium.launch(**headless())
        page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        page.set_default_timeout(BOOT_MS)
        task = Exercise(Lab(page, server.url, Watch(page, server.url)))
        task.write(exercise("softmax").reference)
        empty, verdicts = measured(page, arguments.runs)
        kept = page.context.storage_state()
        page.close()
        visits = [visited(browser, server.url, kept) for _ in range(arguments.visits)]
        browser.close()
    for what, times in (("an empty program", empty), ("Run to verdict", verdicts)):
        print(f"{what}: median {statistics.median(times):.0f} ms, p95 {p95(times):.0f} ms")
    first, started, again, restarted = (statistics.median(times) for times in zip(*visits, strict=True))
    for what, ran, came in (("the first of a visit", first, started), ("after a stop", again, restarted)):
        print(f"Run to verdict, {what}: median {ran:.0f} ms, {came:.0f} ms since Python began to start")
    limits = Limits()
    limits.at_most("Run to verdict, p95, against an empty program", p95(verdicts) / p95(empty), RATIO)
    limits.at_most("the first Run of a visit against one after a stop", first / again, FIRST)
    return limits.summary()


if __name__ == "__main__":
    sys.exit(main())
