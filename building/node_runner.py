"""Running the scripts of building/node/."""

import os
import shutil
import subprocess

from building.errors import BuildError
from building.paths import NODE_SCRIPTS

LONGEST_MESSAGE = 3000  # an uncaught error in the runtime makes Node print a megabyte of it


def run_node(script: str, *arguments: object, stdin: str | None = None) -> str:
    """Run building/node/<script> and return what it prints."""
    node = shutil.which("node")
    if node is None:
        raise BuildError(
            "Node is not there although the environment should have brought it; remove .venv and try again"
        )
    command = [
        node,
        str(NODE_SCRIPTS / "run.mjs"),
        str(NODE_SCRIPTS / script),
        *(str(part) for part in arguments),
    ]
    done = subprocess.run(
        command, input=stdin, capture_output=True, encoding="utf-8", env={**os.environ, "NODE_OPTIONS": ""}
    )
    if done.returncode != 0:
        message = (done.stderr or done.stdout).strip()
        raise BuildError(f"building/node/{script} failed:\n{message[-LONGEST_MESSAGE:]}")
    return done.stdout
