"""A lab outside the page: what a notebook and `panel serve` get, and its settings used from Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bokeh.document import Document
from panel.io.state import state
from pyviz_comms import Comm

import attention_lab
from attention_lab import hosts, lab, languages
from attention_lab.kit import texts
from attention_lab.kit.refusal import RefusedError
from attention_lab.widgets import house
from attention_lab.widgets.models import HouseModel, SettingModel
from building.extension import write_texts
from building.texts import MIRRORED


@pytest.fixture(autouse=True)
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle stands beside the package; its contents do not matter here."""
    for name in ("attention_lab.js", "page.css", "cell.css"):
        (tmp_path / name).write_text("/* */")
    monkeypatch.setattr(hosts, "BUNDLE", tmp_path)
    return tmp_path


def model_of(setting: str, root: HouseModel) -> SettingModel:
    screen = next(each for each in root.screens if each.lab == root.lab)
    return next(each for each in screen.settings if each.key == setting)


def shown(root: HouseModel, region: str) -> str:
    screen = next(each for each in root.screens if each.lab == root.lab)
    return next(each.view for each in screen.regions if each.kind == region)


def test_a_lab_opens_with_the_settings_that_it_is_given() -> None:
    app = lab("stepper", mask="causal", step="weights")
    assert (app.settings.mask, app.settings.step) == ("causal", "weights")


def test_a_setting_that_is_set_from_python_is_on_the_screen() -> None:
    app = lab("stepper")
    root = app.get_root(Document(), preprocess=False)
    before = shown(root, "header")
    app.settings.step = "weights"
    app.settings.text = "hello you"
    assert model_of("step", root).value == "weights"
    assert model_of("text", root).value == "hello you"
    assert "step=weights" in root.link
    assert '"weights"' in shown(root, "transport")
    assert shown(root, "header") != before


def test_a_setting_that_brings_another_along_writes_both() -> None:
    app = lab("stepper", head=1)
    root = app.get_root(Document(), preprocess=False)
    app.settings.n_heads = 1
    assert (model_of("n_heads", root).value, model_of("head", root).value) == (1, 0)


def test_what_is_refused_is_raised_in_words_and_changes_nothing() -> None:
    app = lab("stepper")
    for _ in range(2):  # the second refusal says the same, and is one, too
        with pytest.raises(RefusedError, match="cannot be 'upside-down': choose"):
            app.settings.mask = "upside-down"
    assert app.settings.mask == "none"
    with pytest.raises(RefusedError, match="cannot be"):
        lab("stepper", mask="upside-down")


def test_a_name_that_is_no_setting_is_told_with_those_that_are() -> None:
    app = lab("stepper")
    with pytest.raises(AttributeError, match=r"no setting 'masc'.*mask"):
        app.settings.masc = "causal"
    with pytest.raises(AttributeError, match="no setting 'masc'"):
        app.settings.masc  # noqa: B018
    with pytest.raises(RefusedError, match="no setting 'masc'"):
        lab("stepper", masc="causal")
    with pytest.raises(ValueError, match="no lab 'steper'"):
        lab("steper")
    assert "mask" in dir(app.settings)
    assert "mask='none'" in repr(app.settings)


def test_a_clone_without_a_bundle_says_what_to_run(bundle: Path) -> None:
    (bundle / "cell.css").unlink()
    with pytest.raises(FileNotFoundError, match=r"run `python3 build\.py wheel`"):
        lab("stepper")


@pytest.fixture
def spoken(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one language more."""
    monkeypatch.setattr(texts, "_catalogues", {})
    monkeypatch.setattr(languages, "FOLDER", bundle)
    write_texts(bundle, [MIRRORED])


@pytest.mark.usefixtures("spoken")
def test_a_lab_speaks_the_language_that_it_is_given() -> None:
    root = lab("scale", language=MIRRORED).get_root(Document(), preprocess=False)
    assert "⟦" in shown(root, "lesson")
    assert (root.scripts["language"], root.scripts["direction"]) == (MIRRORED, "rtl")
    assert root.scripts["texts"]["Play all steps"].startswith("⟦")
    english = lab("scale").get_root(Document(), preprocess=False)
    assert "⟦" not in shown(english, "lesson")
    assert (english.scripts["language"], english.scripts["texts"]) == ("en", {})
    assert list(english.scripts["names"]) == ["en", MIRRORED], "what there is to choose"
    refused = lab("scale", language=MIRRORED).set({"d_k": "many"})
    assert refused["d_k"].startswith("⟦")


@pytest.mark.usefixtures("spoken")
def test_a_language_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(RefusedError, match=f"There is no language 'tlh' here: choose one of en, {MIRRORED}."):
        lab("scale", language="tlh")


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize(("asked", "is_english"), [(MIRRORED, False), ("tlh", True), ("en", True)])
def test_what_is_served_is_in_the_language_of_its_address(
    monkeypatch: pytest.MonkeyPatch, asked: str, is_english: bool
) -> None:
    served = Document()
    monkeypatch.setattr(served.__class__, "session_context", object())
    monkeypatch.setattr(type(state), "curdoc", served)
    monkeypatch.setattr(type(state), "session_args", {"language": [asked.encode()]})
    root = lab("scale").get_root(Document(), preprocess=False)
    assert ("⟦" not in shown(root, "lesson")) == is_english


def test_without_other_languages_the_page_is_told_of_none(
    monkeypatch: pytest.MonkeyPatch, bundle: Path
) -> None:
    monkeypatch.setattr(languages, "FOLDER", bundle)
    assert lab("stepper").get_root(Document(), preprocess=False).scripts is None


def test_languages_that_are_no_longer_there_are_taken_away(bundle: Path) -> None:
    write_texts(bundle, [MIRRORED])
    assert (bundle / f"scripts.{MIRRORED}.json").is_file()
    write_texts(bundle, [])
    assert not [path.name for path in bundle.iterdir() if path.name.startswith(("texts.", "scripts."))]
    assert (bundle / "attention_lab.js").is_file()


def test_two_labs_share_no_state() -> None:
    one, other = lab("stepper"), lab("stepper")
    one.settings.mask = "causal"
    assert other.settings.mask == "none"


def test_only_a_page_that_is_the_labs_own_follows_its_address() -> None:
    assert lab("stepper").get_root(Document(), preprocess=False).address is False


def test_what_follows_from_a_change_in_a_cell_is_sent_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(house, "push", lambda document, comm, msg: sent.extend(msg.content["events"]))
    app, document, comm = lab("stepper"), Document(), Comm()
    root = app.get_root(document, comm, preprocess=False)
    monkeypatch.setitem(state._views, root.ref["id"], (app, root, document, comm))
    document.add_root(root)
    document.hold()  # as Panel does for a message
    model_of("step", root).set_from_json("value", "weights", setter=comm.id)
    document.unhold()
    told = {event["attr"]: event["new"] for event in sent}
    assert "step=weights" in told["link"]
    assert '"weights"' in told["view"], "a region"
    assert "value" not in told, "the cell has its own change"


def test_the_package_is_imported_without_panel() -> None:
    code = "import sys, attention_lab; sys.exit('panel' in sys.modules)"
    path = str(Path(attention_lab.__file__).parents[1])
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": path}).returncode == 0


def test_what_the_package_has_not_is_told() -> None:
    with pytest.raises(AttributeError, match="no attribute 'labb'"):
        attention_lab.labb  # type: ignore[attr-defined]  # noqa: B018
