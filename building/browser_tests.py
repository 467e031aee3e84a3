"""A folder to serve, whose page runs the tests of `attention` with pytest inside Pyodide in the browser."""

import json
import shutil
from pathlib import Path
from zipfile import ZipFile

from building.artefacts import Store, load
from building.build import LOCK, unpack_runtime, wheel_folder
from building.locking import alone
from building.packages import PAGE, TESTS
from building.paths import ROOT
from building.stamps import digest, made, tree_digest
from building.wheels import Maker

PAGE_FILES = {
    "index.html": ROOT / "building" / "browser" / "tests.html",
    "tests.js": ROOT / "building" / "browser" / "tests.js",
    "run_tests.py": ROOT / "building" / "inside" / "run_tests.py",
}
LOADED = ("numpy", "attention", "pytest", "hypothesis")


def prepare() -> Path:
    """The folder, up to date with the package and its tests."""
    with alone(LOCK):
        artefacts = load()
        files = Store().get_all(found for found in artefacts.values() if found.group != "tools")
        runtime = unpack_runtime(files["pyodide"])
        wheels = Maker(artefacts, files, runtime).slim_all(PAGE + TESTS)
        packages = wheel_folder(wheels, runtime)
    tests = _test_files()
    key = digest(runtime.name, packages.name, tree_digest([*tests, *PAGE_FILES.values()], ROOT))

    def make(folder: Path) -> None:
        shutil.copytree(runtime, folder / "runtime")
        shutil.copytree(packages, folder / "packages")
        (folder / "load.json").write_text(json.dumps(LOADED))
        for name, source in PAGE_FILES.items():
            shutil.copyfile(source, folder / name)
        with ZipFile(folder / "tests.zip", "w") as archive:
            for path in tests:
                archive.write(path, path.relative_to(ROOT))

    return made("browser-tests", key, make)


def _test_files() -> list[Path]:
    """The tests of `attention`, and the settings that they run under."""
    tests = ROOT / "tests"
    return [ROOT / "pyproject.toml", tests / "__init__.py", *sorted((tests / "attention").rglob("*.py"))]
