"""The learner's programs, put together, run a transformer: what passes, what does not, and what is said."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attention import BertEncoder, MiniLM, load_model
from attention_lab.grading.capstone import (
    CLOSE,
    PARTS,
    REFERENCE,
    STARTER,
    Ridden,
    judged,
    request,
    ride_minilm,
    ride_writer,
)
from attention_lab.grading.catalogue import exercise
from attention_lab.grading.command import main
from attention_lab.grading.judge import ended
from attention_lab.grading.protocol import Recipe, decode
from attention_lab.grading.recipes import made_of
from attention_lab.grading.running import run
from tests.attention.models.test_minilm import model as small_minilm

TEXT = re.findall(r"\S+", "anna smith saw the dog . tom potter met the cat . anna")
THEIRS = {name: exercise(name).reference for name in PARTS}
RIDES = [ride_writer(TEXT)]


def ridden(source: str = REFERENCE, rides: Any = RIDES, **changed: str) -> Ridden:
    """What came of the references, with some of them changed; as JSON, as in the page."""
    asked = json.loads(json.dumps(request(rides, source, {**THEIRS, **changed}), allow_nan=False))
    return judged(rides, json.loads(json.dumps(run(asked))))


def failed(found: Ridden) -> dict[str, str]:
    assert not found.verdict.passed
    return {each.sentence: each.detail for each in found.verdict.findings if each.state == "failed"}


def test_the_references_run_the_writer_and_it_goes_on_with_the_name_that_it_read() -> None:
    found = ridden()
    assert found.verdict.passed
    assert found.gaps[0] is not None
    assert found.gaps[0] < 1e-12
    assert found.called[0] == {
        "softmax": 2, "attention": 2, "split_heads": 6, "merge_heads": 2, "layer_norm": 5, "block": 2,
    }  # fmt: skip
    rows = found.rows[0]
    assert rows is not None
    word, share = RIDES[0].likely(rows)[0]
    shipped = load_model("writer").trace(TEXT).answer()
    assert word == shipped.word == "smith"
    assert share == pytest.approx(shipped.candidates[0][1], abs=1e-5)


def test_the_references_run_a_post_norm_encoder_with_gelu_and_its_eps() -> None:
    minilm = small_minilm()
    rides = [ride_minilm(minilm, "the cat")]
    given = rides[0].case.last.args
    assert given[4:6] == (False, Recipe("gelu"))
    assert given[6] == 1e-12
    assert isinstance(given[1][0]["w_q"], Recipe)  # in a quarter of the bytes, and the same numbers
    np.testing.assert_array_equal(made_of(given[1][0]["w_q"]), minilm.bert.blocks[0].attention.w_q)
    found = ridden(rides=rides)
    assert found.verdict.passed
    assert found.called[0]["softmax"] == rides[0].n_layers


def test_weights_that_were_not_stored_in_whole_numbers_come_as_they_are() -> None:
    minilm = small_minilm()
    bert = BertEncoder(len(minilm.word_piece.vocabulary), 12, 12, 5, 1, dtype=np.float32)
    ride = ride_minilm(MiniLM(bert, minilm.word_piece), "the cat")
    assert isinstance(ride.case.last.args[1][0]["w_q"], np.ndarray)
    assert ridden(rides=[ride]).verdict.passed


INLINE = (
    THEIRS["attention"]
    .replace("weights = softmax(scores)", "weights = own(scores)")
    .replace("def softmax", "def own")
)
DONE_BY_HAND = THEIRS["block"].replace("def layer_norm", "def norm").replace("layer_norm(rows", "norm(rows")
OWN_BLOCK = THEIRS["block"] + "\n\n" + REFERENCE


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"attention": INLINE}, "`softmax` was never called"),
        ({"block": DONE_BY_HAND}, "`layer_norm` was called once"),  # the last one
        ({"source": OWN_BLOCK}, "`softmax` was never called, `attention` was never called"),
    ],
)
def test_a_part_that_is_passed_by_is_told_though_every_number_is_right(
    changed: dict[str, str], words: str
) -> None:
    found = ridden(**changed)
    said = failed(found)
    assert list(said) == ["The writer runs through every part of yours"]
    assert words in said["The writer runs through every part of yours"]
    assert found.gaps[0] is not None
    assert found.gaps[0] < CLOSE


@pytest.mark.parametrize("part", PARTS)
def test_a_wrong_part_shows_in_the_numbers_or_in_an_exception(part: str) -> None:
    verdicts = [ridden(**{part: wrong}) for wrong in exercise(part).wrong.values()]
    said = [failed(each) for each in verdicts if not each.verdict.passed]
    assert len(said) >= 2  # some mistakes do not matter to the writer: an activation that is left out, say
    for each in said:
        assert each.keys() <= {
            "It runs",
            "The writer: every number is the library’s, to 0.00001",
            "The writer runs through every part of yours",
        }


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (STARTER, "exercise_capstone.py, line 11"),
        ("def transform(): pass\n", "no `transformer`"),
        ("def transformer(*given):\n    return None\n", "It gives None, expected"),
        ("def transformer(x, *given):\n    return x[:1]\n", "an array (1, 64), expected finite numbers"),
        ("def transformer(x, *given):\n    return x / 0\n", "an array (14, 64)"),
    ],
)
def test_what_is_no_transformer_is_told(source: str, words: str) -> None:
    assert words in " ".join(failed(ridden(source)).values())


def test_an_exception_names_the_file_and_the_line_that_it_came_from() -> None:
    broken = "import numpy as np\n\ndef softmax(x):\n    return x @ x @ x[:1, :1]\n"
    found = ridden(softmax=broken)
    assert failed(found)["It runs"].startswith("exercise_softmax.py, line 4: ")
    assert failed(ridden(softmax="def softmax(x)\n"))["It runs"].startswith("exercise_softmax.py, line 1: ")
    assert "`softmax` defines no `softmax`" in failed(ridden(softmax=""))["It runs"]


@pytest.mark.parametrize("why", ["time", "ended", "memory", "output"])
def test_a_run_that_was_ended_is_told(why: str) -> None:
    assert failed(judged(RIDES, ended(why)))["It runs"]
    assert failed(judged(RIDES, {"nothing": 1}))["It runs"]


def test_the_inputs_hold_no_answer() -> None:
    asked = request(RIDES, REFERENCE)
    assert asked["limits"]["seconds"] == 60
    args = [decode(each) for each in asked["calls"][0]["do"][0]["args"]]
    for array in (args[0], *args[1][0].values()):
        assert array.shape != RIDES[0].expected.shape or not np.allclose(array, RIDES[0].expected)


# On the command line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {**THEIRS, "capstone": REFERENCE}.items():
        (tmp_path / f"exercise_{name}.py").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_is_run_and_exits_with_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capstone", str(folder), "--text", "anna smith met tom . anna"]) == 0
    said = capsys.readouterr().out
    assert "Your code just ran a real transformer." in said
    assert "The writer: 7 tokens, largest difference" in said
    assert "60 seconds" in said


def test_a_folder_without_a_part_exits_with_1_and_names_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "exercise_block.py").unlink()
    assert main(["capstone", str(folder), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["checks"][0]["detail"] == "Not written yet: `block`."
    assert told["rides"][0]["difference"] is None


def test_what_cannot_be_graded_exits_with_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capstone", str(folder / "nowhere")]) == 2
    assert main(["capstone", str(folder), "--text", " ".join(f"zorp{i}" for i in range(9))]) == 2
    assert main(["capstone", str(folder), "--minilm", str(folder / "none.safetensors")]) == 2
    assert "does not know" in capsys.readouterr().out
