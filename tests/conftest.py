"""Where tests run in several processes, those without a browser go to one by their file.

What the cases of a file share is made once then, and there are fewer parts to hand out. The parts with most
tests are handed out first (pytest-xdist), so that the last ones are the tests of a browser, one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

IN_A_BROWSER = Path(__file__).parent / "e2e"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if IN_A_BROWSER not in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))
    for item in off_the_diagonal([item for item in items if item.get_closest_marker("crossed")]):
        item.add_marker(pytest.mark.full)


def off_the_diagonal(items: list[Any]) -> Iterator[pytest.Item]:
    """Of tests with two parameters, the cases that are not needed to have each value of either once."""
    functions: dict[str, list[Any]] = {}
    for item in items:
        functions.setdefault(item.nodeid.split("[")[0], []).append(item)
    for cases in functions.values():
        one, other = (
            list(dict.fromkeys(case.callspec.params[name] for case in cases))
            for name in cases[0].callspec.params
        )
        fewest = min(len(one), len(other))
        for case in cases:
            first, second = case.callspec.params.values()
            if one.index(first) % fewest != other.index(second) % fewest:
                yield case
