"""Runs inside Pyodide in a test: import every module of the library and of the wheels in `/job/wheels`.

Writes {module: error} to `/job/failures.json` and the number of modules to `/job/count`.
"""

import importlib
import json
import sys
import warnings
import zipfile
from pathlib import Path

SITE = Path("/lib/python3.13/site-packages")
JOB = Path("/job")
SKIPPED = ("antigravity", "this", "webbrowser")  # they open something, or print a poem

for wheel in JOB.glob("wheels/*.whl"):
    zipfile.ZipFile(wheel).extractall(SITE)
files = [*zipfile.ZipFile("/lib/python313.zip").namelist()]
files += [path.relative_to(SITE).as_posix() for path in SITE.rglob("*.py*")]
stems = {
    name.rpartition(".")[0] for name in files if name.endswith((".py", ".pyc")) and "__pycache__" not in name
}
modules = {stem.replace("/", ".").removesuffix(".__init__") for stem in stems}

warnings.simplefilter("ignore")
importlib.invalidate_caches()
failures = {}
for module in sorted(modules):
    if module.startswith(SKIPPED) or module.endswith("__main__"):
        continue
    try:
        importlib.import_module(module)
    except BaseException as error:  # some modules raise SystemExit
        failures[module] = f"{type(error).__name__}: {error}"
(JOB / "failures.json").write_text(json.dumps(failures))
(JOB / "count").write_text(str(len(sys.modules)))
