"""Everything that is pinned is pinned once: other mentions agree."""

import json
import re
import tarfile
import tomllib

import pytest

from building.artefacts import Store, load
from building.environment import all_locks
from building.packages import PAGE, TESTS, Outside
from building.paths import ROOT

ARTEFACTS = load()
LOCKED = dict(
    re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "building/requirements.lock").read_text(), re.MULTILINE)
)


def test_every_package_of_the_page_is_an_artefact() -> None:
    for package in PAGE + TESTS:
        if isinstance(package, Outside):
            group = ARTEFACTS[package.name].group
            assert group == "tests" if package in TESTS else group in ("runtime", "page")


def test_every_dependency_is_on_the_page_too() -> None:
    names = {package.name for package in PAGE + TESTS}
    assert all(set(package.dependencies) <= names for package in PAGE + TESTS)


def test_the_page_and_the_environment_have_the_same_versions() -> None:
    used = {name for name, artefact in ARTEFACTS.items() if artefact.group != "bench"}
    shared = used & LOCKED.keys() - {"numpy"}  # the browser's NumPy is built with its Python
    assert {"bokeh", "panel", "pytest", "hypothesis"} <= shared
    assert {name: ARTEFACTS[name].version for name in shared} == {name: LOCKED[name] for name in shared}


def test_the_project_names_the_versions_that_are_shipped() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extra = project["optional-dependencies"]["lab"]
    assert extra == [f"panel=={ARTEFACTS['panel'].version}", f"bokeh=={ARTEFACTS['bokeh'].version}"]


def test_numpy_is_the_one_that_the_runtime_was_released_with() -> None:
    runtime = ARTEFACTS["pyodide"]
    if not Store().has(runtime):
        pytest.skip("not built on this machine yet")
    with tarfile.open(Store().path(runtime)) as package:
        lock = package.extractfile("package/pyodide-lock.json")
        assert lock is not None
        released = json.load(lock)["packages"]["numpy"]
    numpy = ARTEFACTS["numpy"]
    assert (numpy.file, numpy.version, numpy.sha256) == (
        released["file_name"],
        released["version"],
        released["sha256"],
    )


@pytest.mark.parametrize("lock", all_locks(), ids=lambda path: path.name)
def test_locks_are_hashed_and_name_no_host(lock: object) -> None:
    text = lock.read_text()  # type: ignore[attr-defined]
    requirements = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in requirement for requirement in requirements)
    assert "://" not in text
