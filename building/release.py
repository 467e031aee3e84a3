"""What a release holds: every form as one file, their checksums, and a page that says which is for whom."""

import shutil
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from building.build import build
from building.errors import BuildError
from building.forms import FOLDER, FOLDER_WITH, SINGLE, SINGLE_WITH
from building.licences import PAGE
from building.paths import DIST, ROOT
from building.progress import note
from building.project_wheel import write_wheel
from building.scorm import PACKAGES
from building.stamps import file_sha256
from building.zips import zip_bytes

RELEASE = DIST / "release"
SITE_ZIP = "attention-lab-site.zip"
SUMS = "SHA256SUMS"
STYLES = "styles.css"
ICON = "icon.svg"


@dataclass(frozen=True)
class Form:
    """One file of a release, and who it is for."""

    file: str
    title: str
    for_whom: str


FORMS = (
    Form(SINGLE.name, "One file", "opens by double-click, without a network: for trying it, mail, a stick"),
    Form(FOLDER.name, "A folder", "unpack it and open index.html: starts sooner than the one file"),
    Form(SITE_ZIP, "The site", "unpack it on any static host, under any path"),
    Form(PACKAGES["1.2"].name, "A SCORM 1.2 package", "upload it to a course: Moodle, and most others"),
    Form(PACKAGES["2004"].name, "A SCORM 2004 package", "upload it to a course that takes SCORM 2004"),
    Form(SINGLE_WITH.name, "One file, with the real transformer", "as the one file, with MiniLM inside"),
    Form(FOLDER_WITH.name, "A folder, with the real transformer", "as the folder, with MiniLM inside"),
)
WHEEL = ("A Python wheel", "for panel serve and notebooks")


def release() -> Path:
    """Build everything and put it into dist/release; the folder."""
    site = build()
    wheel = write_wheel()
    files = {
        SITE_ZIP: _zipped(site),
        **{form.file: DIST / form.file for form in FORMS if form.file != SITE_ZIP},
    }
    styles = next(site.glob("assets/styles-*.css"))
    gather(RELEASE, {**files, wheel.name: wheel}, {STYLES: styles, ICON: site / ICON})
    note(f"Release: {RELEASE.relative_to(ROOT)}, {len(files) + 1} files and {SUMS}")
    return RELEASE


def gather(to: Path, files: Mapping[str, Path], beside: Mapping[str, Path]) -> None:
    """Write a release of these files, in the place of any that is there; `beside` is what its page needs."""
    missing = [name for name, path in files.items() if not path.is_file()]
    if missing:
        raise BuildError(f"A release needs {', '.join(missing)}: run `python3 build.py` and try again.")
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    for name, path in (*files.items(), *beside.items()):
        shutil.copyfile(path, to / name)
    sums = {name: file_sha256(to / name) for name in files}
    (to / SUMS).write_text("".join(f"{sums[name]}  {name}\n" for name in sorted(sums)), encoding="ascii")
    (to / "index.html").write_text(page(to, sums), encoding="utf-8")


def page(folder: Path, sums: Mapping[str, str]) -> str:
    """The page of a release: each file with its size, its checksum and who it is for."""
    told = {form.file: (form.title, form.for_whom) for form in FORMS}
    rows = "\n".join(_row(name, sums[name], folder, *told.get(name, WHEEL)) for name in sums)
    main = (
        f"<h1>Attention Lab {escape(version())}</h1>\n"
        "<p>Each file is the whole course. Nothing is sent anywhere, whichever you take.</p>\n"
        "<table><thead><tr><th>What</th><th>For whom</th><th>Size</th><th>sha256</th></tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody></table>\n"
        "<p>To check what was downloaded: <code>sha256sum --check --ignore-missing "
        f'<a href="{SUMS}">{SUMS}</a></code></p>'
    )
    return PAGE.format(title="Downloads", name="page", styles=STYLES, icon=ICON, main=main)


def version() -> str:
    """The version of the project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _row(name: str, sha256: str, folder: Path, title: str, for_whom: str) -> str:
    size = (folder / name).stat().st_size / 1e6
    return (
        f'<tr><td><a href="{escape(name)}" download>{escape(title)}</a></td><td>{escape(for_whom)}</td>'
        f"<td>{size:.1f} MB</td><td><code>{sha256}</code></td></tr>"
    )


def _zipped(site: Path) -> Path:
    members = {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }
    to = DIST / SITE_ZIP
    to.write_bytes(zip_bytes(members, zipfile.ZIP_DEFLATED))
    return to
