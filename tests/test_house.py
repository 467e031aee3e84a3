"""The house rules that a machine can check: who imports whom, which versions, what labs name."""

from __future__ import annotations

import ast
import functools
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
from attention_lab.kit.blocks import BLOCKS
from attention_lab.kit.blocks.base import plain
from attention_lab.kit.catalogue import lab_class, names
from attention_lab.kit.lab import KIT_SETTINGS, Lab, lesson_of, settings_of
from attention_lab.kit.lesson import ASKED_AT
from attention_lab.kit.predict import predict
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.scene import Predict, made
from attention_lab.kit.settings import Choice, Flag, Number, Sentence, Setting, Whole
from attention_lab.session import Session
from attention_lab.widgets.charts import NAMES as CHARTS
from attention_lab.widgets.region import to_json
from attention_lab.widgets.screen import views_of

ROOT = Path(__file__).parents[1]
PYAPP = ROOT / "pyapp"
WIDGETS = PYAPP / "attention_lab" / "widgets"
WEB = ROOT / "web"

LABS = names()

# What runs beside a learner's code, and what of ours each part may import: grading/shipping.py joins them.
RUNNER: dict[str, set[str]] = {
    "protocol": set(),
    "saying": set(),
    "shapes": {f"attention_lab.grading.{name}" for name in ("protocol", "saying")},
    "plainly": {"attention_lab.grading.saying"},
    "explaining": {f"attention_lab.grading.{name}" for name in ("saying", "shapes", "plainly")},
    "recipes": {"attention_lab.grading.protocol"},
    "joining": {"attention_lab.grading.saying"},
    "running": {
        f"attention_lab.grading.{name}" for name in ("protocol", "saying", "explaining", "recipes", "joining")
    },
    "inside": {f"attention_lab.grading.{name}" for name in ("running", "saying")},
}

# What each part may import, besides the standard library and itself. The longest fitting name counts.
ARROWS = {
    "attention": {"numpy"},
    "attention_lab": {"attention_lab.hosts"},  # only when `attention_lab.lab` is asked for
    "attention_lab.optional": {"attention"},
    "attention_lab.kit": {"attention", "numpy", "param", "markdown_it", "mdit_py_plugins"},
    "attention_lab.kit.stood": {"numpy", "attention_lab.grading", "attention_lab.kit"},
    "attention_lab.kit.yours": {"numpy", "attention_lab.grading", "attention_lab.kit"},
    "attention_lab.labs": set(),
    **{
        f"attention_lab.labs.{name}": {"attention", "numpy", "attention_lab.kit", "attention_lab.optional"}
        for name in LABS
    },
    "attention_lab.grading": {
        "numpy", "attention_lab.grading", "attention_lab.exercises", "attention_lab.kit.texts",
    },
    **{
        f"attention_lab.grading.{name}": {"numpy", *before}
        for name, before in RUNNER.items()
    },
    "attention_lab.grading.capstone": {
        "attention", "numpy", "attention_lab.grading", "attention_lab.kit.texts",
    },
    "attention_lab.grading.folder": {"attention", "attention_lab.grading", "attention_lab.kit.texts"},
    "attention_lab.exercises": {"numpy", "attention_lab.grading", "attention_lab.kit.texts"},
    "attention_lab.labs.build": {
        "numpy", "attention_lab.grading", "attention_lab.kit", "attention_lab.optional",
    },
    "attention_lab.grading.command": {
        "attention_lab.grading", "attention_lab.kit.texts", "attention_lab.languages",
    },
    "attention_lab.languages": {"attention_lab.kit.texts"},
    "attention_lab.guides": {"markdown_it", "numpy", "attention_lab.kit"},
    "attention_lab.link": {"attention_lab.kit.texts"},
    "attention_lab.teaching": {"param", "attention_lab.kit", "attention_lab.link"},
    "attention_lab.session": {"attention_lab.kit", "attention_lab.link"},
    "attention_lab.widgets": {
        "bokeh", "numpy", "panel", "param", "attention_lab.kit", "attention_lab.session",
    },
    "attention_lab.app": {
        "attention_lab.kit", "attention_lab.session", "attention_lab.teaching", "attention_lab.widgets",
    },
    "attention_lab.hosts": {
        "panel", "attention_lab.app", "attention_lab.kit", "attention_lab.languages", "attention_lab.widgets",
    },
    "attention_lab.browser": {
        "bokeh", "js", "numpy", "panel", "pyodide",
        "attention_lab.app", "attention_lab.kit", "attention_lab.optional", "attention_lab.widgets",
    },
}  # fmt: skip


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PYAPP.rglob("*.py")):
        parts = path.relative_to(PYAPP).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


