"""Visited once, the lab works with the server gone; a newer build waits until the learner agrees.

Browser storage is partitioned here, as it is for learners; Playwright would switch that off.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from building.browsers import LaunchOptions
from building.serving import Handler, serve_site
from building.stamps import integrity
from building.texts import LONG
from tests.e2e.conftest import DESKTOP, PATIENCE_MS, SITE, Watch
from tests.e2e.lab import Lab, in_the_stepper
from tests.e2e.line import line
from tests.e2e.reference import Settings, matrices

DOGS = "The dogs are playing"
#: Chromium takes the last such switch, so Playwright's, which names ThirdPartyStoragePartitioning, does not
#: count.
PARTITIONED = "--disable-features=PaintHolding,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable"
#: A name that is not this machine's to the browser, so that http is not secure there.
ELSEWHERE = "lab.test"

# Remove one file from every cache; with an empty name, everything.
EVICT = """
async (part) => {
  for (const name of await caches.keys()) {
    if (part === "") { await caches.delete(name); continue; }
    const cache = await caches.open(name);
    for (const request of await cache.keys()) if (request.url.includes(part)) await cache.delete(request);
  }
}
"""

# The addresses of all that is kept.
HELD = """
async () => {
  const caches_of_all = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  return (await Promise.all(caches_of_all.map((cache) => cache.keys()))).flat().map(({url}) => url);
}
"""

# How far the page was, in its own words, when it made a worker of Python.
NOTE_WORKERS = """
  const made = window.__made = [];
  window.Worker = class extends Worker {
    constructor(address, ...rest) {
      if (String(address).includes("kernel")) made.push(document.readyState);
      super(address, ...rest);
    }
  };
