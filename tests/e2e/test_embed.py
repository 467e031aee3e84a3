"""The lab inside a page of another site, in a sandbox: it follows the address and obeys nobody."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from building.paths import ROOT
from building.serving import serve_site
from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab, in_the_stepper
from tests.e2e.reference import Settings, matrices
from tests.e2e.test_single import SINGLE, numbers_follow

DOGS = "The dogs are playing"
STRICT, OPEN = "allow-scripts", "allow-scripts allow-same-origin"


def test_the_address_sets_the_state_the_theme_and_what_is_locked(new_page: NewPage) -> None:
    lab = new_page()
    lab.open(
        "?lab=stepper&step=weights&text=The+dogs+are+playing&embed=1&lock=text,settings,lab&theme=dark"
        "#lab=heads&text=other+words"  # which opens nothing that is locked
    )
    html = lab.page.locator("html")
    expect(lab.page.locator(".screen")).to_have_attribute("data-lab", "stepper")
    expect(html).to_have_attribute("data-theme", "dark")
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings(text=DOGS))["weights"], atol=1e-12)
    expect(lab.page.get_by_label("Your sentence")).not_to_be_editable()
    usable = "input:enabled, select:enabled, button:enabled:not([aria-disabled=true])"
    expect(lab.region("controls").locator(usable)).to_have_count(0)
    lab.page.evaluate("() => { location.hash = '#text=other+words&mask=causal' }")
    lab.go("scaled_scores")
    np.testing.assert_allclose(
        lab.matrix("scaled_scores"), matrices(Settings(text=DOGS))["scaled_scores"], atol=1e-12
    )
    lab.pick("scaled_scores", 1, 0)  # what is not locked can be used


@pytest.mark.parametrize(
    "address",
    [
        "?lab=stepper&step=weights&text=The+dogs+are+playing&lock=text,lab#lab=heads&text=other+words",
        "?lab=stepper&text=The+dogs+are+playing&lock=text#lab=stepper&step=weights&text=other+words",
    ],
)
@pytest.mark.full  # the test above opens such an address
def test_what_the_page_is_opened_with_behind_the_hash_opens_nothing_that_is_locked(
    new_page: NewPage, address: str
) -> None:
    lab = new_page()
    lab.open(address)
    expect(lab.page.locator(".screen")).to_have_attribute("data-lab", "stepper")
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings(text=DOGS))["weights"], atol=1e-12)


def test_steps_that_are_locked_stay_against_keys_too(new_page: NewPage) -> None:
    lab = new_page()
    lab.open("?step=weights&lock=step,lab,nonsense")
    lab.page.locator("body").press("ArrowRight")
    lab.page.locator("body").press("End")
    lab.type_sentence(DOGS)
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings(text=DOGS))["weights"], atol=1e-12)
    expect(lab.page.locator(".labs")).to_be_hidden()


HOST = """<!doctype html><meta charset="utf-8"><title>A course page</title><link rel="icon" href="data:,">
<script defer src="host.js"></script>
<script>
const HEIGHTS = [];
const OTHERS = [];
addEventListener("message", ({data}) => (data.type === "attention-lab:height" ? HEIGHTS : OTHERS).push(data));
</script>
<p>Read this first.</p>
<iframe class="attention-lab" sandbox="SANDBOX" src="ADDRESS" width="1200" height="300"></iframe>
<iframe id="other" sandbox="allow-scripts" srcdoc="<p>another frame"></iframe>
"""


class Quiet(SimpleHTTPRequestHandler):
    """Python's own server, which takes no time to compress the single file."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served_plainly(directory: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(directory)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


Embed = Callable[..., tuple[Page, Lab]]


