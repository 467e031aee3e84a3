"""The bundle beside the package, as an extension of Bokeh: `panel serve` and a notebook draw with it."""

import json
from collections.abc import Mapping
from pathlib import Path

from building.artefacts import Store, load
from building.bundle import NPM, bundle_extension
from building.languages import Language, all_languages
from building.locking import alone
from building.paths import INTERMEDIATE, ROOT
from building.stamps import write_whole

PACKAGE = ROOT / "pyapp" / "attention_lab"
LOCK = INTERMEDIATE / "extension-lock"

MARK = "bokeh.ext.json"  # by which Bokeh knows an extension

LANGUAGES = "languages.json"

#: Bokeh asks for the script under either name, as its resources are minified or not.
FILES = {
    "dist/attention_lab.js": "widgets.js",
    "dist/attention_lab.min.js": "widgets.js",
    "dist/page.css": "page.css",
    "dist/cell.css": "cell.css",
}


def write_extension(package: Path = PACKAGE) -> list[str]:
    """Bundle the widgets, if they have changed, and put the files where Bokeh and `attention_lab` look.

    Returns the names of the files, in the package.
    """
    artefacts = load()
    files = Store().get_all(artefacts[name] for name in NPM)
    with alone(LOCK):
        bundled = bundle_extension(files)
        for name, source in FILES.items():
            write_whole(package / name, (bundled / source).read_bytes())
        spoken = _write_languages(package / "dist", all_languages())
        write_whole(package / MARK, b"{}\n")
    return [*FILES, *(f"dist/{name}" for name in spoken), MARK]


def _write_languages(folder: Path, languages: Mapping[str, Language]) -> list[str]:
    """The languages that are for learners, and what attention_lab/hosts.py knows them by."""
    released = {code: each for code, each in languages.items() if each.released}
    told = {code: {"name": each.name, "direction": each.direction} for code, each in released.items()}
    files = {LANGUAGES: json.dumps(told, ensure_ascii=False).encode()}
    files |= {path.name: path.read_bytes() for each in released.values() for path in (each.texts, each.page)}
    for name, contents in files.items():
        write_whole(folder / name, contents)
    return list(files)
