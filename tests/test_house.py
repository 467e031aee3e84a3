"""The house rules that a machine can check: who imports whom, which versions, what labs name."""

from __future__ import annotations

import ast
import graphlib
import inspect
import itertools
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import attention
from attention import Stage
from attention_lab.lessons import Lab, load_labs
from attention_lab.views import REGIONS, VIEWS, scene_of
from attention_lab.views.code import source_of
from attention_lab.views.frame import live_numbers
from attention_lab.views.predict import PREDICTIONS
from tests.lab.helpers import make_session

ROOT = Path(__file__).parents[1]
PYAPP = ROOT / "pyapp"

# What each part may import, besides the standard library and itself. The longest fitting name counts.
ARROWS = {
    "attention": {"numpy"},
    "attention_lab": {"attention", "numpy", "param"},
    "attention_lab.lessons": set(),
    "attention_lab.grading": {"attention", "numpy", "attention_lab.lessons"},
    "attention_lab.views": {
        "attention", "numpy", "markdown_it", "mdit_py_plugins",
        "attention_lab.fields", "attention_lab.session", "attention_lab.lessons",
        "attention_lab.examined", "attention_lab.experiment", "attention_lab.interventions",
        "attention_lab.reading",
    },
    "attention_lab.widgets": {
        "bokeh", "numpy", "panel", "param",
        "attention_lab.experiment", "attention_lab.session", "attention_lab.lessons", "attention_lab.views",
    },
    "attention_lab.app": {"attention_lab.lessons", "attention_lab.session", "attention_lab.widgets"},
    "attention_lab.browser": {
        "bokeh", "js", "numpy", "panel", "pyodide",
        "attention_lab.app", "attention_lab.optional", "attention_lab.widgets",
    },
}  # fmt: skip


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PYAPP.rglob("*.py")):
        parts = path.relative_to(PYAPP).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(path: Path, *, at_run_time: bool = False) -> Iterator[str]:
    """Every module that a file imports; `at_run_time`, without those under `if TYPE_CHECKING`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if at_run_time and isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else str(node.module)


def inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def part_of(module: str) -> str:
    return max((part for part in ARROWS if inside(module, part)), key=len)


@pytest.mark.parametrize("module", MODULES)
def test_imports_follow_the_arrows(module: str) -> None:
    part = part_of(module)
    for imported in imports(MODULES[module]):
        standard = imported.split(".")[0] in sys.stdlib_module_names
        own = imported in MODULES and part_of(imported) == part
        allowed = any(inside(imported, each) for each in ARROWS[part])
        assert standard or own or allowed, f"{module} imports {imported}"


def test_nothing_imports_in_a_circle() -> None:
    def below(module: str, imported: str) -> bool:
        return imported in MODULES and not inside(module, imported)  # a package may gather its own modules

    graph = {
        module: {each for each in imports(path, at_run_time=True) if below(module, each)}
        for module, path in MODULES.items()
    }
    list(graphlib.TopologicalSorter(graph).static_order())


def test_the_library_knows_no_circle_even_for_types_or_inside_functions() -> None:
    graph = {
        module: {each for each in imports(path) if each in MODULES and not inside(module, each)}
        for module, path in MODULES.items()
        if inside(module, "attention")
    }
    list(graphlib.TopologicalSorter(graph).static_order())


def test_only_the_browser_touches_the_browser() -> None:
    for module, path in MODULES.items():
        touched = {each for each in imports(path) if each.split(".")[0] in ("js", "pyodide", "pyodide_js")}
        touched |= {each for each in imports(path) if inside(each, "panel.io.pyodide")}
        assert not touched or module == "attention_lab.browser", f"{module} imports {touched}"


def test_what_is_below_the_widgets_knows_no_panel() -> None:
    for module, path in MODULES.items():
        if part_of(module) in (
            "attention_lab",
            "attention_lab.views",
            "attention_lab.lessons",
            "attention_lab.grading",
        ):
            drawn_by = {each for each in imports(path) if each.split(".")[0] in ("panel", "bokeh")}
            assert not drawn_by, f"{module} imports {drawn_by}"


def test_nothing_needs_javascript_that_is_evaluated() -> None:
    forbidden = {
        "CustomJS",
        "CustomJSHover",
        "CustomJSTickFormatter",
        "CustomJSTransform",
        "ReactiveHTML",
        "jslink",
    }
    forbidden |= {
        "jscallback",
        "js_on_change",
        "js_on_event",
        "js_link",
        "__implementation__",
        "__javascript__",
    }
    for module, path in MODULES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not names & forbidden, module


def test_the_public_names_are_listed_and_explained() -> None:
    assert len(set(attention.__all__)) == len(attention.__all__)
    for name in attention.__all__:
        value = getattr(attention, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert value.__doc__, name


def test_the_lab_uses_the_librarys_public_names_only() -> None:
    for module, path in MODULES.items():
        if not inside(module, "attention"):
            used = {each for each in imports(path) if inside(each, "attention")}
            public = {"attention", "attention.models.minilm"}  # the latter needs a file of its own
            assert used <= public, f"{module} imports {used}"


def test_nobody_imports_a_private_name() -> None:
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                private = [alias.name for alias in node.names if alias.name.startswith("_")]
                assert not private or node.module == "__future__", f"{module} imports {private}"


# Versions


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned() -> dict[str, dict[str, str]]:
    """Where each Python package is pinned, and to what."""
    found: dict[str, dict[str, str]] = {}

    def note(name: str, where: str, version: str) -> None:
        found.setdefault(normal(name), {})[where] = version

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for needed in itertools.chain(project["dependencies"], *project["optional-dependencies"].values()):
        if exact := re.fullmatch(r"([\w.-]+)==([\w.]+)", needed):
            note(exact[1], "pyproject.toml", exact[2])
    artefacts = ROOT / "artefacts.toml"
    if artefacts.exists():
        for artefact in tomllib.loads(artefacts.read_text(encoding="utf-8"))["artefact"]:
            if artefact["group"] == "bench":  # in no build
                continue
            if any(source["kind"].startswith("pypi") for source in artefact["sources"]):
                note(artefact["name"], "artefacts.toml", artefact["version"])
    lock = ROOT / "building" / "requirements.lock"
    if lock.exists():
        for line in lock.read_text(encoding="utf-8").splitlines():
            if exact := re.match(r"([\w.-]+)(?:\[.*?\])?==([\w.]+)", line):
                note(exact[1], "requirements.lock", exact[2])
    return found


def test_every_place_that_pins_a_version_pins_the_same() -> None:
    several = {name: places for name, places in pinned().items() if len(places) > 1}
    several.pop("numpy", None)  # the page has Pyodide's own build, which comes in other versions
    assert {"panel", "bokeh"} <= set(several)
    differing = {name: places for name, places in several.items() if len(set(places.values())) > 1}
    assert not differing


def test_lab_files_are_in_the_package() -> None:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "package-data"
    ]
    assert "lessons/content/*.md" in data["attention_lab"]


# Labs


@pytest.mark.parametrize("lab", load_labs(), ids=lambda lab: lab.name)
def test_every_name_that_a_lab_uses_is_there(lab: Lab) -> None:
    stages = {str(stage) for stage in Stage} | {"x"}
    for step in lab.steps:
        assert step.view in VIEWS, step.id
        assert step.stage in stages, step.id
        assert source_of(step.stage).lines, step.id
        assert step.prediction in (None, *PREDICTIONS), step.id
        assert step.exercise is None, "there are no exercises yet"


@pytest.mark.parametrize("lab", load_labs(), ids=lambda lab: lab.name)
def test_every_step_can_be_drawn_and_its_prose_names_numbers_that_exist(lab: Lab) -> None:
    session = make_session(lab=lab.name)
    for step in lab.steps:
        session.apply({"step": step.id})
        scene = scene_of(session, load_labs())
        for view in REGIONS.values():
            view(scene, load_labs())
        assert set(re.findall(r"\{([a-z_]+)\}", step.prose)) <= set(live_numbers(scene))
