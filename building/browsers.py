"""A Chromium for tests and benches: the system's, else Playwright's own, else Debian's. And a Firefox."""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from building.errors import BuildError
from building.progress import step

FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FIREFOX_COMMANDS = ("firefox-esr", "firefox")
FIREFOX_PLACES = (
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    r"C:\Program Files\Mozilla Firefox\firefox.exe",
)
COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
USUAL_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
PATIENCE_SECONDS = 600
ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


class LaunchOptions(TypedDict):
    """What Playwright's `chromium.launch` takes."""

    executable_path: str | None
    args: list[str]


@functools.cache
def chromium() -> LaunchOptions:
    """How to launch a Chromium; installs one where none is found."""
    path = (
        _on_the_system()
        or _of_playwright()
        or _downloaded_by_playwright()
        or _from_debian("chromium", COMMANDS)
    )
    if path is None:
        raise BuildError(
            "No Chromium was found and none could be installed: install Chromium or Google Chrome."
        )
    return {"executable_path": path, "args": list(FLAGS)}


@functools.cache
def firefox() -> str | None:
    """A Firefox, installed where none is found and that can be done; the tests in it are left out without."""
    found = _found(FIREFOX_COMMANDS, FIREFOX_PLACES)
    return found or _from_debian("firefox-esr", FIREFOX_COMMANDS)


def _on_the_system() -> str | None:
    return _found(COMMANDS, USUAL_PLACES)


def _found(commands: Sequence[str], places: Sequence[str]) -> str | None:
    found = [path for command in commands if (path := shutil.which(command))]
    found += [place for place in places if Path(place).is_file()]
    return next(iter(found), None)


def _of_playwright() -> str | None:
    """What Playwright would start, asked in another process: here its API may be in use."""
    asked = subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True)
    path = asked.stdout.strip()
    return path if path and Path(path).is_file() else None


def _downloaded_by_playwright() -> str | None:
    with step("Downloading Chromium with Playwright"):
        _try([sys.executable, "-m", "playwright", "install", "chromium"])
    return _of_playwright()


def _from_debian(package: str, commands: Sequence[str]) -> str | None:
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    with step(f"Installing Debian's {package}"):
        _try([apt, "update"])
        _try([apt, "install", "--yes", package])
    return _found(commands, ())


def _try(command: list[str]) -> None:
    """Run a command that may fail: what comes after looks at what is there."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return
