"""WebKit, driven over WebDriver: Debian's MiniBrowser, on a display of its own that nobody sees.

A small client of its own, as for Firefox: Playwright drives only a WebKit that it patched.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from building.browsers import WebKit
from tests.e2e.tab import ANSWER_SECONDS, Tab

LOOK_AGAIN = 0.05  # seconds
#: No way out of this machine: whatever is asked of another host fails.
OFFLINE = {
    "proxyType": "manual",
    "httpProxy": "127.0.0.1:9",
    "sslProxy": "127.0.0.1:9",
    "noProxy": ["127.0.0.1"],
}
SCRIPT_SECONDS = 200.0  # the longest that a script in the page may take

# Calls a function of ours with JSON values and answers in JSON; an error is an answer too.
CALL = """
const given = [...arguments], done = given.pop();
Promise.resolve().then(() => (%s)(...given.map(JSON.parse))).then(
  (value) => done(JSON.stringify({value: value ?? null})),
  (error) => done(JSON.stringify({error: String(error)})));
"""
ASKED_FOR = "() => performance.getEntriesByType('resource').map(({name}) => name)"


class WebDriver:
    """One session: a browser with one window."""

    def __init__(self, port: int, options: dict[str, Any]) -> None:
        self._port = port
        self._session = ""
        self._session = "/session/" + self.send("POST", "/session", options)["sessionId"]

    def send(self, method: str, path: str, body: object = None, seconds: float = ANSWER_SECONDS) -> Any:
        """Send one command; its value."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=seconds)
        try:
            text = None if method == "GET" else json.dumps(body or {})
            connection.request(method, self._session + path, text, {"content-type": "application/json"})
            value = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise AssertionError(f"{path}: {value['error']}: {value.get('message')}")
        return value


class WebKitLab(Tab):
    """The window of a WebKit. It tells nobody what its console says; what the page asked for, it knows."""

    def __init__(self, driver: WebDriver) -> None:
        super().__init__()
        self._driver = driver

    def check(self) -> None:
        asked = [url for url in self.run(ASKED_FOR) if not url.startswith(tuple(self._allowed))]
        self.events += [f"request to another host: {url}" for url in asked]
        super().check()

    def _go_to(self, url: str) -> None:
        self._driver.send("POST", "/url", {"url": url}, seconds=90)

    def run(self, function: str, *arguments: object, seconds: float = ANSWER_SECONDS) -> Any:
        body = {"script": CALL % function.strip(), "args": [json.dumps(each) for each in arguments]}
        answer = json.loads(self._driver.send("POST", "/execute/async", body, seconds=seconds))
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["value"]

    def _press(self, keys: str) -> None:
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._driver.send(
            "POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}
        )


@contextmanager
def _display() -> Iterator[str]:
    """A display in memory, under the first free number."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        process.terminate()
        process.wait(ANSWER_SECONDS)


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(int(ANSWER_SECONDS / LOOK_AGAIN)):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(LOOK_AGAIN)
    raise AssertionError("WebKitWebDriver does not listen")


@contextmanager
def running(webkit: WebKit) -> Iterator[WebDriver]:
    """A WebKit with nothing kept and no network, while the context lasts."""
    with tempfile.TemporaryDirectory(prefix="attention-lab-webkit-") as scratch, _display() as display:
        port = _free_port()
        silent = subprocess.DEVNULL
        environment = {**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11", "HOME": scratch}
        process = subprocess.Popen(
            [webkit.driver, f"--port={port}"], env=environment, stdout=silent, stderr=silent
        )
        try:
            _wait_for(port)
            capabilities = {
                "webkitgtk:browserOptions": {"binary": webkit.browser, "args": ["--automation"]},
                "proxy": OFFLINE,
                "timeouts": {"script": int(SCRIPT_SECONDS * 1000)},
            }
            driver = WebDriver(port, {"capabilities": {"alwaysMatch": capabilities}})
            yield driver
            driver.send("DELETE", "")
        finally:
            process.terminate()
            process.wait(ANSWER_SECONDS)
