"""How long it takes from Run to the verdict, for a right softmax.

Run: python3 build.py bench verdict [--runs 30]
The page waits until Python for the learner's code is there, presses Run, and is timed until the verdict is on
the screen: inputs are made, the code runs, its results are compared, all is drawn. Beside it an empty program
is sent to the same runner, by itself. Every run has a worker of its own; its start is not part of either.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from attention_lab.grading.catalogue import exercise
from bench._limits import Limits
from building.browsers import headless
from building.serving import serve_site
from tests.e2e.conftest import Watch
from tests.e2e.lab import BOOT_MS, Lab
from tests.e2e.test_build import Exercise

RATIO = 10
EMPTY = {"file": "empty.py", "source": "", "calls": [], "limits": {"seconds": 10, "output": 100}}
READY = "() => attentionLab.runner.told.state === 'ready'"
ALONE = """async (request) => {
  const start = performance.now()
  await attentionLab.runner.run(JSON.stringify(request), 10)
  return performance.now() - start
}"""
# From the click on Run until another verdict stands there; `was` is the seed that the last one named.
PRESSED = """(was) => new Promise((done) => {
  const start = performance.now()
  const region = document.querySelector("[data-region=graded]")
  const look = () => {
    const note = region.querySelector(".note")?.textContent ?? ""
    if (region.querySelector(".verdict.passed") == null || note === was) return requestAnimationFrame(look)
    done([performance.now() - start, note])
  }
  document.querySelector("[data-action=run]").click()
  look()
})"""


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


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--site", type=Path, default=Path("dist/site"))
    arguments = parser.parse_args()
    with sync_playwright() as playwright, serve_site(arguments.site) as server:
        browser = playwright.chromium.launch(**headless())
        page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        page.set_default_timeout(BOOT_MS)
        task = Exercise(Lab(page, server.url, Watch(page, server.url)))
        task.write(exercise("softmax").reference)
        empty, verdicts = measured(page, arguments.runs)
        browser.close()
    for what, times in (("an empty program", empty), ("Run to verdict", verdicts)):
        print(f"{what}: median {statistics.median(times):.0f} ms, p95 {p95(times):.0f} ms")
    limits = Limits()
    limits.at_most("Run to verdict, p95, against an empty program", p95(verdicts) / p95(empty), RATIO)
    return limits.summary()


if __name__ == "__main__":
    sys.exit(main())
