"""The order of a build: outside files, wheels, lock, scripts, first paint, site."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from building import wheels as wheel_making
from building.artefacts import Store, load
from building.bundle import bundle
from building.lock import write_lock
from building.locking import alone
from building.node_runner import unpack_npm
from building.packages import PAGE
from building.paths import DIST, INTERMEDIATE, SITE
from building.prerender import prerender
from building.progress import note, step
from building.site import Parts, assemble
from building.stamps import digest, made
from building.stdlib import compiled_stdlib
from building.wheels import Wheel

SHIPPED = ("runtime", "page", "tools")


def build() -> Path:
    """Make dist/site, or find that it is up to date; the folder."""
    with alone(INTERMEDIATE / "lock"):
        return _build()


def _build() -> Path:
    artefacts = load()
    files = Store().get_all(artefact for artefact in artefacts.values() if artefact.group in SHIPPED)
    runtime = unpack_runtime(files["pyodide"])
    with step("Wheels"):
        wheels = make_wheels(PAGE, artefacts, files, runtime)
        folder = wheel_folder(wheels, runtime)
    with step("Scripts and styles"):
        scripts = bundle(files, runtime)
    with step("First paint"):
        first = prerender(runtime, folder, [wheel.package.name for wheel in wheels])
    with step("Standard library"):
        stdlib = compiled_stdlib(runtime, first.stdlib)
    with step("Site"):
        parts = Parts(runtime, stdlib, folder, [wheel.file.name for wheel in wheels], scripts, files, first, artefacts)
        build_id = assemble(parts, SITE)
    note(f"Build {build_id}: {SITE.relative_to(DIST.parent)}")
    return SITE


def unpack_runtime(tarball: Path) -> Path:
    """Pyodide's own files."""
    return made("runtime", digest(tarball.parent.name), lambda folder: unpack_npm(tarball, folder))


def make_wheels(packages, artefacts, files, runtime) -> list[Wheel]:  # type: ignore[no-untyped-def]
    """The slim wheels of these packages; two at a time are made."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda package: wheel_making.slim(package, artefacts, files, runtime), packages))


def wheel_folder(wheels: list[Wheel], runtime: Path) -> Path:
    """One folder with all wheels and their lock: what `packageBaseUrl` points at."""

    def make(folder: Path) -> None:
        wheel_making.publish(wheels, folder)
        write_lock(wheels, runtime, folder)

    return made("packages", digest(*(wheel.file.parent for wheel in wheels), runtime.name), make)
