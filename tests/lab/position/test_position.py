"""The position lab: each number again, in plain NumPy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from attention import BertEncoder, MiniLM, hand_built_embedding, hand_built_projections, tokenize
from attention.wordpiece import SPECIAL, WordPiece
from attention_lab.kit import frame
from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.predict import predict
from attention_lab.kit.scene import Predict, Scene, made
from attention_lab.labs.position import real
from attention_lab.labs.position.lab import Position, rows_of
from tests.lab.helpers import blocks_of

Matrix = np.ndarray[Any, Any]
STRANGE = ("hello", "the the the the", "👩🏽‍🚀 القطة <b> naïve " + "long" * 30, "w " * 30)


def lab_with(**changes: Any) -> Position:
    lab = Position()
    lab.apply(changes)
    return lab


def drawn(lab: Position) -> list[Any]:
    """Everything that the step puts on the screen, through JSON."""
    scene = lab.scene()
    if not isinstance(scene, Scene):
        return [json.loads(json.dumps(scene.view(), allow_nan=False))]
    views = [block.view() for block in blocks_of(lab)]
    around = [frame.lesson(lab, scene), frame.controls(lab, scene), frame.sentence(lab, scene)]
    shown = [*views, *around, predict(lab, made(scene.predict))]
    return list(json.loads(json.dumps(shown, allow_nan=False)))


def shown(lab: Position, name: str) -> Matrix:
    """The numbers of a matrix on the screen."""
    for view in drawn(lab):
        if view and view.get("block") == "Grids":
            found = [panel["matrix"] for panel in view["panels"]]
        else:
            found = [view["matrix"]] if view and view.get("block") == "HeatMap" else []
        for matrix in found:
            if matrix["id"] == name:
                return np.array(matrix["values"], dtype=float)
    raise LookupError(name)


def line(lab: Position) -> tuple[Matrix, Matrix]:
    view = next(view for view in drawn(lab) if view and view.get("block") == "Lines")
    return np.array(view["series"][0]["x"]), np.array(view["series"][0]["y"])


def asked(lab: Position) -> Predict:
    found = made(lab.scene().predict)
    assert found is not None
    return found


def waves(n: int, d: int) -> Matrix:
    """Each pair of columns as the sine and the cosine of one angle."""
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d, 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, d)


def turned(rows: Matrix, start: int = 0) -> Matrix:
    """Each pair of columns as a complex number, turned."""
    d = rows.shape[-1]
    angles = (start + np.arange(len(rows)))[:, None] * 10000.0 ** (-np.arange(0, d, 2) / d)
    spun = (rows[:, 0::2] + 1j * rows[:, 1::2]) * np.exp(1j * angles)
    return np.stack([spun.real, spun.imag], axis=-1).reshape(rows.shape)


def attended(text: str, order: list[int], told: str = "none", causal: bool = False) -> Matrix:
    x = hand_built_embedding(tokenize(text), 4).x[order]
    n = len(x)
    if told == "waves":
        x = x + waves(n, 4)
    w = hand_built_projections(4, 1)
    q, k, v = x @ w.w_q, x @ w.w_k, x @ w.w_v
    if told == "rotary":
        q, k = turned(q), turned(k)
    scores = q @ k.T / 2
    if told == "alibi":
        scores = scores - 0.5 * np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    powers = np.exp(scores) * (np.tri(n) if causal else 1)
    out: Matrix = powers / powers.sum(axis=-1, keepdims=True) @ v
    return out


@pytest.mark.parametrize("text", STRANGE)
@pytest.mark.parametrize("step", Position().lesson.ids)
def test_every_step_draws_any_sentence(step: str, text: str) -> None:
    lab = lab_with(text=text)
    lab.apply({"step": step})
    assert drawn(lab)


@pytest.mark.parametrize(
    "changes",
    [
        {"step": "bag", "shuffle": 77, "causal": True, "told": "rotary"},
        {"step": "waves", "d_model": 8, "at": 63},
        {"step": "apart", "d_model": 16, "at": 0, "over": "distance"},
        {"step": "learned", "model": "writer", "at": 63},
        {"step": "turned", "way": "alibi", "head": 8, "start": 100, "seed": 0},
    ],
)
def test_the_ends_of_settings_are_drawn_and_come_back_from_a_link(changes: dict[str, Any]) -> None:
    lab, again = lab_with(**changes), Position()
    again.apply_link(lab.to_link())
    assert drawn(again) == drawn(lab)
    assert again.choices() == lab.choices()


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("told", ["none", "waves", "rotary", "alibi"])
def test_what_comes_out_is_attention_over_the_words_in_their_order(told: str, causal: bool) -> None:
    lab = lab_with(told=told, causal=causal)
    lab.apply({"revealed": [asked(lab).key]})
    np.testing.assert_allclose(
        shown(lab, "written"), attended(lab.text, list(range(6)), told, causal), atol=1e-12
    )
    np.testing.assert_allclose(
        shown(lab, "shuffled"), attended(lab.text, lab.order, told, causal), atol=1e-12
    )


def test_without_positions_and_mask_each_word_keeps_its_row_in_every_order() -> None:
    for shuffle in range(20):
        lab = lab_with(shuffle=shuffle)
        assert lab.order != sorted(lab.order)
        assert lab.changed.max() < 1e-12


@pytest.mark.parametrize(
    "changes", [{"causal": True}, {"told": "waves"}, {"told": "rotary"}, {"told": "alibi"}]
)
def test_with_a_mask_or_positions_the_order_shows(changes: dict[str, Any]) -> None:
    for shuffle in range(20):
        lab = lab_with(shuffle=shuffle, **changes)
        assert lab.changed.max() > 0.1


def test_the_change_of_a_word_is_counted_at_that_word() -> None:
    lab = lab_with(causal=True)
    written, moved = (
        attended(lab.text, list(range(6)), causal=True),
        attended(lab.text, lab.order, causal=True),
    )
    expected = [np.abs(moved[lab.order.index(i)] - written[i]).max() for i in range(6)]
    np.testing.assert_allclose(lab.changed, expected)


def test_the_answer_about_the_bag_is_hidden_until_it_is_guessed() -> None:
    lab = lab_with()
    assert asked(lab).right == [1]
    assert np.isnan(shown(lab, "shuffled")).all()
    assert not np.isnan(shown(lab_with(causal=True), "shuffled")).any()
    lab.apply({"guesses": {asked(lab).key: 0}})
    assert not np.isnan(shown(lab, "shuffled")).any()


@pytest.mark.parametrize("d_model", [8, 16, 32, 64])
def test_waves_are_those_of_the_paper(d_model: int) -> None:
    np.testing.assert_allclose(
        shown(lab_with(step="waves", d_model=d_model), "waves"), waves(22, d_model), atol=1e-12
    )


@pytest.mark.parametrize("d_model", [8, 16, 32, 64])
def test_dot_products_of_waves_depend_on_the_distance_alone_and_are_largest_at_none(d_model: int) -> None:
    products = waves(64, d_model) @ waves(64, d_model).T
    for step in range(1, 64):
        np.testing.assert_allclose(np.diag(products, step), np.diag(products, step)[0])
    np.testing.assert_allclose(np.diag(products), d_model / 2)
    assert (products - np.diag([np.inf] * 64)).max() < d_model / 2
    for at in (0, 20, 63):
        x, y = line(lab_with(step="apart", d_model=d_model, at=at))
        np.testing.assert_allclose(y, products[at])
        assert x.tolist() == list(range(64))
    lab = lab_with(step="apart", d_model=d_model, over="distance", at=5)
    assert line(lab)[0][0] == -5
    assert asked(lab).right == [2]
    assert asked(lab).answer[1] == f"{products[10, 13]:.2f}"


@pytest.mark.parametrize("model", ["waves", "reader", "writer"])
def test_places_are_compared_by_their_cosine(model: str) -> None:
    rows = rows_of(model).astype(float)
    cosines = [[a @ b / np.sqrt((a @ a) * (b @ b)) for b in rows[:22]] for a in rows[:22]]
    np.testing.assert_allclose(
        shown(lab_with(step="learned", model=model), "alike"), cosines, rtol=1e-5, atol=1e-6
    )


def test_columns_that_are_positions_are_numbered_as_the_rows_are_and_those_of_waves_from_one() -> None:
    def named(step: str) -> Any:
        return next(view["matrix"] for view in drawn(lab_with(step=step)) if view and "matrix" in view)

    learned, first = named("learned"), named("waves")["cols"]["labels"][0]
    assert learned["cols"]["labels"] == learned["rows"]["labels"] == [str(i) for i in range(22)]
    assert first == "1"


def mean_at(model: str, step: int) -> float:
    rows = rows_of(model) / np.linalg.norm(rows_of(model), axis=-1, keepdims=True)
    return float(np.diag(rows @ rows.T, step)[1:].mean())


def test_in_the_reader_near_is_alike_and_in_the_writer_the_next_but_one_is_nearer() -> None:
    assert mean_at("reader", 1) > mean_at("reader", 2) > mean_at("reader", 4)
    assert mean_at("writer", 2) > mean_at("writer", 1) + 0.2
    rows = rows_of("writer") / np.linalg.norm(rows_of("writer"), axis=-1, keepdims=True)
    cosines = rows @ rows.T
    nearer = [cosines[i, i + 2] > cosines[i, i + 1] for i in range(30)]
    assert np.mean(nearer) > 0.8


@pytest.mark.parametrize("start", [0, 1, 30, 100])
def test_scores_of_places_are_what_the_equations_say(start: int) -> None:
    query, key = np.random.default_rng(4).normal(size=(2, 16))
    added = waves(start + 8, 16)[start:]
    rotary, alibi = (
        lab_with(step="turned", start=start),
        lab_with(step="turned", start=start, way="alibi", head=2),
    )
    np.testing.assert_allclose(shown(rotary, "added"), (query + added) @ (key + added).T / 4)
    q, k = turned(np.tile(query, (8, 1)), start), turned(np.tile(key, (8, 1)), start)
    np.testing.assert_allclose(shown(rotary, "other"), q @ k.T / 4)
    distance = np.abs(np.subtract.outer(np.arange(8), np.arange(8)))
    np.testing.assert_allclose(shown(alibi, "other"), query @ key / 4 - distance / 4)


def test_moving_the_start_moves_waves_alone() -> None:
    for way in ("rotary", "alibi"):
        waved, other = lab_with(step="turned", start=30, way=way)._moved()
        assert waved > 0.5
        assert other < 1e-9


def test_a_picked_cell_picks_its_word_wherever_it_stands() -> None:
    lab = lab_with()
    lab.apply({"picked": {"matrix": "shuffled", "row": 2, "col": 1}})
    assert lab.query == lab.order[2]
    lab.apply({"step": "waves"})
    lab.apply({"picked": {"matrix": "waves", "row": 9, "col": 3}})
    assert lab.at == 9


def test_the_prose_is_short_and_holds_no_number() -> None:
    for step in Position().lesson.steps:
        assert len(step.prose.split()) <= 60, step.id
        assert not any(char.isdigit() for char in step.prose), step.id


def test_each_question_is_right_for_fifty_seeds_and_no_hint_is_right() -> None:
    for fresh in range(50):
        bag, slope, product, turn = lab_with(fresh=fresh).questions()
        assert isinstance(bag, Choice)
        assert isinstance(slope, Amount)
        assert isinstance(product, Amount)
        assert isinstance(turn, Choice)
        x = np.random.default_rng(fresh).normal(size=(3, 4))
        out = [np.exp(r[1] @ r.T) @ r / np.exp(r[1] @ r.T).sum() for r in (x, x[::-1])]
        np.testing.assert_allclose(out[0], out[1])
        assert bag.options[bag.right] == "The same row both times"
        given = [
            float(part)
            for part in str(slope.ask).replace(":", "").replace("?", "").split()
            if _is_number(part)
        ]
        assert slope.right == pytest.approx(given[2] - given[0] * given[1])
        d_model = int("".join(char for char in str(product.ask) if char.isdigit()))
        assert product.right == pytest.approx(float((waves(8, d_model)[7] ** 2).sum()))
        for question in (slope, product):
            assert all(abs(number - question.right) > 2 * question.within for number, _ in question.hints)
        query, key = (int(part.strip(",")) for part in str(turn.ask).split() if part.strip(",").isdigit())
        pairs = [tuple(map(int, str(option).split(" and "))) for option in turn.options]
        assert [a - b == query - key for a, b in pairs] == [i == turn.right for i in range(3)]


def _is_number(text: str) -> bool:
    return text.strip(".").replace(".", "", 1).isdigit()


@pytest.mark.parametrize("step", ["bag", "real"])
@pytest.mark.parametrize("text", ["cat", "the the the", "The the"])
def test_words_that_are_all_alike_are_not_offered_to_be_shuffled(step: str, text: str) -> None:
    def first_item(text: str) -> Any:
        view = next(view for view in drawn(lab_with(step=step, text=text)) if view and "items" in view)
        return view["items"][0]

    assert first_item(text)["type"] == "note"
    assert first_item(f"{text} sat")["action"] == "shuffle"
    assert made(lab_with(step=step, text=text).scene().predict) is None


# A real model


def small_minilm() -> MiniLM:
    """The class with random weights, and with the words of the lab's sentence."""
    pieces = [*SPECIAL, "the", "cat", "sat", "on", "mat", "a"]
    return MiniLM(BertEncoder(len(pieces), 24, 12, 40, 2, max_len=64, seed=3), WordPiece(pieces))


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[MiniLM]:
    model = small_minilm()
    monkeypatch.setattr(real, "minilm", lambda: model)
    real.alike.cache_clear()
    yield model
    real.alike.cache_clear()


def with_minilm(**changes: Any) -> Position:
    lab = lab_with(step="real", **changes)
    lab.param.update(optional=("minilm",))
    return lab


def test_without_minilm_it_is_offered_beside_both_orders() -> None:
    views = {view["block"]: view for view in drawn(lab_with(step="real")) if view and "block" in view}
    assert views["Choices"]["cards"][0]["download"] == "minilm"
    assert "The cat sat on the mat" in json.dumps(views["Legend"])


@pytest.mark.parametrize("shuffle", [3, 4, 99])
def test_with_positions_the_cosine_is_the_models_own_and_without_them_it_is_one(
    stand_in: MiniLM, shuffle: int
) -> None:
    lab = with_minilm(shuffle=shuffle)
    bars = next(view for view in drawn(lab) if view and view.get("block") == "Bars")
    words = lab.tokens.texts
    written, moved = " ".join(words), " ".join(words[i] for i in lab.order)
    own = float(stand_in(written) @ stand_in(moved))
    assert bars["values"] == [pytest.approx(own), pytest.approx(1)]
    assert own < 0.999


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("text", STRANGE)
def test_any_sentence_can_be_shuffled_for_the_model(text: str) -> None:
    assert drawn(with_minilm(text=text))
