"""The built site in a real browser. Every page fails its test on a console error, a page error, a failed
request or a request to another host, unless the test says which it expects."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    Frame,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from building.browsers import LaunchOptions, firefox, headless, webkit
from building.serving import serve_site
from tests.e2e.firefox import Bidi, FirefoxLab, running
from tests.e2e.lab import Lab
from tests.e2e.webkit import WebDriver, WebKitLab
from tests.e2e.webkit import running as running_webkit

SITE = Path(os.environ.get("ATTENTION_LAB_SITE", "dist/site"))
DESKTOP = {"width": 1440, "height": 900}
#: Then no second kernel waits: it would be another one for a test to reckon with, and work for the machine.
LITTLE_MEMORY = "Object.defineProperty(Navigator.prototype, 'deviceMemory', {get: () => 4})"
#: What `build.py test` runs without --full, as pytest is told it.
ORDINARY = "not full"
#: WebAssembly is compiled by the engine's first compiler, and by no other.
COMPILED_ONCE = "--js-flags=--liftoff-only"
#: How long a page may take to show what it is asked for: longer than any does where others work, too.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
#: Fixtures that are started once: the tests that use one run in the same process.
STARTED_ONCE = ("bidi", "webdriver", "shared", "stepping", "writing", "served", "course_system")
#: Files of tests that take a second or two: the last ones, so that the processes end together.
QUICK = ("test_first_paint", "test_single", "test_shell")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            for name in set(STARTED_ONCE).intersection(getattr(item, "fixturenames", ())):
                item.add_marker(pytest.mark.xdist_group(name))
    items.sort(key=lambda item: item.path.stem in QUICK)


def pytest_collection_finish(session: pytest.Session) -> None:
    """See that the tests of a group do go to one process: they share a page, and what they leave in it."""
    if not session.config.getoption("loadgroup", default=False):
        return
    apart = [item.nodeid for item in session.items if item.get_closest_marker("xdist_group")]
    apart = [nodeid for nodeid in apart if "@" not in nodeid.rpartition("]")[2]]
    if apart:
        raise pytest.UsageError(f"pytest-xdist does not know the group of {apart[0]}")


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    if not (SITE / "index.html").exists():
        pytest.fail(f"{SITE} is not built: run `python3 build.py` first")
    with serve_site(SITE) as server:
        yield server.url


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(pytestconfig: pytest.Config) -> LaunchOptions:
    """How to launch a Chromium. In an ordinary run it compiles Python once: a page of a test lives
    for seconds, and to compile anew what runs often takes more than it brings. With --full: as for learners.
    """
    options = headless()
    once = [COMPILED_ONCE] if pytestconfig.getoption("markexpr") == ORDINARY else []
    return {**options, "args": [*options["args"], *once]}


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: LaunchOptions) -> Iterator[Browser]:
    launched = playwright.chromium.launch(**chromium)
    yield launched
    launched.close()


class Watch:
    """What a page did that it should not have; `expect` takes out what a test provokes on purpose."""

    def __init__(self, page: Page, origin: str) -> None:
        self.events: list[str] = []
        self._expected: list[str] = []
        self._allowed = [origin, "data:", "blob:"]
        self._page = page
        page.on(
            "console",
            lambda m: self.events.append(f"console {m.type}: {m.text}") if m.type == "error" else None,
        )
        page.on("pageerror", lambda error: self.events.append(f"page error: {error}"))
        self._opened: set[Frame] = set()
        self._cut_off: list[tuple[Request, str]] = []
        self._opened_again = self._closing = False
        page.on("requestfailed", self._failed)
        page.on(
            "response",
            lambda r: self.events.append(f"status {r.status}: {r.url}") if r.status >= 400 else None,
        )

        page.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request():
            self._opened_again |= request.frame in self._opened
            self._opened.add(request.frame)
        url = request.url
        if not url.startswith(tuple(self._allowed)):
            self.events.append(f"request to another host: {url}")

    def allow(self, address: str) -> None:
        """Requests below this address are the page's own."""
        self._allowed.append(address)

    def _failed(self, request: Request) -> None:
        told = f"request failed: {request.url} {request.failure}"
        if request.failure != "net::ERR_ABORTED":
            self.events.append(told)
        elif not self._closing:
            self._cut_off.append((request, told))

    def close(self) -> None:
        """End the page with its context, and what it still fetches for later."""
        self._closing = True
        self._page.context.close()

    def expect(self, *parts: str) -> None:
        self._expected.extend(parts)

    def check(self) -> None:
        # A page that is loaded anew ends what it was fetching, and so does a frame that is emptied; one that
        # is loaded once has no reason to.
        cut_off = [told for request, told in self._cut_off if request.frame.url != "about:blank"]
        events = self.events if self._opened_again else self.events + cut_off
        unexpected = [e for e in events if not any(part in e for part in self._expected)]
        assert not unexpected, "\n".join(unexpected)


