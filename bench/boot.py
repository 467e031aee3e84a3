"""Cold boot against the page that `panel convert --to pyodide-worker` makes of the same app.

Run: python3 build.py bench boot [--runs 7]
Prints medians and the ratio ours / theirs of: time to the first meaningful paint (a matrix with numbers
on the screen), time to interactive (a step chosen as soon as it can be chosen, and its new numbers on the
screen), and bytes of the visit (brotli). Runs alternate, each in a fresh browser profile.

Their page is the output of `panel convert`, with its hosts replaced by files beside it and micropip by
`loadPackage` of the same wheels, Bokeh's and Panel's stripped as Panel's own build strips them. What the app
never imports (pandas, pillow, contourpy, ...) is left out of it, which makes it faster than it is in the
wild: "bytes, lean" is without these packages, "bytes" with those that micropip would fetch as well.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from bench.convert_page import build_convert_page, fetched_besides
from building.browsers import chromium
from building.compression import compressed
from building.serving import serve_site

PROBE = Path(__file__).with_name("boot_probe.js").read_text(encoding="utf-8")


def visit(playwright: Playwright, url: str) -> tuple[dict[str, float], set[str]]:
    """One cold visit in a new profile: milliseconds since navigation, and what was asked for."""
    with tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, viewport={"width": 1440, "height": 900}, **chromium()
        )
        page = context.new_page()
        asked: set[str] = set()
        context.on("request", lambda request: asked.add(request.url))
        page.add_init_script(PROBE)
        page.goto(url)
        page.locator("html[data-probed=true]").wait_for(state="attached", timeout=180_000)
        times: dict[str, float] = page.evaluate("() => window.__times")
        context.close()
    return times, asked


def brotli_bytes(directory: Path, base: str, asked: set[str]) -> int:
    """What these files weigh in brotli, as the server sends them."""
    names = {
        url.removeprefix(base).split("#")[0].split("?")[0] or "index.html"
        for url in asked
        if url.startswith(base)
    }
    files = [directory / name for name in sorted(names) if (directory / name).is_file()]
    return sum(weigh(file) for file in files)


def weigh(file: Path) -> int:
    return compressed(file, "br").stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--site", type=Path, default=Path("dist/site"))
    arguments = parser.parse_args()
    folders = {"ours": arguments.site, "theirs": build_convert_page(arguments.site)}
    times: dict[str, list[dict[str, float]]] = {name: [] for name in folders}
    weights: dict[str, int] = {}
    with (
        sync_playwright() as playwright,
        serve_site(folders["ours"]) as ours,
        serve_site(folders["theirs"]) as theirs,
    ):
        bases = {"ours": ours.url, "theirs": theirs.url}
        for run in range(arguments.runs):
            for name in sorted(folders, reverse=bool(run % 2)):
                address = bases[name] + ("app.html" if name == "theirs" else "")
                measured, asked = visit(playwright, address)
                times[name].append(measured)
                weights.setdefault(name, brotli_bytes(folders[name], bases[name], asked))
                shown = "   ".join(f"{what} {measured[what]:7.0f} ms" for what in ("paint", "interactive"))
                print(f"run {run + 1} {name:7s} {shown}", flush=True)
    for what in ("paint", "interactive"):
        a, b = (statistics.median(measured[what] for measured in times[name]) for name in ("ours", "theirs"))
        print(f"{what:12s} ours {a:9.0f} ms   theirs {b:9.0f} ms   ratio {a / b:.3f}")
    lean, wild = weights["theirs"], weights["theirs"] + sum(weigh(file) for file in fetched_besides())
    for what, weight in (("bytes, lean", lean), ("bytes", wild)):
        print(
            f"{what:12s} ours {weights['ours'] / 1e6:9.2f} MB   theirs {weight / 1e6:9.2f} MB   "
            f"ratio {weights['ours'] / weight:.3f}   (brotli)"
        )


if __name__ == "__main__":
    main()
