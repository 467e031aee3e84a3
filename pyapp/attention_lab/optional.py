"""Files that the learner asked for, and the models in them. The page fetches; this is where they arrive.

`browser.provide` calls `take`; whoever computes with a model calls `minilm`. It is built from its file when
it is first asked for, which takes a second or two, and then kept.
"""

from __future__ import annotations

import hashlib

from attention import MiniLM, WeightsError, load_card

__all__ = ["MINILM", "minilm", "take"]

MINILM = "minilm"

_files: dict[str, bytes] = {}
_models: dict[str, MiniLM] = {}


def take(name: str, file: bytes) -> None:
    """Keep a file until its model is asked for.

    Raises:
        WeightsError: `there is no download named 'minilm2'`
        WeightsError: `the file of minilm is not the one that its card describes: its sha256 is 0f..., ...`
    """
    if name != MINILM:
        raise WeightsError(f"there is no download named {name!r}")
    found, expected = hashlib.sha256(file).hexdigest(), load_card(name).sha256
    if found != expected:
        raise WeightsError(
            f"the file of {name} is not the one that its card describes: its sha256 is {found[:12]}, "
            f"expected {expected[:12]}"
        )
    _models.pop(name, None)
    _files[name] = file


def minilm() -> MiniLM | None:
    """Return the real transformer; None until its file has come."""
    if MINILM in _files:
        _models[MINILM] = MiniLM.from_files(_files.pop(MINILM))  # the bytes are not needed any more
    return _models.get(MINILM)