NewPage = Callable[..., Lab]


def page_of(browser: Browser, url: str, *, spare: bool = False, **context_options: Any) -> Lab:
    """A page, not opened yet, in a context of its own; a second kernel waits in it only with `spare`."""
    options: dict[str, Any] = {
        "viewport": DESKTOP,
        "reduced_motion": "reduce",
        "service_workers": "block",
    } | context_options
    context = browser.new_context(**options)
    if not spare:
        context.add_init_script(LITTLE_MEMORY)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return Lab(page, url, Watch(page, url))


@pytest.fixture
def new_page(browser: Browser, site: str) -> Iterator[NewPage]:
    """Make a page of the site or of `url`, in a context of its own; each is checked when the test ends.

    A second kernel waits in it only with `spare`.
    Without a service worker, behind which `page.route` sees nothing: test_offline.py has it.
    """
    opened: list[Lab] = []

    def make(*, url: str = site, spare: bool = False, **context_options: Any) -> Lab:
        opened.append(page_of(browser, url, spare=spare, **context_options))
        return opened[-1]

    yield make
    for each in opened:
        each.watch.close()
    for each in opened:
        each.watch.check()


@contextmanager
def one_page(
    browser: Browser, site: str, address: str = "", *, spare: bool = False, **context_options: Any
) -> Iterator[Lab]:
    """One page for many tests, opened there; what went wrong in it is told when the last of them ends."""
    lab = page_of(browser, site, spare=spare, **context_options)
    yield lab.open(address)
    lab.watch.close()
    lab.watch.check()


@pytest.fixture(scope="session")
def stepping(browser: Browser, site: str) -> Iterator[Lab]:
    """One page of the stepper for all tests that look at nothing but its state: to open one takes seconds."""
    with one_page(browser, site) as page:
        yield page


@pytest.fixture
def lab(stepping: Lab) -> Iterator[Lab]:
    """That page, back at what the stepper opens with, and checked when the test ends."""
    page = stepping.page
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    page.locator("html[data-theme=light]").wait_for(state="attached")
    page.evaluate("() => document.activeElement.blur()")
    stepping.follow("lab=stepper")
    yield stepping
    stepping.watch.check()


@pytest.fixture(scope="session")
def writing(browser: Browser, site: str) -> Iterator[Lab]:
    """One page, and one Python for learners' code, for tests that bring all of the programs they look at."""
    with one_page(browser, site, "?lab=build&step=write&exercise=softmax") as page:
        yield page


@pytest.fixture
def workshop(writing: Lab) -> Iterator[Lab]:
    """That page, without any program, and checked when the test ends."""
    writing.page.set_viewport_size(DESKTOP)
    writing.page.evaluate("() => localStorage.clear()")
    yield writing
    writing.watch.check()


@pytest.fixture(scope="session")
def bidi() -> Iterator[Bidi]:
    """A running Firefox."""
    executable = firefox()
    if executable is None:
        pytest.skip("there is no Firefox here, and none could be installed")
    with running(executable) as connection:
        yield connection


@pytest.fixture
def in_firefox(bidi: Bidi) -> Iterator[FirefoxLab]:
    """A tab of Firefox, checked when the test ends."""
    tab = FirefoxLab(bidi)
    yield tab
    tab.close()
    tab.check()


@pytest.fixture(scope="session")
def webdriver() -> Iterator[WebDriver]:
    """A running WebKit."""
    found = webkit()
    if found is None:
        pytest.skip("there is no WebKit with WebKitWebDriver and Xvfb here, and none could be installed")
    with running_webkit(found) as started:
        yield started


@pytest.fixture
def in_webkit(webdriver: WebDriver) -> Iterator[WebKitLab]:
    """WebKit's window, checked when the test ends."""
    window = WebKitLab(webdriver)
    yield window
    window.check()


FORMS = ("site", "folder", "single")
Beside = Callable[..., Lab]


@pytest.fixture
def beside(new_page: NewPage, site: str, tmp_path: Path) -> Beside:
    """Open a page beside the lab in one of the forms; the forms of files from disk, without a network."""

    from tests.e2e.test_folder import unpacked_in
    from tests.e2e.test_single import SINGLE

    def opened(form: str, page: str = "teach", **options: Any) -> Lab:
        if form == "site":
            address, home = f"{site}{page}.html", site
        elif form == "folder":
            folder = unpacked_in(tmp_path)
            address, home = (folder / f"{page}.html").as_uri(), folder.as_uri()
        else:
            address, home = f"{SINGLE.as_uri()}#page={page}", SINGLE.as_uri()
        lab = new_page(url=home, **options)
        lab.page.context.set_offline(form != "site")
        lab.page.goto(address)
        lab.page.locator(f"html[data-page={page}]").wait_for(state="attached")
        return lab

    return opened
