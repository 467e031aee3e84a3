"""One call makes the whole app, and makes the same document in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from attention_lab.app import lab_names, make_app

ROOT = Path(__file__).parents[2]
DOCUMENT = """
from bokeh.core.json_encoder import serialize_json
from bokeh.document import Document
from attention_lab.app import make_app
document = Document()
document.add_root(make_app("stepper").get_root(document, preprocess=False))
print(serialize_json(document.to_json(deferred=False)))
"""


def test_the_same_lab_gives_the_same_document_in_two_processes() -> None:
    documents = [
        subprocess.run(
            [sys.executable, "-c", DOCUMENT],
            env={**os.environ, "PYTHONPATH": str(ROOT / "pyapp"), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert "attention_lab.widgets.models.HouseModel" in documents[0]
    assert documents[0] == documents[1]


def test_an_app_can_start_from_options() -> None:
    house = make_app("stepper", {"text": "one two", "step": "weights"})
    assert (house.settings.text, house.settings.step) == ("one two", "weights")
    assert house.session.sentence == "one two"
    assert make_app("stepper").settings.text == "The cat sat on the mat"
    assert make_app().session.current.name_of_lab == lab_names()[0]


def test_an_option_that_cannot_be_is_said_and_not_taken() -> None:
    house = make_app("stepper", {"seed": -1})
    assert (house.settings.seed, house.settings.message["kind"]) == (7, "error")


def test_a_lab_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"no lab 'nowhere': choose one of .*stepper"):
        make_app("nowhere")
