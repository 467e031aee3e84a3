"""Random use for a quarter of an hour: the kernel's heap must stay where it was after minute 2, and the page
usable.

Run: python3 build.py soak [--minutes 15] [--seed 1]
Prints the heap each minute and exits with 1 if it grew by more than 5 % after minute 2, on a console
error, or if the lab does not answer with NumPy's numbers at the end.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from building.browsers import chromium
from building.serving import serve_site
from tests.e2e.conftest import Watch
from tests.e2e.lab import Lab
from tests.e2e.reference import DEFAULT_TEXT, Settings, matrices

WORDS = [
    "the",
    "cat",
    "sat",
    "on",
    "mat",
    "dogs",
    "park",
    "playing",
    "it",
    "was",
    "tired",
    "because",
    "soft",
    "red",
    "car",
    "🍕",
    "مرحبا",
    "über",
    "<b>",
    "zorp",
]
STEPS = ["embeddings", "qkv", "raw_scores", "scaled_scores", "masked_scores", "weights", "head_outputs"]


# Sets settings of the lab that is shown, as the page itself does.
SET = """
(changes) => {
  const house = Bokeh.documents.at(-1).get_model_by_name("house");
  const {settings} = house.screens.find(({lab}) => lab === house.lab);
  for (const [name, value] of Object.entries(changes)) settings.find(({key}) => key === name).value = value;
}
"""


def random_action(page: Page, rng: random.Random) -> None:
    """One thing that a learner might do; whatever is not on the screen is left alone."""

    def learner(name: str, value: object) -> Callable[[], None]:
        return lambda: page.evaluate(SET, {name: value})

    def sentence() -> None:
        field = page.get_by_label("Your sentence")
        field.fill(" ".join(rng.choices(WORDS, k=rng.choice([0, 1, 4, 7, 7, 7, 12, 20, 40]))))
        field.press("Enter")

    def click(selector: str) -> Callable[[], None]:
        def act() -> None:
            found = page.locator(selector)
            if count := found.count():
                found.nth(rng.randrange(count)).click(force=True)

        return act

    choices: list[tuple[int, Callable[[], None]]] = [
        (6, click(f"[data-region=transport] [data-step={rng.choice(STEPS)}]")),
        (3, sentence),
        (6, click("[data-region=stage] [data-cell]:visible")),
        (3, click("[data-chip]:visible")),
        (3, click("[data-control=mask] [data-value]:visible")),
        (3, learner("scale", rng.choice([None, rng.uniform(0, 2)]))),
        (2, learner("embedding", rng.choice(["hand-built", "random"]))),
        (2, learner("seed", rng.randrange(10_000))),
        (2, learner("d_model", rng.choice([2, 4, 8, 16]))),
        (2, learner("n_heads", rng.choice([1, 2, 4]))),
        (2, learner("head", rng.randrange(4))),
        (1, learner("table", rng.random() < 0.3)),
    ]
    weights = [weight for weight, _ in choices]
    rng.choices([action for _, action in choices], weights)[0]()


def still_right(page: Page, url: str) -> bool:
    """Whether the same page, after all that, still shows NumPy's weights for the default sentence."""
    lab = Lab(page, url, Watch(page, url))
    lab.type_sentence(DEFAULT_TEXT)
    for control, value in (("embedding", "hand-built"), ("d_model", "4"), ("n_heads", "2"), ("mask", "none")):
        lab.choose(control, value)
    page.evaluate(SET, {"scale": None, "head": 0, "table": False})
    lab.go("weights")
    return bool(np.allclose(lab.matrix("weights"), matrices(Settings())["weights"], rtol=0, atol=1e-12))


def heap(page: Page) -> int:
    """Bytes of the kernel's WebAssembly memory, by a ping through the page's own messages."""
    return int(page.evaluate("() => attentionLab.heap()"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--site", type=Path, default=Path("dist/site"))
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    problems: list[str] = []
    sizes: list[int] = []
    actions = 0
    with sync_playwright() as playwright, serve_site(arguments.site) as server:
        browser = playwright.chromium.launch(**chromium())
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(server.url + "?lab=stepper")
        page.locator("html[data-kernel=ready]").wait_for(state="attached", timeout=120_000)
        begin = time.monotonic()
        while (minute := (time.monotonic() - begin) / 60) < arguments.minutes:
            random_action(page, rng)
            page.locator("html[data-settled=true]").wait_for(state="attached", timeout=30_000)
            actions += 1
            if minute >= len(sizes):
                sizes.append(heap(page))
                print(
                    f"minute {len(sizes) - 1:3d}: heap {sizes[-1] / 1e6:7.1f} MB, {actions} actions",
                    flush=True,
                )
        sizes.append(heap(page))
        usable = still_right(page, server.url)
        browser.close()
    reference = sizes[min(2, len(sizes) - 1)]
    growth = max(sizes[2:] or sizes) / reference - 1
    print(f"{actions} actions; the heap grew by {growth:.1%} after minute 2 (limit 5 %)")
    print(f"console errors: {len(problems)}; right numbers at the end: {usable}")
    for problem in problems[:10]:
        print("   ", problem)
    return 1 if growth > 0.05 or problems or not usable else 0


if __name__ == "__main__":
    sys.exit(main())
