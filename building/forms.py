"""The forms beside dist/site: the same files, brought by the page itself instead of fetched."""

import base64
import hashlib
import json
from pathlib import Path

from building.bundle import WEB
from building.compression import compressed
from building.errors import BuildError
from building.icons import data_url
from building.licences import licences_inside
from building.paths import DIST, ROOT
from building.site import Site, fill_template, inside_script, integrity
from building.snapshot import NAMES
from building.stamps import digest, made, tree_digest, write_whole

SINGLE = DIST / "attention-lab.html"
#: What the page needs before Python: these stand before the script that uses them.
FIRST = ("kernel.js", "bokeh.js", "widgets.js")


def single_file(site: Site, to: Path = SINGLE) -> Path:
    """One page that holds everything: opened by double-click, sent by e-mail, uploaded to a course."""
    key = digest(site.build, tree_digest([WEB / "single.html", Path(__file__)], ROOT))

    def make(folder: Path) -> None:
        (folder / to.name).write_text(_single_page(site), encoding="utf-8")

    write_whole(to, (made("single", key, make) / to.name).read_bytes())
    return to


def _single_page(site: Site) -> str:
    boot = site.file("boot.js").read_text(encoding="utf-8")
    styles = site.file("styles.css").read_text(encoding="utf-8")
    if "</script" in boot or "<!--" in boot or "</style" in styles:
        raise BuildError("boot.js or styles.css would end the element that it stands in")
    hashes = [_hash_source(boot), *(f"'{integrity(site.manifest[name])}'" for name in FIRST[1:])]
    assets = {name: {**entry, "url": ""} for name, entry in _assets(site).items()}
    config = {**site.config, "assets": assets, "snapshot": None, "payload": True}
    values = {
        "script_hashes": " ".join(hashes),
        "style_hash": _hash_source(styles),
        "icon": data_url(WEB / "icon.svg"),
        "styles": styles,
        "config": inside_script(json.dumps(config, sort_keys=True)),
        "document": inside_script(site.parts.first.document),
        "licences": licences_inside(site.parts.artefacts, site.parts.files, site.build),
        "first_parcels": "\n".join(_parcel(site, name) for name in FIRST),
        "boot": boot,
        "parcels": "\n".join(_parcel(site, name) for name in sorted(_assets(site)) if name not in FIRST),
    }
    return fill_template((WEB / "single.html").read_text(encoding="utf-8"), values)


def _assets(site: Site) -> dict[str, dict[str, object]]:
    assets = site.config["assets"]
    assert isinstance(assets, dict)
    return {name: entry for name, entry in assets.items() if name not in NAMES.values()}


def _parcel(site: Site, name: str) -> str:
    return f'<script type="text/plain" data-file="{name}">{packed(site.file(name))}</script>'


def packed(file: Path) -> str:
    """A file as text that any page can hold: gzip in base64."""
    return base64.b64encode(compressed(file, "gzip").read_bytes()).decode()


def _hash_source(text: str) -> str:
    """What a Content-Security-Policy calls an inline script or style sheet by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
