"""Puts a learner's programs together: whoever calls `softmax` gets the one that was written for softmax.

Standard library only: the runner gets this file as text (see shipping.py).
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Any

from attention_lab.grading.saying import lazy


def join(
    parts: Mapping[str, Mapping[str, str]],
    load: Callable[[str, str], types.ModuleType],
    counts: dict[str, int],
) -> dict[str, Any]:
    """Load each part's program, and give each the others by name; how often each is called is counted."""
    modules = {name: load(part["source"], part["file"]) for name, part in parts.items()}
    own = {name: _counted(name, _found(name, modules[name]), counts) for name in parts}
    for name, module in modules.items():
        there = vars(module)
        for other in own:
            if other != name and other in there:
                there[other] = own[other]
    return own


def _found(name: str, module: types.ModuleType) -> Callable[..., Any]:
    function = vars(module).get(name)
    if not callable(function):
        raise NameError(lazy("The program of `{name}` defines no `{name}`.", name=name))
    return function  # type: ignore[no-any-return]


def _counted(name: str, function: Callable[..., Any], counts: dict[str, int]) -> Callable[..., Any]:
    counts[name] = 0

    def counted(*args: Any, **kwargs: Any) -> Any:
        counts[name] += 1
        return function(*args, **kwargs)

    return counted
