"""Beyond sentences: the patches against NumPy, written pixel by pixel; the texts on a stand-in for MiniLM.

What is seen in the real one is tested in tests/building/test_minilm_seen.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from attention_lab.kit import frame
from attention_lab.kit.blocks import Amount, Choice, Facts, Grids, Legend, Pick, Table, Words
from attention_lab.kit.predict import predict
from attention_lab.kit.scene import Preset, made
from attention_lab.labs.beyond import reading
from attention_lab.labs.beyond.asking import at, twin
from attention_lab.labs.beyond.lab import Beyond
from attention_lab.labs.beyond.patches import DRAWINGS, FACE, WORDS, patches, picture_of
from attention_lab.labs.beyond.presets import PRESETS
from tests.lab.beyond.claims import CLAIMS
from tests.lab.helpers import blocks_of, plain

NOISE = np.random.default_rng(7).integers(0, 2, size=(8, 8)).astype(float).tolist()
BLANK = [[0.0] * 8 for _ in range(8)]


def make(**changes: Any) -> Beyond:
    lab = Beyond()
    lab.apply(changes)
    assert lab.message is None
    return lab


def drawn(lab: Beyond) -> list[Any]:
    """Everything that a step draws, as the page gets it."""
    scene = lab.scene()
    around = [frame.lesson(lab, scene), frame.controls(lab, scene), frame.sentence(lab, scene)]
    views = [*(block.view() for block in blocks_of(lab)), *around, predict(lab, made(scene.predict))]
    read: list[Any] = json.loads(json.dumps(views, allow_nan=False))
    return read


def of_kind(lab: Beyond, kind: type) -> list[Any]:
    return [block for block in blocks_of(lab) if isinstance(block, kind)]


def shown(lab: Beyond, name: str) -> np.ndarray[Any, Any]:
    """The numbers of a matrix on the screen."""
    panels = [panel.matrix for grids in of_kind(lab, Grids) for panel in grids.panels]
    return np.array(next(matrix.values for matrix in panels if matrix.id == name))


def note(lab: Beyond) -> str:
    return plain(of_kind(lab, Legend)[0].extra)


def by_hand(picture: list[list[float]], query: list[float], sharpness: float = 1.0) -> list[float]:
    """Where four pixels look, patch by patch and pixel by pixel."""
    raised = []
    for patch in range(16):
        row, column = 2 * (patch // 4), 2 * (patch % 4)
        pixels = [picture[row + i][column + j] for i in (0, 1) for j in (0, 1)]
        agree = sum(a == b for a, b in zip(query, pixels, strict=True))
        raised.append(np.exp(sharpness * (agree - (4 - agree)) / 2))
    return [each / sum(raised) for each in raised]


def pixels_of(picture: list[list[float]], patch: int) -> list[float]:
    row, column = 2 * (patch // 4), 2 * (patch % 4)
    return [
        picture[row][column],
        picture[row][column + 1],
        picture[row + 1][column],
        picture[row + 1][column + 1],
    ]


# Pictures


@pytest.mark.parametrize("picture", [NOISE, BLANK, *DRAWINGS.values()])
@pytest.mark.parametrize("patch", [0, 6, 15])
def test_the_map_counts_pixels_that_agree_minus_those_that_differ(
    picture: list[list[float]], patch: int
) -> None:
    lab = make(picture=picture, patch=patch, revealed=[twin().key])
    expected = by_hand(picture, pixels_of(picture, patch))
    np.testing.assert_allclose(shown(lab, "map").ravel(), expected, atol=1e-12)


def test_a_picture_is_its_patches_put_together_again() -> None:
    np.testing.assert_array_equal(picture_of(patches(np.array(NOISE))), 2 * np.array(NOISE) - 1)


@pytest.mark.parametrize("patch", range(16))
def test_a_row_of_the_arithmetic_is_few_columns_that_come_to_the_score(patch: int) -> None:
    table = of_kind(make(patch=patch, picture=NOISE), Table)[0]
    assert len(table.columns) == 4
    assert not table.bars
    for _, counted, score, _ in table.rows:
        agree, differ = map(int, counted.split(" − "))
        assert (agree + differ, (agree - differ) / 2) == (4, score)


def test_painting_a_pixel_moves_the_map() -> None:
    lab = make(revealed=[twin().key])
    before = shown(lab, "map")
    painted = [row[:] for row in FACE]
    painted[0][0] = 1.0
    lab.apply({"picture": painted})
    assert np.abs(shown(lab, "map") - before).max() > 0.001


@pytest.mark.parametrize("sharpness", [0.0, 0.7, 5.0])
def test_what_comes_out_is_the_mean_of_all_patches_by_weight(sharpness: float) -> None:
    lab = make(step="mixed", picture=NOISE, sharpness=sharpness)
    out = shown(lab, "out")
    for patch in range(16):
        weights = by_hand(NOISE, pixels_of(NOISE, patch), sharpness)
        for place in range(4):
            expected = sum(w * pixels_of(NOISE, i)[place] for i, w in enumerate(weights))
            row, column = 2 * (patch // 4) + place // 2, 2 * (patch % 4) + place % 2
            assert out[row, column] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("picture", DRAWINGS.values())
def test_at_sharpness_zero_all_patches_come_out_alike_and_sharp_ones_come_back(
    picture: list[list[float]],
) -> None:
    """What the prose says."""
    grey = patches(shown(make(step="mixed", picture=picture, sharpness=0.0), "out"))
    np.testing.assert_allclose(grey, np.tile(grey[0], (16, 1)), atol=1e-12)
    far = [
        np.abs(shown(make(step="mixed", picture=picture, sharpness=s), "out") - np.array(picture)).mean()
        for s in (0.0, 1.0, 3.0, 5.0)
    ]
    assert far == sorted(far, reverse=True)
    assert far[-1] < 0.05


@pytest.mark.parametrize("order", [0, 3, 99])
@pytest.mark.parametrize("picture", [NOISE, *DRAWINGS.values()])
def test_shuffled_patches_take_home_the_same_unless_they_carry_places(
    order: int, picture: list[list[float]]
) -> None:
    lab = make(step="bag", order=order, picture=picture)
    assert note(lab).endswith(": 0")
    lab.apply({"places": True})
    assert float(note(lab).rsplit(" ", 1)[1]) > 0.01
    moved = patches(shown(lab, "shuffled"))
    assert sorted(moved.tolist()) == sorted(patches(np.array(picture)).tolist())


@pytest.mark.parametrize("picture", [BLANK, *DRAWINGS.values()])
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_title_holds_wherever_all_that_it_sets_is_set(preset: Preset, picture: list[list[float]]) -> None:
    lab = make(picture=picture, step=preset.step)
    lab.apply({"picture": picture} | preset.changes)
    assert CLAIMS[preset.name](lab)


@pytest.mark.parametrize("order", [0, 3, 99])
def test_a_convolution_misses_the_neighbours_that_a_shuffle_takes_away(order: int) -> None:
    lab = make(step="bag", order=order, picture=NOISE)

    def mean(picture: Any, patch: int, place: int) -> float:
        near = [(patch // 4 + i, patch % 4 + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        inside = [at(row, column) for row, column in near if 0 <= row < 4 and 0 <= column < 4]
        return sum(pixels_of(picture, each)[place] for each in inside) / 9

    moved = shown(lab, "shuffled").tolist()
    changes = [
        abs(mean(moved, there, place) - mean(NOISE, patch, place))
        for there, patch in enumerate(lab.stands)
        for place in range(4)
    ]
    facts = of_kind(lab, Facts)[0].facts
    assert facts["convolution"].value == pytest.approx(max(changes))
    assert facts["attention"].value == 0 < facts["convolution"].value


@pytest.mark.parametrize("word", WORDS)
def test_a_word_looks_where_its_pixels_are(word: str) -> None:
    lab = make(step="ask", picture=NOISE, word=word)
    expected = by_hand(NOISE, [float(pixel > 0) for pixel in WORDS[word]])
    np.testing.assert_allclose(shown(lab, "map").ravel(), expected, atol=1e-12)


def test_a_picked_cell_picks_its_patch() -> None:
    lab = make(picked={"matrix": "map", "row": 2, "col": 3})
    assert lab.patch == 11
    lab.apply({"step": "mixed", "picked": {"matrix": "out", "row": 7, "col": 0}})
    assert lab.patch == 12
    lab.apply({"step": "bag", "picked": {"matrix": "shuffled", "row": 0, "col": 2}})
    assert lab.patch == lab.stands[1]


def test_the_face_is_asked_about_before_its_map_is_shown_and_answered_by_it() -> None:
    lab = make()
    assert np.isnan(shown(lab, "map")).all()
    weights = by_hand(FACE, pixels_of(FACE, at(1, 0)))
    asked = twin()
    found = [weights[at(1, 1)], weights[at(1, 3)], weights[at(3, 1)]]
    assert asked.right == [int(np.argmax(found))] == [1]
    assert found[1] == pytest.approx(weights[at(1, 0)])
    assert asked.answer[1] == f"{found[1]:.2f}"
    lab.apply({"guesses": {asked.key: 0}})
    assert shown(lab, "map")[1, 3] == pytest.approx(found[1])


def test_the_first_vision_transformers_patches_are_counted() -> None:
    told = of_kind(make(step="ask"), Table)[0].rows[0][1]
    assert f"become {14 * 14} patches" in told


# Texts


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A model whose heads have other weights for each text: softmax of random numbers."""

    def trace(text: str) -> SimpleNamespace:
        tokens: list[str] = ["[CLS]"]
        for word in reading_pieces(text):
            tokens += [word[:4], f"##{word[4:]}"] if len(word) > 4 else [word]
        rng = np.random.default_rng(len(text))
        raised = np.exp(rng.normal(size=(6, 12, len(tokens) + 1, len(tokens) + 1)))
        return SimpleNamespace(
            tokens=(*tokens, "[SEP]"), layers=tuple(raised / raised.sum(-1, keepdims=True))
        )

    monkeypatch.setattr(reading, "minilm", lambda: SimpleNamespace(trace=trace))
    reading.read.cache_clear()
    yield
    reading.read.cache_clear()


