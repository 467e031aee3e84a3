"""Cold boot against the page that `panel convert --to pyodide-worker` makes of the same app.

Run: python3 build.py bench boot [--runs 7]
Prints medians and the ratio ours / theirs of: time to the first meaningful paint (a matrix with numbers on the screen), time to interactive
(a step chosen as soon as it can be chosen, and its new numbers on the screen), and bytes of the visit (brotli). Runs alternate, each in a fresh
browser profile.

Their page is the output of `panel convert`, with its hosts replaced by files beside it and micropip by `loadPackage` of the same wheels: Bokeh's
and Panel's stripped as Panel's own build strips them, and none of the packages that the app never imports (pandas, pillow, contourpy, requests),
although micropip would fetch them. All of that makes their page faster than it is in the wild.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

import brotli
from playwright.sync_api import Playwright, Request, sync_playwright

from bench.convert_page import build_convert_page
from building.browsers import chromium
from building.serving import serve_site

# In both pages: note when a matrix with numbers first shows, then choose a step at once, and note when its numbers show.
PROBE = """
(() => {
  const times = window.__times = {};
  const watch = new MutationObserver(look);
  function look() {
    const stage = document.querySelector("[data-region=stage]");
    if (!times.paint && stage?.querySelector("[data-matrix=x] [data-value]")) {
      times.paint = performance.now();
      document.querySelector("[data-region=transport] [data-step=weights]").click();
    }
    if (times.paint && !times.interactive && stage?.querySelector("[data-matrix=weights] [data-value]")) {
      times.interactive = performance.now();
      watch.disconnect();
      document.documentElement.dataset.probed = "true";
    }
  }
  watch.observe(document, {childList: true, subtree: true, attributes: true, attributeFilter: ["data-value"]});
})();
"""


def visit(playwright: Playwright, url: str) -> dict[str, float]:
    """One cold visit in a new profile; milliseconds since navigation, and brotli bytes of what was asked for."""
    with tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(profile, viewport={"width": 1440, "height": 900}, **chromium())
        page = context.new_page()
        asked: list[Request] = []
        page.on("request", asked.append)
        context.on("request", lambda request: None)
        page.add_init_script(PROBE)
        page.goto(url)
        page.locator("html[data-probed=true]").wait_for(state="attached", timeout=180_000)
        times: dict[str, float] = page.evaluate("() => window.__times")
        urls = {request.url for request in asked}
        context.close()
    return {**times, "urls": len(urls)}


def brotli_bytes(directory: Path, names: set[str]) -> int:
    return sum(len(brotli.compress((directory / name).read_bytes(), quality=9)) for name in names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--site", type=Path, default=Path("dist/site"))
    arguments = parser.parse_args()
    theirs_dir = build_convert_page(arguments.site)
    with sync_playwright() as playwright, serve_site(arguments.site) as ours, serve_site(theirs_dir) as theirs:
        pages = {"ours": ours.url, "theirs": theirs.url + "app.html"}
        results: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
        for run in range(arguments.runs):
            for name in sorted(pages, reverse=bool(run % 2)):
                results[name].append(visit(playwright, pages[name]))
                last = results[name][-1]
                print(f"run {run + 1} {name:7s} paint {last['paint']:8.0f} ms   interactive {last['interactive']:8.0f} ms", flush=True)
    for what in ("paint", "interactive"):
        a, b = (statistics.median(r[what] for r in results[name]) for name in ("ours", "theirs"))
        print(f"{what:12s} ours {a:8.0f} ms   theirs {b:8.0f} ms   ratio {a / b:.3f}")


if __name__ == "__main__":
    main()
