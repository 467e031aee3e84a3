"""dist/site: plain static files that work under any path prefix and ask no other host for anything."""

import base64
import enum
import hashlib
import json
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from attention_lab.kit.texts import ENGLISH
from building.administrators import administrators_page, forms_bytes
from building.artefacts import Artefact
from building.ascii import html_in_ascii, script_in_ascii
from building.bokehjs import bokehjs
from building.budget import budget, weigh
from building.bundle import WEB
from building.compression import compress_all
from building.guides import PAGES as GUIDES
from building.icons import data_url, icons
from building.languages import Language, without_scripts
from building.licences import licences_page
from building.offline import WORKER, write_worker
from building.pages import (
    PAGES,
    SCRIPT,
    file_of,
    page_html,
    said_in,
    script_of,
    sizes_of,
    what_pages_know,
)
from building.paths import ROOT
from building.prerender import Prerendered
from building.snapshot import NAMES, REMEMBERED
from building.splitting import REST
from building.stamps import digest, file_sha256, is_made, made, tree_digest
from building.templates import fill_template

COPIED = ("*.svg", "*.png", "*.webmanifest", "*.ico", "host-example.html", "host.js")
SCRIPTS = ("supported.js", "boot.js", "kernel.js", "widgets.js", "editor.js", SCRIPT, "styles.css")
#: What the page itself names; the other assets are in its configuration.
NAMED = {"supported.js", "boot.js", "styles.css", SCRIPT}
HASH_LENGTH = 12
#: Asked for when an exercise is opened, and not before.
EDITOR = "editor.js"

#: A page checks a large file piece by piece, while it comes.
PIECE = 8 << 20

Entry = Mapping[str, object]


@dataclass(frozen=True)
class Parts:
    """What the earlier steps made."""

    runtime: Path
    stdlib: Path
    wheels: Path  # a folder: the wheels, pyodide-lock.json, and what the first labs do without
    wheel_names: Sequence[str]
    snapshot: Path  # a folder
    scripts: Path  # a folder: SCRIPTS and sw.js
    files: Mapping[str, Path]
    first: Prerendered
    artefacts: Mapping[str, Artefact]
    optional: Mapping[str, Path]  # what learners are asked about before it is fetched, by its name there
    languages: Mapping[str, Language]
    guides: Path  # a folder: the pages for teachers, and what the single file has of them (guides.py)


@dataclass(frozen=True)
class Site:
    """A finished site: what the other forms are made of."""

    build: str
    folder: Path
    manifest: Mapping[str, Entry]  # every file of assets/, by logical name
    config: Mapping[str, object]  # what the page is told
    parts: Parts
    sizes: list[dict[str, object]]  # what a device fetches, by its way to the lab

    def file(self, name: str) -> Path:
        """An asset by its logical name."""
        return self.folder / str(self.manifest[name]["url"])


class Weighing(enum.IntEnum):
    """How much is done to tell what a visit weighs, and so for how small it is on the way."""

    NOT = 0  # nothing is compressed beforehand
    QUICK = 1  # the largest files not as well as can be: that takes minutes
    BEST = 2


def assemble(parts: Parts, site: Path, weighing: Weighing = Weighing.BEST) -> Site:
    """Fill `site` with a build of these parts, all at once.

    One that is weighed otherwise is another build, since it tells other sizes; one of the same parts that is
    weighed better takes its place.
    """
    with tempfile.TemporaryDirectory(prefix="attention-lab-") as scratch:
        assets = _assets(parts, Path(scratch))
        whole = _build_id(parts, assets)
        weighing, build = _weighed(whole, weighing)
        manifest = {name: entry(path, name) for name, path in assets.items()}
        config = _config(parts, manifest, build) | {"optional": optional_entries(parts)}
        finished = made(
            "site", build, lambda folder: _fill(folder, parts, assets, manifest, config, weighing)
        )
    _swap_in(finished, site)
    sizes = _sizes(finished, parts, manifest, weighing > Weighing.NOT)
    return Site(build, finished, manifest, config, parts, sizes)


def _weighed(whole: str, asked: Weighing) -> tuple[Weighing, str]:
    """The best weighing, from the one that is asked for on, that is made already; and its build."""
    builds = {each: whole if each is Weighing.BEST else digest(whole, each.name)[:16] for each in Weighing}
    there = [each for each in Weighing if each > asked and is_made("site", builds[each])]
    chosen = max(there, default=asked)
    return chosen, builds[chosen]


