"""The screen as a test sees it: what a learner does, and the numbers that the page shows."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import numpy as np
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.e2e.conftest import Watch

BOOT_MS = 90_000


# The numbers of one matrix, row by row; cells that hold none are null.
READ_MATRIX = """
(host) => {
  const rows = [];
  for (const cell of host.querySelectorAll("[data-cell]")) {
    const [r, c] = cell.dataset.cell.split(",").map(Number);
    (rows[r] ??= [])[c] = cell.dataset.value ?? null;
  }
  return rows;
}
"""


def in_the_stepper(url: str) -> str:
    """Most tests look at the stepper; an address that names no lab opens the front door."""
    if "lab=" in url or "#" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}lab=stepper"


class Lab:
    """One open page."""

    def __init__(self, page: Page, url: str, watch: Watch) -> None:
        self.page = page
        self.url = url
        self.watch = watch
        self.provokes_errors = False
        self.address = re.compile(
            re.escape(url) + r"(\?[^#]*)?$"
        )  # of the page itself, whatever is asked for

    # open and wait

    def open(self, query: str = "", *, ready: bool = True) -> Lab:
        # Not "load": it waits for a payload's scripts, which a server may first have to compress.
        self.page.goto(in_the_stepper(self.url + query), wait_until="domcontentloaded")
        if ready:
            self.wait_ready()
        return self

    def wait_ready(self) -> None:
        self.page.locator("html[data-kernel=ready]").wait_for(state="attached", timeout=BOOT_MS)
        self.settle()

    def wait_painted(self) -> None:
        self.page.locator("html[data-painted]").wait_for(state="attached", timeout=BOOT_MS)

    def settle(self) -> None:
        """Wait until every change that was made has been answered, and is shown."""
        self.page.locator("html[data-settled=true]").wait_for(state="attached")
        if not self.provokes_errors and self.page.locator("html").get_attribute("data-kernel") == "error":
            raise AssertionError(self.page.locator(".kernel-panel").text_content())

    # do

    def follow(self, link: str) -> None:
        """Go where a link leads, in the open page: what it does not name is as the lab opens with it."""
        self._address(link)
        self.page.wait_for_function(
            "(link) => Bokeh.documents.at(-1).get_model_by_name('house').link === link", arg=link
        )
        self.settle()

    def visit(self, link: str) -> None:
        """Go to an address that Python may mend, in the open page, as a link in the page does."""
        self._address(link)
        name = parse_qs(link).get("lab")
        if name:
            self.page.locator(f".screen[data-lab={name[0]}]").wait_for()
        self.settle()

    def _address(self, link: str) -> None:
        """Change what stands behind the address; the page has heard of it before this ends."""
        self.page.evaluate(
            """(link) => new Promise((done) => {
                 const before = location.href;
                 addEventListener("hashchange", done, {once: true});
                 location.hash = link;
                 if (location.href === before) done();
               })""",
            link,
        )

    def region(self, kind: str) -> Locator:
        return self.page.locator(f"[data-region={kind}]")

    def go(self, step: str) -> None:
        self.region("transport").locator(f"[data-step={step}]").click()
        self.settle()

    def type_sentence(self, text: str) -> None:
        field = self.page.get_by_label("Your sentence")
        field.fill(text)
        field.press("Enter")
        self.settle()

    def control(self, name: str) -> Locator:
        """A control; what a phone folds away is opened for it."""
        host = self.page.locator(f"[data-control={name}]")
        folded = self.region("controls").locator("> details:not([open])").filter(has=host)
        if folded.count():
            folded.locator("summary").click()
        return host

    def choose(self, control: str, value: str) -> None:
        """Press one option of a segmented control, or pick it in a select."""
        host = self.control(control)
        if host.locator("select").count():
            host.locator("select").select_option(value)
        else:
            host.locator(f"[data-value='{value}']").click()
        self.settle()

    def set_field(self, control: str, value: str) -> None:
        """Type into a number field or move a range."""
        field = self.control(control).locator("input")
        field.fill(value)
        field.press("Tab") if field.get_attribute("type") == "number" else None
        self.settle()

    def cell(self, matrix: str, row: int, col: int) -> Locator:
        return self.region("stage").locator(f"[data-matrix={matrix}] [data-cell='{row},{col}']")

    def pick(self, matrix: str, row: int, col: int) -> None:
        self.cell(matrix, row, col).click()
        self.settle()

    # read

    def matrix(self, name: str) -> NDArray[np.float64]:
        """The numbers of a matrix on the stage, as the page holds them; NaN where a cell has none."""
        host = self.region("stage").locator(f"[data-matrix={name}]")
        rows: list[list[str | None]] = host.evaluate(READ_MATRIX)
        return np.array(
            [[math.nan if v is None else float(v.replace("Infinity", "inf")) for v in row] for row in rows]
        )

    def chips(self) -> list[str]:
        return [
            chip.inner_text().strip() for chip in self.region("sentence").locator("[data-chip] bdi").all()
        ]

    def fact(self, name: str) -> str:
        """A figure of "About this build", by its name in English."""
        return self.page.locator(f".kernel-about dd[data-fact='{name}']").text_content() or ""

    def config(self) -> dict[str, Any]:
        result: dict[str, Any] = json.loads(self.page.locator("#lab-config").text_content() or "{}")
        return result

    def expect_error(self, what: str, timeout: float = 60_000) -> None:
        expect(self.page.locator(".kernel-panel h2")).to_contain_text(what, timeout=timeout)
