"""From a control's change to the page showing the new numbers, beside an empty Bokeh patch through the same
worker.

Run: python3 build.py bench steps [--changes 200]
Prints p50 and p95 in milliseconds and their ratio, for 8 and for 32 tokens. Both are timed in the page,
alternating, in one run of one browser: an empty patch is a change of a property that nothing is computed
from.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from building.browsers import chromium
from building.serving import serve_site

EIGHT = "the cat sat on the mat today again"
THIRTY_TWO = " ".join(EIGHT.split() * 4)

MEASURE = Path(__file__).with_name("steps_probe.js").read_text(encoding="utf-8")


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def measure(page: Page, url: str, text: str, changes: int) -> None:
    page.goto(url + "?lab=stepper")
    page.locator("html[data-kernel=ready]").wait_for(state="attached", timeout=120_000)
    field = page.get_by_label("Your sentence")
    field.fill(text)
    field.press("Enter")
    page.locator(f"[data-chip='{len(text.split()) - 1}']").wait_for()
    page.locator("[data-region=transport] [data-step=weights]").click()
    page.locator("html[data-settled=true]").wait_for(state="attached")
    page.evaluate(MEASURE, {"changes": 20})  # warm up
    result = page.evaluate(MEASURE, {"changes": changes})
    control, empty = result["control"], result["empty"]
    print(f"{len(text.split()):3d} tokens, {changes} changes")
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        a, b = percentile(control, share), percentile(empty, share)
        print(f"    {name}: change to new numbers {a:7.1f} ms   empty patch {b:7.1f} ms   ratio {a / b:5.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--site", type=Path, default=Path("dist/site"))
    arguments = parser.parse_args()
    with sync_playwright() as playwright, serve_site(arguments.site) as server:
        browser = playwright.chromium.launch(**chromium())
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        for text in (EIGHT, THIRTY_TWO):
            measure(page, server.url, text, arguments.changes)
        browser.close()


if __name__ == "__main__":
    main()
