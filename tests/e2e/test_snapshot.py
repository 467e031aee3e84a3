"""Python from the memory snapshot; and from the plain boot, whatever keeps that from being restored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from building.serving import serve_site
from tests.e2e.conftest import SITE, NewPage
from tests.e2e.lab import Lab
from tests.e2e.line import held_up, line
from tests.e2e.reference import Settings, matrices
from tests.e2e.test_boot import ASSETS, CONFIG, KERNEL, HeldPython, hook_worker
from tests.e2e.test_labs import check, use_everything

RESTORED = "from the memory snapshot"
REST = {"snapshot": "**/snapshot-rest*", "plain": "**/packages-rest*"}
NAMES: dict[str, str] = CONFIG.get("snapshot", {})
#: What is asked for when it is clear how Python comes: whether from the snapshot.
BEGINS = {True: "**/snapshot-heap*", False: "**/python_stdlib*"}
NEEDED = [part for part in NAMES if part != "rest"]


def changes_are_computed(lab: Lab) -> None:
    """Change the sentence and the mask, and compare with NumPy's own numbers."""
    lab.type_sentence("The dogs are playing")
    lab.go("weights")
    lab.choose("mask", "causal")
    expected = matrices(Settings(text="The dogs are playing", mask="causal"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)


def test_python_is_restored_and_attaches_to_what_is_painted(new_page: NewPage) -> None:
    lab = new_page().open("?boot=snapshot")  # however busy the machine is
    assert lab.fact("Start") == RESTORED
    assert lab.fact("Document") == "as painted by the build"
    changes_are_computed(lab)
    lab.choose("embedding", "random")  # imports numpy.random, which is not in the snapshot
    expected = matrices(Settings(text="The dogs are playing", mask="causal", random_seed=7))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)


@pytest.mark.full  # test_boot.py has it, however Python comes
def test_what_is_chosen_before_python_is_restored_is_applied(new_page: NewPage) -> None:
    lab = new_page()
    held = HeldPython(lab, "?boot=snapshot")
    lab.page.get_by_label("Your sentence").fill("The dogs are playing")
    lab.region("transport").locator("[data-step=weights]").click()
    held.release()
    assert lab.fact("Start") == RESTORED
    expected = matrices(Settings(text="The dogs are playing"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)


@pytest.mark.parametrize("boot", ["snapshot", pytest.param("plain", marks=pytest.mark.full)])
def test_the_labs_of_a_first_visit_do_without_the_files_that_come_afterwards(
    new_page: NewPage, boot: str
) -> None:
    lab = new_page()
    held: list[Route] = []
    lab.page.route(REST[boot], lambda route: held.append(route))
    for name in CONFIG["remembered"]:  # each anew: nobody waits for a file for ever
        lab.page.goto("about:blank")
        lab.open(f"?boot={boot}&lab={name}")
        use_everything(lab, name, look=lambda lab: None)  # test_labs.py looks
        check(lab)
    lab.page.evaluate("location.hash = 'lab=scale'")
    expect(lab.page.locator(".kernel-line")).to_have_text("Opening the lab…")  # that lab waits for them
    for route in held:
        route.continue_()
    lab.page.locator(".screen[data-lab=scale]").wait_for()
    lab.wait_ready()
    check(lab)


@pytest.mark.full  # as another lab does in the test above
def test_a_picture_that_takes_one_of_those_files_comes_with_them(new_page: NewPage) -> None:
    lab = new_page()
    held: list[Route] = []
    lab.page.route(REST["snapshot"], lambda route: held.append(route))
    lab.open("?boot=snapshot&lab=stepper").go("weights")
    with lab.page.expect_request(REST["snapshot"]):
        field = lab.page.get_by_label("Your sentence")
        field.fill(" ".join(["the cat sat on"] * 6))  # a map that Bokeh makes
        field.press("Enter")
    expect(lab.page.locator(".kernel-line")).to_have_text("Opening the lab…")
    for route in held:
        route.continue_()
    expect(lab.region("stage").locator("canvas").first).to_be_visible()
    lab.wait_ready()
    check(lab)


def test_where_those_files_fail_another_lab_can_be_opened_by_retry(new_page: NewPage) -> None:
    lab = new_page()
    lab.watch.expect("request failed", "Failed to load resource")
    lab.page.route(REST["snapshot"], lambda route: route.abort())
    lab.open("?boot=snapshot&lab=stepper")
    lab.page.evaluate("location.hash = 'lab=scale'")
    lab.expect_error("snapshot-rest.bin")
    changes = lab.page.get_by_label("Your sentence").input_value()
    assert changes, "what is on the screen stays"
    lab.page.unroute(REST["snapshot"])
    lab.page.get_by_role("button", name="Retry").click()
    lab.page.locator(".screen[data-lab=scale]").wait_for()
    lab.wait_ready()
    check(lab)


def falls_back(lab: Lab, why: str) -> None:
    lab.wait_ready()
    assert lab.fact("Start").startswith("without the memory snapshot, which could not be used: ")
    assert why in lab.fact("Start")
    assert lab.fact("Document") == "as painted by the build"
    changes_are_computed(lab)


def serve_config(lab: Lab, change: Callable[[dict[str, Any]], None]) -> None:
    """Serve the page with another configuration."""
    config = json.loads(json.dumps(CONFIG))
    change(config)
    before, _, rest = (SITE / "index.html").read_text().partition('id="lab-config">')
    page = f'{before}id="lab-config">{json.dumps(config)}</script>{rest.partition("</script>")[2]}'
    lab.page.route(lab.address, lambda route: route.fulfill(body=page, content_type="text/html"))


# As the page sees them. The files are too large to pass through the test's own process.
FILE_FAULTS: dict[str, dict[str, Any]] = {
    "missing": {"url": "assets/missing.bin"},
    "truncated": {"bytes": 1 << 26},
    "altered": {"sha256": "0" * 64, "pieces": None},
}


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        pytest.param(part, fault, marks=pytest.mark.full)  # as where it is not as recorded
        for part in NEEDED
        for fault in FILE_FAULTS
    ],
)
def test_without_a_file_of_the_snapshot_the_lab_works(new_page: NewPage, part: str, fault: str) -> None:
    lab = new_page()
    lab.watch.expect("status 404", "Failed to load resource")
    serve_config(lab, lambda config: config["assets"][NAMES[part]].update(FILE_FAULTS[fault]))
    lab.open(ready=False)
    falls_back(lab, NAMES[part])


