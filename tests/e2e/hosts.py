"""Hosts other than the page: a server for a test, and what a learner does in each, in one script."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from playwright.sync_api import WebSocket, expect

from building.extension import write_extension
from building.paths import ROOT
from tests.e2e.lab import BOOT_MS, Lab
from tests.e2e.reference import Settings, matrices

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import Watch

START_SECONDS = 90
TWO_FRAMES = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


@contextmanager
def panel_serve(app: Path) -> Iterator[str]:
    """Run `panel serve` on a file while the context lasts; the address of the app."""
    write_extension()
    command = [sys.executable, "-m", "panel", "serve", str(app), "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "pyapp"), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stderr is not None
        lines: queue.Queue[str] = queue.Queue()
        reader = threading.Thread(
            target=lambda told: [lines.put(line) for line in told], args=[server.stderr]
        )
        reader.start()
        try:
            yield _address(lines)
        finally:
            server.terminate()
            server.wait()
            reader.join()


def _address(lines: queue.Queue[str]) -> str:
    told = ""
    while not (found := re.search(r"running at: (http://\S+)", told)):
        try:
            told += lines.get(timeout=START_SECONDS)
        except queue.Empty:
            raise AssertionError(f"`panel serve` has not started:\n{told}") from None
    return found[1]


class ServedLab(Lab):
    """A page of a Bokeh server: settled when the server has answered each of its messages."""

    def __init__(self, page: Page, url: str, watch: Watch) -> None:
        super().__init__(page, url, watch)
        self._unanswered: set[str] = set()
        self._socket: WebSocket | None = None
        page.on("websocket", self._connected)

    def _connected(self, socket: WebSocket) -> None:
        self._socket = socket
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame: str | bytes) -> None:
        if (header := _header(frame)) and header["msgtype"] == "PATCH-DOC":
            self._unanswered.add(header["msgid"])

    def _received(self, frame: str | bytes) -> None:
        if header := _header(frame):
            self._unanswered.discard(header.get("reqid", ""))

    def wait_ready(self) -> None:
        current = self.region("transport").locator("[aria-current=step]")
        current.wait_for(state="attached", timeout=BOOT_MS)
        self.settle()

    def settle(self) -> None:
        self.page.evaluate(TWO_FRAMES)
        while self._unanswered:
            assert self._socket is not None
            self._socket.wait_for_event("framereceived")
        self.page.evaluate(TWO_FRAMES)


def _header(frame: str | bytes) -> dict[str, str] | None:
    """What a message of Bokeh begins with; None for its other frames."""
    if isinstance(frame, bytes) or '"msgtype"' not in frame:
        return None
    found: dict[str, str] = json.loads(frame)
    return found


# What a learner does


def visit(lab: Lab, name: str) -> None:
    """Go to another lab by the menu."""
    lab.page.locator(".menu.labs summary").click()
    lab.page.locator(f"[data-lab={name}]:visible").click()
    expect(lab.page.locator(".screen")).to_have_attribute("data-lab", name)
    lab.settle()


def check(lab: Lab, step: str, names: list[str], settings: Settings) -> None:
    """Go to a step; its numbers are NumPy's."""
    lab.go(step)
    expected = matrices(settings)
    for name in names:
        np.testing.assert_allclose(
            lab.matrix(name), expected[name], rtol=0, atol=1e-12, err_msg=f"{name}, {step}"
        )


def walk(lab: Lab) -> None:
    """Type a sentence, step, choose, go to the other lab and back: the same in every host."""
    mine = Settings(text="The dogs in the park are playing")
    lab.type_sentence(mine.text)
    check(lab, "qkv", ["x", "q", "k", "v"], mine)
    check(lab, "weights", ["masked_scores", "weights"], mine)
    lab.choose("mask", "causal")
    causal = Settings(text=mine.text, mask="causal")
    check(lab, "head_outputs", ["weights", "v", "head_outputs"], causal)
    visit(lab, "experiments")
    lab.go("own")
    assert lab.chips() == mine.text.split()
    visit(lab, "stepper")
    check(lab, "weights", ["weights"], causal)
