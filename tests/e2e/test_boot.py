"""First paint, coming alive, and everything that can go wrong on the way."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import SITE, NewPage
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices


def site_config() -> dict[str, Any]:
    """The configuration in the built page; empty where nothing is built, which the `site` fixture reports."""
    page = SITE / "index.html"
    found = re.search(r'id="lab-config">(.*?)</script>', page.read_text(), re.S) if page.exists() else None
    return dict(json.loads(found[1])) if found else {}


CONFIG = site_config()
ASSETS: dict[str, dict[str, str]] = CONFIG.get("assets", {})
KERNEL = f"**/{ASSETS['kernel.js']['url']}" if ASSETS else ""
STYLES = next((f"assets/{path.name}" for path in SITE.glob("assets/styles-*.css")), "")

# Put before the kernel's own handling of messages: what a test makes the worker do.
HOOK = """
;(() => { const inner = self.onmessage; let done = false; self.onmessage = (event) => {
  const message = event.data;
  if (!done && message.type === "patch" && message.patch.includes("dogs")) { done = true; %s }
  return inner(event);
}; })();
"""


def hook_worker(body: str) -> object:
    def handle(route: Route) -> None:
        text = (SITE / ASSETS["kernel.js"]["url"]).read_text() + HOOK % body
        route.fulfill(body=text, content_type="text/javascript")

    return handle


class HeldPython:
    """A page whose Python cannot start until `release`: its wasm file is kept waiting."""

    def __init__(self, lab: Lab, query: str = "") -> None:
        self._lab = lab
        self._routes: list[Route] = []
        lab.page.route("**/*.wasm", lambda route: self._routes.append(route))
        with lab.page.expect_request("**/*.wasm"):
            lab.open(query, ready=False)
        lab.wait_painted()

    def release(self) -> None:
        for route in self._routes:
            route.continue_()
        self._lab.page.unroute("**/*.wasm")
        self._lab.wait_ready()


def test_the_first_paint_does_not_wait_for_python(new_page: NewPage) -> None:
    lab = new_page()
    held = HeldPython(lab)
    np.testing.assert_allclose(lab.matrix("x"), matrices(Settings())["x"], atol=1e-12)
    expect(lab.page.locator("html")).to_have_attribute("data-kernel", "loading")
    before = lab.region("stage").bounding_box()
    # What is chosen now is kept, and applied when Python is there.
    lab.region("transport").locator("[data-step=weights]").click()
    lab.page.get_by_label("Your sentence").fill("The dogs are playing")
    lab.page.get_by_label("Your sentence").press("Enter")
    held.release()
    assert lab.fact("Document") == "as painted by the build"
    np.testing.assert_allclose(
        lab.matrix("weights"), matrices(Settings(text="The dogs are playing"))["weights"], atol=1e-12
    )
    after = lab.region("stage").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2, "the stage does not jump"


def test_a_document_that_does_not_agree_is_swapped_and_no_input_is_lost(new_page: NewPage) -> None:
    lab = new_page()

    # A document of another build: the same values, and not the same bytes.
    entry = ASSETS["document-stepper.json"]
    other = (SITE / entry["url"]).read_bytes() + b" "
    of_other = {"bytes": len(other), "sha256": hashlib.sha256(other).hexdigest(), "crc32": zlib.crc32(other)}

    def other_document(route: Route) -> None:
        config = json.loads(json.dumps(CONFIG))
        config["assets"]["document-stepper.json"] |= of_other
        before, _, rest = (SITE / "index.html").read_text().partition('id="lab-config">')
        text = f'{before}id="lab-config">{json.dumps(config)}</script>{rest.partition("</script>")[2]}'
        route.fulfill(body=text, content_type="text/html")

    lab.page.route(re.compile(re.escape(lab.url) + r"\?.*"), other_document)
    lab.page.route(f"**/{entry['url']}", lambda route: route.fulfill(body=other))
    held = HeldPython(lab)
    field = lab.page.get_by_label("Your sentence")
    field.fill("The dogs are playing")  # not confirmed: the field is still being edited
    held.release()
    assert lab.fact("Document") == "drawn anew by the kernel"
    assert lab.chips() == ["The", "dogs", "are", "playing"]
    lab.go("weights")
    np.testing.assert_allclose(
        lab.matrix("weights"), matrices(Settings(text="The dogs are playing"))["weights"], atol=1e-12
    )


FAULTS = {
    "missing": lambda route, body: route.fulfill(status=404, body="not found"),
    "truncated": lambda route, body: route.fulfill(body=body[: len(body) // 2]),
    "altered": lambda route, body: route.fulfill(body=bytes([body[0] ^ 1]) + body[1:]),
    "offline": lambda route, body: route.abort("internetdisconnected"),
}


#: One that is needed to paint; those of Python are in the next test, and in that of a file that never comes.
ORDINARY = {("bokeh.js", "missing")}
BEFORE_THE_PAINTING = ("bokeh.js", "widgets.js", "styles.css")
#: Of the plain boot; test_snapshot.py has those of the other boot.
FILES = [*BEFORE_THE_PAINTING, "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        pytest.param(name, fault, marks=() if (name, fault) in ORDINARY else pytest.mark.full)
        for name in (*FILES, *CONFIG.get("packages", ()))
        for fault in FAULTS
    ],
)
def test_a_file_that_fails_is_named_and_retry_recovers(new_page: NewPage, name: str, fault: str) -> None:
    logical = next(asset for asset in (*ASSETS, "styles.css") if asset.startswith(name))
    url = STYLES if name == "styles.css" else ASSETS[logical]["url"]
    lab = new_page()
    lab.watch.expect(
        "status 404",
        "Failed to load resource",
        "request failed",
        "integrity",
        "wasm instantiation",
        "Failed to find a valid digest",
    )
    lab.page.route(f"**/{url}*", lambda route: FAULTS[fault](route, (SITE / url).read_bytes()))
    lab.open("" if name in BEFORE_THE_PAINTING else "?boot=plain", ready=False)
    lab.expect_error(logical)
    if name not in BEFORE_THE_PAINTING:
        lab.page.get_by_label("Your sentence").fill("The dogs are playing")
        lab.page.get_by_label("Your sentence").press("Enter")
    lab.page.unroute(f"**/{url}*")
    lab.page.get_by_role("button", name="Retry").click()
    lab.wait_ready()
    if name not in BEFORE_THE_PAINTING:
        assert lab.chips() == ["The", "dogs", "are", "playing"], "the learner's text is kept"
    lab.go("weights")
    assert np.isfinite(lab.matrix("weights")).all()


@pytest.mark.full  # as any other file
@pytest.mark.parametrize("fault", FAULTS)
def test_the_file_that_both_boots_need_is_asked_for_again_by_the_one_that_failed(
    new_page: NewPage, fault: str
) -> None:
    url = ASSETS["pyodide.asm.wasm"]["url"]
    lab = new_page()
    lab.watch.expect("status 404", "Failed to load resource", "request failed", "wasm instantiation")
    lab.page.route(f"**/{url}", lambda route: FAULTS[fault](route, (SITE / url).read_bytes()))
    lab.open("?boot=snapshot", ready=False)  # a busy machine would be taken for a slow line
    lab.expect_error("pyodide.asm.wasm")
    lab.page.get_by_label("Your sentence").fill("The dogs are playing")
    lab.page.get_by_label("Your sentence").press("Enter")
    lab.page.unroute(f"**/{url}")
    lab.page.get_by_role("button", name="Retry").click()
    lab.wait_ready()
    assert lab.fact("Start") == "from the memory snapshot"
    lab.go("weights")
    expected = matrices(Settings(text="The dogs are playing"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)


#: A kernel's script as a server should not send it, and what the page says of each.
KERNEL_FAULTS = {
    **{fault: (FAULTS[fault], "kernel.js (") for fault in FAULTS},
    "empty": (lambda route, body: route.fulfill(status=204), "kernel.js (the server answered 204)"),
    "gone": (lambda route, body: route.fulfill(status=503), "kernel.js (the server answered 503)"),
    "moved": (
        lambda route, body: route.fulfill(status=302, headers={"location": "https://login.invalid/"}),
        "kernel.js (the server sends it to another address)",
    ),
    "login": (
        lambda route, body: route.fulfill(body="<h1>Log in</h1>", content_type="text/html"),
        "kernel.js (",
    ),
    "plain": (
        lambda route, body: route.fulfill(
            body=body, content_type="text/plain", headers={"X-Content-Type-Options": "nosniff"}
        ),
        "kernel.js (the server sent it as text/plain, not as text/javascript)",
    ),
}


@pytest.mark.full  # as any other file, and as from disk (test_folder.py)
@pytest.mark.parametrize("fault", KERNEL_FAULTS)
def test_a_kernel_script_that_fails_is_named_as_any_file_and_retry_recovers(
    new_page: NewPage, fault: str
) -> None:
    url = ASSETS["kernel.js"]["url"]
    answer, told = KERNEL_FAULTS[fault]
    lab = new_page()
    lab.watch.expect(
        "status ", "Failed to load resource", "request failed", "MIME", "https://login.invalid/", "Fetch API"
    )
    lab.page.route(f"{KERNEL}*", lambda route: answer(route, (SITE / url).read_bytes()))
    lab.open(ready=False)
    lab.expect_error(told)
    lab.page.unroute(f"{KERNEL}*")
    lab.page.get_by_role("button", name="Retry").click()
    lab.wait_ready()
    lab.go("weights")
    assert np.isfinite(lab.matrix("weights")).all()


OLD = {
    "web workers": "delete globalThis.Worker",
    "64-bit integers": "delete globalThis.BigInt64Array",
    "streams": "delete Response.prototype.body",
    "style sheets made by scripts": "delete CSSStyleSheet.prototype.replaceSync",
    "today's JavaScript": "delete Array.prototype.findLast",
}


@pytest.mark.parametrize(
    "lacking",
    ["streams", *(pytest.param(each, marks=pytest.mark.full) for each in OLD if each != "streams")],
)
def test_a_browser_that_lacks_something_is_told_so_before_anything_is_loaded(
    new_page: NewPage, lacking: str
) -> None:
    lab = new_page()
    lab.page.add_init_script(OLD[lacking])
    workers: list[object] = []
    lab.page.on("worker", lambda worker: workers.append(worker))
    lab.open(ready=False)
    lab.page.locator("html[data-kernel=unsupported]").wait_for(state="attached")
    told = lab.page.get_by_role("alert")
    expect(told.get_by_role("heading")).to_have_text("This browser is too old for the lab")
    expect(told).to_contain_text(f"This browser lacks: {lacking}.")
    expect(told).to_contain_text(
        "It works in Chrome and Edge 103, Firefox 115, Safari 16.4, and in newer ones."
    )
    assert not workers
    assert not lab.page.locator(".kernel-chip, .kernel-panel").count()


def test_a_script_that_the_browser_cannot_read_leaves_the_message(new_page: NewPage) -> None:
    lab = new_page()
    lab.watch.expect("page error: Unexpected token", "integrity", "valid digest", "Failed to load resource")
    lab.page.add_init_script(OLD["today's JavaScript"])
    lab.page.route(
        "**/boot-*.js", lambda route: route.fulfill(body="class {", content_type="text/javascript")
    )
    lab.open(ready=False)
    expect(lab.page.get_by_role("alert")).to_contain_text("too old for the lab")


def test_an_error_in_python_keeps_the_text_and_the_lab(new_page: NewPage) -> None:
    lab = new_page()
    lab.provokes_errors = True
    lab.page.route(KERNEL, hook_worker("""message.patch = '{"events": [{"kind": "Nonsense"}]}';"""))
    lab.open()
    lab.type_sentence("The dogs are playing")
    lab.expect_error("Python reported an error")
    told = lab.page.locator("[role=alert]:visible", has_text=re.compile(r"\S"))
    expect(told).to_have_count(1)  # told once
    expect(lab.page.get_by_label("Your sentence")).to_have_value("The dogs are playing")
    lab.page.get_by_role("button", name="Restart Python").click()
    lab.wait_ready()
    assert lab.chips() == ["The", "dogs", "are", "playing"]


@pytest.mark.full  # as one that hangs
def test_a_kernel_that_dies_is_restarted_with_the_learners_values(new_page: NewPage) -> None:
    lab = new_page()
    lab.provokes_errors = True
    lab.page.route(KERNEL, hook_worker("setTimeout(() => { throw new Error('it died'); }); return;"))
    lab.open()
    lab.go("weights")
    lab.type_sentence("The dogs are playing")
    lab.expect_error("kernel stopped")
    lab.page.unroute(KERNEL)
    lab.page.get_by_role("button", name="Restart").click()
    lab.wait_ready()
    np.testing.assert_allclose(
        lab.matrix("weights"), matrices(Settings(text="The dogs are playing"))["weights"], atol=1e-12
    )


#: The clocks that the page watches with, each of which counts a second of its own when it is called.
CLOCKS = """globalThis.clocks = [];
{ const real = setInterval; globalThis.setInterval = (act, ms) => (clocks.push(act), real(act, ms)); }"""


#: A kernel that says when it is to take over a page's state, and waits for a word before it does.
WAITS = """
;(() => { const inner = self.onmessage; const word = new BroadcastChannel("word");
self.onmessage = (event) => {
  if (event.data.type !== "resume") return inner(event);
  word.onmessage = () => inner(event);
  word.postMessage("asked");
}; })();
"""
LISTENS = """globalThis.word = new BroadcastChannel("word");
word.onmessage = () => document.documentElement.dataset.asked = "yes";"""
MINE = "() => void (document.querySelector('#app').dataset.mine = 'yes')"
HELD = """(name) => Bokeh.documents.at(-1).get_model_by_name("house").screens[0].settings
  .find(({key}) => key === name).value"""


def hang(lab: Lab, then: str = "") -> None:
    """Type a sentence at which the kernel hangs; the page gives it up, and starts one that does `then`."""
    before = lab.page.evaluate("clocks.length")
    lab.page.get_by_label("Your sentence").fill("The dogs are playing")
    lab.page.get_by_label("Your sentence").press("Enter")
    lab.page.wait_for_function("(before) => clocks.length > before", arg=before)
    lab.page.unroute(KERNEL)
    lab.page.route(KERNEL, after_the_kernel(then))
    lab.page.evaluate("() => { const clock = clocks.at(-1); for (let i = 0; i < 10; i++) clock() }")
    lab.page.locator("html[data-kernel=loading]").wait_for(state="attached")


def after_the_kernel(code: str) -> object:
    text = (SITE / ASSETS["kernel.js"]["url"]).read_text(encoding="utf-8")
    return lambda route: route.fulfill(body=text + code, content_type="text/javascript")


def test_the_watchdog_restarts_a_kernel_that_hangs_and_what_is_drawn_stays(new_page: NewPage) -> None:
    lab = new_page()
    lab.provokes_errors = True
    lab.page.add_init_script(CLOCKS + LISTENS)
    lab.page.route(KERNEL, hook_worker("for (;;) {}"))
    lab.open()
    lab.go("weights")
    lab.page.evaluate(MINE)
    hang(lab, WAITS)
    lab.page.locator("html[data-asked=yes]").wait_for(state="attached", timeout=90_000)
    lab.region("heads").get_by_role("button", name="Head 2").click()  # it has been told, and has not answered
    lab.page.evaluate("word.postMessage('go')")
    lab.wait_ready()
    lab.settle()
    expect(lab.page.locator("#app[data-mine=yes]")).to_have_count(1)
    assert lab.page.evaluate(HELD, "head") == 1, "as the kernel has it, which may be the next that hangs"
    assert lab.chips() == ["The", "dogs", "are", "playing"]
    expected = matrices(Settings(text="The dogs are playing", head=1))
    np.testing.assert_allclose(lab.matrix("weights"), expected["weights"], atol=1e-12)
    lab.go("raw_scores")
    np.testing.assert_allclose(lab.matrix("raw_scores"), expected["raw_scores"], atol=1e-12)


@pytest.mark.full
def test_what_a_restarted_kernel_shows_is_what_a_visit_with_its_link_shows(new_page: NewPage) -> None:
    lab, anew = new_page(), new_page()
    lab.provokes_errors = True
    lab.page.add_init_script(CLOCKS)
    lab.page.route(KERNEL, hook_worker("for (;;) {}"))
    lab.open()
    for step in ("raw_scores", "masked_scores", "weights"):
        lab.go(step)
    hang(lab)
    lab.wait_ready()
    lab.settle()
    anew.open(lab.page.evaluate("location.hash"))
    assert shown(lab) == shown(anew)


@pytest.mark.full
def test_a_lab_with_figures_is_drawn_anew_when_its_kernel_hung(new_page: NewPage) -> None:
    lab = new_page()
    lab.provokes_errors = True
    lab.page.add_init_script(CLOCKS)
    lab.page.route(KERNEL, hook_worker("for (;;) {}"))
    lab.open()
    lab.visit("lab=scale")
    lab.page.locator(".plot").first.wait_for()
    lab.visit("lab=stepper&step=weights")
    lab.page.evaluate(MINE)
    hang(lab)
    lab.wait_ready()
    lab.settle()
    expect(lab.page.locator("#app[data-mine=yes]")).to_have_count(0)
    expected = matrices(Settings(text="The dogs are playing"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)
    lab.visit("lab=scale")
    lab.page.locator(".plot").first.wait_for()


def shown(lab: Lab) -> list[str]:
    """What the places on the screen say; the header's of the visit, which has other steps behind it."""
    return list(
        lab.page.eval_on_selector_all(
            "[data-region]:not([data-region=header])", "all => all.map((each) => each.innerText)"
        )
    )