def _assets(parts: Parts, scratch: Path) -> dict[str, Path]:
    """Every file that goes into assets/, by logical name."""
    bokeh = scratch / "bokeh.js"
    bokeh.write_text(bokehjs(parts.files["bokeh"]), encoding="utf-8", newline="")
    assets = {"bokeh.js": bokeh, "pyodide-lock.json": parts.wheels / "pyodide-lock.json"}
    assets |= {"pyodide.asm.wasm": parts.runtime / "pyodide.asm.wasm", "python_stdlib.zip": parts.stdlib}
    assets |= {name: parts.scripts / name for name in SCRIPTS}
    for lab, name in _documents(parts).items():
        (scratch / name).write_text(parts.first.documents[lab], encoding="utf-8", newline="")
        assets[name] = scratch / name
    for language, documents in parts.first.spoken.items():
        for lab, text in documents.items():
            name = painted_in(language, lab)
            (scratch / name).write_text(text, encoding="utf-8", newline="")
            assets[name] = scratch / name
        assets |= {path.name: path for path in _texts_of(parts.languages[language])}
        beside = scratch / script_of(language)
        beside.write_text(said_in(language, teaching_of(parts, language)), encoding="utf-8", newline="")
        assets[beside.name] = beside
    assets |= {name: parts.snapshot / name for name in NAMES.values()}
    return assets | {name: parts.wheels / name for name in (*parts.wheel_names, REST)}


def _documents(parts: Parts) -> dict[str, str]:
    """What is painted of each lab but the first, whose document is in the page: an asset for each lab."""
    return {lab: f"document-{lab}.json" for lab in parts.first.labs[1:]}


def painted_in(language: str, lab: str) -> str:
    """What the document of a lab in another language is called."""
    return f"document-{lab}.{language}.json"


def _texts_of(language: Language) -> tuple[Path, Path]:
    return language.texts, language.page


def spoken_files(parts: Parts, *, released: bool = True) -> dict[str, str]:
    """The assets of other languages, each with its language: all, or without those that are for learners."""
    wanted = {name: each for name, each in parts.languages.items() if released or not each.released}
    painted = {painted_in(name, lab): name for name in wanted for lab in parts.first.spoken[name]}
    beside = {script_of(name): name for name in wanted}
    return painted | beside | {path.name: name for name, each in wanted.items() for path in _texts_of(each)}


def teaching_of(parts: Parts, language: str = ENGLISH) -> dict[str, object]:
    """What a link may say, in a language, with the languages of this build."""
    told = dict(parts.first.teaching[language])
    page = told["page"]
    assert isinstance(page, dict)
    names = {name: each.name for name, each in parts.languages.items() if each.released}
    return told | {"page": {**page, "language": {**page["language"], **names}}}


def languages_told(parts: Parts, *, all_of_them: bool) -> dict[str, dict[str, str | None]]:
    """What the page is told of the languages that it can be opened in."""
    return {
        name: {
            "texts": each.texts.name,
            "page": each.page.name,
            "direction": each.direction,
            "name": each.name,
        }
        for name, each in parts.languages.items()
        if all_of_them or each.released
    }


def pages_told(parts: Parts, addresses: Mapping[str, str]) -> dict[str, dict[str, str | None]]:
    """What the pages beside the lab are told of the languages, with the addresses of their scripts."""
    return {
        name: {"script": addresses[script_of(name)], "direction": each.direction, "name": each.name}
        for name, each in parts.languages.items()
        if script_of(name) in addresses
    }


def _build_id(parts: Parts, assets: Mapping[str, Path]) -> str:
    """A digest of everything that the site is made of."""
    contents = [(name, file_sha256(path)) for name, path in sorted({**assets, **parts.optional}.items())]
    own = [
        WEB / "administrators.md",
        *(ROOT / "building").glob("*.py"),
        *(ROOT / "building" / "licences").iterdir(),
        *_web_files(),
    ]
    own += [*WEB.glob("*.html"), ROOT / "LICENSE", ROOT / "NOTICE", ROOT / "artefacts.toml"]
    beside = [file_sha256(parts.scripts / name) for name in (WORKER, "course.js")]
    guides = [path for path in parts.guides.rglob("*") if path.is_file()]
    told = json.dumps(parts.first.teaching, sort_keys=True), tree_digest(guides, parts.guides)
    return digest(contents, beside, parts.first.document, tree_digest(own, ROOT), *told)[:16]


def _web_files() -> list[Path]:
    return [WEB / "index.html", *(path for pattern in COPIED for path in WEB.glob(pattern))]


