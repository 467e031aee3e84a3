"""The Python packages of the page: what each needs, and what of it the page has no use for.

`dependencies` and `modules` go into pyodide-lock.json. Of an outside package every .py file is compiled and
shipped unless `drop` names it, and of the other files only those that `keep` names.
"""

from dataclasses import dataclass, field
from pathlib import Path

from building.paths import ROOT

NEVER = ("**/tests/**", "**/test/**", "**/conftest.py", "**/__main__.py", "**/__pycache__/**")


#: Made by extension.py for other hosts: no part of a package's sources.
GENERATED = ("attention_lab/dist/", "attention_lab/bokeh.ext.json")


@dataclass(frozen=True)
class Outside:
    """A package out of artefacts.toml, under the same name."""

    name: str
    modules: tuple[str, ...]
    dependencies: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()  # kept as modules without contents, since others import them
    keep: tuple[str, ...] = ()
    inside: str = ""  # the folder of its modules in an sdist
    docstrings: bool = False
    keep_sources: tuple[str, ...] = ()  # the beginnings of the paths of files whose sources ship
    large: bool = False  # compiled in a run of its own; the others share one: a run takes seconds to begin


@dataclass(frozen=True)
class Own:
    """A package of this repository. Its data files ship, but for `drop`."""

    name: str
    modules: tuple[str, ...]
    dependencies: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    keep_sources: tuple[str, ...] = ()  # the beginnings of the paths of files whose sources ship
    later: tuple[str, ...] = ()  # what may come when the first labs are alive, of what these do not read
    docstrings: bool = True
    large: bool = True
    home: Path = field(default=ROOT / "pyapp")


PAGE = (
    Outside(
        "numpy",
        ("numpy",),
        # What compiles against NumPy, and the two modules that only NumPy's own tests load.
        drop=("numpy/f2py/**", "numpy/distutils/**", "numpy/_pyinstaller/**", "numpy/random/_examples/**",
              "numpy/linalg/lapack_lite.*"),
        empty=("numpy/f2py/__init__.py",),  # `from numpy import *` imports it
        keep=("numpy/**/*.so",),
        docstrings=True,  # it hands them on from function to function as it is imported
        large=True,
    ),
    Outside(
        "bokeh",
        ("bokeh",),
        ("jinja2", "numpy", "packaging", "pyyaml"),
        drop=("bokeh/command/**", "bokeh/sampledata/**", "bokeh/sphinxext/**", "bokeh/server/static/**"),
        keep=("bokeh/core/_templates/*", "bokeh/_sri/3.9.2.json"),
        large=True,
    ),
    Outside(
        "panel",
        ("panel",),
        ("bokeh", "packaging", "param", "pyodide-http", "pyviz-comms", "tqdm"),
        drop=("panel/command/**", "panel/dist/**", "typings/**"),
        # Read when panel is imported, but for the theme, which is read when a component is drawn.
        keep=("panel/package.json", "panel/_templates/*", "panel/layout/*.html", "panel/theme/css/*.css"),
        large=True,
    ),
    Outside("param", ("param", "numbergen")),
    Outside(
        "pyviz-comms",
        ("pyviz_comms",),
        ("param",),
        keep=("pyviz_comms/notebook.js", "pyviz_comms/labextension/package.json"),  # read at import
    ),
    Outside("jinja2", ("jinja2",), ("markupsafe",)),
    Outside("markupsafe", ("markupsafe",), inside="src"),
    Outside("pyyaml", ("yaml",)),
    Outside("packaging", ("packaging",)),
    Outside("tqdm", ("tqdm",)),
    Outside("pyodide-http", ("pyodide_http",)),
    Outside("markdown-it-py", ("markdown_it",), ("mdurl",), drop=("markdown_it/cli/**",)),
    Outside("mdurl", ("mdurl",)),
    Outside("mdit-py-plugins", ("mdit_py_plugins",), ("markdown-it-py",)),
    # The page shows the lines of `attention` and those of the labs, so these sources ship; so do those of the
    # exercises, which are run as text, and of the grader, whose runner goes to another interpreter as text.
    Own(
        "attention",
        ("attention",),
        ("numpy",),
        keep_sources=("attention/",),
        later=("attention/models/files/**", "attention/train/**"),
    ),
    Own(
        "attention-lab",
        ("attention_lab",),
        ("attention", "markdown-it-py", "mdit-py-plugins", "panel"),
        drop=(
            "attention_lab/widgets/js/**", "attention_lab/widgets/css/**",  # bundled by bundle.py
            "attention_lab/hosts.py",
            "attention_lab/guides/**", "attention_lab/labs/*/guide.md",  # made into pages by guides.py
        ),
        keep_sources=("attention_lab/exercises/", "attention_lab/grading/", "attention_lab/labs/"),
        # Not the widgets: which blocks are figures is found by looking into their folder.
        later=("attention_lab/exercises/**", "attention_lab/grading/**", "attention_lab/labs/**"),
    ),
)  # fmt: skip

#: Added for the tests that run inside the browser.
TESTS = (
    Outside("pytest", ("pytest", "_pytest", "py"), ("iniconfig", "packaging", "pluggy", "pygments")),
    Outside(
        "hypothesis",
        ("hypothesis",),
        ("sortedcontainers",),
        keep=("hypothesis/vendor/*", "*/entry_points.txt"),
    ),
    Outside("pluggy", ("pluggy",)),
    Outside("iniconfig", ("iniconfig",)),
    Outside("sortedcontainers", ("sortedcontainers",)),
    Outside("pygments", ("pygments",)),
)