@pytest.mark.full  # test_offline.py and test_shell.py have it below one
def test_works_below_any_prefix(browser: object, new_page: NewPage) -> None:
    from building.serving import serve_site

    with serve_site(Path(SITE), prefix="/courses/ai/lab/") as server:
        lab = new_page()
        lab.watch.expect("request to another host: " + server.url)
        lab.url = server.url
        lab.open()
        lab.go("weights")
        assert np.isfinite(lab.matrix("weights")).all()


def test_an_open_lab_needs_no_network(lab: Lab) -> None:
    lab.watch.expect("-rest-")  # What other labs need may be on its way when the line is cut.
    lab.page.context.set_offline(True)
    lab.type_sentence("The dogs are playing")
    lab.go("weights")
    expected = matrices(Settings(text="The dogs are playing"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)
    lab.page.context.set_offline(False)


def starts_again(lab: Lab) -> None:
    """Python is asked for anew; that it then comes is seen where files failed."""
    lab.watch.expect("ERR_ABORTED")  # when the page is closed before
    lab.page.get_by_role("button", name="Retry").click()
    lab.page.locator("html[data-kernel=loading], html[data-kernel=ready]").wait_for(state="attached")


#: A worker whose clock is fast, so that a test need not wait.
FAST = ";{ const real = self.setInterval; self.setInterval = (act, ms) => real(act, ms / 60); }\n"
NO_MEMORY = """
;WebAssembly.Memory = function () { throw new RangeError("could not allocate memory"); };
"""


def before_the_kernel(code: str) -> object:
    """Give the worker something else before its own script."""
    text = (SITE / ASSETS["kernel.js"]["url"]).read_text(encoding="utf-8")
    return lambda route: route.fulfill(body=code + text, content_type="text/javascript")


#: As the runtime may: a promise that nobody waits for is rejected, and the one that is waited for never ends.
NO_MEMORY_UNHEARD = """
;WebAssembly.instantiateStreaming = () => {
  void Promise.reject(new RangeError("could not allocate memory"));
  return new Promise(() => {});
};
"""


@pytest.mark.parametrize(
    ("way", "refuse"),
    [
        pytest.param("plain", NO_MEMORY, marks=pytest.mark.full, id="plain"),
        pytest.param("plain", NO_MEMORY_UNHEARD, marks=pytest.mark.full, id="plain-unheard"),
        pytest.param("snapshot", NO_MEMORY, id="snapshot"),
    ],
)
def test_memory_that_is_refused_is_named(new_page: NewPage, way: str, refuse: str) -> None:
    lab = new_page()
    lab.page.route(KERNEL, before_the_kernel(refuse))
    lab.open(f"?boot={way}", ready=False)
    lab.expect_error("out of memory")
    lab.page.unroute(KERNEL)
    starts_again(lab)


def test_a_file_that_never_comes_is_named_and_what_is_said_is_done(new_page: NewPage) -> None:
    lab = new_page()
    lab.watch.expect("request failed")
    lab.page.route(KERNEL, before_the_kernel(FAST))
    held: list[Route] = []
    lab.page.route("**/*.wasm", lambda route: held.append(route))
    lab.open("?boot=snapshot", ready=False)
    lab.expect_error("(nothing came for")
    expect(lab.page.locator(".kernel-panel")).not_to_contain_text("being restarted")
    lab.page.unroute("**/*.wasm")
    lab.page.unroute(KERNEL)  # its clock is right again
    starts_again(lab)


@pytest.mark.full
def test_a_computer_that_slept_while_python_was_coming_goes_on(new_page: NewPage) -> None:
    lab = new_page()
    lab.page.clock.install()
    held: list[Route] = []
    lab.page.route("**/*.wasm", lambda route: held.append(route))
    with lab.page.expect_request("**/*.wasm"):
        lab.open("?boot=plain", ready=False)
    lab.wait_painted()
    lab.page.clock.fast_forward(100_000)
    for route in held:
        route.continue_()
    lab.page.unroute("**/*.wasm")
    lab.wait_ready()


@pytest.mark.parametrize(
    ("policy", "rule"),
    [
        ("worker-src 'none'", "worker-src"),
        pytest.param("child-src 'none'", "child-src", marks=pytest.mark.full),
        pytest.param("COEP", "Cross-Origin-Embedder-Policy", marks=pytest.mark.full),
    ],
)
def test_a_policy_that_keeps_the_kernel_away_is_named(new_page: NewPage, policy: str, rule: str) -> None:
    header = ("cross-origin-embedder-policy", "require-corp") if policy == "COEP" else (POLICY, policy)
    lab = new_page()
    lab.watch.expect("Content Security Policy", "request failed", "Failed to load")

    def with_header(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, header[0]: header[1]})

    lab.page.route(lab.address, with_header)
    lab.open(ready=False)
    lab.expect_error("does not allow it to start a worker")
    expect(lab.page.locator(".kernel-panel")).to_contain_text(rule)


POLICY = "content-security-policy"
