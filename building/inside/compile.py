"""Runs inside Pyodide at build time: compile every .py file below `/job` to a .pyc beside it, in place.

The .pyc files are "unchecked": Python does not look for a newer source. Where the source stays, the compiled file
goes where Python looks for it then.
"""

import importlib.util
import json
import marshal
from pathlib import Path

JOB = Path("/job")
SITE_PACKAGES = "/lib/python3.13/site-packages"  # the name that tracebacks show
UNCHECKED_HASH = (1).to_bytes(4, "little")


def compile_one(source: Path, keep_source: bool) -> None:
    text = source.read_bytes()
    name = f"{SITE_PACKAGES}/{source.relative_to(JOB / 'tree').as_posix()}"
    code = compile(text, name, "exec", dont_inherit=True, optimize=0)
    header = importlib.util.MAGIC_NUMBER + UNCHECKED_HASH + importlib.util.source_hash(text)
    if keep_source:
        target = Path(importlib.util.cache_from_source(str(source)))
        target.parent.mkdir(exist_ok=True)
    else:
        target = source.with_suffix(".pyc")
    target.write_bytes(header + marshal.dumps(code))
    if not keep_source:
        source.unlink()


options = json.loads((JOB / "options.json").read_text())
for path in sorted((JOB / "tree").rglob("*.py")):
    compile_one(path, options["keep_sources"])
