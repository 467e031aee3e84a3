"""Python's models and the page's agree: the same names, the same properties, the same defaults."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

import pytest
from bokeh.core.property.wrappers import PropertyValueContainer
from bokeh.model import Model

from attention_lab.widgets.models import HouseModel, RegionModel, ScreenModel, SettingModel

MODELS = (SettingModel, RegionModel, ScreenModel, HouseModel)
SOURCE = resources.files("attention_lab").joinpath("widgets/js/models.js").read_text(encoding="utf-8")
DEFAULTS = {'""': "", '"null"': "null", "null": None, "{}": {}, "[]": []}


@pytest.mark.parametrize("model", MODELS)
def test_models_have_the_names_that_the_page_registers(model: type[Model]) -> None:
    assert model.__qualified_model__ == f"attention_lab.widgets.models.{model.__name__}"
    assert f'class {model.__name__} extends Model {{\n  static __name__ = "{model.__name__}"' in SOURCE
    assert 'const MODULE = "attention_lab.widgets.models"' in SOURCE


def test_the_page_registers_every_model() -> None:
    index = resources.files("attention_lab").joinpath("widgets/js/index.js").read_text(encoding="utf-8")
    named = re.findall(r"class (\w+) extends Model", SOURCE)
    assert sorted(named) == sorted(model.__name__ for model in MODELS)
    assert "models.js" in index


@pytest.mark.parametrize("model", MODELS)
def test_the_pages_model_has_the_same_properties_and_defaults(model: type[Model]) -> None:
    start = SOURCE.index(f"class {model.__name__} ")
    defined = re.search(r"this\.define\(\(\{.*?\}\) => \(\{(.*?)\}\)\)\n", SOURCE[start:], re.DOTALL)
    assert defined
    page: dict[str, Any] = {
        name: DEFAULTS[default] for name, default in re.findall(r"(\w+): \[[^,]+, ([^\]]+\]?)\]", defined[1])
    }
    made = model()
    own = made.properties() - Model().properties()
    kernel = {name: plain(getattr(made, name)) for name in own}
    assert page == kernel


def plain(value: Any) -> Any:
    if isinstance(value, PropertyValueContainer):
        return dict(value) if isinstance(value, dict) else list(value)
    return value