@pytest.fixture
def embed(new_page: NewPage, site: str, tmp_path: Path) -> Iterator[Embed]:
    """A page of another site, with the lab in a frame of it."""
    course = tmp_path / "course"
    course.mkdir()
    shutil.copyfile(ROOT / "web" / "host.js", course / "host.js")
    with serve_site(course) as host, served_plainly(SINGLE.parent) as plain:
        addresses = {"site": site, "single": plain + SINGLE.name}

        def open_in(form: str, sandbox: str, query: str = "?embed=1") -> tuple[Page, Lab]:
            text = HOST.replace("SANDBOX", sandbox).replace(
                "ADDRESS", in_the_stepper(addresses[form] + query)
            )
            (course / "index.html").write_text(text)
            outer = new_page(url=f"http://localhost:{host.port}/")  # another site than 127.0.0.1
            outer.watch.allow(addresses[form])
            outer.watch.allow("about:srcdoc")
            outer.page.goto(outer.url, wait_until="commit")
            handle = outer.page.locator("iframe.attention-lab").element_handle()
            frame = handle.content_frame()
            assert frame is not None
            lab = Lab(cast(Any, frame), addresses[form], outer.watch)
            lab.wait_ready()
            return outer.page, lab

        yield open_in


def frame_fits(page: Page) -> None:
    """The frame is as high as the lab said last, and the lab scrolls nowhere inside it."""
    page.wait_for_function(
        "() => Number(document.querySelector('iframe').height) === HEIGHTS.at(-1)?.height && HEIGHTS.length"
    )


@pytest.mark.parametrize(  # the site in an open one is in the test of its height on a phone
    ("form", "sandbox"),
    [
        pytest.param(form, sandbox, id=f"{form}-{name}", marks=() if ordinary else pytest.mark.full)
        for form in ("site", "single")
        for name, sandbox in (("strict", STRICT), ("same-origin", OPEN))
        for ordinary in [(form, name) == ("site", "strict")]
    ],
)
def test_it_works_in_a_frame_of_another_site(embed: Embed, form: str, sandbox: str) -> None:
    page, lab = embed(form, sandbox)
    numbers_follow(lab)
    frame_fits(page)
    inside = lab.page.evaluate("() => [document.documentElement.scrollHeight, innerHeight, self.origin]")
    assert inside[0] <= inside[1] + 1, "nothing to scroll"
    assert (inside[2] == "null") == (sandbox == STRICT)
    before = page.evaluate("() => HEIGHTS.length")
    lab.go("embeddings")
    page.wait_for_function("(before) => HEIGHTS.length > before", arg=before)
    frame_fits(page)
    assert all(set(told) == {"type", "height"} for told in page.evaluate("() => HEIGHTS"))
    assert page.evaluate("() => OTHERS.at(-1)") == {
        "subject": "lti.frameResize",
        "height": page.evaluate("() => HEIGHTS.at(-1).height"),
    }
    if sandbox == STRICT:
        what_the_frame_may_not_save_is_told(lab)


def what_the_frame_may_not_save_is_told(lab: Lab) -> None:
    lab.watch.expect("Download is disallowed")
    tools = lab.region("sentence").locator(".tools")
    expect(tools).not_to_contain_text("If no file came")
    tools.locator("[data-action=export]").click()
    tools.locator("[data-export=csv]").click()
    expect(tools.get_by_role("status")).to_contain_text("the page around the lab forbids it")
    expect(tools.get_by_role("link", name="open the lab by itself")).to_have_attribute(
        "href", re.compile(r"#lab=stepper")
    )


OTHER_HEIGHT = "(before) => HEIGHTS.at(-1).height !== before"
FRAME_HEIGHT = "() => Number(document.querySelector('iframe').height)"


@pytest.mark.full
@pytest.mark.parametrize("width", [1200, 390])
def test_without_embed_a_host_that_follows_the_height_stays_where_it_is(embed: Embed, width: int) -> None:
    page, lab = embed("site", OPEN, "")
    page.evaluate("(width) => (document.querySelector('iframe').width = width)", width)
    for step in ("weights", "qkv", "head_outputs", "embeddings"):
        lab.go(step)
    page.evaluate(ASK)
    page.wait_for_function("() => HEIGHTS.length > 0")
    frame_fits(page)
    assert page.evaluate(FRAME_HEIGHT) == 300, "what the host gave it"
    assert page.evaluate("() => HEIGHTS.length") <= 3


