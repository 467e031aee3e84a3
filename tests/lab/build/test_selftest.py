"""The self-test of the lab: hidden, asked for by a link, judged exercise by exercise."""

from __future__ import annotations

import json

from attention_lab.grading.catalogue import exercises
from attention_lab.grading.running import answer
from attention_lab.kit.blocks import SelfTest, Tasks
from attention_lab.labs.build.lab import Build
from attention_lab.session import Session
from tests.lab.build.test_build import block


def test_it_is_there_by_its_link_only_and_runs_nothing_by_itself() -> None:
    assert block(Build(), Tasks) is not None
    assert block(Build(), SelfTest) is None
    session = Session()
    session.take_link("lab=build&selftest=1")
    shown = block(session.current, SelfTest)
    assert [each["id"] for each in shown.tests] == [each.id for each in exercises()]
    assert shown.request == ""


def test_an_exercise_is_asked_for_run_and_told() -> None:
    lab = Build()
    lab.apply({"selftest": True})
    lab.apply({"testing": {"id": "scale", "source": "", "turn": 1, "seed": 3}})
    replies = answer(json.loads(block(lab, SelfTest).request))
    lab.apply({"tested": {"turn": 1, "reply": json.dumps(replies)}})
    shown = block(lab, SelfTest)
    rows = {each["id"]: each["rows"] for each in shown.tests}
    assert rows["scale"][0] == {"program": "reference", "said": "passed", "right": True}
    assert all(row["right"] for row in rows["scale"])
    assert rows["softmax"] == []
    assert "1 of" in shown.described()
    assert shown.request == ""
    lab.apply({"testing": {"id": "scale", "source": "", "turn": 2, "seed": 3}})
    lab.apply({"tested": {"turn": 2, "ended": "time"}})
    assert not block(lab, SelfTest).tests[2]["rows"][0]["right"]


def test_what_is_no_exercise_or_no_answer_is_refused() -> None:
    lab = Build()
    assert "testing" in lab.apply({"testing": {"id": "none", "source": "", "turn": 1, "seed": 3}})
    assert "tested" in lab.apply({"tested": {"turn": 1, "ended": "time"}})