def _fill(
    folder: Path,
    parts: Parts,
    assets: Mapping[str, Path],
    manifest: Mapping[str, Entry],
    config: Mapping[str, object],
    weighing: Weighing,
) -> None:
    measured = weighing > Weighing.NOT
    (folder / "assets").mkdir()
    for name, path in assets.items():
        shutil.copyfile(path, folder / str(manifest[name]["url"]))
    if measured:  # before pages tell what it weighs
        compress_all((folder / "assets").iterdir(), best=weighing is Weighing.BEST)
    supported = (parts.scripts / "supported.js").read_text(encoding="utf-8")
    index = _index(parts, supported, manifest, config)
    (folder / "index.html").write_text(html_in_ascii(index), encoding="utf-8")
    styles = manifest["styles.css"]["url"]
    page = licences_page(parts.artefacts, parts.files, str(styles), str(config["build"]))
    (folder / "licenses.html").write_text(html_in_ascii(page), encoding="utf-8")
    for path in _web_files()[1:]:
        shutil.copyfile(path, folder / path.name)
    visits = _visits(parts, manifest)
    files = {way: [folder / name for name in names] for way, names in visits.items()}
    files |= {_on_demand(name): [path] for name, path in parts.optional.items()}
    brought = _brought(folder, parts, manifest)
    told = administrators_page(
        parts.artefacts, files, brought, str(styles), str(config["build"]), measured=measured
    )
    (folder / "administrators.html").write_text(html_in_ascii(told), encoding="utf-8")
    _write_pages(folder, parts, manifest, str(config["build"]), measured)
    shutil.copytree(icons(WEB / "icon.svg"), folder, dirs_exist_ok=True)
    optional = optional_entries(parts)
    starts = {
        str(manifest[name]["url"]): start
        for start, names in _starts(parts).items()
        for name in names - _runner(parts)
    }
    write_worker(
        parts.scripts / WORKER, folder, str(config["build"]), starts,
        {str(manifest[name]["url"]): language for name, language in spoken_files(parts).items()},
    )  # fmt: skip
    for name, entry in optional.items():  # after the service worker, which is not to keep it unasked
        shutil.copyfile(parts.optional[name], folder / str(entry["url"]))
    shutil.copytree(parts.guides / GUIDES, folder, dirs_exist_ok=True)  # nor these, on every student's device
    visits |= {_on_demand(name): [str(entry["url"])] for name, entry in optional.items()}
    if measured:
        best = weighing is Weighing.BEST
        compress_all((path for path in folder.rglob("*") if path.is_file()), best=best)
    weights = budget(folder, visits, str(config["build"]), measured=measured)
    (folder / "budget.json").write_text(weights, encoding="utf-8")


def _write_pages(
    folder: Path, parts: Parts, manifest: Mapping[str, Entry], build: str, measured: bool
) -> None:
    """The pages beside the lab; they try the line with a large file that nobody has kept."""
    probe = next(iter(optional_entries(parts).values()), None)
    sizes = _sizes(folder, parts, manifest, measured)
    languages = pages_told(parts, {name: str(entry["url"]) for name, entry in manifest.items()})
    told = what_pages_know("site", build, teaching_of(parts), sizes, languages, probe)
    styles, script = (str(manifest[name]["url"]) for name in ("styles.css", SCRIPT))
    for page in PAGES:
        text = page_html(page, told, styles, script, "icon.svg")
        (folder / file_of(page)).write_text(text, encoding="utf-8")


def _brought(folder: Path, parts: Parts, manifest: Mapping[str, Entry]) -> dict[str, list[Path]]:
    """The files that a page brings itself: "plain" without the memory snapshot, "all" with it."""
    tools = {*spoken_files(parts, released=False)}
    return {
        which: [folder / str(entry["url"]) for name, entry in manifest.items() if name not in left_out]
        for which, left_out in {"plain": _starts(parts)["snapshot"] | tools, "all": tools}.items()
    }


def _sizes(
    folder: Path, parts: Parts, manifest: Mapping[str, Entry], measured: bool
) -> list[dict[str, object]]:
    """What a device fetches, by its way to the lab."""
    visits = {
        visit: weigh([folder / name for name in names], measured=measured)
        for visit, names in _visits(parts, manifest).items()
    }
    return sizes_of(visits, forms_bytes(_brought(folder, parts, manifest) if measured else {}))


def _visits(parts: Parts, manifest: Mapping[str, Entry]) -> dict[str, list[str]]:
    """The files that a first visit to the first lab asks for: from the snapshot, as most are, and plainly."""
    starts = _starts(parts)
    others = {*_documents(parts).values(), EDITOR, SCRIPT, NAMES["rest"], REST, *spoken_files(parts)}
    without = {"first_visit": starts["plain"] | others, "first_visit_plain": starts["snapshot"] | others}
    return {
        visit: [
            "index.html",
            *(str(entry["url"]) for name, entry in manifest.items() if name not in left_out),
        ]
        for visit, left_out in without.items()
    }


