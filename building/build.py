"""The order of a build: outside files, wheels, scripts, first paint, library, memory, site, forms."""

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from building.artefacts import LATE, NEEDED, Store, load
from building.bundle import bundle
from building.forms import folder_zip, single_file
from building.guides import guides
from building.languages import all_languages
from building.lock import write_lock
from building.locking import alone
from building.minilm import minilm_file
from building.npm import unpack
from building.packages import PAGE
from building.patches import patched_runtime
from building.paths import DIST, INTERMEDIATE, SITE
from building.prerender import prerender
from building.progress import note, step
from building.scorm import course_packages
from building.site import Parts, Site, Weighing, assemble
from building.snapshot import READ, Boot, snapshot
from building.splitting import split
from building.stamps import digest, made, write_whole
from building.stdlib import compiled_stdlib
from building.wheels import Maker, Wheel, publish

LOCK = INTERMEDIATE / "lock"


def build(weighing: Weighing = Weighing.BEST) -> Path:
    """Make dist/site and the other forms, or find that they are up to date; the folder of the site."""
    with alone(LOCK):
        site = _site(weighing)
        with step("Other forms"):
            forms = [*single_file(site), *folder_zip(site), *course_packages(site)]
    for form in forms:
        note(f"{form.relative_to(DIST.parent)}: {form.stat().st_size / 1e6:.1f} MB")
    note(f"Build {site.build}: {SITE.relative_to(DIST.parent)}")
    return SITE


def build_to_serve() -> Path:
    """Make dist/site, and only what can be looked at at once: nothing is compressed, so no size is told."""
    with alone(LOCK):
        site = _site(Weighing.NOT)
    note(f"Build {site.build}: {SITE.relative_to(DIST.parent)}")
    return SITE


def _site(weighing: Weighing) -> Site:
    artefacts, store = load(), Store()
    needed = [artefact for artefact in artefacts.values() if artefact.group in NEEDED]
    files = store.get_all(artefact for artefact in needed if artefact.group != LATE)
    runtime = unpack_runtime(files["pyodide"])
    with ThreadPoolExecutor() as beside:
        late = beside.submit(store.get_all, [artefact for artefact in needed if artefact.group == LATE])
        with step("Wheels"):
            wheels = Maker(artefacts, files, runtime).slim_all(PAGE)
            folder = wheel_folder(wheels, runtime)
        patched = patched_runtime(runtime)
        scripts = beside.submit(_scripts, files, patched)
        told = beside.submit(guides)
        with step("Texts"):
            languages = all_languages()
        with step("First paint"):
            first = prerender(runtime, folder, [wheel.package.name for wheel in wheels], languages)
        with step("Standard library"):
            stdlib = compiled_stdlib(runtime, first.stdlib)
        names = [wheel.file.name for wheel in wheels]
        with step("Memory snapshot"):
            memory = snapshot(Boot(runtime, patched, stdlib, folder), names, first)
            packages = split(wheels, runtime, json.loads((memory / READ).read_text(encoding="utf-8")))
        files |= late.result()
        with step("The real transformer, in int8"):
            optional = {"minilm": minilm_file(artefacts, files)}
    with step("Site"):
        parts = Parts(
            runtime,
            stdlib,
            packages,
            names,
            memory,
            scripts.result(),
            files,
            first,
            artefacts,
            optional,
            languages,
            told.result(),
        )
        site = assemble(parts, SITE, weighing)
        _tell_left_out(wheels)
    return site


def _scripts(files: Mapping[str, Path], patched: Path) -> Path:
    with step("Scripts and styles"):
        return bundle(files, patched)


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
