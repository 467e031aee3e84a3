"""`build.py wheel`: the project as a wheel for `panel serve` and notebooks. Installing it needs no Node.

It is what pip would make of pyproject.toml, with the bundle in the place of the scripts that it was made of.
Written here, it needs no network and is the same on every machine.
"""

import tarfile
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from building.artefacts import Store, load
from building.extension import FILES, MARK, PACKAGE, spoken, write_extension
from building.packages import Own
from building.paths import DIST, ROOT
from building.progress import note, step
from building.stamps import write_whole
from building.texts import languages
from building.wheels import own_sources, wheel_bytes

PROJECT = (Own("attention", ("attention",)), Own("attention-lab", ("attention_lab",)))
#: What only the page uses, and what the bundle was made of.
NOT_FOR_HOSTS = (
    "attention_lab/browser.py",
    "attention_lab/guides/",
    "attention_lab/widgets/js/",
    "attention_lab/widgets/css/",
)
BUNDLED = ("fflate", "lit-html", "lucide-static")  # whose code is in the bundle: their licences go along


def write_wheel(into: Path = DIST, names: Sequence[str] | None = None) -> Path:
    """Bundle the widgets and write attention_lab-<version>-py3-none-any.whl, with these languages or all."""
    with step("Scripts and styles"):
        write_extension()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stem = f"{project['name'].replace('-', '_')}-{project['version']}"
    info = {f"{stem}.dist-info/{name}": data for name, data in _dist_info(project).items()}
    wheel = into / f"{stem}-py3-none-any.whl"
    with step("Wheel"):
        write_whole(
            wheel, wheel_bytes(_members(languages() if names is None else names), info, zipfile.ZIP_DEFLATED)
        )
    note(f"{wheel}: {wheel.stat().st_size / 1e6:.1f} MB. To install it: pip install '{wheel.name}[lab]'")
    return wheel


def _members(languages: Sequence[str]) -> dict[str, bytes]:
    home = ROOT / "pyapp"
    paths = [path for package in PROJECT for path in own_sources(package)]
    paths += [PACKAGE / name for name in (*FILES, MARK)]
    named = {path.relative_to(home).as_posix(): path for path in paths}
    kept = {
        name: path.read_bytes()
        for name, path in named.items()
        if not name.startswith(NOT_FOR_HOSTS) and not name.endswith("/guide.md")
    }
    return kept | {f"attention_lab/dist/{name}": data for name, data in spoken(languages).items()}


def _dist_info(project: dict[str, Any]) -> dict[str, bytes]:
    licences = {name: (ROOT / name).read_bytes() for name in project["license-files"]} | _licences()
    wheel = "Wheel-Version: 1.0\nGenerator: attention-lab\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return {
        "METADATA": _metadata(project, list(licences)).encode(),
        "WHEEL": wheel.encode(),
        **{f"licenses/{name}": text for name, text in licences.items()},
    }


def _metadata(project: dict[str, Any], licences: list[str]) -> str:
    extras = project["optional-dependencies"]
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        f"Summary: {project['description']}",
        f"License-Expression: {project['license']}",
        *(f"License-File: {name}" for name in licences),
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {needed}" for needed in project["dependencies"]),
    ]
    for extra, needs in extras.items():
        lines += [
            f"Provides-Extra: {extra}",
            *(f"Requires-Dist: {each}; extra == '{extra}'" for each in needs),
        ]
    lines.append("Description-Content-Type: text/markdown")
    readme = (ROOT / str(project["readme"])).read_text(encoding="utf-8")
    return "\n".join(lines) + "\n\n" + readme


def _licences() -> dict[str, bytes]:
    artefacts = load()
    found = {}
    for name, file in Store().get_all(artefacts[name] for name in BUNDLED).items():
        with tarfile.open(file) as package:
            text = package.extractfile("package/LICENSE")
            found[f"{name}.txt"] = text.read() if text else b""
    return found
