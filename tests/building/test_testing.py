"""How the tests are run."""

import pytest

from building.testing import BYTECODE, run_python

COMPILED = "import sys; sys.exit(sys.dont_write_bytecode or sys.pycache_prefix != sys.argv[1])"


def test_what_python_compiles_for_the_tests_is_kept_and_not_beside_the_sources(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert run_python("-c", COMPILED, str(BYTECODE)) == 0
