"""What is on the screen before Python runs, and before BokehJS is there: any lab's document, by deep link."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import SITE, NewPage
from tests.e2e.experiments import FLOAT32, TIRED, best, trace
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices
from tests.e2e.test_boot import ASSETS, CONFIG, FAULTS

LABS: list[str] = CONFIG.get("labs", [])
#: The front door is in the page itself; the stepper, whose document is a file as the others', has tests here.
#: Attaching after a plain boot is in test_snapshot.py: where the snapshot could not be used.
ALWAYS = {("start", "snapshot")}
BOKEH = f"**/{ASSETS['bokeh.js']['url']}" if ASSETS else ""
AS_PAINTED = "as painted by the build"
DRAWN_ANEW = "drawn anew by the kernel"


class HeldBokeh:
    """A page without BokehJS until `release`."""

    def __init__(self, lab: Lab, query: str = "") -> None:
        self._lab = lab
        self._routes: list[Route] = []
        lab.page.route(BOKEH, lambda route: self._routes.append(route))
        with lab.page.expect_request(BOKEH):
            lab.open(query, ready=False)
        lab.wait_painted()

    def release(self) -> None:
        for route in self._routes:
            route.continue_()
        self._lab.page.unroute(BOKEH)
        self._lab.wait_ready()


def shown(lab: Lab) -> dict[str, str]:
    """What every region says, by its kind; without the header, where the state of Python stands."""
    read = "(all) => all.map((one) => [one.dataset.region, one.innerText.replaceAll(/\\s+/g, ' ')])"
    return dict(lab.page.locator("[data-region]:not(header)").evaluate_all(read))


@pytest.mark.full  # as those of a deep link
def test_numbers_are_on_the_screen_before_bokehjs_is(new_page: NewPage) -> None:
    lab = new_page()
    held = HeldBokeh(lab)
    np.testing.assert_allclose(lab.matrix("x"), matrices(Settings())["x"], atol=1e-12)
    before = lab.region("stage").bounding_box()
    held.release()
    assert lab.fact("Document") == AS_PAINTED
    np.testing.assert_allclose(lab.matrix("x"), matrices(Settings())["x"], atol=1e-12)
    assert lab.region("stage").bounding_box() == before, "the stage does not jump"


@pytest.mark.full  # as before Python is (test_boot.py)
def test_what_is_chosen_before_bokehjs_is_there_is_applied(new_page: NewPage) -> None:
    lab = new_page()
    held = HeldBokeh(lab)
    lab.region("transport").locator("[data-step=weights]").click()
    lab.page.locator("[data-control=mask] [data-value=causal]").click()
    field = lab.page.get_by_label("Your sentence")
    field.fill("The dogs are playing")  # not confirmed: the field is still being edited
    held.release()
    expect(field).to_be_focused()
    expect(field).to_have_value("The dogs are playing")
    lab.settle()
    expected = matrices(Settings(text="The dogs are playing", mask="causal"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "boot"),
    [
        pytest.param(name, boot, marks=() if (name, boot) in ALWAYS else pytest.mark.full)
        for name in LABS
        for boot in ("snapshot", "plain")
    ],
)
def test_a_deep_link_paints_its_lab_and_the_kernel_attaches_to_it(
    new_page: NewPage, name: str, boot: str
) -> None:
    lab = new_page()
    held = HeldBokeh(lab, f"?boot={boot}&lab={name}")
    painted = shown(lab)
    assert any(re.search(r"\d", text) for text in painted.values()), "numbers"
    held.release()
    assert lab.fact("Document") == AS_PAINTED
    assert shown(lab) == painted


def test_a_deep_link_to_a_step_is_painted_as_the_lab_begins_and_then_goes_there(new_page: NewPage) -> None:
    lab = new_page()
    held = HeldBokeh(lab, "#lab=stepper&step=weights&text=The+dogs+are+playing")
    np.testing.assert_allclose(lab.matrix("x"), matrices(Settings())["x"], atol=1e-12)
    held.release()
    expected = matrices(Settings(text="The dogs are playing"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)


def holding(lab: Lab, name: str) -> list[Route]:
    """What asks for a file of the build waits, until its route is let go on."""
    routes: list[Route] = []
    lab.page.route(f"**/{ASSETS[name]['url']}", lambda route: routes.append(route))
    return routes


def test_a_labs_document_and_the_script_do_not_wait_for_the_style_sheet(new_page: NewPage) -> None:
    lab = new_page()
    waiting: list[Route] = []
    lab.page.route("**/assets/styles-*.css", lambda route: waiting.append(route))
    document = f"**/{ASSETS['document-stepper.json']['url']}"
    with lab.page.expect_request(document), lab.page.expect_request("**/assets/boot-*.js"):
        lab.page.goto(f"{lab.url}?lab=stepper", wait_until="commit")
    assert len(waiting) == 1
    waiting[0].continue_()
    lab.wait_painted()


def test_what_comes_after_the_first_drawing_is_not_fetched_before(new_page: NewPage) -> None:
    lab = new_page()
    documents = holding(lab, "document-stepper.json")
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(request.url))
    with lab.page.expect_event("worker"):
        lab.open("?lab=stepper", ready=False)
    late = [ASSETS[name]["url"] for name in ("bokeh.js", "widgets.js")]
    assert [url for url in asked if url.endswith(tuple(late))] == []
    for route in documents:
        route.continue_()
    lab.wait_ready()
    assert all(any(url.endswith(each) for url in asked) for each in late)


def serve_without_a_document(lab: Lab) -> None:
    """The page as it is where the stepper's document cannot be had."""
    config = json.loads(json.dumps(CONFIG))
    del config["assets"]["document-stepper.json"]
    before, _, rest = (SITE / "index.html").read_text().partition('id="lab-config">')
    text = f'{before}id="lab-config">{json.dumps(config)}</script>{rest.partition("</script>")[2]}'
    lab.page.route(re.compile(re.escape(lab.url) + r"\?.*"), lambda route: route.fulfill(body=text))


