"""Our copy of BokehJS: the file out of the wheel, with one hook for web/sheets.js.

A patch must fit exactly once, or the build fails: another version of Bokeh then needs another look.
"""

from pathlib import Path
from zipfile import ZipFile

from building.ascii import script_in_ascii
from building.errors import BuildError

SCRIPT = "bokeh/server/static/js/bokeh.min.js"

#: Two classes of style sheets, `y` and `_`, have just been defined here; no sheet has been made yet.
DEFINED = '_.__name__="GlobalInlineStyleSheet"'
PATCHES = {DEFINED: f"{DEFINED},globalThis.attentionLabSheets?.(y,_)"}


def bokehjs(wheel: Path) -> str:
    """The patched script."""
    with ZipFile(wheel) as archive:
        script = archive.read(SCRIPT).decode()
    for found, put in PATCHES.items():
        if script.count(found) != 1:
            raise BuildError(f"the patch of BokehJS at {found} fits {script.count(found)} times, not once")
        script = script.replace(found, put)
    return script_in_ascii(script)