def reading_pieces(text: str) -> list[str]:
    apart = "".join(f" {char} " if not char.isalnum() and char != " " else char for char in text)
    return apart.lower().split()


def with_minilm(**changes: Any) -> Beyond:
    lab = make(**changes)
    lab.param.update(optional=("minilm",))
    return lab


@pytest.mark.parametrize("step", ["search", "code"])
def test_without_minilm_it_is_offered_and_what_is_said_stands_there_unmeasured(step: str) -> None:
    lab = make(step=step)
    cards = next(view["cards"] for view in drawn(lab) if view and view.get("block") == "Choices")
    assert cards[0]["download"] == "minilm"
    rows = of_kind(lab, Table)[0].rows
    assert [row[2:] for row in rows] == [[None] * 2] * len(rows)


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("there", [False, True])
def test_words_of_a_search_are_offered_only_where_they_pick_something(there: bool) -> None:
    lab = make(step="search")
    lab.param.update(optional=("minilm",) if there else ())
    chips = made(lab.scene().sentence).chips
    assert bool(chips) == there
    assert all(chip.set for chip in chips)


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("text", reading.SEARCHES)
def test_the_strongest_head_and_the_mean_are_those_of_all_weights(text: str) -> None:
    lab = with_minilm(step="search", text=text)
    seen, (query, key) = reading.read(lab.read_text), lab.words_asked
    said = reading.SEARCHES[text].said[0]
    assert (seen.words[query], seen.words[key]) == (said.query[0], said.key[0])
    one = of_kind(lab, Words)[0].weights
    assert one[query][key] == max(weights[query][key] for weights in seen.weights)
    np.testing.assert_allclose(np.sum(one, axis=1), 1)
    lab.apply({"shown": "mean"})
    mean = of_kind(lab, Words)[0].weights
    assert mean[query][key] == pytest.approx(sum(w[query][key] for w in seen.weights) / 72)
    row = of_kind(lab, Table)[0].rows[0]
    assert row[1:] == [reading.sign(seen.strongest(query, key)), pytest.approx(one[query][key]),
                       pytest.approx(mean[query][key])]  # fmt: skip


