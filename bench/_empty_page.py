"""A page with nothing but Python in it: Pyodide's own loader and runtime, as they are released."""

from __future__ import annotations

import shutil
from pathlib import Path

from building.artefacts import Store, load
from building.build import unpack_runtime
from building.paths import INTERMEDIATE

FILES = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>1 + 1</title>
<link rel="icon" href="data:,">
<p id="printed"></p>
<script src="pyodide.js"></script>
<script>
loadPyodide().then((pyodide) => {
  document.getElementById("printed").textContent = pyodide.runPython("str(1 + 1)");
});
</script>
</html>
"""


def build_empty_page() -> Path:
    """Make the page in the intermediates; return its folder."""
    folder = INTERMEDIATE / "bench-empty"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    runtime = unpack_runtime(Store().get(load()["pyodide"]))
    for name in FILES:
        shutil.copyfile(runtime / name, folder / name)
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    return folder
