"""Runs inside Pyodide at build time: all that the page's Python has done when its memory is kept."""

import gc
import importlib
import json
import sys
import zipimport

from attention_lab import browser

gc.collect()
documents = browser.prepare()
told = {
    "documents": json.loads(documents),
    "modules": sorted(
        {
            file
            for module in list(sys.modules.values())
            for file in (getattr(module, "__file__", None), getattr(module, "__cached__", None))
            if file
        }
    ),
}
# The page's file system holds other files than this one: nothing may remember where they were.
importlib.invalidate_caches()
zipimport._zip_directory_cache.clear()
sys.path.remove("")  # Pyodide puts it there at each start, also of a restored Python
del browser, documents
gc.collect()
json.dumps(told)
