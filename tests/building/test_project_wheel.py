"""The wheel for other hosts, and that what is made for them stays out of the page's own."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from building.extension import FILES, MARK
from building.packages import PAGE, Own
from building.project_wheel import write_wheel
from building.texts import MIRRORED, compiled, languages
from building.wheels import is_kept, own_sources

LAB = next(package for package in PAGE if package.name == "attention-lab")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wheel(tmp_path_factory.mktemp("wheel"), [MIRRORED])


def test_the_wheel_holds_the_bundle_the_labs_and_no_scripts_that_it_was_made_of(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"attention_lab/{name}" for name in (*FILES, MARK)} <= names
    assert {"attention_lab/labs/stepper/lab.md", "attention/models/files/reader.safetensors"} <= names
    assert "attention/train/__main__.py" in names
    unwanted = ("attention_lab/widgets/js", "attention_lab/widgets/css", "attention_lab/browser.py")
    assert not [name for name in names if name.startswith(unwanted) or "__pycache__" in name]
    licences = {name.rpartition("/")[2] for name in names if ".dist-info/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE", "fflate.txt", "lit-html.txt", "lucide-static.txt"}


def test_a_wheel_made_again_is_the_same(wheel: Path, tmp_path: Path) -> None:
    assert write_wheel(tmp_path, [MIRRORED]).read_bytes() == wheel.read_bytes()


def test_the_wheel_holds_what_is_said_in_each_language(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(f"attention_lab/dist/texts.{MIRRORED}.mo") == compiled(MIRRORED)
        scripts = json.loads(archive.read(f"attention_lab/dist/scripts.{MIRRORED}.json"))
    assert scripts["direction"] == "rtl"
    assert scripts["texts"]["Play all steps"].startswith("⟦")
    named = {name for name in zipfile.ZipFile(write_wheel(tmp_path)).namelist() if name.endswith(".mo")}
    assert named == {f"attention_lab/dist/texts.{language}.mo" for language in languages()}


def test_what_pip_installs_of_it_shows_a_lab(wheel: Path, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-index", "--no-deps", "--target", tmp_path, wheel], check=True)
    code = (
        "from attention_lab import hosts, lab; print(hosts.__file__); lab('stepper').get_root();"
        f"print('⟦' in lab('scale', language='{MIRRORED}').get_root().screens[0].regions[0].view)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [str(tmp_path / "attention_lab" / "hosts.py"), "True"]


def test_what_other_hosts_need_is_not_in_the_wheel_of_the_page(wheel: Path) -> None:
    assert isinstance(LAB, Own)
    sources = {path.relative_to(LAB.home).as_posix() for path in own_sources(LAB)}
    kept = {name for name in sources if is_kept(LAB, name)}
    assert (LAB.home / "attention_lab" / MARK).is_file(), "the wheel has just been made"
    assert "attention_lab/app.py" in kept
    assert not [name for name in sources if name.startswith(("attention_lab/dist", f"attention_lab/{MARK}"))]
    assert "attention_lab/hosts.py" not in kept
