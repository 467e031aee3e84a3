"""The replay: each beat is a step cut down to one word's row, and its numbers are that step's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from attention_lab.labs.stepper.recap import BEATS, RATE
from tests.lab.helpers import STEPS, computed, make_session, matrices_in, plain, slots

RESULTS = ("x", "q", "raw_scores", "scaled_scores", "masked_scores", "weights", "head_outputs")


def shown(**changes: Any) -> dict[str, Any]:
    return slots(make_session(step="recap", **changes))


@pytest.mark.parametrize("beat", range(7))
@pytest.mark.parametrize(
    "changes", [{}, {"mask": "causal", "query": 4, "head": 1}, {"text": "The zorb, 猫", "scale": 0.3}]
)
def test_each_beat_shows_the_row_of_the_word_that_its_step_computes(
    beat: int, changes: dict[str, Any]
) -> None:
    lab = make_session(step="recap", beat=beat, **changes)
    stage = slots(lab)["look-1"]
    result = stage["results"][0] if stage["block"] == "Product" else stage["result"]
    assert result["id"] == RESULTS[beat]
    row = [-np.inf if value is None else value for value in result["values"][0]]
    np.testing.assert_allclose(row, computed(lab)[RESULTS[beat]][lab.query], rtol=0, atol=1e-12)
    assert result["rows"]["labels"] == [lab.tokens.texts[lab.query]]
    assert result["current"] is None
    for name, matrix in matrices_in(stage).items():
        if name not in ("table", "w_q", "k_t", "v"):
            assert len(matrix["values"]) == 1, name


def test_the_beats_are_the_seven_steps_in_their_order_and_take_ten_seconds() -> None:
    lab = make_session(step="recap")
    assert [beat.view for beat in BEATS] == [step.more["view"] for step in lab.lesson.steps[:7]]
    for beat, step in enumerate(STEPS):
        assert shown(beat=beat)["look-0"]["shown"] == lab.lesson.steps[lab.lesson.index(step)].section
    player = shown()["look-0"]
    assert (player["block"], player["length"], player["rate"]) == ("Player", 7, RATE)
    assert 8 <= (player["length"] - 1) / player["rate"] <= 10


def test_what_came_of_each_beat_is_kept_beside_the_picture() -> None:
    rows = shown(beat=6)["check-0"]["rows"]
    assert len(rows) == 7
    told = [plain(row["cells"][0]["text"]).split("\u2002") for row in rows]
    expected = computed(make_session(step="recap"))
    for name, numbers in zip(RESULTS, told, strict=True):
        last = [float(each.split()[-1].replace("−", "-").replace("∞", "inf")) for each in numbers]
        np.testing.assert_allclose(last, expected[name][2], rtol=0, atol=0.005 + 1e-9)
    assert len(shown(beat=2)["check-0"]["rows"]) == 3


def test_at_the_last_beat_it_says_what_the_word_has_taken_home() -> None:
    assert shown(beat=5)["check-1"] is None
    told = plain(shown(beat=6)["check-1"]["paragraphs"][0])
    assert told == "The row of sat knew of no other word. Now 0.87 of it is the value of cat."
    alone = plain(shown(beat=6, query=0, mask="causal")["check-1"]["paragraphs"][0])
    assert alone == "The looks most at itself: 1.00 of its new row is its own value."


@pytest.mark.parametrize("scale", [0, 0.01])
def test_tokens_whose_weights_are_written_alike_share_what_the_word_has_taken_home(scale: float) -> None:
    lab = make_session(step="recap", beat=6, scale=scale, query=0)
    row = computed(lab)["weights"][0]
    shared = sum(f"{weight:.2f}" == f"{row.max():.2f}" for weight in row)
    told = plain(slots(lab)["check-1"]["paragraphs"][0])
    assert shared > 3
    assert f"and {shared - 3} more: {row.max():.2f}" in told
    assert "itself" not in told


def test_a_row_without_a_key_stops_the_replay_there_and_does_not_break_it() -> None:
    empty = {"mask": "by-hand", "blocked": [[2, i] for i in range(6)]}
    for beat in range(7):
        assert shown(beat=beat, **empty)["look-1"] is not None
    assert plain(shown(beat=6, **empty)["check-0"]["rows"][-1]["cells"][0]["text"]) == "–"
    assert shown(beat=6, **empty)["check-1"] is None


def test_thirty_two_words_can_be_replayed() -> None:
    text = " ".join(f"word{i}" for i in range(32))
    for beat in range(7):
        assert shown(beat=beat, text=text)["look-1"]["block"] in ("Flow", "Product")
