"""From a control's change to the page showing the new numbers, beside an empty Bokeh patch through the same
worker: every control of every step of every lab.

Run: python3 build.py bench steps [--changes 40] [--labs stepper scale ...]
Prints p50 and p95 in milliseconds and their ratio: of the stepper with 8 and with 32 tokens, of each control
of each step, and of coming to each step from the one before. Both are timed in the page, alternating, in one
run of one browser: an empty patch is a change of a property that nothing is computed from. The limit is for
p95 against p95; the median of the ratios of neighbours is told beside it, and how often that is above it.
Of twenty changes the p95 is the second slowest, which in some hundred cases is now and then a matter of
chance: where it is above the limit, four times as many are timed besides, and all of them count.
Exits with 1 where a limit is missed. The limit is for choosing, masking, scaling and stepping. What DECLARED
names draws, measures, trains, or makes every picture of another size, which may take longer: one slice more
than an empty patch. Its control shows what was asked for, or the answer is there, within the limit that the
others have.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from attention_lab.kit.catalogue import lab_class, names
from attention_lab.kit.lab import lesson_of
from bench._controls import Change, changes_in
from bench._limits import Limits
from building.browsers import chromium
from building.serving import serve_site

EIGHT = "the cat sat on the mat today again"
THIRTY_TWO = " ".join(EIGHT.split() * 4)
RATIO = 3.0
#: Settings whose change is declared to take longer: what is measured, trained, read by a model anew, resized.
DECLARED = {
    ("stepper", "d_model"): "every matrix has another size: all cells are made and laid out anew",
    ("position", "d_model"): "every map has another width: it is laid out and painted anew",
    ("heads", "model"): "a census of all heads of another model",
    ("scale", "seed"): "20,000 random scores are drawn and measured",
    ("scale", "d_k"): "16,000 scores of that width are computed and measured",
    ("scale", "n_keys"): "rows of that length are softened and measured at every width",
    ("chain", "seed"): "twenty networks are drawn, and what they keep is measured",
    ("chain", "width"): "twenty networks are drawn, and what they keep is measured",
    ("chain", "strength"): "twenty networks are drawn, and what they keep is measured",
    ("block", "seed"): "every block of the stack is drawn, and rows go through all",
    ("learn", "seed"): "a head begins to learn",
    ("learn", "scaled"): "a head begins to learn",
    ("learn", "positions"): "a head begins to learn",
}
SLICE = 50.0  # ms
MEASURE = Path(__file__).with_name("steps_probe.js").read_text(encoding="utf-8")
VIEWS = """() => {
  const house = Bokeh.documents[0].get_model_by_name("house");
  const screen = house.screens.find(({lab}) => lab === house.lab);
  return Object.fromEntries(screen.regions.map(({kind, view}) => [kind, JSON.parse(view)]));
}"""
LINKED = "(link) => Bokeh.documents[0].get_model_by_name('house').link === link"


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


@dataclass(frozen=True)
class Timed:
    """What came of one change, in milliseconds."""

    what: str
    control: list[float]
    empty: list[float]

    def ratio(self, share: float = 0.95) -> float:
        return percentile(self.control, share) / percentile(self.empty, share)

    def __add__(self, other: Timed) -> Timed:
        return Timed(self.what, self.control + other.control, self.empty + other.empty)

    @property
    def paired(self) -> float:
        """The median of the ratios of neighbours, which other work on the machine slows alike."""
        return percentile([a / b for a, b in zip(self.control, self.empty, strict=True)], 0.5)

    @property
    def more(self) -> float:
        """How much longer it takes than an empty patch: the median of neighbours, in milliseconds."""
        return percentile([a - b for a, b in zip(self.control, self.empty, strict=True)], 0.5)

    def __str__(self) -> str:
        told = []
        for name, share in (("p50", 0.5), ("p95", 0.95)):
            a, b = percentile(self.control, share), percentile(self.empty, share)
            told.append(f"{name} {a:6.1f} / {b:5.1f} ms = {a / b:5.2f}")
        return f"{self.what:44} {'   '.join(told)}   neighbours {self.paired:5.2f}"


class Bench:
    """One page, in which controls are changed."""

    def __init__(self, page: Page, url: str, changes: int) -> None:
        self.page, self.changes = page, changes
        page.goto(url + "?lab=stepper")
        page.locator("html[data-kernel=ready]").wait_for(state="attached", timeout=120_000)
        self.settle()

    def settle(self) -> None:
        self.page.locator("html[data-settled=true]").wait_for(state="attached")

    def follow(self, link: str) -> None:
        self.page.evaluate("(link) => { location.hash = link; }", link)
        self.page.wait_for_function(LINKED, arg=link)
        self.settle()

    def views(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(VIEWS)
        return found

    def time(self, what: str, change: Change, changes: int | None = None) -> Timed:
        asked = {"name": change.name, "values": list(change.values)}
        self.page.evaluate(MEASURE, {**asked, "changes": 6})  # warm up
        return self._measured(what, {**asked, "changes": changes or self.changes})

    def acknowledge(self, what: str, change: Change) -> Timed:
        """Until a control shows what was asked for."""
        asked = {"name": change.name, "values": list(change.values), "acknowledged": True}
        return self._measured(what, {**asked, "changes": self.changes})

    def _measured(self, what: str, asked: dict[str, Any]) -> Timed:
        timed = self._once(what, asked)
        if timed.ratio() <= RATIO:
            return timed
        print(f"    {timed}, and once more", flush=True)
        return timed + self._once(what, {**asked, "changes": 4 * asked["changes"]})

    def _once(self, what: str, asked: dict[str, Any]) -> Timed:
        found = self.page.evaluate(MEASURE, asked)
        return Timed(what, found["control"], found["empty"])


def stepper(bench: Bench, limits: Limits) -> None:
    """The scale of the stepper, by the length of its sentence."""
    for text in (EIGHT, THIRTY_TWO):
        bench.follow(f"lab=stepper&step=weights&text={text.replace(' ', '+')}")
        scales = Change("scale", tuple(0.2 + i / 50 for i in range(90)))
        timed = bench.time(f"stepper, {len(text.split())} tokens", scales, 5 * bench.changes)
        print(f"    {timed}", flush=True)
        if text == EIGHT:
            limits.at_most("stepper, 8 tokens", timed.ratio(), RATIO)


def controls(bench: Bench, lab: str, limits: Limits) -> list[bool]:
    """Each control of each step of a lab, and going from one step to the next.

    Returns of each that is not declared whether the median of neighbours is above the limit.
    """
    above = []
    steps = lesson_of(lab_class(lab)).ids
    print(f"\n{lab}", flush=True)
    for i, step in enumerate(steps):
        bench.follow(f"lab={lab}" + (f"&step={step}" if i else ""))
        for change in [*changes_in(bench.views()), Change("step", (steps[i - 1], step))]:
            what = "from the step before" if change.name == "step" else change.name
            timed = bench.time(f"{step}: {what}", change)
            print(f"    {timed}", flush=True)
            if (lab, change.name) in DECLARED:
                limits.at_most(f"{lab}, {timed.what}, declared, ms", timed.more, SLICE)
                shown = bench.acknowledge(f"{step}: {what}, acknowledged", change)
                print(f"    {shown}", flush=True)
                limits.at_most(f"{lab}, {shown.what}", shown.ratio(), RATIO)
            else:
                limits.at_most(f"{lab}, {timed.what}", timed.ratio(), RATIO)
                above.append(timed.paired > RATIO)
    return above


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=40)
    parser.add_argument("--labs", nargs="+", choices=names(), default=list(names()))
    parser.add_argument("--site", type=Path, default=Path("dist/site"))
    arguments = parser.parse_args()
    limits, above = Limits(), list[bool]()
    with sync_playwright() as playwright, serve_site(arguments.site) as server:
        browser = playwright.chromium.launch(**chromium())
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        bench = Bench(page, server.url, arguments.changes)
        if "stepper" in arguments.labs:
            stepper(bench, limits)
        for lab in arguments.labs:
            above += controls(bench, lab, limits)
        browser.close()
    print(f"\nThe median of neighbours is above {RATIO:g} in {sum(above)} of {len(above)}.")
    return limits.summary()


if __name__ == "__main__":
    sys.exit(main())
