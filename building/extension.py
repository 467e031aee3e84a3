"""The bundle beside the package, as an extension of Bokeh: `panel serve` and a notebook draw with it."""

import json
from collections.abc import Sequence
from pathlib import Path

from building.artefacts import Store, load
from building.bundle import NPM, bundle_extension
from building.locking import alone
from building.paths import INTERMEDIATE, ROOT
from building.stamps import write_whole
from building.texts import compiled, languages, of_the_page, own_name, runs_right_to_left

PACKAGE = ROOT / "pyapp" / "attention_lab"
LOCK = INTERMEDIATE / "extension-lock"

MARK = "bokeh.ext.json"  # by which Bokeh knows an extension

#: Bokeh asks for the script under either name, as its resources are minified or not.
FILES = {
    "dist/attention_lab.js": "widgets.js",
    "dist/attention_lab.min.js": "widgets.js",
    "dist/page.css": "page.css",
    "dist/cell.css": "cell.css",
}


def spoken(names: Sequence[str]) -> dict[str, bytes]:
    """What is said in each language by hosts, for Python and for scripts: the files, by name."""
    files = {}
    for name in names:
        direction = "rtl" if runs_right_to_left(name) else "ltr"
        told = {"name": own_name(name), "direction": direction, "texts": json.loads(of_the_page(name))}
        files[f"texts.{name}.mo"] = compiled(name)
        files[f"scripts.{name}.json"] = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    return files


def write_texts(folder: Path, names: Sequence[str]) -> None:
    """Write what is said in each language; what was there of others goes."""
    files = spoken(names)
    for name, data in files.items():
        write_whole(folder / name, data)
    for path in [*folder.glob("texts.*.mo"), *folder.glob("scripts.*.json")]:
        if path.name not in files:
            path.unlink(missing_ok=True)


def write_extension(package: Path = PACKAGE) -> None:
    """Bundle the widgets, if they have changed, and put the files where Bokeh and `attention_lab` look.

    What they say in other languages lies beside them.
    """
    artefacts = load()
    files = Store().get_all(artefacts[name] for name in NPM)
    with alone(LOCK):
        bundled = bundle_extension(files)
        for name, source in FILES.items():
            write_whole(package / name, (bundled / source).read_bytes())
        write_texts(package / "dist", languages())
        write_whole(package / MARK, b"{}\n")
