"""One glossary for all labs: what a step shows is explained under its prose, and counting starts with 1."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from attention_lab.kit.catalogue import names
from attention_lab.kit.glossary import explained, glossary, looked_up, told
from attention_lab.widgets import screen
from tests.lab.helpers import make_experiments, make_lab, make_session, slots

#: Where a learner meets them first.
MET = {
    "id": ("stepper", "embeddings"),
    "seq_q": ("stepper", "qkv"),
    "entropy": ("stepper", "weights"),
    "seed": ("chain", "passed"),
    "<s>": ("experiments", "pronoun"),
    "read head": ("experiments", "pronoun"),
    "held-out": ("experiments", "pronoun"),
}


def words(view: dict[str, Any]) -> dict[str, str]:
    found = view["lesson"]["words"]
    return {each["term"]: each["said"] for each in found["terms"]} if found else {}


def test_every_term_has_one_plain_sentence() -> None:
    for term, said in glossary().items():
        assert said.endswith(".")
        assert len(str(said).split()) <= 24, term


@pytest.mark.parametrize("name", names())
def test_what_a_step_shows_of_the_terms_is_explained_there(name: str) -> None:
    lab = make_lab(name)
    asked = ("seq_q", "seq_k", "entropy", "cosine", "held-out", "read head", "<s>")
    for step in lab.lesson.ids:
        lab.apply({"step": step})
        shown = slots(lab)
        told = words(shown)
        for term, said in told.items():
            assert said == glossary()[term]
        dims = re.findall(r'"dim": "(\w+)"', json.dumps(shown))
        assert {dim for dim in dims if dim in glossary()} <= told.keys(), step
        prose = re.sub(r"<[^>]+>", "", shown["lesson"]["html"]).replace("&lt;s&gt;", "<s>")
        met = {term for term in asked if re.search(rf"(?<!\w){re.escape(term)}(?!\w)", prose)}
        assert met <= told.keys(), step


@pytest.mark.parametrize("term", ["id", "seq_q", "entropy"])
def test_the_stepper_explains_its_terms_where_they_are_met(term: str) -> None:
    assert words(slots(make_session(step=MET[term][1])))[term] == glossary()[term]


def test_the_experiments_explain_the_words_of_their_models() -> None:
    told = words(slots(make_experiments()))
    assert {"read head", "held-out"} <= told.keys()


def test_a_term_is_met_as_a_word_and_in_what_can_be_read_only() -> None:
    def terms(view: dict[str, Any]) -> list[str]:
        found = explained(view)
        return [each["term"] for each in found["terms"]] if found else []

    assert terms({"text": "Held-out sentences of the grammar"}) == ["grammar", "held-out"]
    assert terms({"text": ["in", {"t": "an id"}]}) == ["id"]
    assert terms({"rows": [[None, "an id"]]}) == ["id"]
    assert terms({"text": "he did it, grammarians say, seq_queue"}) == []
    assert terms({"id": "entropy", "set": {"entropy": 1}, "values": [1.0]}) == []
    assert terms({"request": '{"seed": 3}', "next_request": '{"seed": 3}'}) == []
    assert terms({"fill": {}, "text": [["entropy"]], "words": "the grammar"}) == ["grammar"]
    assert explained({}) is None


def test_a_term_that_one_text_has_and_another_explains_is_not_told() -> None:
    met, said = looked_up({"text": "the entropy and the grammar"}), looked_up({"text": glossary()["entropy"]})
    found = told([met, said])
    assert found is not None
    assert [each["term"] for each in found["terms"]] == ["grammar"]


def test_only_what_has_changed_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_session(step="weights")
    slots(session)
    searched: list[Any] = []

    def look(view: Any) -> Any:
        searched.append(view)
        return looked_up(view)

    monkeypatch.setattr(screen, "looked_up", look)
    assert words(slots(session))["entropy"] == glossary()["entropy"]
    assert searched == []
    session.apply({"scale": 0.5})
    slots(session)
    assert 1 <= len(searched) <= 5, "a scale is seen in the picture, its foot, the maps and the arithmetic"


@pytest.mark.parametrize("name", [name for name in names() if name != "build"])
def test_no_column_is_counted_from_0(name: str) -> None:
    """Positions are the formula's own, and start with 0; programs count as Python does."""
    lab = make_lab(name)
    for step in lab.lesson.ids:
        lab.apply({"step": step})
        for axis in axes_of(slots(lab)):
            if axis["axis"] == "feature":
                assert axis["labels"][:2] != ["0", "1"], (step, axis["dim"])


def axes_of(view: Any) -> list[dict[str, Any]]:
    if isinstance(view, list):
        return [axis for each in view for axis in axes_of(each)]
    if not isinstance(view, dict):
        return []
    own = [view] if {"axis", "dim", "labels"} <= view.keys() else []
    return own + [axis for each in view.values() for axis in axes_of(each)]
