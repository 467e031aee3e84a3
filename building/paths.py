"""Where things lie. Nothing here creates a directory."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
DIST = ROOT / "dist"
SITE = DIST / "site"
ARTEFACTS = ROOT / "artefacts.toml"
NODE_SCRIPTS = ROOT / "building" / "node"

#: What a build makes on its way and can make again: one folder per step and content, see stamps.py.
INTERMEDIATE = ROOT / ".cache"


def artefact_cache() -> Path:
    """The folder of downloaded files, shared by all clones of one user."""
    if chosen := os.environ.get("ATTENTION_LAB_CACHE"):
        return Path(chosen).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "attention-lab"
