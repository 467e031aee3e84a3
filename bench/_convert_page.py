"""The page that `panel convert --to pyodide-worker` makes of this app, served from files of our own.

What differs from the page in the wild, all of it in that page's favour: hosts are replaced by files
beside it, micropip by `loadPackage` of the wheels named in a lock file, and packages that the app never
imports are left out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from building.artefacts import Store, load
from building.build import unpack_runtime
from building.extension import write_extension
from building.packages import PAGE
from building.paths import INTERMEDIATE, ROOT
from building.stamps import file_sha256

APP = "from attention_lab.app import make_app\nmake_app('stepper').servable()\n"
HOSTS = r"https://cdn\.(?:bokeh\.org|holoviz\.org|jsdelivr\.net)/"

INSTALL = """await Promise.all([
    self.pyodide.loadPackage(%s),
    ...%s.map(async (file) => (await fetch(new URL("./" + file, self.location))).arrayBuffer()),
  ]);"""

# As Panel's own build strips these two for Pyodide: no server statics, no bundles, no tests.
STRIPPED = {
    "bokeh": ("bokeh/server/static/",),
    "panel": ("panel/dist/", "panel/tests/", "panel/_templates/test"),
}


def build_convert_page(site: Path, *, besides: bool = False) -> Path:
    """Make the page in the intermediates; return its folder. `app.html` is the page.

    `besides`: it also fetches, at the same time, the wheels that micropip would fetch since Bokeh and Panel
    name them; it does nothing with them.

    `--skip-embed`: by default the page also shows a picture of the app that was drawn at build time and
    answers to nothing; what is compared here is the app that Python draws.
    """
    folder = INTERMEDIATE / f"bench-convert{'-besides' if besides else ''}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    script = folder / "app.py"
    script.write_text(APP)
    write_extension()
    command = [
        sys.executable,
        "-m",
        "panel",
        "convert",
        str(script),
        "--to",
        "pyodide-worker",
        "--skip-embed",
        "--out",
        str(folder),
    ]
    subprocess.run(command, check=True, capture_output=True, env=_environment())
    config = _site_config(site)
    names = _wheels(site, config, folder)
    _runtime(folder)
    extra = fetched_besides() if besides else []
    for wheel in extra:
        shutil.copyfile(wheel, folder / wheel.name)
    _scripts(site, config, folder, names, [wheel.name for wheel in extra])
    return folder


def fetched_besides() -> list[Path]:
    """The wheels that micropip would fetch for the page besides, since Bokeh and Panel name them."""
    store = Store()
    return [store.get(artefact) for artefact in load().values() if artefact.group == "bench"]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "pyapp")}


def _site_config(site: Path) -> dict[str, dict[str, dict[str, str]]]:
    text = (site / "index.html").read_text(encoding="utf-8")
    found = re.search(r'id="lab-config">(.*?)</script>', text, re.DOTALL)
    assert found, "the site's index.html holds its configuration"
    config: dict[str, dict[str, dict[str, str]]] = json.loads(found[1])
    return config


def _runtime(folder: Path) -> None:
    store, artefacts = Store(), load()
    runtime = unpack_runtime(store.get(artefacts["pyodide"]))
    for name in ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"):
        shutil.copyfile(runtime / name, folder / name)


def _wheels(site: Path, config: dict[str, dict[str, dict[str, str]]], folder: Path) -> list[str]:
    """Put the wheels of the app beside the page, as they are released, and a lock that names them."""
    store, artefacts = Store(), load()
    ours = json.loads((site / config["assets"]["pyodide-lock.json"]["url"]).read_text())
    for package in PAGE:
        entry = ours["packages"][package.name]
        target = folder / entry["file_name"]
        artefact = artefacts.get(package.name)
        if artefact is not None and artefact.file.endswith(".whl"):
            _copy_stripped(store.get(artefact), target, STRIPPED.get(package.name, ()))
        elif artefact is None:
            _own_wheel(package.modules[0], entry["version"], target)
        else:  # an sdist: in the wild a wasm wheel; ours is its pure part
            shutil.copyfile(site / config["assets"][entry["file_name"]]["url"], target)
        entry["sha256"] = file_sha256(target)
    (folder / "pyodide-lock.json").write_text(json.dumps(ours))
    return [package.name for package in PAGE]


def _copy_stripped(source: Path, target: Path, prefixes: tuple[str, ...]) -> None:
    with (
        zipfile.ZipFile(source) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for info in old.infolist():
            if not info.filename.startswith(prefixes):
                new.writestr(info.filename, old.read(info))


def _own_wheel(module: str, version: str, target: Path) -> None:
    """Our own packages as sources, as `pip wheel` would pack them."""
    info = f"{module}-{version}.dist-info"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path in sorted((ROOT / "pyapp" / module).rglob("*")):
            if path.suffix in (".py", ".md"):
                wheel.write(path, path.relative_to(ROOT / "pyapp"))
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {module}\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def _scripts(
    site: Path,
    config: dict[str, dict[str, dict[str, str]]],
    folder: Path,
    names: list[str],
    besides: list[str],
) -> None:
    import bokeh
    import panel

    bokeh_js = Path(bokeh.__file__).parent / "server" / "static" / "js"
    panel_dist = Path(panel.__file__).parent / "dist"
    html = (folder / "app.html").read_text(encoding="utf-8")
    for url in sorted(set(re.findall(HOSTS + r'[^"\'\s)]+', html))):
        local = _local_script(url, bokeh_js, panel_dist)
        if local is None:
            continue
        target = folder / "js" / local.name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(local, target)
        html = html.replace(url, f"js/{local.name}")
    shutil.copyfile(site / config["assets"]["widgets.js"]["url"], folder / "js" / "widgets.js")
    styles = next((site / "assets").glob("styles-*.css"))
    shutil.copyfile(styles, folder / "js" / "styles.css")
    html = html.replace("</head>", '<link rel="icon" href="data:,"></head>')
    extension = '<script src="js/widgets.js"></script><link rel="stylesheet" href="js/styles.css">'
    html = html.replace("</head>", extension + "</head>")
    (folder / "app.html").write_text(html, encoding="utf-8")
    worker = (folder / "app.js").read_text(encoding="utf-8")
    worker = re.sub(r'importScripts\("[^"]+"\)', 'importScripts("./pyodide.js")', worker)
    worker = worker.replace(
        "loadPyodide()", 'loadPyodide({indexURL: "./", packageBaseUrl: new URL("./", self.location).href})'
    )
    worker = worker.replace('await self.pyodide.loadPackage("micropip");', "")
    worker, count = re.subn(
        r"await self\.pyodide\.runPythonAsync\(`\s*import micropip.*?`\);",
        lambda _: INSTALL % (json.dumps(names), json.dumps(besides)),
        worker,
        flags=re.DOTALL,
    )
    assert count == 1, "panel convert's worker installs its environment in one place"
    (folder / "app.js").write_text(worker, encoding="utf-8")


def _local_script(url: str, bokeh_js: Path, panel_dist: Path) -> Path | None:
    if "bokeh.org" in url:
        return bokeh_js / re.sub(r"-\d+\.\d+\.\d+(?=\.min\.js)", "", url.rsplit("/", 1)[1])
    inside = url.split("/dist/", 1)[1] if "/dist/" in url else ""
    local = panel_dist / inside
    if inside and local.is_file():
        return local
    raise FileNotFoundError(f"panel convert's page asks for {url}, which the installed Panel does not hold")
