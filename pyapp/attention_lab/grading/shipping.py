"""The runner as one text, for an interpreter that has nothing else of this project."""

from __future__ import annotations

from functools import cache
from importlib import resources

PARTS = ("protocol", "saying", "shapes", "plainly", "explaining", "recipes", "joining", "running")
"""The modules that run beside the learner's code, each importing only those before it."""

_OWN = "from attention_lab."
_FUTURE = "from __future__ import annotations\n"


def runner_source() -> str:
    """Return one Python text that defines `run(request) -> reply`; it needs NumPy and nothing of ours."""
    return _joined(PARTS)


def process_source() -> str:
    """Return the program of a process that runs one request: see inside.py."""
    return f"{_joined((*PARTS, 'inside'))}\nmain()\n"


@cache
def _joined(parts: tuple[str, ...]) -> str:
    home = resources.files(__package__)
    texts = [home.joinpath(f"{part}.py").read_text(encoding="utf-8").replace(_FUTURE, "") for part in parts]
    lines = [line for text in texts for line in text.splitlines() if not line.startswith(_OWN)]
    return _FUTURE + "\n".join(lines) + "\n"
