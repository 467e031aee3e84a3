"""A tab of a browser that only runs scripts in the page and presses keys: what Lab is for Chromium."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from tests.e2e.lab import BOOT_MS, READ_MATRIX, in_the_stepper

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENTER = "\ue007"  # WebDriver's name of the key
ANSWER_SECONDS = 90.0  # on a machine that is busy

# Resolves when an element is there; the page says so itself, nobody asks again and again.
WAIT = """
(selector, ms) => new Promise((resolve, reject) => {
  const look = () => document.querySelector(selector) && (observer.disconnect(), resolve(true));
  const observer = new MutationObserver(look);
  observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  const seen = () => document.body.innerText.slice(0, 500);
  const late = () => reject(new Error(`no ${selector}; the page says: ${seen()}`));
  setTimeout(() => { observer.disconnect(); late(); }, ms);
  look();
})
"""


class Tab(ABC):
    """One open tab: what a learner does in it, and the numbers that it shows."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self._allowed = ["data:", "blob:", "about:"]

    @abstractmethod
    def run(self, function: str, *arguments: object, seconds: float = ANSWER_SECONDS) -> Any:
        """Call a JavaScript function in the page; its result, through JSON."""

    @abstractmethod
    def _go_to(self, url: str) -> None:
        """Load a page; comes back when it is there."""

    @abstractmethod
    def _press(self, keys: str) -> None:
        """Press and release real keys, one after the other."""

    def allow(self, address: str) -> None:
        """Requests below this address are the page's own."""
        self._allowed.append(address)

    def check(self) -> None:
        """Fail on whatever went wrong in the page."""
        assert not self.events, "\n".join(self.events)

    # open and wait

    def open(self, url: str) -> Self:
        self.allow(url.split("?")[0].split("#")[0])
        self._go_to(in_the_stepper(url))
        self.wait_ready()
        return self

    def wait_ready(self) -> None:
        self.wait("html[data-kernel=ready], html[data-kernel=error]", BOOT_MS)
        failed = self.run("() => document.querySelector('.kernel-panel')?.textContent ?? ''")
        assert not failed, failed
        self.settle()

    def wait(self, selector: str, ms: int = 60_000) -> None:
        self.run(WAIT, selector, ms, seconds=ms / 1000 + ANSWER_SECONDS)

    def settle(self) -> None:
        self.wait("html[data-settled=true]")

    # do

    def click(self, selector: str) -> None:
        self.run("(selector) => document.querySelector(selector).click()", selector)
        self.settle()

    def go(self, step: str) -> None:
        self.click(f"[data-region=transport] [data-step={step}]")

    def choose(self, control: str, value: str) -> None:
        self.click(f"[data-control={control}] [data-value='{value}']")

    def type_sentence(self, text: str) -> None:
        """Select what stands in the field, type over it with real keys, and press Enter."""
        self.run(
            """(label) => {
              const labels = [...document.querySelectorAll("label")];
              const named = labels.find((each) => each.textContent.includes(label));
              const field = named?.control ?? document.querySelector(`[aria-label="${label}"]`);
              field.focus();
              field.select();
            }""",
            "Your sentence",
        )
        self._press(text + ENTER)
        self.settle()

    # read

    def matrix(self, name: str) -> NDArray[np.float64]:
        host = f"[data-region=stage] [data-matrix={name}]"
        rows = self.run(f"(selector) => ({READ_MATRIX})(document.querySelector(selector))", host)
        return np.array(
            [[math.nan if v is None else float(v.replace("Infinity", "inf")) for v in row] for row in rows]
        )

    def fact(self, name: str) -> str:
        """A figure of "About this build"."""
        return str(
            self.run(
                """(name) => [...document.querySelectorAll(".kernel-about dt")]
                     .find((each) => each.textContent === name)?.nextElementSibling.textContent ?? "" """,
                name,
            )
        )
