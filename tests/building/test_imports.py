"""Slimming breaks no import: what is left imports as it does in the packages as they came."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from building.artefacts import NEEDED, Store, load
from building.build import unpack_runtime, wheel_folder
from building.languages import all_languages
from building.node_runner import run_node
from building.packages import PAGE, Outside
from building.paths import ROOT
from building.prerender import prerender
from building.stdlib import compiled_stdlib
from building.wheels import Maker, _read_outside
from building.zips import zip_bytes

PROGRAM = ROOT / "building" / "inside" / "import_all.py"


def failures(runtime: Path, wheels: Iterable[Path], job: Path) -> dict[str, str]:
    (job / "wheels").mkdir(parents=True)
    for wheel in wheels:
        shutil.copyfile(wheel, job / "wheels" / wheel.name)
    run_node("run_python.mjs", runtime, PROGRAM, job)
    assert int((job / "count").read_text()) > 1000
    found: dict[str, str] = json.loads((job / "failures.json").read_text())
    return found


@pytest.mark.full(minutes=3)
def test_every_module_that_is_left_imports_as_before(tmp_path: Path) -> None:
    artefacts = load()
    files = Store().get_all(found for found in artefacts.values() if found.group in NEEDED)
    runtime = unpack_runtime(files["pyodide"])
    slim = Maker(artefacts, files, runtime).slim_all(PAGE)

    whole = []
    for package in PAGE:
        if isinstance(package, Outside):
            whole.append(tmp_path / f"{package.name}.whl")
            whole[-1].write_bytes(zip_bytes(_read_outside(package, files[package.name])))
    before = failures(runtime, whole, tmp_path / "before")

    names = [wheel.package.name for wheel in slim]
    first = prerender(runtime, wheel_folder(slim, runtime), names, all_languages())
    ours = tmp_path / "runtime"
    shutil.copytree(runtime, ours)
    shutil.copyfile(compiled_stdlib(runtime, first.stdlib), ours / "python_stdlib.zip")
    outside = [wheel.file for wheel in slim if isinstance(wheel.package, Outside)]
    after = failures(ours, outside, tmp_path / "after")
    assert {module: error for module, error in after.items() if module not in before} == {}
