"""Firefox, driven over WebDriver BiDi: what Lab is for Chromium, as far as these tests need it.

A small client of its own: Playwright drives only a Firefox that it patched, not the one that people have.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import math
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.e2e.lab import BOOT_MS, READ_MATRIX

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")

ANSWER_SECONDS = 30.0
LOOK_AGAIN = 0.05  # seconds
#: No way out of this machine: whatever is asked of another host fails.
OFFLINE = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "remote.active-protocols": 1,  # BiDi
    "ui.prefersReducedMotion": 1,
}
EVENTS = ("log.entryAdded", "network.beforeRequestSent", "network.fetchError")

# Firefox tells of a breach of the page's policy on its own console only; this way it is an error like others.
TELL_VIOLATIONS = """
() => addEventListener("securitypolicyviolation", ({effectiveDirective, blockedURI, sourceFile}) =>
  console.error(`policy: ${effectiveDirective} refused ${blockedURI} in ${sourceFile}`))
"""

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


class Bidi:
    """Commands and events over one WebSocket, on a thread of its own (Playwright has the main one)."""

    def __init__(self, address: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._listeners: list[Callable[[str, dict[str, Any]], None]] = []
        self._socket: WebSocketClientConnection = self._wait(self._open(address))
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=EVENTS)
        self.send("script.addPreloadScript", functionDeclaration=TELL_VIOLATIONS)

    def _wait(self, work: Coroutine[Any, Any, T], seconds: float = ANSWER_SECONDS) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    async def _open(self, address: str) -> WebSocketClientConnection:
        return await websocket_connect(address, on_message_callback=self._receive, max_message_size=1 << 28)

    def _receive(self, text: str | bytes | None) -> None:
        if text is None:
            return
        message = json.loads(text)
        if message.get("id") is not None:
            self._waiting.pop(message["id"]).set_result(message)
        else:
            for listener in self._listeners:
                listener(message["method"], message["params"])

    def listen(self, listener: Callable[[str, dict[str, Any]], None]) -> None:
        self._listeners.append(listener)

    def send(self, method: str, *, seconds: float = ANSWER_SECONDS, **params: Any) -> dict[str, Any]:
        """Send one command; its result."""

        async def ask() -> dict[str, Any]:
            number = next(self._numbers)
            answer = self._waiting[number] = self._loop.create_future()
            await self._socket.write_message(json.dumps({"id": number, "method": method, "params": params}))
            return await answer

        message = self._wait(ask(), seconds)
        if message["type"] == "error":
            raise AssertionError(f"{method}: {message['error']}: {message['message']}")
        result: dict[str, Any] = message["result"]
        return result

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._socket.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(ANSWER_SECONDS)
        self._loop.close()


class FirefoxLab:
    """One open tab: what a learner does in it, and the numbers that it shows."""

    def __init__(self, bidi: Bidi) -> None:
        self._bidi = bidi
        self.tab = bidi.send("browsingContext.create", type="tab")["context"]
        self.events: list[str] = []
        self._allowed = ["data:", "blob:", "about:"]
        bidi.listen(self._seen)

    def _seen(self, method: str, params: dict[str, Any]) -> None:
        if method == "log.entryAdded" and params["level"] == "error":
            self.events.append(f"{params['type']} error: {params['text']}")
        elif method == "network.fetchError":
            self.events.append(f"request failed: {params['request']['url']} {params['errorText']}")
        elif method == "network.beforeRequestSent":
            url = params["request"]["url"]
            if not url.startswith(tuple(self._allowed)):
                self.events.append(f"request to another host: {url}")

    def allow(self, address: str) -> None:
        """Requests below this address are the page's own."""
        self._allowed.append(address)

    def check(self) -> None:
        """Fail on whatever went wrong in the page."""
        assert not self.events, "\n".join(self.events)

    def close(self) -> None:
        self._bidi.send("browsingContext.close", context=self.tab)

    # open and wait

    def open(self, url: str) -> FirefoxLab:
        self.allow(url.split("?")[0].split("#")[0])
        self._bidi.send("browsingContext.navigate", context=self.tab, url=url, wait="complete", seconds=60)
        self.wait("html[data-kernel=ready]", BOOT_MS)
        self.settle()
        return self

    def wait(self, selector: str, ms: int = 20_000) -> None:
        self.run(WAIT, selector, ms, seconds=ms / 1000 + ANSWER_SECONDS)

    def settle(self) -> None:
        self.wait("html[data-settled=true]")

    def run(self, function: str, *arguments: object, seconds: float = ANSWER_SECONDS) -> Any:
        """Call a JavaScript function in the page; its result, through JSON."""
        declaration = (
            f"async (...given) => JSON.stringify(await ({function.strip()})(...given.map(JSON.parse)))"
        )
        answer = self._bidi.send(
            "script.callFunction",
            functionDeclaration=declaration,
            awaitPromise=True,
            target={"context": self.tab},
            arguments=[{"type": "string", "value": json.dumps(each)} for each in arguments],
            seconds=seconds,
        )
        if answer["type"] == "exception":
            raise AssertionError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"]) if answer["result"]["type"] == "string" else None

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
        keys = [*text, "\ue007"]
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self._bidi.send("input.performActions", context=self.tab, actions=[source])
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


@contextmanager
def running(executable: str) -> Iterator[Bidi]:
    """A Firefox with an empty profile and no network, while the context lasts."""
    with tempfile.TemporaryDirectory(prefix="attention-lab-firefox-", ignore_cleanup_errors=True) as profile:
        preferences = "".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in OFFLINE.items())
        (Path(profile) / "user.js").write_text(preferences)
        command = [executable, "--headless", "--no-remote", "--profile", profile]
        command += ["--remote-debugging-port", "0", "about:blank"]
        told = Path(profile) / "told.txt"  # a file, which never fills up as a pipe would
        with told.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            address = _address(told)
            bidi = Bidi(f"{address}/session")
            yield bidi
            with contextlib.suppress(Exception):
                bidi.send("browser.close")
            bidi.close()
        finally:
            process.terminate()
            process.wait(ANSWER_SECONDS)


def _address(told: Path) -> str:
    """Where Firefox listens, as soon as it has said so."""
    for _ in range(int(ANSWER_SECONDS / LOOK_AGAIN)):
        if found := re.search(r"listening on (ws://\S+)", told.read_text(errors="replace")):
            return found[1]
        threading.Event().wait(LOOK_AGAIN)
    raise AssertionError(f"Firefox did not start: {told.read_text(errors='replace')[-500:]}")