@pytest.mark.usefixtures("stand_in")
def test_any_pair_can_be_picked_and_stays_with_its_text() -> None:
    lab = with_minilm(step="code", line="import")
    words = of_kind(lab, Words)[0]
    lab.apply(words.sets[4])
    lab.apply(of_kind(lab, Words)[0].onto_sets[2])
    assert lab.words_asked == (4, 2)
    lab.apply({"line": "area"})
    assert lab.pair is None


@pytest.mark.usefixtures("stand_in")
def test_the_learners_own_text_is_read() -> None:
    lab = with_minilm(step="search")
    lab.apply({"own": "a red car"})
    assert (lab.text, reading.read(lab.read_text).words) == ("own", ("[CLS]", "a", "red", "car", "[SEP]"))


def test_a_sentence_of_another_lab_waits_until_it_is_asked_for() -> None:
    lab = make(step="search", text="cats")
    lab.receive("own", "hello there")
    assert (lab.own, lab.text) == ("hello there", "cats")


def test_pieces_of_a_word_are_brought_together() -> None:
    weights = np.array([[[0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.5, 0.1, 0.4]]])
    found = reading.by_word(weights, [[0], [1, 2]])
    np.testing.assert_allclose(found, [[[0.1, 0.9], [0.4, 0.6]]])


