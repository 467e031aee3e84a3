"""How long a restart takes after a kernel ran away, with a second kernel waiting and without.

Run: python3 build.py bench restart [--runs 5]
In each run a change sends the kernel into a loop without an end; the page's watchdog ends it, and the page
starts anew by itself. The figure is the page's own, from the end of the watchdog's patience until the lab is
live with the learner's sentence: "Time: all" under "About this build". The numbers are then compared with
NumPy's.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Route, sync_playwright

from bench._limits import Limits
from building.browsers import chromium
from building.serving import serve_site
from tests.e2e.conftest import Watch
from tests.e2e.lab import BOOT_MS, Lab
from tests.e2e.reference import Settings, matrices

SENTENCE = "The dogs are running away"
#: Put behind the kernel's own script: the change that brings this sentence is never answered.
RUNAWAY = """
;(() => { const inner = self.onmessage; self.onmessage = (event) => {
  if (event.data.type === "patch" && event.data.patch.includes("running away")) for (;;);
  return inner(event);
}; })();
"""
#: What the browser says of the device: the lab keeps a second kernel where there are 8 GB.
DEVICE = "Object.defineProperty(Navigator.prototype, 'deviceMemory', {get: () => %d})"
WAITING = ".kernel-about dt:text-is('Waiting kernel')"
RESTARTED = ".kernel-about dt:text-is('Restarted')"
RATIO = 0.1


def restart(browser: Browser, url: str, kernel: Path, *, spare: bool) -> float:
    """Milliseconds of one restart."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")

    def hooked(route: Route) -> None:
        route.fulfill(body=kernel.read_text() + RUNAWAY, content_type="text/javascript")

    page.route(f"**/{kernel.name}", hooked)
    page.add_init_script(DEVICE % (8 if spare else 4))
    lab = Lab(page, url, Watch(page, url)).open("?boot=snapshot#step=weights")
    if spare:
        page.locator(WAITING).wait_for(state="attached", timeout=BOOT_MS)
    field = page.get_by_label("Your sentence")
    field.fill(SENTENCE)
    field.press("Enter")
    page.locator(RESTARTED).wait_for(state="attached", timeout=BOOT_MS)
    lab.wait_ready()
    how = lab.fact("Start")
    if how != ("by a kernel that was waiting" if spare else "from the memory snapshot"):
        raise SystemExit(f"The restart went another way: {how}")
    np.testing.assert_allclose(
        lab.matrix("weights"), matrices(Settings(text=SENTENCE))["weights"], rtol=0, atol=1e-12
    )
    took = float(lab.fact("Time: all").split()[0])
    page.close()
    return took


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--site", type=Path, default=Path("dist/site"))
    arguments = parser.parse_args()
    [kernel] = arguments.site.glob("assets/kernel-*.js")
    took: dict[bool, list[float]] = {True: [], False: []}
    with sync_playwright() as playwright, serve_site(arguments.site) as server:
        browser = playwright.chromium.launch(**chromium())
        for _ in range(arguments.runs):
            for spare, times in took.items():
                times.append(restart(browser, server.url, kernel, spare=spare))
                print(f"{'with' if spare else 'without'} a second kernel: {times[-1]:6.0f} ms", flush=True)
        browser.close()
    with_spare, without = (statistics.median(took[spare]) for spare in (True, False))
    print(f"medians: {with_spare:.0f} ms with a second kernel, {without:.0f} ms without")
    limits = Limits()
    limits.at_most("with / without", with_spare / without, RATIO)
    return limits.summary()


if __name__ == "__main__":
    sys.exit(main())