@functools.cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All that stands in a file."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@functools.cache
def imports(path: Path, *, at_run_time: bool = False) -> tuple[str, ...]:
    """Every module that a file imports; `at_run_time`, without those under `if TYPE_CHECKING`."""
    return tuple(_imports(path, at_run_time=at_run_time))


def _imports(path: Path, *, at_run_time: bool) -> Iterator[str]:
    skipped = {
        id(inner)
        for node in nodes(path)
        if at_run_time and isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in nodes(path):
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
    above = ("attention_lab.widgets", "attention_lab.app", "attention_lab.browser", "attention_lab.hosts")
    for module, path in MODULES.items():
        if not any(inside(module, each) for each in above):
            drawn_by = {each for each in imports(path) if each.split(".")[0] in ("panel", "bokeh")}
            assert not drawn_by, f"{module} imports {drawn_by}"


def test_no_lab_imports_another_and_nothing_imports_a_lab() -> None:
    for module, path in MODULES.items():
        for imported in imports(path):
            if inside(imported, "attention_lab.labs"):
                own = ".".join(imported.split(".")[:3])
                assert len(own.split(".")) == 3, f"{module} imports {imported}"
                assert inside(module, own), f"{module} imports {imported}"


def test_every_folder_of_a_lab_is_found() -> None:
    folders = {path.parent.name for path in (PYAPP / "attention_lab" / "labs").glob("*/lab.py")}
    assert folders == set(LABS)


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
        names = {node.id for node in nodes(path) if isinstance(node, ast.Name)}
        names |= {node.attr for node in nodes(path) if isinstance(node, ast.Attribute)}
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
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom):
                private = [
                    alias.name for alias in node.names if alias.name.startswith("_") and alias.name != "_"
                ]
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
    assert "labs/*/lab.md" in data["attention_lab"]


# Blocks


def test_every_block_has_its_renderer_and_every_renderer_its_block() -> None:
    folder = WIDGETS / "js" / "blocks"
    index = (folder / "index.js").read_text(encoding="utf-8")
    plugin = (folder.parent / "index.js").read_text(encoding="utf-8")
    listed = re.search(r"export const BLOCKS = \{(.*?)\}", index, re.DOTALL)
    assert listed
    files = {path.stem for path in folder.glob("*.js")} - {"index"}
    imported = dict(re.findall(r"import \* as (\w+) from \"\./(\w+)\.js\"", index))
    late = dict(re.findall(r"import \* as (\w+) from \"\./blocks/(\w+)\.js\"", plugin))
    assert imported | late == {name: name for name in files}
    assert set(re.findall(r"(\w+)(?=,|: null|\s*$)", listed[1])) - {"null"} == files
    assert set(re.findall(r"(\w+): null", listed[1])) == late.keys()
    assert late.keys() == set(re.findall(r"BLOCKS\.(\w+) = \1\n", plugin))
    assert set(BLOCKS) == files


def test_every_block_that_is_a_figure_is_a_block_and_is_made_by_the_class_of_its_name() -> None:
    assert set(BLOCKS) >= CHARTS
    for name in CHARTS:
        text = (WIDGETS / "charts" / f"{name}.py").read_text(encoding="utf-8")
        assert f"class {name}Figure" in text


# What a lab's settings are called is known in its folder only

WORDS = {  # settings that are called by a word which others use for something else, and for what
    "asked": "a question at the end, on its way to be judged",
    "at": "the method of JavaScript's arrays; a style class",
    "came": "what stands in of a learner's, in every lab that offers it: kit/yours.py",
    "changes": "what a page changed, on its way to the kernel",
    "head": "document.head; the style class of a small map",
    "hover": "Bokeh's tool of that name; what the page does when a pointer comes over a cell",
    "key": "a key of the keyboard or of a mapping; what the columns of arrows and of a sentence stand for",
    "mask": "a way in which cells are coloured",
    "order": "where a lab stands in the course",
    "own": "whether the learner wrote a sentence; the style class of a line",
    "query": "what the rows of arrows and of a sentence stand for",
    "scope": "what a service worker looks after",
    "seed": "NumPy's and Python's function; the label of every setting of the kind Seed",
    "text": "words to be shown, in the page and in views",
    "yours": "whose function stands in, in every lab that offers it: kit/yours.py",
}
STILL = {("record.js", "blocked")}
"""Named by the page although a lab's: what is left out first of a link that is too long for a course."""


