"""The order of a build: outside files, wheels, scripts, first paint, standard library, site."""

import json
from collections.abc import Iterable
from pathlib import Path

from building.artefacts import Store, load
from building.bundle import bundle
from building.lock import write_lock
from building.locking import alone
from building.npm import unpack
from building.packages import PAGE
from building.paths import DIST, INTERMEDIATE, SITE
from building.prerender import prerender
from building.progress import note, step
from building.site import Parts, assemble
from building.stamps import digest, made, write_whole
from building.stdlib import compiled_stdlib
from building.wheels import Maker, Wheel, publish

NEEDED = ("runtime", "page", "tools")
LOCK = INTERMEDIATE / "lock"


def build() -> Path:
    """Make dist/site, or find that it is up to date; the folder."""
    with alone(LOCK):
        return _build()


def _build() -> Path:
    artefacts = load()
    files = Store().get_all(artefact for artefact in artefacts.values() if artefact.group in NEEDED)
    runtime = unpack_runtime(files["pyodide"])
    with step("Wheels"):
        wheels = Maker(artefacts, files, runtime).slim_all(PAGE)
        folder = wheel_folder(wheels, runtime)
    with step("Scripts and styles"):
        scripts = bundle(files, runtime)
    with step("First paint"):
        first = prerender(runtime, folder, [wheel.package.name for wheel in wheels])
    with step("Standard library"):
        stdlib = compiled_stdlib(runtime, first.stdlib)
    with step("Site"):
        names = [wheel.file.name for wheel in wheels]
        build_id = assemble(Parts(runtime, stdlib, folder, names, scripts, files, first, artefacts), SITE)
        _tell_left_out(wheels)
    note(f"Build {build_id}: {SITE.relative_to(DIST.parent)}")
    return SITE


def unpack_runtime(tarball: Path) -> Path:
    """Pyodide's own files."""
    return made("runtime", digest(tarball.parent.name), lambda folder: unpack(tarball, folder))


def wheel_folder(wheels: Iterable[Wheel], runtime: Path) -> Path:
    """One folder with all wheels and their lock: what `packageBaseUrl` points at."""
    wheels = list(wheels)

    def make(folder: Path) -> None:
        publish(wheels, folder)
        write_lock(wheels, runtime, folder)

    return made("packages", digest(*(wheel.file.parent for wheel in wheels), runtime.name), make)


def _tell_left_out(wheels: Iterable[Wheel]) -> None:
    """dist/left-out.json: the files of each package that the slim wheels are without."""
    left_out = {wheel.package.name: wheel.left_out for wheel in wheels}
    text = json.dumps(left_out, indent=1, sort_keys=True) + "\n"
    write_whole(DIST / "left-out.json", text.encode())
