"""Runs inside Pyodide at build time: which modules of the standard library are imported, as JSON."""

import json
import sys

HOME = "/lib/python313.zip/"

files = (getattr(module, "__file__", None) or "" for module in list(sys.modules.values()))
json.dumps(sorted(file.removeprefix(HOME) for file in files if file.startswith(HOME)))