def _starts(parts: Parts) -> dict[str, set[str]]:
    """The assets that only one way of starting Python reads."""
    return {
        "plain": {"pyodide-lock.json", "python_stdlib.zip", REST, *parts.wheel_names},
        "snapshot": {*NAMES.values()},
    }


def _runner(parts: Parts) -> set[str]:
    """The assets that learners' code runs on, in whichever way the lab was started (web/runner.js)."""
    return {
        "pyodide-lock.json",
        "python_stdlib.zip",
        *(n for n in parts.wheel_names if n.startswith("numpy-")),
    }


def entry(path: Path, name: str) -> Entry:
    """A file's entry in the manifest; its name in assets/ changes with its contents."""
    sha256 = file_sha256(path)
    stem, dot, ending = name.rpartition(".")
    url = f"assets/{stem}-{sha256[:HASH_LENGTH]}{dot}{ending}"
    pieces = list(_pieces(path))
    entry: dict[str, object] = {"url": url, "bytes": path.stat().st_size, "sha256": sha256}
    if len(pieces) > 1:
        hashes = [hashlib.sha256(piece).hexdigest() for piece in pieces]
        return entry | {"pieces": {"bytes": PIECE, "sha256": hashes, "crc32": [*map(zlib.crc32, pieces)]}}
    return entry | {"crc32": zlib.crc32(path.read_bytes())}


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _on_demand(name: str) -> str:
    return f"{name}_on_demand"


def optional_entries(parts: Parts) -> dict[str, Entry]:
    """What the page is told of each file that is fetched only when a learner asks for it."""
    return {name: {**entry(path, path.name), "file": path.name} for name, path in parts.optional.items()}


def _config(parts: Parts, manifest: Mapping[str, Entry], build: str) -> dict[str, object]:
    needed_later = manifest.keys() - NAMED - {script_of(name) for name in parts.languages}
    return {
        "build": build,
        "assets": {name: manifest[name] for name in sorted(needed_later)},
        "lock": "pyodide-lock.json",
        "packages": list(parts.wheel_names),
        "rest": REST,
        "snapshot": NAMES,
        "labs": list(parts.first.labs),
        "languages": languages_told(parts, all_of_them=True),
        "remembered": json.loads((parts.snapshot / REMEMBERED).read_text(encoding="utf-8")),
        "document_sha256": hashlib.sha256(parts.first.document.encode()).hexdigest(),
    }


def _index(parts: Parts, supported: str, manifest: Mapping[str, Entry], config: Mapping[str, object]) -> str:
    ahead = (parts.scripts / "ahead.js").read_text(encoding="utf-8").strip()
    values = {
        "supported": supported,
        "supported_hash": hash_source(supported),
        "ahead": ahead,
        "ahead_hash": hash_source(ahead),
        "supported_url": escape(str(manifest["supported.js"]["url"])),
        "supported_integrity": integrity(manifest["supported.js"]),
        "boot": escape(str(manifest["boot.js"]["url"])),
        "boot_integrity": integrity(manifest["boot.js"]),
        "styles": escape(str(manifest["styles.css"]["url"])),
        "styles_integrity": integrity(manifest["styles.css"]),
        "config": inside_script(
            json.dumps({**config, "offline": WORKER, "pages": {p: file_of(p) for p in PAGES}}, sort_keys=True)
        ),
        "document": inside_script(parts.first.document),
        "noscript": without_scripts(parts.languages),
        "icon": data_url(WEB / "icon.svg"),
    }
    return fill_template((WEB / "index.html").read_text(encoding="utf-8"), values)


def integrity(entry: Entry) -> str:
    """The hash of a file in the form that a browser checks a script against."""
    return "sha256-" + base64.b64encode(bytes.fromhex(str(entry["sha256"]))).decode()


def hash_source(text: str) -> str:
    """What a Content-Security-Policy calls an inline script or style sheet by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def inside_script(text: str) -> str:
    """JSON that no `</script>` or `<!--` in a string can end: the same values, spelt otherwise, in ASCII."""
    return script_in_ascii(text).replace("<", "\\u003c")


def _swap_in(finished: Path, site: Path) -> None:
    """Put a copy of `finished` in the place of `site`; a reader finds the old one or the new one."""
    marker = ".build"
    if (site / marker).is_file() and (site / marker).read_text() == finished.name:
        return
    site.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=site.parent) as scratch:
        fresh, old = Path(scratch) / "fresh", Path(scratch) / "old"
        shutil.copytree(finished, fresh)
        (fresh / marker).write_text(finished.name)
        if site.exists():
            site.rename(old)
        fresh.rename(site)
