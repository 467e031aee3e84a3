"""What is said of a program is said in the learner's language, in the page and in a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from attention_lab import languages
from attention_lab.grading.capstone import judged, ride_writer
from attention_lab.grading.catalogue import Exercise, exercise, exercises
from attention_lab.grading.command import main
from attention_lab.grading.judge import ended, request, verdict
from attention_lab.grading.predicting import answer_verdict, question
from attention_lab.grading.protocol import ProtocolError
from attention_lab.grading.replies import read_reply, text_of
from attention_lab.grading.running import run
from attention_lab.grading.terminal import lines
from attention_lab.grading.verdict import Verdict
from attention_lab.kit import texts
from attention_lab.kit.texts import Text, learn, resolved, speaking
from building.texts import LONG, compiled
from tests.grading.helpers import graded

DATA = {"message", "text", "names", "name", "file", "key", "sum", "written", "mean"}
"""Values that are Python's own words, names or formulas."""


@pytest.fixture(autouse=True)
def long_words(monkeypatch: pytest.MonkeyPatch, long: bytes) -> None:
    monkeypatch.setattr(texts, "_catalogues", {})
    learn(LONG, long)


@pytest.fixture(scope="module")
def long() -> bytes:
    return compiled(LONG)


def said_of(found: Verdict) -> Iterator[Any]:
    """Every sentence of a verdict."""
    for each in found.findings:
        yield from (each.sentence, each.detail)
    if found.mistake:
        yield found.mistake.words
    if found.failing:
        yield from (found.failing.about, found.failing.arithmetic)
    if found.told:
        yield from (found.told["plain"], *found.told["trace"])


def untranslated(said: Any) -> Iterator[str]:
    """What of a sentence would stay English: it is no text, or a value in it holds words."""
    if not isinstance(said, Text):
        if re.search(r"[a-z]{2,},? [a-z]{2,}", re.sub(r"`[^`]*`", "", str(said))):
            yield str(said)
        return
    with speaking(LONG):
        if not str(said).startswith("⟦"):
            yield str.__str__(said)
    for name, each in said.values.items():
        if name not in DATA:
            yield from untranslated(each)


#: Exercises of which an ordinary run reads what is said: of a function, of masks, and of a mended program.
READ = ("softmax", "scores", "causal_mask", "attention", "mend_leak")


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(each, id=each.id, marks=[] if each.id in READ else pytest.mark.full(minutes=0.02))
        for each in exercises()
        if each.kind != "predict"
    ],
)
def test_what_is_said_of_each_known_mistake_is_translated(asked: Exercise) -> None:
    for program in (asked.starter, *asked.wrong.values()):
        found = graded(asked, program)
        assert [each for said in said_of(found) for each in untranslated(said)] == []
        assert not found.passed


def test_predictions_and_the_capstone_are_translated() -> None:
    told = []
    for asked in (each for each in exercises() if each.kind == "predict"):
        for option in question(asked, 3).options:
            told += said_of(answer_verdict(asked, 3, option.text))
    rides = [ride_writer(["anna", "saw"])]
    told += [
        said
        for missing in ((), ("softmax",))
        for why in ("time", "memory", "ended")
        for said in said_of(judged(rides, ended(why), missing).verdict)
    ]
    assert [each for said in told for each in untranslated(said)] == []
    assert len(told) > 60


@pytest.mark.parametrize(
    "program",
    [
        "def softmax(x): return None",
        "def softmax(x): return (x, [x, 2], {}, 'a')",
        "def softmax(x): return {'a': 1}",
        "def softmax(x): return object()",
        "def softmax(x): return x.astype(int)",
        "def softmax(x): return (lambda a: a)(x, x)",
        "def softmax(x): return x.nothing + x",
        "import attention",
        "def soft(x): return x",
        "softmax = 3",
        "import numpy as np\ndef softmax(x): return np.ones((2, 3)) - np.ones(2)",
        "import numpy as np\ndef softmax(x): return np.max(x, axis=7)",
        "import numpy as np\ndef softmax(x):\n    x += 1\n    return np.exp(x - 1) / np.exp(x - 1).sum(-1)",
        "def softmax(x)\n    return x",
        "class Odd(Exception): pass\ndef softmax(x): raise Odd",
        "def softmax(x): return x.unsqueeze(0)",
    ],
)
def test_what_is_said_of_other_programs_is_translated(program: str) -> None:
    found = graded("softmax", program)
    assert not found.passed
    assert [each for said in said_of(found) for each in untranslated(said)] == []


