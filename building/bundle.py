"""The page's scripts and styles, each bundled into one minified file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from building.ascii import script_in_ascii
from building.cell import cell_styles
from building.node_runner import run_node
from building.npm import unpack
from building.paths import NODE_SCRIPTS, ROOT
from building.stamps import digest, file_sha256, made, tree_digest

EDITOR_NPM = (
    "@codemirror/autocomplete", "@codemirror/commands", "@codemirror/lang-python", "@codemirror/language",
    "@codemirror/lint", "@codemirror/state", "@codemirror/streamparser", "@codemirror/view",
    "@lezer/common", "@lezer/highlight", "@lezer/lr", "@lezer/python",
    "@marijn/find-cluster-break", "crelt", "style-mod", "w3c-keyname",
)  # fmt: skip
NPM = ("esbuild-wasm", "fflate", "lit-html", "lucide-static", "qrcode-generator", *EDITOR_NPM)
WEB = ROOT / "web"
WIDGETS = ROOT / "pyapp" / "attention_lab" / "widgets"
#: The Python that the worker for learners' code brings in its script.
RUNNING = ROOT / "pyapp" / "attention_lab" / "grading"


#: The oldest browsers that the lab works in: scripts and styles are written for them. Chrome 103 was tried,
#: Firefox 115 and Safari 16.4 go by what they have (style sheets made by scripts, DecompressionStream).
OLDEST = {"Chrome and Edge": "103", "Firefox": "115", "Safari": "16.4"}
ESBUILD_NAMES = {"Chrome and Edge": "chrome", "Firefox": "firefox", "Safari": "safari"}


def oldest_in_words() -> str:
    """ "Chrome and Edge 103, Firefox 115, Safari 16.4"."""
    return ", ".join(f"{name} {version}" for name, version in OLDEST.items())


@dataclass(frozen=True)
class Entry:
    """One script or style sheet: where it begins, and how it is bundled."""

    name: str
    source: Path
    options: Mapping[str, object]
    plugin: str = ""  # the name that it registers with BokehJS under


#: The first paint needs so little of BokehJS that it brings its own.
EARLY = WIDGETS / "js" / "early"
BOKEHJS = ("base", "model", "core/dom_view", "core/build_views")

PLUGIN = Entry(
    "widgets.js",
    WIDGETS / "js" / "index.js",
    {"format": "cjs", "platform": "browser", "external": ["@bokehjs/*"]},
    plugin="attention_lab",
)

CSS = WIDGETS / "css"
STYLES = {"external": ["data:*"]}

#: What other hosts need: `panel serve` has a page for itself, a notebook a cell among others.
EXTENSION = (
    PLUGIN,
    Entry("page.css", CSS / "index.css", STYLES),
    Entry("tokens.css", CSS / "tokens.css", STYLES),
    Entry("cell.css", CSS / "cell.css", STYLES),
)

ENTRIES = (
    Entry(
        "early.js",
        EARLY / "index.js",
        {
            "format": "iife",
            "alias": {f"@bokehjs/{module}": str(EARLY / "bokeh.js") for module in BOKEHJS},
        },
    ),
    Entry("ahead.js", WEB / "ahead.js", {"format": "iife"}),
    Entry("boot.js", WEB / "boot.js", {"format": "iife"}),
    Entry("course.js", WEB / "course.js", {"format": "iife"}),
    Entry("editor.js", WIDGETS / "js" / "editor" / "index.js", {"format": "iife"}),
    Entry("kernel.js", WEB / "kernel.worker.js", {"format": "iife"}),
    Entry("pages.js", WEB / "pages.js", {"format": "iife"}),
    PLUGIN,
    Entry(
        "supported.js",
        WEB / "supported.js",
        {"format": "iife", "target": "es5", "define": {"OLDEST": json.dumps(oldest_in_words())}},
    ),
    Entry("sw.js", WEB / "sw.js", {"format": "iife"}),
    Entry("styles.css", WEB / "styles.css", {"external": ["data:*"]}),
)


#: Tells Chromium to compile all functions of a script beside its thread while it comes, not each when it is
#: first called.
COMPILED_AT_ONCE = "//# allFunctionsCalledOnLoad"


def bundle(files: Mapping[str, Path], patched: Path, entries: tuple[Entry, ...] = ENTRIES) -> Path:
    """A folder with what ENTRIES names, for the page: its first paint and the runtime are joined in."""
    modules = _npm_modules(files)
    key = digest(_sources_digest(entries), modules.name, patched.name)

    def make(folder: Path) -> None:
        _run_esbuild(modules, entries, folder)
        early, boot = folder / "early.js", folder / "boot.js"
        drawing = one_page_script(*(path.read_text(encoding="utf-8") for path in (early, boot)))
        boot.write_text(f"{COMPILED_AT_ONCE}\n{drawing}", encoding="utf-8")
        early.unlink()
        kernel = folder / "kernel.js"
        kernel.write_text(one_worker_script(patched, kernel.read_text(encoding="utf-8")), encoding="utf-8")

    return made("bundle", key, make)


def bundle_extension(files: Mapping[str, Path]) -> Path:
    """A folder with what a host other than the page needs: the widgets' script, and their style sheet."""
    modules = _npm_modules(files)
    key = digest(_sources_digest(EXTENSION), modules.name)

    def make(folder: Path) -> None:
        _run_esbuild(modules, EXTENSION, folder)
        tokens, cell = folder / "tokens.css", folder / "cell.css"
        styles = cell_styles(*(path.read_text(encoding="utf-8") for path in (tokens, cell)))
        cell.write_text(styles, encoding="utf-8")
        tokens.unlink()

    return made("extension", key, make)


