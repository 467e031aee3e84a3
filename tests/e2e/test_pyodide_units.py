"""The unit tests of `attention`, run by pytest inside Pyodide in the browser."""

from __future__ import annotations

import json

from playwright.sync_api import Browser

from building.browser_tests import prepare
from building.serving import serve_site


def test_the_attention_suite_passes_inside_pyodide(browser: Browser) -> None:
    with serve_site(prepare()) as server:
        page = browser.new_page()
        page.goto(server.url)
        page.locator("body[data-result]").wait_for(timeout=600_000)
        result = json.loads(page.locator("body").get_attribute("data-result") or "{}")
        page.close()
    assert result["exit_code"] == 0, result["output"][-6000:]
    assert result["passed"] > 50, result["output"][-2000:]