def test_on_a_phone_the_frame_shrinks_with_what_it_shows(embed: Embed) -> None:
    page, lab = embed("site", OPEN)
    frame_fits(page)
    before = page.evaluate(FRAME_HEIGHT)
    page.evaluate("() => (document.querySelector('iframe').width = 390)")
    page.wait_for_function(OTHER_HEIGHT, arg=before)
    heights = []
    for step in ("weights", "embeddings", "weights", "embeddings"):
        frame_fits(page)
        before = page.evaluate(FRAME_HEIGHT)
        lab.go(step)
        page.wait_for_function(OTHER_HEIGHT, arg=before)
        frame_fits(page)
        heights.append(page.evaluate(FRAME_HEIGHT))
    assert heights[0] == pytest.approx(heights[2], abs=2)
    assert heights[1] == pytest.approx(heights[3], abs=2)
    assert heights[0] != heights[1]


HOSTILE = """
() => {
  const lab = document.querySelector("iframe").contentWindow;
  const messages = [
    null, undefined, 7, "attention-lab:ask", [], {}, {type: {}},
    {type: "patch", id: 1, patch: "{}"}, {type: "answer", id: 1, result: {patch: "nonsense"}},
    {type: "attention-lab:run", code: "document.title = 'run'"},
    {type: "attention-lab:height", height: "1e9"},
    {type: "attention-lab:ask", height: {toString: "x"}},
  ];
  HEIGHTS.length = 0;
  for (const message of messages) lab.postMessage(message, "*");
}
"""
ASK = "() => document.querySelector('iframe').contentWindow.postMessage({type: 'attention-lab:ask'}, '*')"
SHOW = "(frame, text) => new Promise((done) => { frame.onload = done; frame.srcdoc = text; })"
FROM_ANOTHER = "<script>top.frames[0].postMessage({type: 'attention-lab:ask'}, '*')</script>"
LYING = "<script>parent.postMessage({type: 'attention-lab:height', height: 5000}, '*')</script>"


def test_messages_from_anyone_change_nothing(embed: Embed) -> None:
    page, lab = embed("site", STRICT)
    lab.go("weights")
    frame_fits(page)
    height = page.locator("iframe.attention-lab").get_attribute("height")
    page.evaluate(HOSTILE)
    page.wait_for_function("() => HEIGHTS.length === 1")  # the one question that was well formed
    other = page.locator("#other")
    other.evaluate(SHOW, FROM_ANOTHER)
    page.evaluate(ASK)
    page.wait_for_function("() => HEIGHTS.length > 1")
    assert page.evaluate("() => HEIGHTS.length") == 2  # mine was answered, the other frame's was not
    expect(page.locator("iframe.attention-lab")).to_have_attribute("height", height or "")
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings())["weights"], atol=1e-12)
    assert lab.page.evaluate("() => document.title") == "Attention Lab"


@pytest.mark.full  # as any page around it
def test_the_sample_page_shows_the_lab_and_goes_on_below_it(new_page: NewPage) -> None:
    outer = new_page()
    outer.page.goto(outer.url + "host-example.html")
    frame = outer.page.frame_locator("iframe.attention-lab")
    frame.locator("html[data-painted]").wait_for(state="attached", timeout=90_000)
    expect(frame.locator("[data-chip] bdi")).to_have_text(DOGS.split())
    expect(outer.page.locator("iframe.attention-lab")).not_to_have_attribute("height", "900")
    inside = frame.locator("#app").bounding_box()
    below = outer.page.get_by_text("And the page goes on").bounding_box()
    assert inside is not None
    assert below is not None
    assert inside["y"] + inside["height"] <= below["y"] + 1
