"""The tech check: what it says of this device, what it asks of an administrator, and how it reckons."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import FORMS, Beside
from tests.e2e.lab import Lab

#: What is looked at, in its order.
LOOKED_AT = [
    "browser", "wasm", "workers", "memory", "storage", "service-worker", "frames",
    "line", "processor", "lab", "policy",
]  # fmt: skip


def checked(lab: Lab) -> dict[str, tuple[str, str]]:
    """Press the button; what each test found, and says."""
    page = lab.page
    page.get_by_role("button", name="Check this device").click()
    page.locator("#verdict > div").wait_for(timeout=200_000)
    found = {}
    for row in page.locator("[data-test]").all():
        found[str(row.get_attribute("data-test"))] = (str(row.get_attribute("data-state")), row.inner_text())
    assert [*found] == LOOKED_AT
    return found


@pytest.mark.parametrize(
    "form", [FORMS[0], *(pytest.param(form, marks=pytest.mark.full) for form in FORMS[1:])]
)
def test_a_device_that_can_run_the_lab_is_green(beside: Beside, form: str) -> None:
    lab = beside(form, "check")
    lab.watch.expect("minilm")  # the line is listened to for a while only
    found = checked(lab)
    assert {state for state, _ in found.values()} <= {"good", "open", "less"}
    expect(lab.page.locator("#verdict")).to_contain_text("Green: this device runs the lab.")
    assert found["browser"][1].startswith("✓ Browser works. Chrome") or "Chrome" in found["browser"][1]
    assert re.search(r"ready after \d+\.\d seconds", found["lab"][1])
    assert re.search(r"[\d,]+ million multiplications", found["processor"][1])
    if form == "site":
        assert re.search(r"[\d.,]+ Mbit/s", found["line"][1])
    else:
        assert found["line"][0] == "open", "a copy from disk has no line"
    frame = lab.page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    expect(frame.locator("html")).to_have_attribute("data-kernel", "ready")


NO_WASM = (
    "default-src 'self' data: blob: 'unsafe-inline'; script-src 'self' 'unsafe-inline'; frame-src 'none'"
)


def test_what_a_policy_forbids_becomes_a_sentence_for_the_administrator(beside: Beside) -> None:
    lab = beside("site", "check")

    def under_policy(route: Route) -> None:
        answer = route.fetch()
        headers = {**answer.headers, "content-security-policy": NO_WASM, "x-frame-options": "DENY"}
        route.fulfill(response=answer, headers=headers)

    lab.watch.expect("Content Security Policy", "minilm", "frame", "Framing")
    lab.page.route(re.compile(r"/(check\.html)?(\?.*)?$"), under_policy)
    lab.page.clock.install()
    lab.page.reload()
    lab.page.get_by_role("button", name="Check this device").click()
    lab.page.locator("[data-test=processor]").wait_for()
    lab.page.clock.fast_forward("04:00")  # the lab never comes
    expect(lab.page.locator("#verdict")).to_contain_text("This device cannot run the lab as it is.")
    letter = lab.page.locator("[data-take=letter] textarea").input_value()
    build = told(lab.page)["build"]
    assert letter.startswith(f"Attention Lab, build {build}, {lab.url}")
    assert "script-src needs 'wasm-unsafe-eval'" in letter
    assert "X-Frame-Options (DENY)" in letter
    assert "frame-src" in letter


def told(page: Page) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(page.locator("#lab-pages").text_content() or "{}")
    return result


def test_a_class_on_one_line_is_reckoned_with_the_sizes_of_the_build(beside: Beside) -> None:
    page = beside("site", "check").page
    page.get_by_label("Devices").fill("20")
    page.get_by_label("Line, Mbit/s").fill("50")
    page.get_by_label("Line, Mbit/s").press("Tab")
    sizes = {f"{row['what']}, {row['how']}": row["bytes"] for row in told(page)["sizes"]}
    stored = sizes["First visit, from the memory snapshot, as stored"]
    assert stored > 50_000_000
    seconds = stored * 8 * 20 / 50e6
    row = page.get_by_role("row", name="First visit, from the memory snapshot, as stored").locator("td")
    expected = [f"{stored / 1e6:.1f} MB", f"{int(seconds // 60)} min {round(seconds % 60)} s"]
    assert row.all_inner_texts() == expected
    for what, size in sizes.items():
        if size == "not measured":
            cells = page.get_by_role("row", name=what).locator("td").all_inner_texts()
            assert cells == ["not measured", "not measured"]


def test_it_prints_what_an_administrator_needs_and_no_buttons(beside: Beside) -> None:
    page = beside("site", "check").page
    page.emulate_media(media="print")
    for name in ("Check this device", "Print"):
        expect(page.get_by_text(name, exact=True)).to_be_hidden()
    for text in (
        "Nothing of a student is sent anywhere",
        "WebAssembly and web workers must be allowed",
        "Build ",
    ):
        expect(page.get_by_text(text).first).to_be_visible()


def test_what_was_measured_is_told_beside_what_is_reckoned(beside: Beside) -> None:
    page = beside("site", "check").page
    measured = told(page)["measured"]
    assert set(measured) == {"line", "room", "disk"}
    line, room, disk = measured["line"], measured["room"], measured["disk"]
    said = page.locator("main, body").first
    for words in (
        f"of {line['devices']} first visits at once on {line['megabits']} Mbit/s "
        f"the last could begin after {line['ours']} s",
        f"the folder could be used after {disk['folder']} s, the file after {disk['single']} s",
        f"over {room['megabits']} Mbit/s of cable, the last could begin after {room['ours']} s",
    ):
        expect(said).to_contain_text(words)
    assert line["ours"] / line["convert"] <= 0.5
