"""Many heads: the small layer against NumPy; every sentence about a trained head on the shipped weights."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from attention import (
    MultiHeadAttention,
    Reader,
    hand_built_embedding,
    hand_built_projections,
    load_model,
    multi_head_attention_cost,
    tokenize,
)
from attention_lab.kit.blocks.asking import Amount, Choice, Pick
from attention_lab.kit.frame import controls, lesson, preset_settings, sentence
from attention_lab.kit.numbers import number
from attention_lab.kit.predict import predict
from attention_lab.kit.scene import Scene, made
from attention_lab.labs.heads import census, found, parts
from attention_lab.labs.heads.lab import Heads
from tests.lab.helpers import blocks_of

CAT = "the cat sat on the mat because it was tired ."


def make(**changes: Any) -> Heads:
    lab = Heads()
    lab.apply(changes)
    assert lab.message is None
    return lab


def drawn(lab: Heads) -> dict[str, Any]:
    """Everything that a step draws, as the page gets it."""
    scene: Scene = lab.scene()
    views = {
        "look": [block.view() for block in blocks_of(lab)],
        "around": [
            lesson(lab, scene),
            controls(lab, scene),
            sentence(lab, scene),
            predict(lab, made(scene.predict)),
        ],
    }
    read: dict[str, Any] = json.loads(json.dumps(views, allow_nan=False))
    return read


def by_hand(text: str, n_heads: int, seed: int, off: int | None = None) -> dict[str, Any]:
    """The layer again, head by head, in plain NumPy."""
    x, w = hand_built_embedding(tokenize(text), 8).x, hand_built_projections(8, 4)
    w_o, d_k = MultiHeadAttention(8, 1, bias=False, seed=seed).w_o, 8 // n_heads
    weights, outputs = [], []
    for head in range(n_heads):
        columns = slice(head * d_k, (head + 1) * d_k)
        q, k, v = (x @ each[:, columns] for each in (w.w_q, w.w_k, w.w_v))
        raised = np.exp(q @ k.T / np.sqrt(d_k))
        weights.append(raised / raised.sum(axis=1, keepdims=True) * (head != off))
        outputs.append(weights[-1] @ v)
    concat = np.concatenate(outputs, axis=1)
    return {"q": x @ w.w_q, "weights": np.array(weights), "concat": concat, "output": concat @ w_o}


# The small layer


@pytest.mark.parametrize("n_heads", [1, 2, 4])
def test_every_picture_of_the_layer_holds_numpys_own_numbers(n_heads: int) -> None:
    lab = make(n_heads=n_heads, head=n_heads - 1, seed=5, text="The dogs saw my red car")
    own, d_k = by_hand(lab.text, n_heads, 5), 8 // n_heads
    split, concat, mix = parts.split(lab), parts.concat(lab), parts.mix(lab)
    np.testing.assert_allclose(split.inputs[0].values, own["q"], atol=1e-12)
    np.testing.assert_allclose(split.result.values, own["q"][:, -d_k:], atol=1e-12)
    assert not np.array(split.inputs[0].masked)[:, -d_k:].any()
    assert np.array(split.inputs[0].masked)[:, :-d_k].all()
    np.testing.assert_allclose(parts.lines(lab).weights, own["weights"][-1], atol=1e-12)
    np.testing.assert_allclose(concat.result.values, own["concat"], atol=1e-12)
    np.testing.assert_allclose(concat.inputs[0].values, own["concat"][:, -d_k:], atol=1e-12)
    assert np.array(concat.result.masked).sum() == len(own["concat"]) * (8 - d_k)
    assert not np.array(concat.result.masked)[:, -d_k:].any()
    np.testing.assert_allclose(mix.results[0].values, own["output"], atol=1e-12)


def test_the_layer_is_the_packages_multi_head_attention() -> None:
    lab, layer = make(seed=9), MultiHeadAttention(8, 4, bias=False)
    w = hand_built_projections(8, 4)
    layer.w_q, layer.w_k, layer.w_v, layer.w_o = w.w_q, w.w_k, w.w_v, lab.w_o
    x = hand_built_embedding(tokenize(lab.text), 8).x
    np.testing.assert_allclose(parts.mix(lab).results[0].values, layer(x), atol=1e-12)


@pytest.mark.parametrize("off", range(4))
def test_a_head_that_is_off_moves_the_output_as_far_as_numpy_says(off: int) -> None:
    lab = make(step="silence", off=off, seed=3)
    change = by_hand(lab.text, 4, 3)["output"] - by_hand(lab.text, 4, 3, off)["output"]
    assert lab.changes[off] == pytest.approx(np.linalg.norm(change))
    np.testing.assert_allclose(lab.moved_rows, np.linalg.norm(change, axis=1), atol=1e-12)
    assert lab.moved_columns == 8


@pytest.mark.parametrize("seed", [0, 1, 2, 77, 9999])
def test_all_columns_move_as_the_prediction_says_for_any_seed(seed: int) -> None:
    asked = Heads()._asked()
    assert [asked.options[i] for i in asked.right] == ["8"]
    assert make(seed=seed).moved_columns == 8


def test_parameters_and_operations_stay_while_heads_and_weights_grow() -> None:
    for wide in (64, 512, 768):
        counts = [multi_head_attention_cost(parts.SEQ, wide, h, bias=False) for h in parts.MANY]
        assert {cost.parameters for cost in counts} == {4 * wide**2}
        assert len({cost.flops for cost in counts}) == 1
        lab = make(step="price", wide=wide, many=32)
        assert parts.counted_parameters(wide, 32) == 4 * wide**2
        assert parts.price_facts(lab).facts["weights"].value == 32 * 128**2  # type: ignore[union-attr]
    layer = MultiHeadAttention(64, 8, bias=False)
    assert sum(each.size for each in layer.parameters().values()) == parts.counted_parameters(64, 8)


def test_the_mixing_matrix_is_passed_on_unrounded_and_drawn_with_two_decimals() -> None:
    lab = make(seed=5)
    w_o = parts.mix(lab).top[0]
    np.testing.assert_array_equal(w_o.values, lab.w_o)
    assert w_o.view()["text"] == [[number(value, 2) for value in row] for row in lab.w_o.tolist()]


def prose(lab: Heads) -> str:
    told: str = lesson(lab, lab.scene())["html"]
    return " ".join(told.split())


@pytest.mark.parametrize("step", ["split", "concat", "silence"])
@pytest.mark.parametrize("n_heads", [1, 2, 4])
def test_another_head_is_told_of_only_where_there_is_one(step: str, n_heads: int) -> None:
    told = prose(make(step=step, n_heads=n_heads))
    others = ("stripes cover", "Pick another head", "Pick a head", "silence that head instead")
    assert any(each in told for each in others) is (n_heads > 1)


def test_without_its_only_head_nothing_is_left_of_the_output() -> None:
    lab = make(step="silence", n_heads=1)
    assert not lab.without[0].any()
    assert "nothing is left of the output" in prose(lab)


# The census


def test_a_share_is_the_mean_weight_on_the_places_and_chance_that_of_equal_weights() -> None:
    weights = np.array([[[1.0, 0.0, 0.0], [0.6, 0.4, 0.0], [0.1, 0.7, 0.2]]])
    share, chance = census.shares(
        weights, census.places_of("previous", ["<s>", "a", "b"]), np.tri(3, dtype=bool)
    )
    assert share.tolist() == [[0.6, 0.7]]
    assert chance.tolist() == [1 / 2, 1 / 3]


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ("previous", [(1, 0), (2, 1), (3, 2), (4, 3)]),
        ("next", [(0, 1), (1, 2), (2, 3), (3, 4)]),
        ("first", [(1, 0), (2, 0), (3, 0), (4, 0)]),
        ("same", [(0, 0), (1, 1), (1, 3), (2, 2), (3, 1), (3, 3), (4, 4)]),
        ("punctuation", [(1, 4), (2, 4), (3, 4), (4, 4)]),
        ("again", [(3, 2)]),
    ],
)
def test_each_job_looks_where_its_name_says(job: str, expected: list[tuple[int, int]]) -> None:
    places = census.places_of(job, ["<s>", "a", "b", "a", "."])
    assert list(map(tuple, np.argwhere(places).tolist())) == expected


def test_the_relations_are_those_of_the_grammar() -> None:
    tokens = ("<s>", *CAT.split())
    found_at = {job: np.argwhere(census.places_of(job, tokens)).tolist() for job in ("pronoun", "adjective")}
    assert found_at == {"pronoun": [[8, 2]], "adjective": [[10, 2]]}
    assert census.links_of(("[CLS]", *CAT.split(), "[SEP]")) == census.links_of(tokens)
    assert all(census.links_of(("<s>", *text.split())) for text in census.SENTENCES)


def test_the_census_of_the_reader_is_that_of_its_traces() -> None:
    measured, reader, job = census.census("reader", 10), load_model("reader"), "pronoun"
    given, even = [], []
    for text in census.SENTENCES:
        tokens = ("<s>", *text.split())
        for query, key in np.argwhere(census.places_of(job, tokens)).tolist():
            given.append(reader.trace(text.split()).read.weights[0, query, key])
            even.append(1 / (len(tokens) - 1))
    assert measured[1, 0][job].share == pytest.approx(np.mean(given), abs=1e-6)
    assert measured[1, 0][job].chance == pytest.approx(np.mean(even))
    assert measured[1, 0][job].words == 7


def jobs(model: str) -> dict[tuple[int, int], str | None]:
    return {spot: census.job_of(m) for spot, m in census.census(model, len(census.texts_of(model))).items()}


def test_the_readers_second_layer_has_the_jobs_it_was_built_for_and_its_first_has_none() -> None:
    named = jobs("reader")
    assert [named[0, head] for head in range(4)] == [None] * 4
    assert [named[1, head] for head in range(4)] == ["pronoun", "subject", "adjective", "previous"]


def test_the_writers_heads_bring_the_word_before_and_find_what_came_next() -> None:
    assert jobs("writer") == {(0, 0): "previous", (0, 1): None, (1, 0): "again", (1, 1): "again"}


@pytest.mark.parametrize("seed", range(3))
def test_no_head_of_an_untrained_model_has_a_job(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(census, "_model", lambda _: Reader.random(seed))
    census.run.cache_clear()
    census.census.cache_clear()
    try:
        assert set(jobs("untrained").values()) == {None}
    finally:
        census.run.cache_clear()
        census.census.cache_clear()


@pytest.mark.parametrize("head", range(4))
def test_without_a_read_head_the_reader_loses_the_answers_of_its_job_and_no_others(head: int) -> None:
    lost = ("pronoun", "subject", "adjective", "previous")[head]
    answers = census.right_answers("reader", 10, (1, head))
    assert {job for job, (right, _) in answers.items() if right == 0} == {lost}
    assert all(right == asked for job, (right, asked) in answers.items() if job != lost)


def test_a_head_without_a_job_is_missed_all_the_same() -> None:
    """What the prediction of the census says."""
    whole, left = (census.total(census.right_answers("reader", 10, off)) for off in (None, (0, 1)))
    assert whole == (60, 60)
    assert 30 < left[0] < 60
    asked = Heads()._asked_of_the_census()
    assert asked is not None
    assert [asked.options[i] for i in asked.right] == ["most"]
    assert asked.answer[1] == f"{left[0]} of 60"


def test_what_is_asked_of_the_census_holds_wherever_its_sliders_stand() -> None:
    asked = make(step="survey", least=0.1, last=0)._asked_of_the_census()
    assert asked is not None
    question = str(asked.question[0])
    most = max(measure.share for measure in census.census("reader", 10)[0, 1].values())
    assert most < 0.5
    assert question.startswith("Over all 10 texts, head 1.2 gives no job 0.50 of its weight.")


@pytest.mark.parametrize("name", ["previous", "unmissed", "untrained"])
def test_a_state_of_the_census_is_another_one_on_fewer_texts_or_for_less_weight(name: str) -> None:
    wanted = {"step": "survey", **preset_settings(Heads)[name]}
    for change in ({}, {"last": 1}, {"least": 0.1}):
        lab = make(**wanted)
        lab.apply({"revealed": ["no_job-reader"], **change})
        title = next(str(preset.title) for preset in Heads.presets if preset.name == name)
        here = {link["label"]: link["here"] for link in lesson(lab, lab.scene())["links"]}
        assert here[title] is (not change)


def test_without_its_word_before_head_the_writer_finds_less_again() -> None:
    whole, left = (census.total(census.right_answers("writer", 6, off)) for off in (None, (0, 0)))
    assert whole[0] >= 20
    assert left[0] < whole[0] / 2


def test_the_table_of_names_lists_the_heads_that_have_such_a_job() -> None:
    rows = {row[0]: row[2:] for row in found.named(make(step="names")).rows}
    assert rows["grammar"] == ["2.2, 2.3", "not asked", "no head"]
    assert rows["position"] == ["2.4", "1.1", "no head"]
    assert rows["semantics"] == rows["logic"] == ["–", "–", "–"]
    assert rows["coreference (another source)"] == ["2.1", "not asked", "no head"]
    assert rows["not named"] == ["no head", "2.1, 2.2", "no head"]
    assert rows["fits none"] == ["4 of 8", "1 of 4", "8 of 8"]


def test_the_weight_that_a_job_takes_moves_the_names() -> None:
    strict = {row[0]: row[2:] for row in found.named(make(step="names", least=0.95)).rows}
    assert strict["fits none"] == ["6 of 8", "4 of 4", "8 of 8"]


def test_minilm_is_measured_once_it_is_there_text_by_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def trace(text: str, intervene: Any) -> SimpleNamespace:
        tokens = ("[CLS]", *text.split(), "[SEP]")
        before = np.eye(len(tokens), k=-1)
        layers = tuple(intervene(layer, np.stack([before, before[::-1]])) for layer in range(2))
        vector = np.array([1.0, 0.0]) if layers[0][0].any() else np.array([0.6, 0.8])
        return SimpleNamespace(tokens=tokens, layers=layers, sentence_vector=vector)

    monkeypatch.setattr(census, "minilm", lambda: SimpleNamespace(trace=trace))
    lab = make(step="survey", model="minilm")
    assert drawn(lab)["look"][0]["cards"][0]["download"] == "minilm"
    assert "Texts read: 0." in prose(lab)
    assert "Switch it off" not in prose(lab)
    lab.param.update(optional=("minilm",))
    assert (lab.last, census.job_of(lab.census[0, 0])) == (0, "previous")
    assert "Texts read: 1." in prose(lab)
    assert "Switch it off" in prose(lab)
    lab.apply({"at": [0, 0], "ablated": True})
    facts = {view["label"]: view for view in drawn(lab)["look"] if view["block"] == "Facts"}
    assert facts["What is lost"]["facts"][0]["value"] == pytest.approx(0.6)
    census.run.cache_clear()
    census.census.cache_clear()


# The whole lab


@pytest.mark.parametrize("step", Heads().lesson.ids)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"text": "a", "n_heads": 1},
        {
            "text": "antidisestablishmentarianism <b> 👩‍👩‍👧‍👦 the the the القطة x",
            "n_heads": 2,
            "head": 1,
            "off": 1,
        },
        {"model": "writer", "ablated": True, "least": 0.1, "many": 64, "wide": 64},
        {"model": "untrained", "last": 0, "at": [1, 3], "least": 0.95},
        {"model": "writer", "last": 0},
    ],
)
def test_every_step_draws(step: str, changes: dict[str, Any]) -> None:
    lab = Heads()
    lab.apply({**changes, "step": step})
    assert drawn(lab)["look"]


def test_a_link_brings_everything_back() -> None:
    lab = make(text="my red car", n_heads=2, head=1, query=2, off=1, seed=44, step="survey")
    lab.apply({"model": "writer", "at": [1, 1], "least": 0.3, "last": 3, "ablated": True})
    other = Heads()
    other.apply_link(lab.to_link())
    assert other.choices() == lab.choices()


def test_a_head_belongs_to_its_model() -> None:
    lab = make(at=[0, 1], ablated=True, last=9)
    lab.apply({"model": "writer"})
    assert (lab.at, lab.ablated, lab.last) == (None, False, 5)
    lab.apply({"last": 99, "text": "one two", "query": 7})
    assert (lab.last, lab.query) == (5, 1)


def test_each_question_is_solved_by_numpy_and_no_hint_hits_the_right_answer() -> None:
    lab = Heads()
    for fresh in range(50):
        lab.apply({"fresh": fresh})
        asked = {question.id: question for question in lab.questions()}
        assert len(asked) == 5
        for question in asked.values():
            answer: Any = question.right
            if isinstance(question, Pick):
                answer = list(next(iter(question.right)))
            assert question.judge(answer).state == "right"
            if isinstance(question, Amount):
                assert all(question.judge(wrong).feedback == told for wrong, told in question.hints)
                assert all(question.judge(wrong).state == "wrong" for wrong, _ in question.hints)
            if isinstance(question, Choice):
                assert all(question.judge(place).state == "wrong" for place in question.hints)
        numbers = [int(word) for word in str(asked["weights"].ask).replace("?", "").split() if word.isdigit()]
        assert asked["weights"].right == np.zeros((numbers[0], numbers[1], numbers[1])).size
        d_model, heads = (
            int(word.strip(",")) for word in str(asked["d_k"].ask).split() if word.strip(",").isdigit()
        )
        assert asked["d_k"].right == np.zeros((3, d_model)).reshape(3, heads, -1).shape[-1]
