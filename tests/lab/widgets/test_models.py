"""Python's models and the page's agree: the same names, the same properties, the same defaults."""

from __future__ import annotations

import json
import re
from importlib import resources

from attention_lab.session import CHOICES, Session
from attention_lab.widgets.models import LearnerModel, RegionModel, ScreenModel


def test_the_learner_model_has_a_property_for_each_setting_with_its_default() -> None:
    learner, session = LearnerModel(), Session()
    assert learner.properties() - RegionModel.__bases__[0].properties() == set(CHOICES)
    assert {name: getattr(learner, name) for name in CHOICES} == session.choices()


def test_models_have_the_names_that_the_page_registers() -> None:
    for model in (LearnerModel, RegionModel, ScreenModel):
        assert model.__qualified_model__ == f"attention_lab.widgets.models.{model.__name__}"


def test_the_pages_learner_has_the_same_properties_and_defaults() -> None:
    source = resources.files("attention_lab").joinpath("widgets/js/models.js").read_text(encoding="utf-8")
    found = re.search(r"const LEARNER = (\{.*?\n\})", source, re.DOTALL)
    assert found
    as_json = re.sub(r"(\w+):", r'"\1":', re.sub(r",\s*\}", "}", found[1]))
    assert json.loads(as_json) == Session().choices()
