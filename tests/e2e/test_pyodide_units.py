"""The unit tests of `attention`, run by pytest inside Pyodide in the browser: once as it boots plainly, once
as the lab's own kernel has restored it, which leaves out what `full` marks."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from building.browser_tests import prepare
from building.packages import TESTS
from building.serving import serve_site
from tests.e2e.conftest import SITE, NewPage
from tests.e2e.test_boot import ASSETS, KERNEL

# Put before the kernel boots: what it boots is kept where the test finds it.
CAPTURE = """
;self.loadPyodide = ((inner) => async (options) =>
  self.restoredPyodide = await inner(options))(self.loadPyodide);
"""

# In the kernel, once it is ready: what the tests need besides, and then the tests.
RUN = """
async ({wheels, tests, program}) => {
  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const SITE = "/lib/python3.13/site-packages";
  for (const wheel of wheels) restoredPyodide.unpackArchive(bytes(wheel), "wheel", {extractDir: SITE});
  restoredPyodide.unpackArchive(bytes(tests), "zip", {extractDir: "/tests"});
  restoredPyodide.runPython("import importlib; importlib.invalidate_caches()");
  return restoredPyodide.runPython(program);
}
"""

# Before the program: what pytest is told besides. What trains the shipped models runs in no page.
ORDINARY = "import os\nos.environ['PYTEST_ADDOPTS'] = '-m \"not full\" --ignore-glob=*/train/*'\n"


def passes(result: dict[str, int | str]) -> None:
    output = str(result["output"])
    assert result["exit_code"] == 0, output[-6000:]
    assert int(result["passed"]) > 50, output[-2000:]


@pytest.mark.full(minutes=8)
def test_the_attention_suite_passes_inside_pyodide(browser: Browser) -> None:
    with serve_site(prepare()) as server:
        page = browser.new_page()
        page.goto(server.url)
        page.locator("body[data-result]").wait_for(timeout=1_800_000)
        result = json.loads(page.locator("body").get_attribute("data-result") or "{}")
        page.close()
    passes(result)


@pytest.mark.full(minutes=3)
def test_the_attention_suite_passes_in_python_that_was_restored(new_page: NewPage) -> None:
    folder = prepare()
    lab = new_page()

    def capture(route: Route) -> None:
        text = (SITE / ASSETS["kernel.js"]["url"]).read_text()
        route.fulfill(body=text + CAPTURE, content_type="text/javascript")

    lab.page.route(KERNEL, capture)
    lab.open("?boot=snapshot")
    assert lab.fact("Start") == "from the memory snapshot"
    lab.follow("lab=chain")  # a lab that comes with the files of later, where modules of pytest's are, too
    told = {
        "wheels": [text_of(wheel) for wheel in wheels_of_tests(folder)],
        "tests": text_of(folder / "tests.zip"),
        "program": ORDINARY + (folder / "run_tests.py").read_text(),
    }
    passes(json.loads(lab.page.workers[0].evaluate(RUN, told)))


def text_of(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()


def wheels_of_tests(folder: Path) -> list[Path]:
    lock = json.loads((folder / "packages" / "pyodide-lock.json").read_text())
    return [folder / "packages" / lock["packages"][package.name]["file_name"] for package in TESTS]
