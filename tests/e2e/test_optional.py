"""The real transformer is fetched when a learner asks for it, and not before; if that fails, the lab works.

The page's own door is used here, as the widgets use it: the two events, and `attentionLab.optional`.
An ordinary run asks for it by the card of the model: see test_experiments_sentences.py.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from playwright.sync_api import Route

from attention.models.minilm import MiniLM
from building.serving import Handler, serve_site
from tests.e2e.conftest import SITE, NewPage
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices
from tests.e2e.test_boot import KERNEL
from tests.e2e.test_pyodide_units import CAPTURE

WITH = Path(os.environ.get("ATTENTION_LAB_SINGLE_WITH", "dist/attention-lab-with-minilm.html")).resolve()
FILES = "**/minilm-*.safetensors"
TEXT = "The cat sat on the mat because it was tired."

ASK = "([what, name]) => void dispatchEvent(new CustomEvent(`attention-lab:${what}`, {detail: {name}}))"
STATE = "(name) => attentionLab.optional[name] ?? null"
# The next state that has begun to load or is one of those named; the last one counts, too.
# Where none comes, the one that it stays in.
REACHED = """
([name, states, loaded]) => new Promise((resolve) => {
  const look = () => {
    const now = attentionLab.optional[name];
    if (now && states.includes(now.state) && (now.loaded ?? 0) >= loaded) resolve(now);
  };
  addEventListener("attention-lab:optional", look);
  setTimeout(() => resolve(attentionLab.optional[name]), 90_000);
  look();
})
"""
COMPUTE = """
import json
from attention_lab.optional import minilm
trace = minilm().trace(%r)
json.dumps({"tokens": trace.tokens, "vector": trace.sentence_vector.tolist(),
            "layers": [layer.tolist() for layer in trace.layers]})
"""


def ask(lab: Lab, what: str = "fetch", name: str = "minilm") -> None:
    lab.page.evaluate(ASK, [what, name])


def reached(lab: Lab, *states: str, loaded: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = lab.page.evaluate(REACHED, ["minilm", states, loaded])
    return found


def the_lab_works(lab: Lab, text: str) -> None:
    lab.go("weights")
    lab.type_sentence(text)
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings(text=text))["weights"], atol=1e-12)


def captured(lab: Lab) -> Lab:
    """Let the test reach the kernel's Python."""

    def capture(route: Route) -> None:
        route.fulfill(body=route.fetch().text() + CAPTURE, content_type="text/javascript")

    lab.page.route(KERNEL, capture)
    return lab


def the_kernel_computes_what_numpy_does_here(lab: Lab) -> None:
    worker = lab.page.workers[0]
    found = json.loads(worker.evaluate("(program) => restoredPyodide.runPython(program)", COMPUTE % TEXT))
    trace = MiniLM.from_files(optional_file()).trace(TEXT)
    assert tuple(found["tokens"]) == trace.tokens
    np.testing.assert_allclose(found["layers"], trace.layers, atol=2e-5)
    np.testing.assert_allclose(found["vector"], trace.sentence_vector, atol=2e-5)


def optional_file() -> Path:
    (file,) = (SITE / "assets").glob("minilm-*.safetensors")
    return file