# The whole lab


@pytest.mark.parametrize("step", Beyond().lesson.ids)
@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"picture": BLANK, "patch": 15, "sharpness": 5.0, "order": 0, "places": True, "word": "empty"},
        {"picture": NOISE, "sharpness": 0.0, "text": "own", "own": "a", "pair": [200, 3], "shown": "mean"},
        {"own": "👩‍👩‍👧‍👦 <b> القطة naïve antidisestablishmentarianism", "line": "import"},
    ],
)
@pytest.mark.usefixtures("stand_in")
def test_every_step_draws(step: str, there: bool, changes: dict[str, Any]) -> None:
    lab = Beyond()
    lab.apply({"step": step, **changes})
    lab.param.update(optional=("minilm",) if there else ())
    assert drawn(lab)


def test_a_link_brings_everything_back() -> None:
    lab = make(picture=NOISE, patch=9, sharpness=2.5, order=44, places=True, word="rising", shown="mean")
    lab.apply({"step": "search", "own": "hello there", "pair": [2, 1], "line": "import"})
    other = Beyond()
    other.apply_link(lab.to_link())
    assert other.choices() == lab.choices()


@pytest.mark.parametrize("value", [None, "ff", [[0.0] * 8] * 7, [[0.5] * 8] * 8, [[True] * 8] * 8])
def test_what_is_no_picture_is_refused_in_words(value: object) -> None:
    lab = Beyond()
    refused = lab.apply({"picture": value})
    assert "paint with the brush" in refused["picture"]
    assert lab.picture == FACE


def test_each_question_is_solved_by_numpy_and_no_hint_hits_the_right_answer() -> None:
    lab = Beyond()
    for fresh in range(50):
        lab.apply({"fresh": fresh})
        asked: dict[str, Any] = {question.id: question for question in lab.questions()}
        for question in asked.values():
            answer: Any = list(next(iter(question.right))) if isinstance(question, Pick) else question.right
            assert question.judge(answer).state == "right"
            if isinstance(question, Amount):
                assert all(question.judge(wrong).state == "wrong" for wrong, _ in question.hints)
            if isinstance(question, Choice):
                assert all(question.judge(place).state == "wrong" for place in question.hints)
        sides = [int(word.strip(".")) for word in asked["count"].ask.split() if word.strip(".").isdigit()]
        assert asked["count"].right == (np.zeros((sides[0], sides[0]))[:: sides[2], :: sides[2]]).size
        lists = asked["score"].ask.replace("−", "-").split("[")[1:]
        one, other = (np.array(json.loads("[" + each.split("]")[0] + "]")) for each in lists)
        assert asked["score"].right == one @ other
        columns = list(zip(*asked["alike"].text, strict=True))
        alike = {i for i in range(1, 6) if columns[i] == columns[0]}
        assert {column for _, column in asked["alike"].right} == alike
