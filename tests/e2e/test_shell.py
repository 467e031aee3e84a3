"""The page's own script is missing or damaged: the page says so, or gets what it needs by itself."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Route, expect

from building.serving import FOR_A_YEAR, MIME, Handler, serve_site
from tests.e2e.conftest import SITE, NewPage
from tests.e2e.lab import Lab

PAGE = (SITE / "index.html").read_text(encoding="utf-8") if SITE.is_dir() else ""
[BOOT] = re.findall(r"assets/boot-\w+\.js", PAGE) or [""]
#: What a browser says of a script that failed.
NOISE = (
    "status 4",
    "status 5",
    "Failed to load resource",
    "request failed",
    "Failed to find a valid digest",
    "MIME type",
    "page error",
    "Refused to execute script",
)


def alert(lab: Lab) -> Any:
    return lab.page.get_by_role("alert")


BODIES = {"whole": (SITE / BOOT).read_bytes(), "half": (SITE / BOOT).read_bytes()[:9999]} if BOOT else {}
#: Files besides the first script that a browser may have kept damaged.
CACHED = ("kernel-", "bokeh-", "widgets-", "pyodide.asm-")
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "missing": (
        {"status": 404, "body": "not found", "content_type": "text/plain"},
        "the server answered 404",
    ),
    "broken": ({"status": 503, "body": "later"}, "the server answered 503"),
    "login": ({"body": "<h1>Log in</h1>", "content_type": "text/html"}, "the server sent it as text/html"),
    "plain": (
        {"body": "whole", "content_type": "text/plain", "headers": {"X-Content-Type-Options": "nosniff"}},
        "the server sent it as text/plain, not as text/javascript",
    ),
    "truncated": (
        {"body": "half", "content_type": "text/javascript"},
        "its contents are not those of this build",
    ),
}


@pytest.mark.parametrize(
    "fault",
    ["login", *(pytest.param(f, marks=pytest.mark.full) for f in FAULTS if f != "login")],
)
def test_a_first_script_that_fails_is_named_with_the_answer_and_retry_recovers(
    new_page: NewPage, fault: str
) -> None:
    lab = new_page()
    lab.watch.expect(*NOISE)
    answer, why = FAULTS[fault]
    answer = {**answer, "body": BODIES.get(answer["body"], answer["body"])}
    lab.page.route(f"**/{BOOT}*", lambda route: route.fulfill(**answer))
    lab.open(ready=False)
    expect(alert(lab)).to_contain_text("The lab could not start", timeout=20_000)
    expect(alert(lab)).to_contain_text(Path(BOOT).name)
    expect(alert(lab)).to_contain_text(why)
    lab.page.unroute(f"**/{BOOT}*")
    alert(lab).get_by_role("button", name="Retry").click()
    lab.wait_painted()


def test_a_first_script_that_was_kept_damaged_is_asked_for_under_another_address(new_page: NewPage) -> None:
    lab = new_page()
    lab.watch.expect(*NOISE)
    lab.page.route(
        f"**/{BOOT}", lambda route: route.fulfill(body="<h1>Log in</h1>", content_type="text/html")
    )
    lab.open(ready=False)
    lab.wait_painted()
    assert lab.page.evaluate("() => performance.getEntriesByType('navigation')[0].type") == "navigate"


#: Whether the browser has a whole copy of a file.
KEPT_WHOLE = """
async ([url, size]) => {
  const kept = await fetch(url, {cache: "only-if-cached", mode: "same-origin"}).catch(() => null);
  return (await kept?.arrayBuffer())?.byteLength === size;
}
"""


def damaging(name: str) -> type[Handler]:
    """A server whose first answer for one file is cut short, and may be cached for ever."""

    class Damaging(Handler):
        asked: ClassVar[list[str]] = []

        def _answer(self, with_body: bool) -> None:
            file = self._file()
            if file is None or not re.match(rf"{name}\w{{12}}\.", file.name) or Damaging.asked:
                super()._answer(with_body)
                return
            Damaging.asked.append(file.name)
            headers = {"Content-Type": MIME[file.suffix], "Cache-Control": FOR_A_YEAR}
            self._send(HTTPStatus.OK, headers, file.read_bytes()[: file.stat().st_size // 2], with_body)

    return Damaging


@pytest.mark.full(minutes=0.6)  # one that fails and is asked for again is in the tests above
@pytest.mark.parametrize("name", ["boot-", *CACHED])
def test_a_file_that_was_cached_damaged_is_mended_for_this_visit_and_the_next(
    new_page: NewPage, name: str
) -> None:
    handler = damaging(name)
    with serve_site(SITE, handler=handler) as server:
        lab = new_page(url=server.url)
        lab.watch.expect(*NOISE, "wasm instantiation", "preload")
        boot = "" if name == "boot-" else "?boot=plain"  # the snapshot would do without some of them
        lab.open(boot, ready=False)
        if name == "pyodide.asm-":
            lab.expect_error("pyodide.asm.wasm")
            lab.page.get_by_role("button", name="Retry").click()
        lab.wait_ready()
        [file] = handler.asked  # type: ignore[attr-defined]
        size = (SITE / "assets" / file).stat().st_size
        lab.page.wait_for_function(KEPT_WHOLE, arg=[f"{server.url}assets/{file}", size])
        lab.open(boot)


def test_a_page_whose_scripts_are_gone_is_asked_for_anew_once_by_itself(new_page: NewPage) -> None:
    lab = new_page()
    lab.watch.expect(*NOISE)
    answers = [PAGE.replace(BOOT, "assets/boot-0123456789ab.js").replace("supported-", "supported-0")]

    def old_first(route: Route) -> None:
        text = answers.pop() if answers and route.request.is_navigation_request() else PAGE
        route.fulfill(body=text, content_type="text/html")

    lab.page.route(lab.address, old_first)
    lab.open(ready=False)
    lab.wait_painted()
    assert not answers
    assert lab.page.evaluate("() => performance.getEntriesByType('navigation')[0].type") == "reload"


def test_a_page_that_stays_old_is_told_and_does_not_load_for_ever(new_page: NewPage) -> None:
    lab = new_page()
    lab.watch.expect(*NOISE)
    old = PAGE.replace(BOOT, "assets/boot-0123456789ab.js")
    opened: list[str] = []

    def always_old(route: Route) -> None:
        opened.append(route.request.url)
        route.fulfill(body=old, content_type="text/html")

    lab.page.route(lab.address, always_old)
    lab.open(ready=False)
    expect(alert(lab)).to_contain_text("boot-0123456789ab.js (the server answered 404)", timeout=20_000)
    assert len(opened) == 3, "the page, once more past the caches, and loaded anew"


def test_a_page_that_came_in_part_is_told(new_page: NewPage) -> None:
    lab = new_page()
    lab.watch.expect(*NOISE)
    half = PAGE[: PAGE.index('id="lab-document"') + 2000]
    lab.page.route(lab.address, lambda route: route.fulfill(body=half, content_type="text/html"))
    lab.open(ready=False)
    expect(alert(lab)).to_contain_text("the page itself (it came only in part)", timeout=20_000)


def test_without_the_slash_at_the_end_of_its_address_the_lab_goes_where_its_files_are(
    new_page: NewPage,
) -> None:
    with serve_site(SITE, prefix="/courses/lab/") as server:
        lab = new_page(url=server.url)
        lab.watch.allow(server.url.replace("/courses/lab/", "/"))
        lab.watch.expect(*NOISE)
        address = server.url.rstrip("/")
        lab.page.route(
            re.compile(re.escape(address) + r"(\?.*)?$"),
            lambda route: route.fulfill(body=PAGE, content_type="text/html"),
        )
        lab.page.goto(address + "?step=weights#mask=causal")
        lab.page.wait_for_url(server.url + "?step=weights#**")
        lab.wait_painted()


@pytest.mark.full
@pytest.mark.parametrize("stage", ["weights", pytest.param("qkv", marks=pytest.mark.full)])
def test_a_host_that_says_another_encoding_changes_no_letter(new_page: NewPage, stage: str) -> None:
    def latin(route: Route) -> None:
        answer = route.fetch()
        kind = answer.headers["content-type"].split(";")[0]
        route.fulfill(
            response=answer, headers={**answer.headers, "content-type": f"{kind}; charset=iso-8859-1"}
        )

    lab = new_page()
    lab.open(f"?step={stage}")
    expected = lab.page.locator("body").inner_text()
    other = new_page()
    other.page.route(re.compile(r"/$|\.js|\.css|\?"), latin)
    other.open(f"?step={stage}")
    assert other.page.evaluate("() => document.characterSet") == "windows-1252"
    assert other.page.locator("body").inner_text() == expected


def test_webassembly_that_is_switched_off_is_not_called_an_old_browser(new_page: NewPage) -> None:
    lab = new_page()
    lab.page.add_init_script("delete globalThis.WebAssembly")
    lab.open(ready=False)
    expect(alert(lab).get_by_role("heading")).to_have_text("WebAssembly is switched off in this browser")
    expect(alert(lab)).not_to_contain_text("too old")