@pytest.mark.full
def test_a_large_file_is_checked_to_its_last_piece(new_page: NewPage) -> None:
    def alter(config: dict[str, Any]) -> None:
        config["assets"][NAMES["heap"]]["pieces"]["sha256"][-1] = "0" * 64

    lab = new_page()
    serve_config(lab, alter)
    lab.open(ready=False)
    falls_back(lab, f"{NAMES['heap']}: its contents are not those of this build")


def alter_meta(lab: Lab, change: Callable[[dict[str, Any]], None]) -> None:
    """Serve another record of the memory, as if the browser were not the one of the build."""
    entry = ASSETS[NAMES["meta"]]
    meta = json.loads((SITE / entry["url"]).read_bytes())
    change(meta)
    body = json.dumps(meta).encode()
    right = {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    serve_config(lab, lambda config: config["assets"][NAMES["meta"]].update(right))
    lab.page.route(
        f"**/{entry['url']}", lambda route: route.fulfill(body=body, content_type="application/json")
    )


def other_table(meta: dict[str, Any]) -> None:
    meta["link"]["events"][0]["tableBase"] += 1


def other_module(meta: dict[str, Any]) -> None:
    meta["link"]["memory"][0][0] += 16


def no_new_slot(meta: dict[str, Any]) -> None:
    meta["link"]["events"].append(meta["link"]["events"][-1])


def other_length(meta: dict[str, Any]) -> None:
    meta["link"]["tableLength"] += 1


def other_heap(meta: dict[str, Any]) -> None:
    meta["heap"] -= 65536


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (other_table, "tableBase"),
        pytest.param(no_new_slot, "event", marks=pytest.mark.full),
        pytest.param(other_module, "size of a side module's memory", marks=pytest.mark.full),
        pytest.param(other_length, "length of the table", marks=pytest.mark.full),
        pytest.param(other_heap, "size of the heap", marks=pytest.mark.full),
    ],
)
def test_a_runtime_that_is_not_as_recorded_boots_plainly(
    new_page: NewPage, change: Callable[[dict[str, Any]], None], why: str
) -> None:
    lab = new_page()
    alter_meta(lab, change)
    lab.open(ready=False)
    falls_back(lab, why)


