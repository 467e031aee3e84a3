#!/usr/bin/env python3
"""Build, serve and test Attention Lab: `python3 build.py --help`.

Standard library only up to here: this file makes `.venv` from the pinned locks and runs itself again in it.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - who runs it has not read pyproject.toml
    found = ".".join(str(part) for part in sys.version_info[:2])
    sys.exit(
        "Attention Lab is built with Python 3.11 or newer. This is "
        + found
        + ": run build.py with a newer one."
    )

from building.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
