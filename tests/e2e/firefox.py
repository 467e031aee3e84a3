"""Firefox, driven over WebDriver BiDi: what Lab is for Chromium, as far as these tests need it.

A small client of its own: Playwright drives only a Firefox that it patched, not the one that people have.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.e2e.tab import ANSWER_SECONDS, Tab

T = TypeVar("T")

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


class FirefoxLab(Tab):
    """A tab of Firefox."""

    def __init__(self, bidi: Bidi, context: str = "") -> None:
        super().__init__()
        self._bidi = bidi
        self.tab = context or bidi.send("browsingContext.create", type="tab")["context"]
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

    def close(self) -> None:
        self._bidi.send("browsingContext.close", context=self.tab)

    def in_frame(self, url: str) -> FirefoxLab:
        """Open a page that has the lab in its one frame; that lab. Its troubles are this tab's too."""
        self._go_to(url)
        [tree] = self._bidi.send("browsingContext.getTree", root=self.tab)["contexts"]
        [frame] = tree["children"]
        lab = FirefoxLab(self._bidi, frame["context"])
        lab.wait_ready()
        return lab

    def _go_to(self, url: str) -> None:
        self._bidi.send("browsingContext.navigate", context=self.tab, url=url, wait="complete", seconds=60)

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

    def _press(self, keys: str) -> None:
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self._bidi.send("input.performActions", context=self.tab, actions=[source])


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