def own_settings() -> dict[str, str]:
    """Every setting that is a lab's own, and the lab."""
    return {name: lab for lab in LABS for name in settings_of(lab_class(lab)) if name not in KIT_SETTINGS}


APART = ("labs", "exercises", "grading")


def general_files(*suffixes: str) -> list[Path]:
    """Every file that serves all labs; the exercises and their grader know none."""
    lab = PYAPP / "attention_lab"
    found = [path for path in [*lab.rglob("*"), *WEB.rglob("*")] if path.suffix in suffixes]
    return [path for path in found if not {lab / name for name in APART} & set(path.parents)]


def named_in_python(path: Path) -> set[str]:
    """Every attribute, field, keyword and whole string; what is local to a function is its own affair."""
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            found.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.ClassDef):
            fields = [each.target for each in node.body if isinstance(each, ast.AnnAssign)]
            fields += [
                target for each in node.body if isinstance(each, ast.Assign) for target in each.targets
            ]
            found |= {field.id for field in fields if isinstance(field, ast.Name)}
            found |= {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
    return found


def named_in_javascript(path: Path) -> set[str]:
    """Every property, key of an object and whole string."""
    comments = r"/\*[\s\S]*?\*/|(?<![:\"'`\w])//[^\n]*"
    text = re.sub(comments, "", path.read_text(encoding="utf-8"))
    found = set(re.findall(r"(?<!\.\.)\.([A-Za-z_$][\w$]*)", text))
    found |= set(re.findall(r"([A-Za-z_$][\w$]*)\s*:", text))
    return found | set(re.findall(r"[\"'`]([A-Za-z_$][\w$]*)[\"'`]", text))


def is_a_name(setting: str) -> bool:
    """Whether nobody would use it as a word: it has two parts, or one of the first two labs has it."""
    first_two = {**settings_of(lab_class("stepper")), **settings_of(lab_class("experiments"))}
    return "_" in setting or setting in first_two


def test_what_is_named_is_found() -> None:
    assert {"seed", "numpy.random", "modules"} <= named_in_python(PYAPP / "attention_lab" / "browser.py")
    assert {"beside", "step", "pick"} <= named_in_python(PYAPP / "attention_lab" / "kit/blocks/matrices.py")
    assert {"entries", "models", "value"} <= named_in_javascript(WIDGETS / "js" / "settings.js")
    assert {"guesses", "revealed", "link", "seen"} <= named_in_javascript(WEB / "record.js")


def test_no_general_file_names_a_setting_of_a_lab() -> None:
    own = {name for name in own_settings() if is_a_name(name)} - set(WORDS)
    for path in general_files(".py", ".js"):
        named = named_in_python(path) if path.suffix == ".py" else named_in_javascript(path)
        left = {name for name in named & own if (path.name, name) not in STILL}
        assert not left, f"{path.relative_to(ROOT)} names {left}: settings of a lab"


@pytest.mark.parametrize("name", ["n_pad", "examined", "rival", "n_heads"])
def test_a_name_that_only_a_setting_can_have_stands_nowhere_outside_its_lab(name: str) -> None:
    assert name in own_settings()
    for path in general_files(".py", ".js", ".css", ".html", ".md"):
        found = re.search(rf"(?<![\w-]){name}(?![\w-])", path.read_text(encoding="utf-8"))
        assert not found, f"{path.relative_to(ROOT)}: {name}"


def test_every_word_that_is_let_pass_is_a_setting_with_a_reason() -> None:
    assert set(WORDS) <= {name for name in own_settings() if is_a_name(name)}
    assert all(len(reason.split()) > 2 for reason in WORDS.values())


# Labs


def opened(name: str) -> Lab:
    return Session(name).current


@pytest.mark.parametrize("name", LABS)
def test_every_setting_of_a_lab_has_a_name_of_its_own(name: str) -> None:
    of_every_lab = {each for each in dir(Lab) if each not in KIT_SETTINGS}
    assert not set(settings_of(lab_class(name))) & of_every_lab, "the kit has a meaning for that name"


@pytest.mark.parametrize("name", LABS)
def test_every_setting_of_a_lab_keeps_its_default(name: str) -> None:
    choices = opened(name).choices()
    for setting_name, setting in settings_of(lab_class(name)).items():
        assert setting.read(choices[setting_name]) == choices[setting_name]


def refusal_of(setting: Setting) -> str | None:
    """What is said of a value that no setting holds."""
    try:
        setting.read(b"\x00")
    except RefusedError as refusal:
        return str(refusal)
    return None


@pytest.mark.parametrize("name", LABS)
def test_every_setting_of_a_lab_refuses_in_a_sentence_that_says_what_it_is(name: str) -> None:
    for setting_name, setting in settings_of(lab_class(name)).items():
        words = refusal_of(setting)
        assert words, setting_name
        assert re.fullmatch(r"\S.{15,200}\.", words), (setting_name, words)
        if isinstance(setting, Choice | Whole | Number | Sentence | Flag):
            assert setting.said, setting_name
            assert words.startswith(setting.said), setting_name


@pytest.mark.parametrize("name", LABS)
def test_every_step_has_a_method_or_the_lab_a_scene(name: str) -> None:
    lab = lab_class(name)
    for step in lesson_of(lab).ids:
        assert callable(getattr(lab, step, None)) or lab.scene is not Lab.scene, step


@pytest.mark.parametrize("name", LABS)
def test_every_question_at_the_end_is_listed_in_the_file_of_its_lab(name: str) -> None:
    lab = lab_class(name)()
    asked = [question.id for question in lab.questions()] if ASKED_AT in lab.lesson.ids else []
    assert list(lab.lesson.checks) == asked, "the score counts what lab.md has as `checks`"


@pytest.mark.parametrize("name", LABS)
def test_every_step_can_be_drawn_and_its_prose_names_numbers_that_exist(name: str) -> None:
    session = Session(name)
    lab = session.current
    for step in lab.lesson.steps:
        session.apply({"step": step.id})
        assert lab.message is None
        for place, view in views_of(session, lab, lab.scene()):
            assert to_json(view), place
            if view and "block" in view:
                assert view["block"] in BLOCKS
        numbers = made(lab.scene().numbers)
        assert set(re.findall(r"\{([a-z_]+)\}", step.prose)) <= set(numbers), step.id
        assert plain(dict(numbers)) == dict(numbers), "numbers in prose are plain"


@pytest.mark.parametrize("name", LABS)
def test_a_step_is_told_in_sixty_words_at_the_most(name: str) -> None:
    told = {step.id: len(step.prose.split()) for step in lesson_of(lab_class(name)).steps}
    assert max(told.values()) <= 60, told


@pytest.mark.parametrize("name", LABS)
def test_every_prediction_is_sound_and_what_is_right_can_be_worked_out_again(name: str) -> None:
    lab = opened(name)
    for step in lab.lesson.ids:
        lab.apply({"step": step})
        asked = made(lab.scene().predict)
        if asked is not None:
            check_prediction(lab, asked)
            recomputed = getattr(lab, "worked_out", None)  # a lab may offer it: prediction -> what is right
            if recomputed is not None:
                assert sorted(recomputed(asked)) == sorted(asked.right), step


def check_prediction(lab: Lab, asked: Predict) -> None:
    """There are options, one of them at least is right, and what goes with each is there for each."""
    n = len(asked.options)
    assert n > 1
    assert asked.right or not asked.answered, "what is right may still be computed, but not once it is shown"
    assert all(0 <= option < n for option in asked.right)
    assert len(asked.right) < n
    for of_each in (asked.values, asked.why):
        assert len(of_each) in (0, n)
    assert len(asked.key) <= 64
    assert predict(lab, asked)


FIELDS = {
    "stepper": {"view", "stage", "prediction"},
    "experiments": {"view", "stage", "job", "sentences", "asks"},
}
"""What a step of the labs that declare fields of their own may say."""


@pytest.mark.parametrize("name", FIELDS)
def test_a_step_says_only_what_its_lab_has_a_meaning_for(name: str) -> None:
    stages = {str(stage) for stage in Stage} | {"x"}
    for step in lesson_of(lab_class(name)).steps:
        assert {"view", "stage"} <= set(step.more) <= FIELDS[name], step.id
        assert step.more["stage"] in stages, step.id
        assert step.more.get("prediction") in (None, "alone", "best_score", "most_weight"), step.id
