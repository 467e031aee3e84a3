"""Slim wheels hold what the page needs, compiled by the page's Python, and the same bytes each time."""

import base64
import csv
import functools
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from building import stamps, wheels
from building.artefacts import Store, load
from building.build import unpack_runtime
from building.packages import PAGE, Outside, Own
from building.wheels import Maker, Wheel, is_kept

SOURCE = '"""What it is."""\n\n\ndef double(x):\n    """Twice x."""\n    return 2 * x\n'
BY_NAME = {package.name: package for package in PAGE}


@pytest.mark.parametrize(
    ("package", "path", "kept"),
    [
        ("bokeh", "bokeh/model/model.py", True),
        ("bokeh", "bokeh/core/_templates/file.html.jinja", True),
        ("bokeh", "bokeh/server/static/js/bokeh.min.js", False),
        ("bokeh", "bokeh/core/property_mixins.pyi", False),
        ("panel", "panel/dist/panel.min.js", False),
        ("panel", "panel/tests/test_config.py", False),
        ("panel", "panel/package.json", True),
        ("numpy", "numpy/_core/_multiarray_umath.cpython-313-wasm32-emscripten.so", True),
        ("numpy", "numpy/_core/include/numpy/arrayobject.h", False),
        ("numpy", "numpy/f2py/crackfortran.py", False),
        ("numpy", "numpy/testing/_private/utils.py", True),
        ("attention", "attention/core.py", True),
        ("attention-lab", "attention_lab/lessons/content/stepper.md", True),
        ("attention-lab", "attention_lab/widgets/js/index.js", False),
    ],
)
def test_what_is_kept_of_each_package(package: str, path: str, kept: bool) -> None:
    assert is_kept(BY_NAME[package], path) is kept


@pytest.fixture(scope="module")
def maker(request: pytest.FixtureRequest) -> Maker:
    artefacts = load()
    runtime = artefacts["pyodide"]
    return Maker(artefacts, {}, unpack_runtime(Store().get(runtime)))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of a small package of our own."""
    folder = tmp_path_factory.mktemp("sources")
    (folder / "small/tests").mkdir(parents=True)
    (folder / "small/__init__.py").write_text(SOURCE)
    (folder / "small/lesson.md").write_text("# Lesson\n")
    (folder / "small/tests/test_small.py").write_text("")
    return folder


Make = Callable[..., Wheel]


@pytest.fixture(scope="module")
def make(maker: Maker, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """Make a wheel of it, without what an earlier run may have left; once for each turn.

    Those with and without sources are made by one interpreter, which takes seconds to start.
    """
    scratch: dict[str, Path] = {}

    @functools.cache
    def both(turn: str) -> dict[tuple[str, ...], Wheel]:
        scratch["here"] = tmp_path_factory.mktemp(turn)
        names: dict[tuple[str, ...], str] = {(): "small", ("small/",): "shown"}
        drafts = [Own(name, ("small",), home=home, keep_sources=kept) for kept, name in names.items()]
        return dict(zip(names, maker.slim(drafts), strict=True))

    def made_anew(keep_sources: tuple[str, ...] = (), turn: str = "one") -> Wheel:
        return both(turn)[keep_sources]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            wheels, "made", lambda step, key, make: stamps.made(step, key, make, home=scratch["here"])
        )
        yield made_anew


@pytest.mark.full  # test_project_wheel.py makes one again, too
def test_a_wheel_is_the_same_bytes_whenever_it_is_made(make: Make) -> None:
    first, second = make(()), make((), "two")
    assert first.file != second.file
    assert first.file.read_bytes() == second.file.read_bytes()


@pytest.mark.parametrize("keep_sources", [("small/",), ()])
def test_sources_ship_where_the_page_shows_them_and_compiled_files_always(
    make: Make, keep_sources: tuple[str, ...]
) -> None:
    wheel = make(keep_sources)
    with zipfile.ZipFile(wheel.file) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    compiled = "small/__pycache__/__init__.cpython-313.pyc" if keep_sources else "small/__init__.pyc"
    assert names == {compiled, "small/lesson.md"} | ({"small/__init__.py"} if keep_sources else set())
    assert wheel.left_out == ("small/tests/test_small.py",)


def test_the_record_of_a_wheel_is_true(make: Make) -> None:
    wheel = make(())
    with zipfile.ZipFile(wheel.file) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    record = next(name for name in contents if name.endswith("/RECORD"))
    rows = list(csv.reader(io.StringIO(contents[record].decode())))
    assert {row[0] for row in rows} == contents.keys()
    for name, digest, size in rows:
        if name != record:
            found = base64.urlsafe_b64encode(hashlib.sha256(contents[name]).digest()).rstrip(b"=").decode()
            assert (digest, int(size)) == (f"sha256={found}", len(contents[name]))


def test_an_sdist_gives_its_modules(tmp_path: Path) -> None:
    import tarfile

    tree = tmp_path / "thing-1.0"
    (tree / "src/thing").mkdir(parents=True)
    (tree / "src/thing/__init__.py").write_text("x = 1\n")
    (tree / "setup.py").write_text("")
    with tarfile.open(tmp_path / "thing-1.0.tar.gz", "w:gz") as archive:
        archive.add(tree, "thing-1.0")
    package = Outside("thing", ("thing",), inside="src")
    assert wheels._read_outside(package, tmp_path / "thing-1.0.tar.gz") == {"thing/__init__.py": b"x = 1\n"}