"""

GUESSES = """() => Bokeh.documents.at(-1).get_model_by_name('house').screens[0].settings
  .find(({key}) => key === 'guesses').value"""


@pytest.fixture(scope="module")
def partitioned(playwright: Playwright, chromium: LaunchOptions) -> Iterator[Browser]:
    rules = f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1"
    launched = playwright.chromium.launch(
        executable_path=chromium["executable_path"], args=[*chromium["args"], PARTITIONED, rules]
    )
    yield launched
    launched.close()


Visit = Callable[[str], Lab]


@pytest.fixture
def visitor(partitioned: Browser) -> Iterator[BrowserContext]:
    """A learner's browser."""
    context = partitioned.new_context(viewport=DESKTOP, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def visit(visitor: BrowserContext) -> Iterator[Visit]:
    """Open a tab; every one is checked at the end of the test."""
    watches: list[Watch] = []

    def make(url: str) -> Lab:
        page = visitor.new_page()
        page.set_default_timeout(PATIENCE_MS)
        watches.append(Watch(page, url))
        return Lab(page, url, watches[-1])

    yield make
    for page in visitor.pages:
        page.close()
    for watch in watches:
        watch.check()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the site, to be altered."""
    return Path(shutil.copytree(SITE, tmp_path / "site"))


def wait_kept(lab: Lab) -> None:
    lab.page.locator("html[data-offline=ready]").wait_for(state="attached")
    expect(lab.page.locator(".kernel-line")).to_have_text("Offline ready")


def check_numbers(lab: Lab, text: str = DOGS) -> None:
    """Change a widget, go to another step, and read new numbers."""
    lab.type_sentence(text)
    lab.go("weights")
    expected = matrices(Settings(text=text))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)


@pytest.mark.full  # test_first_paint.py has what waits for that drawing
def test_python_waits_for_the_first_drawing_on_a_first_visit_alone(
    visitor: BrowserContext, visit: Visit, site: str
) -> None:
    visitor.add_init_script(NOTE_WORKERS)
    first = visit(site).open()
    assert first.page.evaluate("window.__made") == ["interactive"], "made by boot.js"
    wait_kept(first)
    again = visit(site).open()
    assert again.page.evaluate("window.__made") == ["loading"], "made by the head of the page"


def another_build(folder: Path) -> str:
    """Make of the site in `folder` another build, as a deployment would leave it; its name."""
    page, worker = folder / "index.html", folder / "sw.js"
    [config] = re.findall(r'id="lab-config">(.*?)</script>', page.read_text(), re.S)
    build = str(json.loads(config)["build"])
    other = build[::-1]
    [styles] = folder.glob("assets/styles-*.css")
    content = styles.read_bytes() + b".brand { letter-spacing: 1px; }\n"
    old, new = hashlib.sha256(styles.read_bytes()).hexdigest(), hashlib.sha256(content).hexdigest()
    size = styles.stat().st_size
    styles.unlink()
    (folder / f"assets/styles-{new[:12]}.css").write_bytes(content)
    for path in (worker, *folder.glob("*.html")):
        text = path.read_text().replace(build, other).replace(old[:12], new[:12])
        text = text.replace(integrity(old), integrity(new))
        path.write_text(
            text.replace(
                f'"bytes": {size}, "integrity": "{integrity(new)}"',
                f'"bytes": {len(content)}, "integrity": "{integrity(new)}"',
            )
        )
    return other


def frame_of(url: str, folder: Path, more: str = "") -> None:
    """Write a page of a course that has the lab in a frame."""
    frame = f'<iframe {more} src="{in_the_stepper(url)}" width=1400 height=860></iframe>'
    (folder / "index.html").write_text(
        f'<!doctype html><title>Course</title><link rel="icon" href="data:,">{frame}'
    )


@pytest.mark.parametrize("prefix", [pytest.param("/", marks=pytest.mark.full), "/courses/ai/lab/"])
def test_after_one_visit_the_lab_works_with_the_server_gone(visit: Visit, prefix: str) -> None:
    with serve_site(SITE, prefix=prefix) as server:
        first = visit(server.url).open()
        wait_kept(first)
        assert re.fullmatch(r"ready, \d+ MB kept on this device", first.fact("Offline"))
        first.page.close()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(server.url, timeout=5)
    again = visit(server.url).open()
    check_numbers(again)
    wait_kept(again)
    again.page.goto(server.url + "index.html#mask=causal&step=weights")
    again.wait_ready()
    expected = matrices(Settings(mask="causal"))["weights"]
    np.testing.assert_allclose(again.matrix("weights"), expected, atol=1e-12)
    again.page.goto(server.url + "licenses.html")
    expect(again.page.locator("h1")).to_have_text("Licences")


@pytest.mark.full(minutes=0.3)  # as English in the test above
def test_the_language_in_use_is_kept_and_no_other(visit: Visit) -> None:
    with serve_site(SITE) as server:
        lab = visit(server.url).open()
        wait_kept(lab)
        assert not [url for url in lab.page.evaluate(HELD) if LONG in url]
        lab.page.goto(f"{server.url}?lab=stepper&language={LONG}")
        lab.wait_ready()
        lab.page.wait_for_function(
            f"async () => (await ({HELD})()).some((url) => url.includes('texts.{LONG}'))"
        )
        lab.page.locator("html[data-offline=ready]").wait_for(state="attached")
        kept = [url for url in lab.page.evaluate(HELD) if "texts." in url or f".{LONG}" in url]
        assert {re.sub(r"-[0-9a-f]{12}", "", url.rpartition("/")[2]) for url in kept} == {
            f"texts.{LONG}.mo", f"texts.{LONG}.json", f"document-stepper.{LONG}.json", f"pages.{LONG}.js",
        }  # fmt: skip
    lab.page.reload()
    lab.wait_painted()
    assert lab.region("lesson").inner_text().startswith("⟦Stép"), "without a network"


def test_nothing_is_kept_before_the_lab_is_live_and_nothing_is_sent_twice(
    playwright: Playwright, chromium: LaunchOptions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers: list[tuple[str, int, float]] = []

    def note(handler: Handler, code: int = 0, size: int = 0) -> None:
        answers.append((handler.path, int(code), 1000 * time.time()))

    monkeypatch.setattr(Handler, "log_request", note)
    with serve_site(SITE) as server:
        # A profile on disk: the memory cache of the others holds no large file.
        context = playwright.chromium.launch_persistent_context(tmp_path, viewport=DESKTOP, **chromium)
        page = context.new_page()
        lab = Lab(page, server.url, Watch(page, server.url)).open()
        wait_kept(lab)
        live = page.evaluate(
            "() => performance.timeOrigin + Number(document.documentElement.dataset.interactive)"
        )
        context.close()
    lab.watch.check()
    [worker] = [when for path, _, when in answers if path == "/sw.js"]
    assert worker >= live
    sent = Counter(path for path, code, _ in answers if code == 200)
    assert sent["/"] == 1
    assert sum(path.startswith("/assets/") for path in sent) >= 10
    assert {path: count for path, count in sent.items() if count > 1} == {}


@pytest.mark.full(minutes=0.5)
def test_what_a_slow_line_made_a_visit_take_is_taken_again(visit: Visit) -> None:
    handler = line(seconds=4.0)
    with serve_site(SITE, handler=handler) as served:
        lab = visit(served.url).open()
        assert lab.fact("Start").startswith("without the memory snapshot: the line is slow")
        wait_kept(lab)
        lab.open()  # the file by which the line is measured comes from this device now
        assert lab.fact("Start").startswith("without the memory snapshot: the line is slow")
        check_numbers(lab)
    assert not any("snapshot-" in path for path in handler.asked)


def test_a_newer_build_is_offered_and_comes_only_when_the_learner_agrees(visit: Visit, copy: Path) -> None:
    with serve_site(copy) as server:
        lab = visit(server.url).open()
        wait_kept(lab)
        old = lab.fact("Build")
        new = another_build(copy)
        offer = lab.page.locator(".kernel-offer")

        lab.page.reload()
        lab.wait_ready()
        expect(offer).to_be_visible()
        assert lab.fact("Build") == old, (
            "unasked, the build stays: all of it, though the server has it no more"
        )
        offer.get_by_role("button", name="Later").click()
        expect(offer).to_be_hidden()
        lab.page.close()
        lab = visit(server.url).open()  # every tab was closed: still no reason to change it
        assert lab.fact("Build") == old
        wait_kept(lab)

        lab.choose("mask", "causal")
        lab.region("predict").locator("[data-guess]").first.click()
        lab.settle()
        guesses = lab.page.evaluate(GUESSES)
        assert guesses
        lab.page.get_by_label("Your sentence").fill(DOGS)  # not confirmed
        offer = lab.page.locator(".kernel-offer")
        offer.get_by_role("button", name="Update").click()
        lab.page.locator(f".kernel-about dd:text-is('{new}')").wait_for(state="attached")
        lab.wait_ready()
        expect(lab.region("sentence").locator("[data-chip] bdi")).to_have_text(DOGS.split())
        assert lab.page.evaluate(GUESSES) == guesses
        lab.go("weights")
        expected = matrices(Settings(text=DOGS, mask="causal"))["weights"]
        np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)
        wait_kept(lab)
        expect(lab.page.locator(".kernel-offer")).to_be_hidden()
        names = lab.page.evaluate("() => caches.keys()")
        assert sorted(name.split(" ")[-1] for name in names) == sorted(["chosen", new]), (
            "the old build is gone"
        )
    lab.page.reload()
    lab.wait_painted()
    assert lab.fact("Build") == new


@pytest.mark.full
def test_another_tab_keeps_its_build_while_one_updates(visit: Visit, copy: Path) -> None:
    with serve_site(copy) as server:
        one = visit(server.url).open()
        wait_kept(one)
        two = visit(server.url).open()
        wait_kept(two)
        old = two.fact("Build")
        another_build(copy)
        one.page.reload()
        one.page.locator(".kernel-offer").get_by_role("button", name="Update").click()
        one.page.locator(f".kernel-about dd:text-is('{old}')").wait_for(state="detached")
        one.wait_ready()
        wait_kept(one)
    assert two.fact("Build") == old
    check_numbers(two)
    styles = two.page.locator("link[rel=stylesheet]").get_attribute("href")
    assert two.page.evaluate("(url) => fetch(url).then(({ok}) => ok)", styles), "its files are kept"


@pytest.mark.full(minutes=0.8)
def test_what_the_browser_removed_comes_from_the_network_and_is_kept_again(visit: Visit) -> None:
    with serve_site(SITE) as server:
        lab = visit(server.url).open()
        wait_kept(lab)
        lab.page.evaluate(EVICT, "")
        lab.page.reload()
        lab.wait_ready()
        check_numbers(lab)
        wait_kept(lab)
        lab.page.evaluate(EVICT, "snapshot-heap")
        lab.page.context.new_cdp_session(lab.page).send("Network.clearBrowserCache")
    lab.watch.expect(
        "/assets/", "Failed to load resource", "ERR_ABORTED", "wasm instantiation"
    )  # the kernel ends, and what it reads with it
    lab.page.reload()
    lab.expect_error("A file that the lab needs could not be used")
    with serve_site(SITE, port=server.port):
        lab.page.get_by_role("button", name="Retry").click()
        lab.wait_ready()
        wait_kept(lab)
    lab.page.reload()
    lab.wait_ready()
    lab.page.evaluate(EVICT, "")
    lab.watch.expect("status 503")
    lab.page.reload()
    expect(lab.page.locator("body")).to_contain_text("Connect and reload")


@pytest.mark.full(minutes=0.5)
def test_a_host_that_lost_a_file_leaves_the_lab_working_and_says_why_it_is_not_kept(
    visit: Visit, copy: Path
) -> None:
    (copy / "icon.svg").unlink()
    with serve_site(copy) as server:
        lab = visit(server.url).open()
        lab.page.locator("html[data-offline=no]").wait_for(state="attached")
        assert lab.fact("Offline") == "no: the server does not have this build's icon.svg"
        expect(lab.page.locator(".kernel-line")).to_have_text("Ready")
        check_numbers(lab)


@pytest.mark.full
def test_an_upload_that_is_half_done_is_not_kept(visit: Visit, copy: Path) -> None:
    page = (copy / "index.html").read_bytes()
    another_build(copy)
    (copy / "index.html").write_bytes(page)  # still that of the build before
    [old] = SITE.glob("assets/styles-*.css")
    shutil.copy(old, copy / "assets")
    with serve_site(copy) as server:
        lab = visit(server.url).open()
        lab.page.locator("html[data-offline=no]").wait_for(state="attached")
        assert "index.html" in lab.fact("Offline")


@pytest.mark.full
def test_in_a_frame_of_another_site_it_has_storage_of_its_own_and_works_offline(
    visit: Visit, visitor: BrowserContext, tmp_path: Path
) -> None:
    host = tmp_path / "host"
    host.mkdir()
    with serve_site(host) as course:
        with serve_site(SITE) as server:
            frame_of(server.url, host)
            address = f"http://localhost:{course.port}/"
            lab = visit(address)
            lab.watch.expect("request to another host: " + server.url)
            lab.page.goto(address)
            frame = lab.page.frame_locator("iframe")
            frame.locator("html[data-offline=ready]").wait_for(state="attached", timeout=90_000)
            names = lab.page.frames[1].evaluate("() => caches.keys()")
            assert names
            alone = visit(server.url)
            alone.page.goto(server.url + "licenses.html")
            assert alone.page.evaluate("() => caches.keys()") == [], "storage is partitioned"
        lab.page.reload()
        frame.locator("html[data-kernel=ready]").wait_for(state="attached", timeout=90_000)
        frame.locator("[data-region=transport] [data-step=weights]").click()
        frame.locator("[data-region=stage] [data-matrix=weights] [data-value]").first.wait_for()


def test_without_https_the_lab_works_and_says_that_it_is_not_kept(visit: Visit) -> None:
    with serve_site(SITE) as server:
        lab = visit(f"http://{ELSEWHERE}:{server.port}/").open()
        check_numbers(lab)
        lab.page.locator("html[data-offline=no]").wait_for(state="attached")
        assert "it needs https" in lab.fact("Offline")
        expect(lab.page.locator(".kernel-line")).to_have_text("Ready")


@pytest.mark.full
def test_in_an_opaque_origin_it_is_quiet(visit: Visit, tmp_path: Path) -> None:
    with serve_site(SITE) as server, serve_site(tmp_path) as course:
        frame_of(server.url, tmp_path, 'sandbox="allow-scripts"')
        lab = visit(course.url)
        lab.watch.expect("request to another host: " + server.url)
        lab.page.goto(course.url)
        frame = lab.page.frame_locator("iframe")
        frame.locator("html[data-offline=no]").wait_for(state="attached", timeout=90_000)
        expect(frame.locator(".kernel-line")).to_have_text("Ready")


def update_to_another(visit: Visit, copy: Path, url: str, before: str) -> tuple[Lab, str]:
    """A visit that has agreed to a newer build, and its name; `before` is done before anything is chosen."""
    lab = visit(url).open()
    wait_kept(lab)
    new = another_build(copy)
    lab.page.reload()
    lab.wait_ready()
    update = lab.page.locator(".kernel-offer").get_by_role("button", name="Update")
    expect(update).to_be_visible()
    lab.page.evaluate(before)
    lab.type_sentence(DOGS)
    lab.region("predict").locator("[data-guess]").first.click()
    lab.settle()
    update.click()
    return lab, new


FILL = """
() => {
  const full = () => { throw new DOMException("full", "QuotaExceededError"); };
  Storage.prototype.setItem = full;
}
"""


@pytest.mark.full(minutes=0.5)
def test_an_update_with_the_sessions_storage_full_keeps_what_was_chosen(visit: Visit, copy: Path) -> None:
    with serve_site(copy) as server:
        lab, new = update_to_another(visit, copy, server.url, FILL)
        lab.page.locator(f".kernel-about dd:text-is('{new}')").wait_for(state="attached")
        lab.wait_ready()
        assert lab.page.evaluate(GUESSES), "no address has them, and the device had no room"


@pytest.mark.full
def test_an_update_that_cannot_be_made_says_so_and_can_be_tried_again(visit: Visit, copy: Path) -> None:
    with serve_site(copy) as server:
        silent = "() => { ServiceWorker.prototype.postMessage = () => { throw new Error('gone'); }; }"
        lab, _ = update_to_another(visit, copy, server.url, silent)
        offer = lab.page.locator(".kernel-offer")
        expect(offer).to_contain_text("That did not work")
        expect(offer.get_by_role("button", name="Update")).to_be_enabled()


UNREGISTER = "async () => void (await (await navigator.serviceWorker.getRegistration()).unregister())"


@pytest.mark.full
@pytest.mark.parametrize("clear", [f"() => ({EVICT})('')", UNREGISTER], ids=["caches", "worker"])
def test_what_was_cleared_is_not_called_offline_ready(visit: Visit, clear: str) -> None:
    with serve_site(SITE) as server:
        lab = visit(server.url).open()
        wait_kept(lab)
    lab.watch.expect("Failed to load resource", "request failed")
    lab.page.evaluate(clear)
    lab.page.evaluate("() => dispatchEvent(new Event('focus'))")
    expect(lab.page.locator(".kernel-line")).to_have_text("Ready")


@pytest.mark.full  # an update is offered in the same place
def test_a_site_that_has_moved_is_told_and_gone_to(visit: Visit, tmp_path: Path) -> None:
    class Moved(Handler):
        def _answer(self, with_body: bool) -> None:
            headers = {"Location": f"http://localhost:{new.port}{self.path}"}
            self._send(HTTPStatus.MOVED_PERMANENTLY, headers, b"", with_body)

    with serve_site(SITE) as new:
        with serve_site(SITE) as old:
            lab = visit(old.url).open()
            wait_kept(lab)
        with serve_site(SITE, port=old.port, handler=Moved):
            lab.watch.expect(
                "request to another host",
                "request failed",
                "Failed to load",
                "Fetch API",
                "service",
                "fetching the script",
            )
            lab.page.reload()
            lab.wait_ready()
            offer = lab.page.locator(".kernel-offer")
            expect(offer).to_contain_text("moved to another address", timeout=30_000)
            offer.get_by_role("button", name="Go there").click()
            lab.page.wait_for_url(f"http://localhost:{new.port}/**")
            lab.wait_painted()


@pytest.mark.full(minutes=0.5)
def test_on_plain_http_damage_is_noticed_too(visit: Visit, copy: Path) -> None:
    [stored] = copy.glob("assets/snapshot-heap-*.bin")
    data = bytearray(stored.read_bytes())
    data[len(data) // 2] ^= 1
    stored.write_bytes(data)
    with serve_site(copy) as server:
        lab = visit(f"http://{ELSEWHERE}:{server.port}/").open("?boot=snapshot")
        assert lab.page.evaluate("() => crypto.subtle === undefined")
        assert "snapshot-heap.bin: its contents are not those of this build" in lab.fact("Start")
        check_numbers(lab)


@pytest.mark.full  # as what a course has kept (test_scorm.py)
@pytest.mark.parametrize(
    ("carried", "told"),
    [
        ("null", True),
        ("[1]", True),
        ("nonsense {", True),
        (json.dumps({"text": 7, "mask": ["causal"], "revealed": {"length": 1}}), True),
        ('{"guesses": {"constructor": 1}, "kinds": {"__proto__": "thing"}}', True),
        ('{"text": "The dogs are playing", "a_setting_of_an_older_build": 1}', False),
    ],
)
def test_what_was_carried_over_and_is_not_understood_is_set_aside(
    visit: Visit, carried: str, told: bool
) -> None:
    with serve_site(SITE) as server:
        lab = visit(server.url)
        lab.page.add_init_script(f"sessionStorage.setItem('attention-lab-carried', {json.dumps(carried)})")
        lab.open()
        expect(lab.page.locator(".kept-note")).to_have_count(1 if told else 0)
        assert (lab.chips() == DOGS.split()) == (not told)
        lab.go("weights")
        assert np.isfinite(lab.matrix("weights")).all()
        wait_kept(lab)  # before its server is gone: what the page still asks for would fail
