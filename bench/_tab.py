"""One tab of a Chromium, over a bare DevTools socket.

A tool that records requests makes the browser keep their bodies, which costs memory and time: this sends
commands, and listens to nothing but its answers.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from tornado.websocket import WebSocketClientConnection, websocket_connect

from building.browsers import chromium

PATIENCE_SECONDS = 240.0
LOOK_AGAIN = 0.02
TURN_SECONDS = 0.02  # of a slowed browser: it runs for a part of it, and is stopped for the rest


class Tab:
    """One tab: commands, their answers, and the workers that it was asked to attach to."""

    def __init__(self, socket: WebSocketClientConnection, process: subprocess.Popen[bytes]) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.process = process
        self.workers: list[str] = []

    async def send(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        await self._socket.write_message(json.dumps(command | ({"sessionId": session} if session else {})))
        while True:
            answer = json.loads(await self._socket.read_message() or "{}")
            if answer.get("method") == "Target.attachedToTarget":
                self.workers.append(answer["params"]["sessionId"])
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])

    async def evaluate(self, expression: str, session: str | None = None) -> Any:
        """The value of an expression in the page, or of the promise that it is."""
        answer = await self.send(
            "Runtime.evaluate", session, expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression[:80]}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    async def open(self, url: str, *scripts: str) -> None:
        """Go to an address; the scripts run before those of its page."""
        await self.send("Page.enable")
        for script in scripts:
            await self.send("Page.addScriptToEvaluateOnNewDocument", source=script)
        await self.send("Page.navigate", url=url)


@asynccontextmanager
async def browser(profile: Path | None = None) -> AsyncIterator[Tab]:
    """A new browser with one tab; with an empty profile, unless one is given."""
    options = chromium()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        home = profile or Path(scratch)
        told = home / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        command = [str(options["executable_path"]), *options["args"], "--headless", "--window-size=1440,900"]
        command += ["--remote-debugging-port=0", f"--user-data-dir={home}", "about:blank"]
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not told.exists() or "\n" not in told.read_text():
                    await asyncio.sleep(LOOK_AGAIN)
                port = told.read_text().split("\n")[0]
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                    tabs = [found for found in json.load(answer) if found["type"] == "page"]
                socket = await websocket_connect(tabs[0]["webSocketDebuggerUrl"])
            yield Tab(socket, process)
        finally:
            process.terminate()  # it writes down what its caches hold
            process.wait()


@contextmanager
def slowed(process: subprocess.Popen[bytes], times: float) -> Iterator[None]:
    """Let a browser run for a part of the time only: all its processes, with all their threads."""
    over = threading.Event()

    def stop_and_go() -> None:
        while not over.is_set():
            os.killpg(process.pid, signal.SIGSTOP)
            time.sleep(TURN_SECONDS * (1 - 1 / times))
            os.killpg(process.pid, signal.SIGCONT)
            time.sleep(TURN_SECONDS / times)

    thread = threading.Thread(target=stop_and_go)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