def test_a_verdict_is_english_until_it_is_shown_and_then_whole() -> None:
    with speaking(LONG):  # as in a session
        found = graded("softmax", "def softmax(x): return x[:, :1] if x.ndim > 1 else x[:2]")
        detail = found.findings[2].detail
        assert detail == "With 3 scores: the shape is (2,), expected (3,)."
        assert str(detail) == "⟦Wíth ⟦3 šçóréš~⟧: ⟦thé šhápé íš (2,), éxpéçtéd (3,).~⟧~⟧"
        assert resolved(found.view())["checks"][0] == {
            "id": "runs", "sentence": "⟦Ít rúñš~⟧", "state": "passed", "detail": "",
        }  # fmt: skip
        assert [each["id"] for each in found.view()["checks"]] == [
            "runs", "type", "shape", "dtype", *["values"] * 4, "untouched",
        ]  # fmt: skip
        assert next(lines(found)) == "⟦softmax: fáíléd (šééd 1)~~~⟧"


FORGED = [
    ["{a.__class__}", {"a.__class__": "x"}],
    ["{a:>9999999999}", {"a": "x"}],
    ["{0}", {"0": "x"}],
    ["{a", {"a": "x"}],
    ["{a}", {}],
    ["{a}", {"a": "x", "b": "y"}],
    ["{a}", {"a": 3}],
    ["{a}" * 20, {"a": "x"}],
    ["", {}],
    ["x" * 3000, {}],
    ["{a}", {"a": "x" * 3000}],
    ["{a}", {"a": ["{a}", {"a": ["{a}", {"a": ["x", {}]}]}]}],
    "words",
    [3, {}],
]


@pytest.mark.parametrize("plain", FORGED)
def test_a_forged_text_is_no_reply(plain: Any) -> None:
    sent = request(exercise("softmax"), "def softmax(x): return 1 / 0", 1)
    reply = run(sent)
    assert text_of(reply["results"][0]["raised"]["plain"]) == "Something is divided by 0 here."
    reply["results"][0]["raised"]["plain"] = plain
    with pytest.raises(ProtocolError):
        read_reply(reply)
    assert verdict(exercise("softmax"), sent, reply).stopped == "ended"


# In a terminal


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, long: bytes) -> Path:
    """A program, and an installation that has two languages."""
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(texts, "_catalogues", {})
    for name in ("es", "pt-BR"):
        (tmp_path / f"texts.{name}.mo").write_bytes(long)
    path = tmp_path / "exercise_softmax.py"
    path.write_text(exercise("softmax").wrong["columns"])
    return path


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "es_MX"}, "es"),
        ({"LANG": "pt_BR.UTF-8"}, "pt-BR"),
        ({"LANG": "pt_PT.UTF-8"}, "en"),
        ({"LANG": "de_DE", "LC_ALL": "es_ES@euro"}, "es"),
        ({"LANG": "es_ES", "LC_MESSAGES": "en_GB"}, "en"),
    ],
)
def test_the_language_is_the_systems_where_there_is_a_translation(
    environment: dict[str, str], spoken: str, there: Path
) -> None:
    assert languages.languages() == ("en", "es", "pt-BR")
    assert languages.of_the_system(environment) == spoken


def test_the_grader_speaks_the_language_that_is_asked_for(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*arguments: str) -> str:
        assert main(["softmax", str(there), "--seed", "3", *arguments]) == 1
        return capsys.readouterr().out

    english = told()
    assert english.startswith("softmax: failed (seed 3)\n  + It runs\n")
    spanish = told("--language", "es")
    assert spanish.startswith("⟦softmax: fáíléd (šééd 3)~~~⟧\n  + ⟦Ít rúñš~⟧\n")
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    assert told() == spanish
    assert told("--language", "en") == english


def test_json_is_english_unless_a_language_is_asked_for(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    found = []
    for more in ([], ["--language", "es"]):
        assert main(["softmax", str(there), "--seed", "3", "--json", *more]) == 1
        found.append(json.loads(capsys.readouterr().out))
    english, spanish = found
    assert english["checks"][0]["sentence"] == "It runs"
    assert spanish["checks"][0]["sentence"] == "⟦Ít rúñš~⟧"
    assert [each["id"] for each in english["checks"]] == [each["id"] for each in spanish["checks"]]
    assert english["mistake"]["name"] == spanish["mistake"]["name"] == "columns"
    assert spanish["mistake"]["words"].startswith("⟦Théšé áré thé wéíghtš")
    assert english["failing"]["returned"] == spanish["failing"]["returned"]


def test_a_language_that_is_not_there_is_refused_with_those_that_are(
    there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["softmax", str(there), "--language", "tlh"])
    assert left.value.code == 2
    assert "There is no language 'tlh' here: choose one of en, es, pt-BR." in capsys.readouterr().err