@pytest.mark.full  # the deep link to such a lab says so, too
def test_the_document_of_another_lab_is_a_file_that_the_kernel_attaches_to(new_page: NewPage) -> None:
    lab = new_page()
    with lab.page.expect_response(f"**/{ASSETS['document-stepper.json']['url']}"):
        lab.open("?lab=stepper&step=weights")
    assert lab.fact("Document") == AS_PAINTED
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings())["weights"], atol=1e-12)


@pytest.mark.full  # as one that does not agree (test_boot.py)
@pytest.mark.parametrize("fault", ["missing", "altered", "truncated", "offline"])
def test_a_lab_whose_document_is_damaged_is_drawn_by_the_kernel(new_page: NewPage, fault: str) -> None:
    url = ASSETS["document-experiments.json"]["url"]
    lab = new_page()
    lab.watch.expect("status 404", "Failed to load resource", "request failed")
    lab.page.route(f"**/{url}", lambda route: FAULTS[fault](route, (SITE / url).read_bytes()))
    lab.open("?lab=experiments&step=pronoun&examined=reader&table=1")
    assert lab.fact("Document") == DRAWN_ANEW
    layer, head = best("reader", TIRED, "pronoun", 7, 1)
    np.testing.assert_allclose(lab.matrix("head"), trace("reader", TIRED).layers[layer][head], atol=FLOAT32)


@pytest.mark.full  # as one that is damaged
def test_a_lab_whose_document_cannot_be_had_is_drawn_by_the_kernel(new_page: NewPage) -> None:
    lab = new_page()
    serve_without_a_document(lab)
    lab.open("?lab=stepper&step=weights&text=The+dogs+are+playing")
    assert lab.fact("Document") == DRAWN_ANEW
    expected = matrices(Settings(text="The dogs are playing"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)
