"""A Chromium for tests and benches: the system's, else Playwright's own, else Debian's. Firefox. WebKit."""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TypedDict

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
#: The same engine without anything around a page: opening one takes it a third less work.
SHELLS = ("chromium-headless-shell",)
FIREFOX_COMMANDS = ("firefox-esr", "firefox")
FIREFOX_PLACES = (
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    r"C:\Program Files\Mozilla Firefox\firefox.exe",
)
#: Debian's packages; the browser comes with the library that the driver needs.
WEBKIT_PACKAGES = ("webkit2gtk-driver", "xvfb")
WEBKIT_COMMANDS = ("WebKitWebDriver", "Xvfb")
WEBKIT_BROWSERS = "*/webkit2gtk-4.1/MiniBrowser"  # below /usr/lib
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


class WebKit(NamedTuple):
    """Where WebKit is."""

    driver: str
    browser: str


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
        or _from_debian(("chromium",), COMMANDS)
    )
    if path is None:
        raise BuildError(
            "No Chromium was found and none could be installed: install Chromium or Google Chrome."
        )
    return {"executable_path": path, "args": list(FLAGS)}


@functools.cache
def headless() -> LaunchOptions:
    """The Chromium that tests open pages in: one that can do nothing but that, else any."""
    path = _found(SHELLS, ()) or (None if _on_the_system() else _from_debian(SHELLS, SHELLS))
    return {"executable_path": path, "args": list(FLAGS)} if path else chromium()


@functools.cache
def firefox() -> str | None:
    """A Firefox, installed where none is found and that can be done; the tests in it are left out without."""
    found = _found(FIREFOX_COMMANDS, FIREFOX_PLACES)
    return found or _from_debian(("firefox-esr",), FIREFOX_COMMANDS)


@functools.cache
def webkit() -> WebKit | None:
    """A WebKit with its driver, installed where none is found and that can be done: Debian has one."""
    if _webkit_on_the_system() is None:
        _from_debian(WEBKIT_PACKAGES, WEBKIT_COMMANDS)
    return _webkit_on_the_system()


def _webkit_on_the_system() -> WebKit | None:
    driver, display = (shutil.which(command) for command in WEBKIT_COMMANDS)
    browser = next(iter(sorted(Path("/usr/lib").glob(WEBKIT_BROWSERS))), None)
    return WebKit(driver, str(browser)) if driver and display and browser else None


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


def _from_debian(packages: Sequence[str], commands: Sequence[str]) -> str | None:
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    with step(f"Installing Debian's {' and '.join(packages)}"):
        _try([apt, "update"])
        _try([apt, "install", "--yes", *packages])
    return _found(commands, ())


def _try(command: list[str]) -> None:
    """Run a command that may fail: what comes after looks at what is there."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return
