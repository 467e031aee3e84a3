"""The forms beside dist/site: the same files, brought by the page itself instead of fetched.

ADR 5 says how they are packed.
"""

import base64
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from building.ascii import html_in_ascii
from building.bundle import WEB
from building.compression import compressed
from building.errors import BuildError
from building.guides import INDEX, INSIDE, STYLES, inside_of, spoken
from building.guides import PAGES as GUIDES
from building.icons import data_url, icons
from building.languages import without_scripts
from building.licences import licences_inside, licences_page
from building.pages import PAGES, SCRIPT, file_of, page_html, script_of, what_pages_know
from building.paths import DIST
from building.site import (
    EDITOR,
    Site,
    entry,
    hash_source,
    inside_script,
    integrity,
    languages_told,
    optional_entries,
    pages_told,
    spoken_files,
    teaching_of,
)
from building.snapshot import NAMES
from building.stamps import digest, made, write_whole
from building.templates import fill_template
from building.zips import zip_bytes

SINGLE = DIST / "attention-lab.html"
FOLDER = DIST / "attention-lab-folder.zip"
SINGLE_WITH = DIST / "attention-lab-with-minilm.html"
FOLDER_WITH = DIST / "attention-lab-folder-with-minilm.zip"
#: What the page needs before Python: these stand before the script that uses them.
FIRST = ("kernel.js", "bokeh.js", "widgets.js")
#: Scripts of the folder that the page runs; each says at its end that it is whole.
RUN = frozenset({"bokeh.js", "widgets.js", "course.js", EDITOR})


def single_file(site: Site) -> list[Path]:
    """One page that holds everything: opened by double-click, sent by e-mail, uploaded to a course.

    Without what learners are asked about first, and with it.
    """
    return [
        made_form(site, SINGLE, lambda: _single_page(site, {}).encode()),
        made_form(site, SINGLE_WITH, lambda: _single_page(site, site.parts.optional).encode()),
    ]


def folder_zip(site: Site) -> list[Path]:
    """A zip of plain files: unpacked, index.html works by double-click, and on hosts that allow only
    .html, .js, .css and .png. Without what learners are asked about first, and with it."""

    def zipped(optional: Mapping[str, Path]) -> bytes:
        return zip_bytes(folder_files(site, optional=optional), zipfile.ZIP_DEFLATED)

    return [
        made_form(site, FOLDER, lambda: zipped({})),
        made_form(site, FOLDER_WITH, lambda: zipped(site.parts.optional)),
    ]


def made_form(site: Site, to: Path, contents: Callable[[], bytes]) -> Path:
    """A form in its place, made once for each build."""

    def make(folder: Path) -> None:
        (folder / to.name).write_bytes(contents())

    write_whole(to, (made(to.stem, digest(site.build), make) / to.name).read_bytes())
    return to


def folder_files(
    site: Site, course: Mapping[str, str] | None = None, optional: Mapping[str, Path] | None = None
) -> dict[str, bytes]:
    """The files of the folder, by path. What changes with a build lies below a name that does, too.

    `course` says how the item of a course reports. Such an item is always on a host: it has no memory
    snapshot, which weighs more than it gains there (ADR 9). `optional` is what the
    folder brings of `site.parts.optional`.
    """
    folder = f"lab-{site.build}/"
    assets = _assets(site, snapshot=course is None)
    config = {
        **site.config,
        "assets": assets,
        "languages": languages_told(site.parts, all_of_them=False),
        "optional": _brought(site, optional or {}),
        "snapshot": NAMES if course is None else None,
        "payload": "beside",
        "folder": folder,
        "course": course,
        "pages": None if course else {page: file_of(page) for page in PAGES},
    }
    supported = site.file("supported.js").read_text(encoding="utf-8")
    values = {
        "folder": folder,
        "supported": supported,
        "supported_hash": hash_source(supported),
        "config": inside_script(json.dumps(config, sort_keys=True)),
        "document": inside_script(site.parts.first.document),
        "noscript": without_scripts(site.parts.languages),
    }
    page = fill_template((WEB / "folder.html").read_text(encoding="utf-8"), values)
    licences = licences_page(
        site.parts.artefacts, site.parts.files, f"{folder}styles.css", site.build, icon=f"{folder}icon.png"
    )
    files = {"index.html": html_in_ascii(page).encode(), "licenses.html": html_in_ascii(licences).encode()}
    files |= {
        folder + name: site.file(name).read_bytes()
        for name in ("supported.js", "boot.js", "styles.css", EDITOR, *FIRST)
    }
    if course is None:
        files |= _pages(site, folder) | guides_beside(site.parts.guides / GUIDES, folder)
    if course:
        files[f"{folder}course.js"] = (site.parts.scripts / "course.js").read_bytes()
    for name in RUN.intersection(path.removeprefix(folder) for path in files):
        files[folder + name] += f"\n;attentionLabWhole({json.dumps(name)});\n".encode()
    files[f"{folder}icon.png"] = (icons(WEB / "icon.svg") / "icon-192.png").read_bytes()
    parcels = {name: site.file(name) for name in assets.keys() - {*FIRST[1:], EDITOR}}
    parcels |= {path.name: path for path in (optional or {}).values()}
    for name, path in sorted(parcels.items()):
        script = f"attentionLabParcel({json.dumps(name)},{json.dumps(packed(path))});\n"
        files[f"{folder}payload/{name}.js"] = script.encode()
    return files


