"""The lab as a folder of plain files: from disk with no network, and on a host with a policy of its own."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
import pytest

from building.serving import serve_site
from building.snapshot import NAMES
from tests.e2e.conftest import NewPage
from tests.e2e.firefox import FirefoxLab
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices
from tests.e2e.test_firefox import numbers_follow as numbers_follow_in_firefox
from tests.e2e.test_policy import SELF, SELF_AND_WASM, under_policy
from tests.e2e.test_single import numbers_follow

OTHERS = ("boot.js", "bokeh.js", "styles.css", "payload/pyodide.asm.wasm.js")
FOLDER_ZIP = Path(os.environ.get("ATTENTION_LAB_FOLDER", "dist/attention-lab-folder.zip"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return unpacked_in(tmp_path)


def unpacked_in(place: Path) -> Path:
    """The unpacked folder, in a place with a space and a sign in its name."""
    folder = place / "USB stick #1"
    with zipfile.ZipFile(FOLDER_ZIP) as archive:
        archive.extractall(folder)
    return folder


def from_disk(new_page: NewPage, folder: Path) -> Lab:
    lab = new_page(url=(folder / "index.html").as_uri())
    lab.watch.allow(folder.as_uri())
    lab.page.context.set_offline(True)
    return lab


def test_it_holds_only_kinds_of_files_that_every_host_takes() -> None:
    with zipfile.ZipFile(FOLDER_ZIP) as archive:
        names = archive.namelist()
    assert {PurePosixPath(name).suffix for name in names} == {".html", ".js", ".css", ".png"}
    assert all(re.fullmatch(r"[\w./-]+", name) for name in names), "names that every host takes"
    assert "index.html" in names


def test_a_double_click_opens_the_folder_without_a_network(new_page: NewPage, folder: Path) -> None:
    lab = from_disk(new_page, folder)
    lab.open()
    assert lab.fact("Start") == "from the memory snapshot"
    numbers_follow(lab)
    the_state_is_shared_as_text(lab, folder)


@pytest.mark.full  # as the single file does
def test_from_disk_it_boots_plainly_too(new_page: NewPage, folder: Path) -> None:
    lab = from_disk(new_page, folder)
    lab.open("?boot=plain")
    assert lab.fact("Start").startswith("without the memory snapshot")
    numbers_follow(lab)


def the_state_is_shared_as_text(lab: Lab, folder: Path) -> None:
    """A link to a file leads nowhere elsewhere: the page says so, and gives the state for any address."""
    lab.page.locator("[data-action=share]").click()
    shared = lab.region("header").locator(".share .pop")
    assert "works on this computer only" in shared.inner_text()
    state, whole = (shared.locator(f"[data-link={name}]").input_value() for name in ("state", "whole"))
    assert state.startswith("#lab=stepper&")
    assert "file:" not in state
    assert whole == lab.page.url
    assert whole.startswith(folder.as_uri())
    assert whole.endswith(state)


@pytest.mark.full  # as in Chromium; test_firefox.py has the site
def test_a_double_click_opens_the_folder_in_firefox(in_firefox: FirefoxLab, folder: Path) -> None:
    in_firefox.allow(folder.as_uri())
    tab = in_firefox.open((folder / "index.html").as_uri())
    assert tab.fact("Start") == "from the memory snapshot"
    numbers_follow_in_firefox(tab)


@pytest.mark.parametrize(
    ("policy", "answers"),
    [
        pytest.param(SELF, ["/"], marks=pytest.mark.full, id="page"),
        pytest.param(SELF_AND_WASM, ["/", "**/kernel.js"], marks=pytest.mark.full, id="all"),
    ],
)
def test_it_runs_on_a_host_with_a_policy(
    new_page: NewPage, folder: Path, policy: str, answers: list[str]
) -> None:
    with serve_site(folder, prefix="/files/course_7/") as server:
        lab = new_page(url=server.url)
        under_policy(lab, policy, *(lab.url if each == "/" else each for each in answers))
        lab.open()
        assert lab.fact("Start").startswith("without the memory snapshot"), "too heavy for a visit"
        numbers_follow(lab)


@pytest.mark.parametrize(
    "name", ["kernel.js", *(pytest.param(name, marks=pytest.mark.full) for name in OTHERS)]
)
def test_a_file_that_was_not_copied_is_named_and_one_that_comes_back_is_used(
    new_page: NewPage, folder: Path, name: str
) -> None:
    [parts] = folder.glob("lab-*")
    missing = parts / name
    kernel = parts / "payload/kernel.js.js" if name == "kernel.js" else missing  # from disk it is a parcel
    away = kernel.rename(folder / "away")
    lab = from_disk(new_page, folder)
    lab.watch.expect("request failed", "Failed to load resource", "ERR_FILE_NOT_FOUND")
    lab.open(ready=False)
    if name == "boot.js":
        lab.page.get_by_text("make sure that the whole folder is here").wait_for()
        return
    lab.expect_error(kernel.name.removesuffix(".js") if name != "bokeh.js" else name)
    away.rename(kernel)
    lab.page.get_by_role("button", name="Retry").click()
    lab.wait_ready()
    lab.go("weights")
    np.testing.assert_allclose(lab.matrix("weights"), matrices(Settings())["weights"], atol=1e-12)


DAMAGED = {
    "truncated": lambda data: data[: len(data) // 2],
    "altered": lambda data: data[:2000] + (b"A" if data[2000:2001] != b"A" else b"B") + data[2001:],
    "emptied": lambda data: b"",
}
UNSEEN = ("styles.css", "altered")
"""From disk no browser lets a page read its style sheet, so one other letter in it cannot be noticed."""


@pytest.mark.full  # as one that was not copied
@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (name, fault)
        for name in (*OTHERS[1:], "payload/kernel.js.js")
        for fault in DAMAGED
        if (name, fault) != UNSEEN
    ],
)
def test_a_damaged_file_is_named_and_used_once_it_is_whole(
    new_page: NewPage, folder: Path, name: str, fault: str
) -> None:
    [file] = folder.glob(f"lab-*/{name}")
    whole = file.read_bytes()
    file.write_bytes(DAMAGED[fault](whole))
    lab = from_disk(new_page, folder)
    lab.watch.expect("page error", "wasm", "WebAssembly")
    lab.open(ready=False)
    lab.expect_error(file.name.removesuffix(".js") if "payload" in name else name)
    file.write_bytes(whole)
    lab.page.get_by_role("button", name="Retry").click()
    lab.wait_ready()
    numbers_follow(lab)


@pytest.mark.full
def test_what_was_damaged_is_read_anew_while_the_page_is_still_loading(
    new_page: NewPage, folder: Path
) -> None:
    [bokeh] = folder.glob("lab-*/bokeh.js")
    whole = bokeh.read_bytes()
    bokeh.write_bytes(whole[: len(whole) // 2])
    index = folder / "index.html"
    picture = f'<body><img src="{bokeh.parent.name}/icon.png?late" alt="" hidden>'
    index.write_text(index.read_text(encoding="utf-8").replace("<body>", picture), encoding="utf-8")
    lab = from_disk(new_page, folder)
    lab.page.route("**/icon.png?late", lambda route: None)  # until then the page is loading
    lab.watch.expect("page error")
    lab.open(ready=False)
    lab.expect_error("bokeh.js")
    bokeh.write_bytes(whole)
    lab.page.get_by_role("button", name="Retry").click()
    lab.wait_ready()
    assert lab.page.evaluate("document.readyState") == "interactive"
    numbers_follow(lab)
    lab.page.unroute_all()


@pytest.mark.full(minutes=0.3)  # test_snapshot.py has a snapshot that cannot be used
@pytest.mark.parametrize("fault", DAMAGED)
@pytest.mark.parametrize("part", NAMES)
def test_with_a_damaged_memory_snapshot_the_folder_works(
    new_page: NewPage, folder: Path, part: str, fault: str
) -> None:
    [file] = folder.glob(f"lab-*/payload/{NAMES[part]}.js")
    file.write_bytes(DAMAGED[fault](file.read_bytes()))
    lab = from_disk(new_page, folder)
    lab.watch.expect("page error")
    lab.open()
    if part != "rest":  # which these labs do without
        assert NAMES[part] in lab.fact("Start")
    numbers_follow(lab)
