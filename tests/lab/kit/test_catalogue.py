"""Labs are found by their folders: there is no list of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from attention_lab.kit import catalogue
from attention_lab.kit.lab import Lab
from attention_lab.kit.lesson import LabError
from tests.lab.kit.test_lesson import GOOD


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of labs that stands in the place of attention_lab/labs."""
    monkeypatch.setattr(catalogue, "resources", SimpleNamespace(files=lambda _: tmp_path))
    catalogue.lessons.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    catalogue.lessons.cache_clear()


def put(home: Path, name: str, text: str) -> None:
    (home / name).mkdir()
    (home / name / "lab.md").write_text(text, encoding="utf-8")


def test_the_labs_are_the_folders_with_a_lab_file_in_the_order_they_ask_for(home: Path) -> None:
    put(home, "a", GOOD.replace("order = 1", "order = 2"))
    put(home, "b", GOOD)
    put(home, "c", GOOD)
    (home / "__pycache__").mkdir()
    (home / "notes.txt").write_text("not a lab", encoding="utf-8")
    assert catalogue.names() == ("b", "c", "a")


def test_a_mistake_in_a_lab_file_is_told_when_labs_are_looked_for(home: Path) -> None:
    put(home, "a", GOOD.replace("minutes = 5", "minutes ="))
    with pytest.raises(LabError, match=r"a/lab.md, line 4"):
        catalogue.names()


def test_every_lab_of_the_app_has_one_class_and_is_called_as_its_folder() -> None:
    assert {"stepper", "experiments"} <= set(catalogue.names())
    for name in catalogue.names():
        lab = catalogue.lab_class(name)
        assert issubclass(lab, Lab)
        assert lab().name_of_lab == name


def test_a_name_that_is_none_is_refused_with_those_that_are() -> None:
    for name in ("nowhere", "", "__init__", "../stepper"):
        with pytest.raises(ValueError, match=r"there is no lab .* choose one of .*stepper"):
            catalogue.lab_class(name)


def test_a_lab_module_holds_one_class_of_a_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    module = SimpleNamespace(__name__="two")
    for name in ("A", "B"):
        setattr(module, name, type(name, (object,), {"__module__": "two"}))
    monkeypatch.setattr(catalogue, "importlib", SimpleNamespace(import_module=lambda _: module))
    with pytest.raises(ValueError, match=r"labs/stepper/lab.py must hold one class of a Lab, not 0"):
        catalogue.lab_class.__wrapped__("stepper")
