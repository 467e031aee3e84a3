"""The lab as one file: from disk, with no network, under a policy that names each script by its hash."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices

SINGLE = Path(os.environ.get("ATTENTION_LAB_SINGLE", "dist/attention-lab.html")).resolve()
DOGS = "The dogs are playing"


def from_disk(new_page: NewPage, file: Path = SINGLE) -> Lab:
    lab = new_page(url=file.as_uri())
    lab.page.context.set_offline(True)
    return lab


def numbers_follow(lab: Lab) -> None:
    """What was computed by the build stands there; what is changed now is computed here."""
    lab.go("weights")
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings())["weights"], atol=1e-12)
    lab.type_sentence(DOGS)
    lab.choose("mask", "causal")
    expected = matrices(Settings(text=DOGS, mask="causal"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)


def test_a_double_click_opens_the_lab_without_a_network(new_page: NewPage) -> None:
    lab = from_disk(new_page)
    lab.open()
    assert lab.fact("Document") == "as painted by the build"
    numbers_follow(lab)
    lab.page.locator(".kernel-chip summary").click()
    lab.page.get_by_role("button", name="Licences").click()
    dialog = lab.page.get_by_role("dialog", name="Licences")
    expect(dialog.get_by_role("heading", name="numpy")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


@pytest.mark.full
def test_a_link_into_the_file_opens_its_state(new_page: NewPage) -> None:
    lab = from_disk(new_page)
    lab.open("?step=weights&text=The+dogs+are+playing&mask=causal")
    expected = matrices(Settings(text=DOGS, mask="causal"))["weights"]
    np.testing.assert_allclose(lab.matrix("weights"), expected, atol=1e-12)


def test_the_policy_of_the_file_lets_nothing_in() -> None:
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', SINGLE.read_text(encoding="utf-8"))
    assert found is not None
    policy = dict(part.strip().split(" ", 1) for part in found[1].split(";"))
    assert policy["default-src"] == "'none'"
    assert "connect-src" not in policy, "nothing may be fetched"
    script = policy["script-src"].split()
    assert script.count("'wasm-unsafe-eval'") == 1
    assert all(re.fullmatch(r"'sha256-[\w+/]{43}='", each) for each in script if each != "'wasm-unsafe-eval'")


FAULTS = {
    "missing": lambda text: "",
    "truncated": lambda text: text[: len(text) // 2 // 4 * 4],
    "altered": lambda text: text[:2000] + ("A" if text[2000] != "A" else "B") + text[2001:],
    "mangled": lambda text: text[:2000] + "!" + text[2001:],
}


@pytest.mark.crossed
@pytest.mark.parametrize(
    "fault", ["missing", "truncated", "altered", pytest.param("mangled", marks=pytest.mark.full)]
)
@pytest.mark.parametrize(
    "name", ["kernel.js", "bokeh.js", pytest.param("pyodide.asm.wasm", marks=pytest.mark.full)]
)
def test_a_damaged_copy_says_which_part_is_damaged(
    new_page: NewPage, tmp_path: Path, name: str, fault: str
) -> None:
    whole = SINGLE.read_text(encoding="utf-8")
    start = whole.index(f'data-file="{name}">') + len(f'data-file="{name}">')
    end = whole.index("<", start)
    copy = tmp_path / "copy.html"
    copy.write_text(whole[:start] + FAULTS[fault](whole[start:end]) + whole[end:], encoding="utf-8")
    lab = from_disk(new_page, copy)
    lab.watch.expect("wasm", "WebAssembly")
    lab.open(ready=False)
    lab.expect_error(name)
    expect(lab.page.locator(".kernel-panel")).to_contain_text("fresh copy")


def test_a_copy_that_was_cut_off_says_so(new_page: NewPage, tmp_path: Path) -> None:
    copy = tmp_path / "copy.html"
    whole = SINGLE.read_bytes()
    copy.write_bytes(whole[: len(whole) * 2 // 3])
    lab = from_disk(new_page, copy)
    lab.watch.expect("wasm", "WebAssembly")
    lab.open(ready=False)
    lab.expect_error("A part of this copy")


OLDER = """
{
  const forget = "delete globalThis.DecompressionStream; delete Uint8Array.fromBase64;";
  delete globalThis.DecompressionStream;
  delete Uint8Array.fromBase64;
  const make = URL.createObjectURL;
  const older = (blob) => new Blob([forget, blob], {type: blob.type});
  URL.createObjectURL = (blob) => make(blob.type === "text/javascript" ? older(blob) : blob);
}
"""


@pytest.mark.full
def test_an_older_browser_unpacks_by_itself(new_page: NewPage) -> None:
    lab = from_disk(new_page)
    lab.page.add_init_script(OLDER)
    lab.open()
    lab.go("weights")
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings())["weights"], atol=1e-12)
