"""Runs inside Pyodide in the browser: pytest on the tests below `/tests`; its last value is the result."""

import contextlib
import io
import json
import os
import sys

import pytest


class Count:
    """How many tests passed."""

    passed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.passed += report.when == "call" and report.passed


os.chdir("/tests")
sys.path.insert(0, "/tests")
sys.dont_write_bytecode = True
output, count = io.StringIO(), Count()
# No cache to write and no signals to catch in a browser.
options = ["--capture=no", "-p", "no:cacheprovider", "-p", "no:faulthandler", "tests/attention"]
with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
    code = pytest.main(options, plugins=[count])
json.dumps({"exit_code": int(code), "passed": count.passed, "output": output.getvalue()})
