"""The bundle beside the package, as an extension of Bokeh: `panel serve` and a notebook draw with it."""

from pathlib import Path

from building.artefacts import Store, load
from building.bundle import NPM, bundle_extension
from building.locking import alone
from building.paths import INTERMEDIATE, ROOT
from building.stamps import write_whole

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


def write_extension(package: Path = PACKAGE) -> None:
    """Bundle the widgets, if they have changed, and put the files where Bokeh and `attention_lab` look."""
    artefacts = load()
    files = Store().get_all(artefacts[name] for name in NPM)
    with alone(LOCK):
        bundled = bundle_extension(files)
        for name, source in FILES.items():
            write_whole(package / name, (bundled / source).read_bytes())
        write_whole(package / MARK, b"{}\n")
