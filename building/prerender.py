"""The first paint: the default lab's document, made by the shipped wheels in the page's Python under Node."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from building.node_runner import run_node
from building.paths import NODE_SCRIPTS, ROOT
from building.stamps import digest, file_sha256, made, write_whole

#: Of Python in the page, as web/runtime.js has it.
ENVIRONMENT = {"PANEL_CDN_ROOT": "./", "BOKEH_RESOURCES": "cdn"}
IMPORTED = ROOT / "building" / "inside" / "imported.py"


@dataclass(frozen=True)
class Prerendered:
    """What Python has to say before any page is open."""

    document: str  # the Bokeh document of the default lab, as JSON text
    labs: tuple[str, ...]
    stdlib: tuple[str, ...]  # the files of the standard library that this took


def prerender(runtime: Path, wheels: Path, packages: Sequence[str]) -> Prerendered:
    """Run the app once; the same wheels give the same document."""
    programs = [(NODE_SCRIPTS / "prerender.mjs").read_bytes(), IMPORTED.read_bytes()]
    key = digest(runtime.name, file_sha256(wheels / "pyodide-lock.json"), *programs)

    def make(folder: Path) -> None:
        answer = run_node("prerender.mjs", runtime, wheels, json.dumps(list(packages)), IMPORTED)
        write_whole(folder / "answer.json", answer.splitlines()[-1].encode())

    answer = json.loads((made("prerender", key, make) / "answer.json").read_bytes())
    return Prerendered(answer["document"], tuple(answer["labs"]), tuple(answer["stdlib"]))
