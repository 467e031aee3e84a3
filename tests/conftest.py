"""Where tests run in several processes, those without a browser go to one by their file.

What the cases of a file share is made once then, and there are fewer parts to hand out. The parts with most
tests are handed out first (pytest-xdist), so that the last ones are the tests of a browser, one by one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

IN_A_BROWSER = Path(__file__).parent / "e2e"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if IN_A_BROWSER not in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))