def _pages(site: Site, folder: str) -> dict[str, bytes]:
    """The pages beside the lab, and their script."""
    scripts = _scripts_said(site)
    languages = pages_told(site.parts, {name: folder + name for name in scripts})
    told = what_pages_know("folder", site.build, teaching_of(site.parts), site.sizes, languages)
    addresses = [f"{folder}{name}" for name in ("styles.css", SCRIPT, "icon.png")]
    pages = {file_of(page): page_html(page, told, *addresses).encode() for page in PAGES}
    said = {folder + name: site.file(name).read_bytes() for name in scripts}
    return {**pages, **said, addresses[1]: site.file(SCRIPT).read_bytes()}


def _scripts_said(site: Site) -> list[str]:
    """What the pages beside the lab say in the languages that are for learners."""
    return [script_of(name) for name, each in site.parts.languages.items() if each.released]


def guides_beside(guides: Path, folder: str) -> dict[str, bytes]:
    """The pages for teachers. A course has none: its students would find the answer keys in it."""
    pages = {path.name: path.read_bytes() for path in guides.iterdir()}
    styles = pages.pop(STYLES)
    files = {
        name: page.replace(f'"{STYLES}"'.encode(), f'"{folder}{STYLES}"'.encode())
        for name, page in pages.items()
    }
    return files | {folder + STYLES: styles}


def _single_page(site: Site, optional: Mapping[str, Path]) -> str:
    supported, boot = (site.file(name).read_text(encoding="utf-8") for name in ("supported.js", "boot.js"))
    styles = site.file("styles.css").read_text(encoding="utf-8")
    if "</script" in boot or "<!--" in boot or "</style" in styles:
        raise BuildError("boot.js or styles.css would end the element that it stands in")
    said = _scripts_said(site)
    guides = {inside_of(each): site.parts.guides / INSIDE / inside_of(each) for each in spoken()}
    hashes = [
        hash_source(supported),
        hash_source(boot),
        *(f"'{integrity(site.manifest[name])}'" for name in (*FIRST[1:], EDITOR, SCRIPT, *said)),
    ]
    assets = _assets(site, snapshot=False)
    config = {**site.config, "assets": assets, "snapshot": None, "payload": "page"}
    assets |= {name: {**site.manifest[name], "url": ""} for name in (SCRIPT, *said)}
    assets |= {name: {**entry(path, name), "url": ""} for name, path in guides.items()}
    config["pages"] = dict.fromkeys((*PAGES, INDEX), "")
    config["languages"] = {
        name: {**told, "pages": script_of(name)}
        for name, told in languages_told(site.parts, all_of_them=False).items()
    }
    config["optional"] = _brought(site, optional)
    later = {name: site.file(name) for name in sorted(assets) if name not in {*FIRST, *guides}} | guides
    later |= {path.name: path for path in optional.values()}
    values = {
        "script_hashes": " ".join(hashes),
        "style_hash": hash_source(styles),
        "icon": data_url(WEB / "icon.svg"),
        "styles": styles,
        "supported": supported,
        "config": inside_script(json.dumps(config, sort_keys=True)),
        "document": inside_script(site.parts.first.document),
        "noscript": without_scripts(site.parts.languages),
        "licences": licences_inside(site.parts.artefacts, site.parts.files, site.build),
        "first_parcels": "\n".join(_parcel(name, site.file(name)) for name in FIRST),
        "boot": boot,
        "parcels": "\n".join(_parcel(name, path) for name, path in later.items()),
        "pages": what_pages_know("single", site.build, teaching_of(site.parts), site.sizes, {}),
    }
    return html_in_ascii(fill_template((WEB / "single.html").read_text(encoding="utf-8"), values))


def _assets(site: Site, *, snapshot: bool) -> dict[str, dict[str, object]]:
    """The manifest of what the page brings, which has no addresses."""
    assets = site.config["assets"]
    assert isinstance(assets, dict)
    left_out = {*(() if snapshot else NAMES.values()), *spoken_files(site.parts, released=False)}
    return {name: {**entry, "url": ""} for name, entry in assets.items() if name not in left_out}


def _brought(site: Site, optional: Mapping[str, Path]) -> dict[str, object]:
    """What the page is told of the files in `optional`: they are in it, and decoded when asked for."""
    return {
        name: {**entry, "url": ""} for name, entry in optional_entries(site.parts).items() if name in optional
    }


def _parcel(name: str, file: Path) -> str:
    return f'<script type="text/plain" data-file="{name}">{packed(file)}</script>'


def packed(file: Path) -> str:
    """A file as text that any page can hold: gzip in base64."""
    return base64.b64encode(compressed(file, "gzip").read_bytes()).decode()
