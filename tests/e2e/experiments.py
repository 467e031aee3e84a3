"""The lab of experiments as its tests see it: what the models give here, and what the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, cast
from urllib.parse import urlencode

import numpy as np
from playwright.sync_api import Browser

from attention import JOBS, Ordinary, Reader, load_model
from attention_lab.kit.catalogue import lessons
from tests.e2e.conftest import NewPage, one_page
from tests.e2e.lab import Lab

LAB = next(lesson for lesson in lessons() if lesson.name == "experiments")
TIRED, SOFT = "The cat sat on the mat because it was tired", "The cat sat on the mat because it was soft"
DOGS = "The dogs in the park are playing"
BOOK = "The book that I bought yesterday was interesting"
# (step, sentence, job, query, key, rival), words counted from 0
CASES = {
    "tired": ("pronoun", 0, TIRED, "pronoun", 7, 1, 5),
    "soft": ("pronoun", 1, SOFT, "pronoun", 7, 5, 1),
    "dogs": ("agreement", 0, DOGS, "subject", 5, 1, 4),
    "book": ("long_range", 0, BOOK, "subject", 6, 1, 5),
}
MODELS = ("random", "ordinary", "reader")
SEED = 7
FLOAT32 = 2e-5  # the page adds in another order


# What the models give here


@cache
def model(name: str) -> Reader | Ordinary:
    return Reader.random(SEED) if name == "random" else cast("Reader | Ordinary", load_model(name))


def trace(name: str, sentence: str, intervene: Any = None) -> Any:
    return model(name).trace([*sentence.lower().split(), "."], intervene)


def swapping(spot: tuple[int, int], query: int, one: int, other: int) -> Any:
    """Exchange two weights of one head; positions count "<s>"."""

    def intervene(layer: int, weights: np.ndarray) -> np.ndarray:
        if layer == spot[0]:
            weights[spot[1], query, [one, other]] = weights[spot[1], query, [other, one]]
        return weights

    return intervene


def best(name: str, sentence: str, job: str, query: int, key: int) -> tuple[int, int]:
    """The head that the page opens: the one with the job's name, or that looks most from query to key."""
    if name in ("reader", "random"):
        return 1, JOBS.index(job)
    layers = trace(name, sentence).layers
    flat = np.concatenate([layer[:, query + 1, key + 1] for layer in layers])
    return divmod(int(flat.argmax()), len(layers[0]))


# What the page shows


def visit(lab: Lab, **settings: Any) -> None:
    """Go to a state by its link, without loading the page again."""
    lab.visit(urlencode({"lab": "experiments", **settings}))


def shared_page(browser: Browser, site: str) -> Iterator[Lab]:
    """One page for all tests of a file that go to their state by a link."""
    with one_page(browser, site, "#lab=experiments") as page:
        yield page


def open_lab(new_page: NewPage, **options: Any) -> Lab:
    lab = new_page(**options)
    return lab.open("#lab=experiments")


def card_of(lab: Lab, name: str) -> Any:
    return lab.region("models").locator(f".model:has([data-card={name}])")


def answer(lab: Lab) -> dict[str, list[float]]:
    """Each word of the answer, with its probability before, and after where something is tested."""
    rows = lab.region("test").locator("tr[data-word]")
    return {
        str(row.get_attribute("data-word")): [
            float(share)
            for share in row.locator("td").evaluate_all("(all) => all.map((td) => td.dataset.share ?? 'NaN')")
        ]
        for row in rows.all()
    }


def shown_head(lab: Lab) -> tuple[int, int]:
    spot = lab.region("maps").locator("[data-map][aria-pressed=true]").get_attribute("data-map")
    layer, head = str(spot).split(".")
    return int(layer), int(head)


def verdict(lab: Lab) -> str:
    return lab.region("test").locator(".judged").inner_text()


def swap_flips(lab: Lab, name: str, case: str) -> bool:
    """Swap the two weights in the page; whether its verdict is that the answer changes."""
    step, sample, _, _, query, key, rival = CASES[case]
    visit(lab, step=step, sample=sample, examined=name, changes=f"swap.{query}.{key}.{rival}")
    said = verdict(lab)
    assert said.startswith(("The answer changes", "The answer stays")), said
    return said.startswith("The answer changes")


def says(lab: Lab, name: str, case: str) -> str:
    """The answer of a model in the page, with nothing tested."""
    step, sample, *_ = CASES[case]
    visit(lab, step=step, sample=sample, examined=name)
    return card_of(lab, name).locator(".says bdi").inner_text()