HANG = """
self.onmessage = ((inner) => (event) => {
  while (event.data.snapshot) {}
  return inner(event);
})(self.onmessage);
"""


@pytest.mark.full(minutes=0.8)
def test_a_restore_that_never_ends_is_given_up(new_page: NewPage) -> None:
    def hang(route: Route) -> None:
        if route.request.resource_type == "fetch":
            route.continue_()  # the page looks whether its script is whole: it is
            return
        text = (SITE / ASSETS["kernel.js"]["url"]).read_text()
        route.fulfill(body=f"{text}\n;{HANG}", content_type="text/javascript")

    lab = new_page()
    lab.page.clock.install()
    lab.page.route(KERNEL, hang)
    with lab.page.expect_worker():
        lab.open(ready=False)
    lab.wait_painted()
    lab.page.clock.run_for(31_000)
    lab.page.clock.resume()
    falls_back(lab, "no answer for 30 s")


@pytest.mark.full
def test_a_first_visit_over_a_slow_line_takes_the_smaller_way(new_page: NewPage) -> None:
    lab = new_page()
    lab.page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {effectiveType: '3g'}})")
    lab.open()
    assert lab.fact("Start").startswith("without the memory snapshot: the line is slow")
    assert lab.open("?boot=snapshot").fact("Start") == RESTORED


@pytest.mark.parametrize(
    ("seconds", "pause", "restored"),
    [
        pytest.param(0.1, 0.0, True, marks=pytest.mark.full),
        pytest.param(0.1, 2.0, True, marks=pytest.mark.full),
        (4.0, 0.0, False),
    ],
)
def test_the_line_is_measured_by_the_first_large_file(
    new_page: NewPage, seconds: float, pause: float, restored: bool
) -> None:
    handler = line(seconds, pause)
    with serve_site(SITE, handler=handler) as served:
        lab = new_page(url=served.url)
        with lab.page.expect_request(BEGINS[restored]):
            lab.open(ready=False)
        if restored:
            lab.wait_ready()
            changes_are_computed(lab)
        else:
            lab.watch.expect("ERR_ABORTED")  # what it asks for then is not waited for
            lab.page.close()
    assert any(ASSETS[NAMES["heap"]]["url"] in path for path in handler.asked) == restored


@pytest.mark.full  # a slow one is in the test above
def test_a_line_that_is_quick_is_known_to_be_so_before_the_large_file_has_come(new_page: NewPage) -> None:
    handler = held_up(ASSETS[NAMES["heap"]]["url"], 20.0)
    with serve_site(SITE, handler=handler) as served:
        lab = new_page(url=served.url).open()
    assert lab.fact("Start") == RESTORED
    assert handler.asked, "the memory was asked for while the end of the runtime was kept back"


@pytest.mark.full  # test_boot.py has a kernel that is restarted
def test_a_kernel_that_waited_takes_over_at_once(new_page: NewPage) -> None:
    lab = new_page(spare=True)
    lab.provokes_errors = True
    lab.watch.expect("page error: it died")
    lab.page.route(KERNEL, hook_worker("setTimeout(() => { throw new Error('it died'); }); return;"))
    lab.open()
    first = milliseconds(lab)
    lab.page.locator(".kernel-about dt:text-is('Waiting kernel')").wait_for(state="attached", timeout=60_000)
    lab.go("weights")
    lab.type_sentence("The dogs are playing")
    lab.expect_error("kernel stopped")
    lab.page.get_by_role("button", name="Restart").click()
    lab.wait_ready()
    assert lab.fact("Start") == "by a kernel that was waiting"
    assert milliseconds(lab) < first / 2
    expected = matrices(Settings(text="The dogs are playing"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)


def milliseconds(lab: Lab) -> int:
    """What the last start took: on a busy machine, long; compared with another start, nothing else."""
    return int(lab.fact("Time: all").split()[0])


@pytest.mark.full
def test_no_kernel_waits_where_memory_is_short(new_page: NewPage) -> None:
    lab = new_page(spare=True)
    lab.page.add_init_script("Object.defineProperty(navigator, 'deviceMemory', {value: 4})")
    lab.page.clock.install()
    lab.open()
    lab.page.clock.run_for(2_000)
    lab.go("weights")  # what the page asked the kernel for is answered, before more time goes by
    lab.page.clock.run_for(60_000)
    assert len(lab.page.workers) == 1