def _run_esbuild(modules: Path, entries: tuple[Entry, ...], folder: Path) -> None:
    request = folder / "options.json"
    targets = ["es2022", *(ESBUILD_NAMES[name] + version for name, version in OLDEST.items())]
    tasks = [
        {
            "entry": str(entry.source),
            "outfile": str(folder / entry.name),
            "options": entry.options,
            "plugin": entry.plugin,
        }
        for entry in entries
    ]
    request.write_text(json.dumps({"modules": str(modules), "target": targets, "entries": tasks}))
    run_node("bundle.mjs", request)
    request.unlink()
    for path in folder.glob("*.js"):  # the bundler leaves templates as they are
        path.write_text(script_in_ascii(path.read_text(encoding="utf-8")), encoding="utf-8", newline="")


def one_worker_script(patched: Path, worker: str) -> str:
    """The runtime, its loader and our worker as one classic script, so that the worker loads no other.

    Pyodide's loader looks for `_createPyodideModule` before it loads pyodide.asm.js: here it is there.
    """
    parts = [(patched / name).read_text(encoding="utf-8") for name in ("pyodide.asm.js", "pyodide.js")]
    return "\n;\n".join(_without_map(part) for part in (*parts, worker))


def one_page_script(*scripts: str) -> str:
    """Scripts as one, which may stand in a page: there `<!--` means something, and it is in strings only."""
    return ";\n".join(scripts).replace("<!--", r"\x3C!--")


def _without_map(script: str) -> str:
    """Without the comment that names a source map, which we do not ship."""
    return "\n".join(line for line in script.splitlines() if not line.startswith("//# sourceMappingURL"))


def _npm_modules(files: Mapping[str, Path]) -> Path:
    """A node_modules folder, made out of the tarballs."""

    def make(folder: Path) -> None:
        for name in NPM:
            unpack(files[name], folder / name)

    return made("npm", digest(*(file_sha256(files[name]) for name in NPM)), make)


def _sources_digest(entries: tuple[Entry, ...]) -> str:
    suffixes = {".js", ".css", ".svg", ".json"}
    folders = {ROOT / "web", WIDGETS}
    files = {path for folder in folders for path in folder.rglob("*") if path.suffix in suffixes}
    own = [
        NODE_SCRIPTS / "bundle.mjs",
        Path(__file__),
        ROOT / "building" / "ascii.py",
        ROOT / "building" / "cell.py",
        *RUNNING.glob("*.py"),
    ]
    return digest(tree_digest(files, ROOT), tree_digest(own, ROOT), entries)
