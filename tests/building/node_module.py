"""Calls of a plain module of the page under Node: no browser is needed to test what touches no page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

IMPORTED = re.compile(r'^import .* from "(\.[^"]+)"', re.M)

CALL = """
import * as module from "./MODULE";
const read = (_, value) => (value && value.bytes !== undefined ? Uint8Array.from(value.bytes) : value);
const written = (_, value) => (value instanceof Map ? [...value] : value);
const results = [];
for (const [name, ...args] of JSON.parse(await new Response(process.stdin).text(), read))
  results.push(await module[name](...args));
console.log(JSON.stringify(results, written));
"""


def copy(module: Path, folder: Path) -> None:
    """Copy a module and what it imports side by side into `folder`."""
    text = module.read_text(encoding="utf-8")
    for name in IMPORTED.findall(text):
        copy(module.parent / name, folder)
        text = text.replace(f'"{name}"', f'"./{Path(name).name}"')
    (folder / module.name).write_text(text, encoding="utf-8")


def call(module: Path, folder: Path, calls: list[list[Any]]) -> list[Any]:
    """Call functions of a module that imports no package; Maps come back as lists of pairs."""
    copy(module, folder)
    (folder / "package.json").write_text('{"type": "module"}')
    script = folder / "called.mjs"
    script.write_text(CALL.replace("MODULE", module.name), encoding="utf-8")
    node = shutil.which("node")
    assert node is not None, "the building brings Node"
    done = subprocess.run(
        [node, str(script)], input=json.dumps(calls), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    results: list[Any] = json.loads(done.stdout)
    return results
