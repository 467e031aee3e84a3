"""How the tests are run."""

from collections.abc import Iterable

import pytest

from building import testing
from building.testing import BYTECODE, run_python

COMPILED = "import sys; sys.exit(sys.dont_write_bytecode or sys.pycache_prefix != sys.argv[1])"


def test_what_python_compiles_for_the_tests_is_kept_and_not_beside_the_sources(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert run_python("-c", COMPILED, str(BYTECODE)) == 0


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `build.py test` does, in the order in which it is finished; nothing of it is done."""
    done: list[str] = []

    def checked(names: Iterable[str]) -> dict[str, str]:
        done.append("checks")
        return {"mypy": "it is no int"} if "mypy" in names else {}

    monkeypatch.setattr(testing, "build", lambda weighing: done.append("build"))
    monkeypatch.setattr(testing, "grow", lambda: done.append("grow"))
    monkeypatch.setattr(testing, "found_by", checked)
    monkeypatch.setattr(testing, "_find_browsers", lambda: done.append("browsers"))
    monkeypatch.setattr(testing, "_compile", lambda: done.append("compiled"))
    monkeypatch.setattr(testing, "run_pytest", lambda *given: done.append(" ".join(given)))
    return done


def test_a_check_that_fails_fails_the_command_and_is_told_at_the_end(
    done: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert testing.test([], full=False) == 1
    assert "it is no int" in capsys.readouterr().err
    assert done[-1] == "-m not full" or done[-2:] == ["-m not full", "checks"]
    before = [each for each in done if each not in ("checks", "-m not full")]
    assert sorted(before) == ["browsers", "build", "compiled", "grow"]
    assert done.index("grow") < done.index("checks")


def test_who_asks_for_some_tests_hears_of_the_checks_first(done: list[str]) -> None:
    assert testing.test(["tests/test_house.py"], full=True) == 1
    assert done[-1] == "tests/test_house.py"
    assert "checks" in done
