"""The first paint: each lab's document, made by the shipped wheels in the page's Python under Node."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from building.languages import Language
from building.node_runner import run_node
from building.paths import NODE_SCRIPTS, ROOT
from building.stamps import digest, file_sha256, made, write_whole

#: Of Python in the page, as web/runtime.js has it.
ENVIRONMENT = {"PANEL_CDN_ROOT": "./", "BOKEH_RESOURCES": "cdn"}
IMPORTED = ROOT / "building" / "inside" / "imported.py"


@dataclass(frozen=True)
class Prerendered:
    """What Python has to say before any page is open."""

    documents: Mapping[str, str]  # the Bokeh document of each lab, as JSON text, in the order of the labs
    stdlib: tuple[str, ...]  # the files of the standard library that this took
    spoken: Mapping[str, Mapping[str, str]]  # of other languages: the documents that are painted of labs
    #: what a link may say of each lab (attention_lab/teaching.py), by the language that it is said in
    teaching: Mapping[str, Mapping[str, object]]

    @property
    def labs(self) -> tuple[str, ...]:
        """The names of the labs; a page that names none opens the first."""
        return tuple(self.documents)

    @property
    def document(self) -> str:
        """What the page itself brings: the first lab's."""
        return self.documents[self.labs[0]]


def prerender(
    runtime: Path, wheels: Path, packages: Sequence[str], languages: Mapping[str, Language]
) -> Prerendered:
    """Run the app once; the same wheels give the same document."""
    programs = [(NODE_SCRIPTS / "prerender.mjs").read_bytes(), IMPORTED.read_bytes()]
    key = digest(runtime.name, file_sha256(wheels / "pyodide-lock.json"), *programs)
    told = {name: {"texts": str(each.texts), "labs": each.painted} for name, each in languages.items()}
    key = digest(key, json.dumps(told, sort_keys=True))

    def make(folder: Path) -> None:
        answer = run_node(
            "prerender.mjs", runtime, wheels, json.dumps(list(packages)), IMPORTED, json.dumps(told)
        )
        write_whole(folder / "answer.json", answer.splitlines()[-1].encode())

    answer = json.loads((made("prerender", key, make) / "answer.json").read_bytes())
    return Prerendered(answer["documents"], tuple(answer["stdlib"]), answer["spoken"], answer["teaching"])