class Gate(Handler):
    """Sends half of the real transformer, and the rest when it is told to."""

    rest = threading.Event()

    def deliver(self, body: Path) -> None:
        if "minilm" not in self.path or self.rest.is_set():
            super().deliver(body)
            return
        whole = body.read_bytes()
        self.wfile.write(whole[: len(whole) // 2])
        self.wfile.flush()
        self.rest.wait(60)
        self.wfile.write(whole[len(whole) // 2 :])


@pytest.fixture
def gated() -> Iterator[str]:
    Gate.rest = threading.Event()
    with serve_site(SITE, handler=Gate) as server:
        yield server.url
        Gate.rest.set()


@pytest.mark.full(minutes=0.5)
def test_it_is_asked_for_shows_its_progress_can_be_cancelled_computes_and_is_kept_for_the_next_kernel(
    new_page: NewPage, gated: str
) -> None:
    lab = captured(new_page(url=gated))
    lab.watch.expect("minilm-")  # what is cancelled is a request that ended early
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(request.url))
    lab.open()
    size = optional_file().stat().st_size
    told = lab.page.evaluate(STATE, "minilm")
    assert (told["state"], told["bytes"], told["cached"]) == ("available", size, False)
    assert not any("minilm" in url for url in asked)

    ask(lab)
    half = reached(lab, "loading", loaded=size // 4)
    assert size // 4 <= half["loaded"] < half["total"] == size
    the_lab_works(lab, "The dogs are playing")
    ask(lab, "cancel")
    assert reached(lab, "cancelled")["loaded"] == 0
    the_lab_works(lab, "A cancelled download")

    Gate.rest.set()
    ask(lab)
    assert reached(lab, "ready", "failed")["state"] == "ready"
    assert lab.page.evaluate(STATE, "minilm")["loaded"] == size
    the_kernel_computes_what_numpy_does_here(lab)
    the_lab_works(lab, "The real one is here")

    lab.page.reload()
    lab.wait_ready()
    kept = lab.page.evaluate(REACHED_CACHED)
    assert kept["state"] == "available"
    lab.page.route(FILES, lambda route: route.abort())
    ask(lab)
    assert reached(lab, "ready", "failed")["state"] == "ready", "it is kept on the device"
    the_kernel_computes_what_numpy_does_here(lab)


class InsteadOfIt(Handler):
    """Sends another file in the place of the real transformer, when there is one."""

    other: ClassVar[Path | None] = None

    def _file(self) -> Path | None:
        return self.other if self.other and "minilm" in self.path else super()._file()


@pytest.mark.full
def test_a_failed_download_says_why_leaves_the_lab_working_and_can_be_tried_again(
    new_page: NewPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is damaged comes from the server: it is too large to pass through the test's own process.
    with serve_site(SITE, handler=InsteadOfIt) as server:
        lab = new_page(url=server.url)
        lab.watch.expect("minilm-", "Failed to load resource")
        lab.open()
        body = bytearray(optional_file().read_bytes())
        body[len(body) // 2] ^= 1
        altered, shortened = tmp_path / "altered", tmp_path / "shortened"
        altered.write_bytes(body)
        shortened.write_bytes(body[:-9])
        broken = {
            "no connection to the server": lambda route: route.abort(),
            "the server answered 503": lambda route: route.fulfill(status=503),
            "its contents are not those of this build": altered,
            "only": shortened,
        }
        for why, answer in broken.items():
            monkeypatch.setattr(InsteadOfIt, "other", answer if isinstance(answer, Path) else None)
            if not isinstance(answer, Path):
                lab.page.route(FILES, answer)
            ask(lab)
            told = reached(lab, "failed", "ready")
            assert told["state"] == "failed"
            assert why in told["why"]
            lab.page.unroute(FILES)
            lab.page.evaluate("() => void (attentionLab.optional.minilm.state = 'looked at')")
        monkeypatch.setattr(InsteadOfIt, "other", None)
        nothing_comes_and_then_it_does(lab)


def nothing_comes_and_then_it_does(lab: Lab) -> None:
    lab.page.evaluate(FAST)
    lab.page.route(FILES, lambda route: None)
    ask(lab)
    assert "nothing came for 45 seconds" in reached(lab, "failed", "ready")["why"]
    lab.page.unroute(FILES)
    lab.page.evaluate("() => { globalThis.setInterval = realInterval }")
    lab.page.evaluate("() => void (attentionLab.optional.minilm.state = 'looked at')")
    the_lab_works(lab, "The dogs are playing")
    ask(lab)
    assert reached(lab, "ready", "failed")["state"] == "ready"


FAST = """() => {
  globalThis.realInterval = setInterval
  globalThis.setInterval = (act, ms) => realInterval(act, ms / 60)
}"""


REACHED_CACHED = """
() => new Promise((resolve) => {
  const look = () => { if (attentionLab.optional.minilm.cached) resolve(attentionLab.optional.minilm); };
  addEventListener("attention-lab:optional", look);
  look();
})
"""


@pytest.mark.full(minutes=0.5)
def test_a_kernel_that_is_started_again_is_given_it_again(new_page: NewPage) -> None:
    lab = captured(new_page())
    lab.provokes_errors = True
    lab.open()
    ask(lab)
    reached(lab, "ready")
    lab.page.evaluate("() => void (globalThis.toldStates = [])")
    lab.page.evaluate(
        "() => addEventListener('attention-lab:optional', ({detail}) => toldStates.push(detail.state))"
    )
    lab.page.workers[0].evaluate("() => void setTimeout(() => { throw new Error('provoked by a test'); })")
    lab.type_sentence("The dogs are playing")
    lab.expect_error("kernel stopped")
    lab.page.get_by_role("button", name="Restart").click()
    lab.wait_ready()
    assert reached(lab, "ready", "failed")["state"] == "ready"
    assert "loading" in lab.page.evaluate("() => toldStates")
    the_kernel_computes_what_numpy_does_here(lab)


@pytest.mark.full(minutes=0.6)
def test_the_single_file_that_brings_it_decodes_it_when_asked_and_the_other_says_that_it_is_absent(
    new_page: NewPage,
) -> None:
    for file, states in (
        (WITH, ("available", "ready")),
        (WITH.with_name("attention-lab.html"), (None, "absent")),
    ):
        lab = new_page(url=file.as_uri())
        lab.page.context.set_offline(True)
        lab.open()
        before = lab.page.evaluate(STATE, "minilm")
        assert (before and before["state"]) == states[0]
        ask(lab)
        assert reached(lab, "ready", "failed", "absent")["state"] == states[1]
        the_lab_works(lab, "The dogs are playing")
