"""The block lab: each number again, in plain NumPy or by the library's own block."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from attention import PUBLISHED_MODELS, TransformerBlock, block_cost, load_model, model_parameters
from attention_lab.kit import frame
from attention_lab.kit.blocks import Amount, Bars, Choice, Lines, Path
from attention_lab.kit.predict import predict
from attention_lab.kit.scene import made
from attention_lab.labs.block.counting import in_blocks, outside, parameters
from attention_lab.labs.block.lab import BEGINNINGS, CHOSEN, NORMS_CALLED, WITHOUT, Block
from attention_lab.labs.block.questions import questions_of
from attention_lab.labs.block.stream import D_FF, D_MODEL, N_HEADS, Way, side_by_side, stack_of, stages
from tests.lab.helpers import blocks_of

STEPS = Block().lesson.ids


def lab_with(**changes: Any) -> Block:
    lab = Block()
    assert not lab.apply(changes)
    return lab


def drawn(lab: Block) -> str:
    scene = lab.scene()
    around = [frame.lesson(lab, scene), frame.controls(lab, scene), predict(lab, made(scene.predict))]
    return json.dumps([[each.view() for each in blocks_of(lab)], around], allow_nan=False)


def bars(lab: Block) -> Bars:
    return next(each for each in blocks_of(lab) if isinstance(each, Bars))


def lines(lab: Block) -> dict[str, np.ndarray[Any, Any]]:
    chart = next(each for each in blocks_of(lab) if isinstance(each, Lines))
    return {line.name: np.array(line.y, dtype=float) for line in chart.series}


def normed(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    found: np.ndarray[Any, Any] = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    return found


EXTREMES: list[dict[str, Any]] = [
    {},
    {"attend": False, "feed_forward": False, "residual": False, "measure": "cosine"},
    {"attend": False, "feed_forward": False, "residual": False, "norm": "post", "measure": "cosine"},
    {"norm": "none", "depth": 1, "seed": 9999, "measure": "cosine"},
    {"d_model": 8, "ratio": 1, "without": "final"},
    {"d_model": 4096, "ratio": 8, "without": "norms", "beginning": "car"},
]


@pytest.mark.parametrize("changes", EXTREMES)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_draws_at_the_ends_of_its_settings_and_comes_back_from_a_link(
    step: str, changes: dict[str, Any]
) -> None:
    lab, again = lab_with(step=step, **changes), Block()
    again.apply_link(lab.to_link())
    assert drawn(again) == drawn(lab)
    assert again.choices() == lab.choices()


@pytest.mark.parametrize("norm", ["pre", "post"])
@pytest.mark.parametrize("seed", [1, 2, 7])
def test_with_every_part_on_a_block_gives_what_the_library_gives(seed: int, norm: Any) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(6, D_MODEL))
    trace = TransformerBlock(D_MODEL, N_HEADS, D_FF, norm=norm, seed=rng).trace(x)
    rows, blocks = stack_of(seed, 1)
    found = stages(rows, blocks, Way(norm))
    np.testing.assert_allclose(found[-1].output, trace.output, atol=1e-12)
    np.testing.assert_allclose(found[0].output, trace.residuals[0].output, atol=1e-12)


def test_a_part_that_is_off_adds_nothing_and_without_the_way_around_nothing_is_left() -> None:
    off = bars(lab_with(attend=False)).after
    assert off is not None
    assert off[1] == off[0]
    gone = bars(lab_with(attend=False, residual=False)).after
    assert gone is not None
    assert gone[1] == 0


def test_the_bars_are_mean_lengths_and_mean_cosines() -> None:
    x, (block, *_) = stack_of(1)
    first = x + block.attention(normed(x))
    second = first + block.feed_forward(normed(first))
    rows = (x, first, second)
    lengths = [float(np.sqrt((row**2).sum(-1)).mean()) for row in rows]
    np.testing.assert_allclose(bars(lab_with()).values, lengths, atol=1e-12)
    cosines = [
        np.mean([a @ b / np.sqrt(a @ a * (b @ b)) for a, b in zip(row, x, strict=True)]) for row in rows
    ]
    np.testing.assert_allclose(bars(lab_with(measure="cosine")).values, cosines, atol=1e-12)


@pytest.mark.parametrize("norm", NORMS_CALLED)
def test_switching_the_norm_changes_the_parts_that_stand_in_the_chain(norm: str) -> None:
    labels = [node["label"] for node in json.loads(drawn(lab_with(norm=norm)))[0][0]["layers"][0]]
    assert labels.count("norm") == (0 if norm == "none" else 2)


@pytest.mark.parametrize(("off", "called"), [("attend", "attention"), ("feed_forward", "feed-forward")])
def test_a_part_that_is_off_is_not_lit_in_the_chain(off: str, called: str) -> None:
    chain = next(each for each in blocks_of(lab_with(**{off: False})) if isinstance(each, Path))
    labels = [str(node.label) for node in chain.layers[0]]
    assert set(range(len(labels))) - set(chain.lit) == {labels.index(called)}


@pytest.mark.parametrize("norm", NORMS_CALLED)
@pytest.mark.parametrize("depth", [1, 4, 12])
def test_the_prose_says_where_words_become_alike_with_the_way_around_too(norm: str, depth: int) -> None:
    for seed in range(10):
        lab = lab_with(step="alike", norm=norm, depth=depth, seed=seed)
        ends = [float(course[-1]) for course in lines(lab).values()]
        assert bool(made(lab.scene().numbers)["too"]) == (min(ends) >= 0.9)


@pytest.mark.parametrize("step", ["stack", "alike"])
def test_one_block_is_told_in_the_singular(step: str) -> None:
    told = [str(frame.lesson(lab, lab.scene())) for lab in (lab_with(step=step, depth=n) for n in (1, 2))]
    assert ["1 blocks" in each for each in told] == [False, False]
    assert "1 block" in told[0]
    assert "2 blocks" in told[1]


def test_the_question_is_right_for_every_seed_and_its_answer_hidden_before() -> None:
    for seed in range(50):
        lab = lab_with(step="stack", seed=seed)
        asked = made(lab.scene().predict)
        assert asked is not None
        x, blocks = stack_of(seed)
        start = np.linalg.norm(x, axis=-1).mean()
        for block in blocks:
            x = x + block.attention(x)
            x = x + block.feed_forward(x)
        assert np.linalg.norm(x, axis=-1).mean() > 10 * start
        assert list(asked.right) == [3]
        assert all(asked.why)
    assert np.isnan(lines(lab)["no layer norm"]).all()
    lab.apply({"guesses": {asked.key: 3}})
    np.testing.assert_allclose(lines(lab)["no layer norm"][-1], np.linalg.norm(x, axis=-1).mean())


def test_post_norm_holds_the_rows_and_pre_norm_grows_far_less_than_no_norm() -> None:
    for seed in range(20):
        lab = lab_with(step="stack", seed=seed)
        ends = lab.stack_ends()
        assert ends["post"] == pytest.approx(np.sqrt(D_MODEL), rel=1e-3)
        assert np.sqrt(D_MODEL) < ends["pre"] < ends["none"] / 10


@pytest.mark.parametrize("norm", NORMS_CALLED)
def test_without_the_way_around_words_become_alike_sooner(norm: str) -> None:
    for seed in range(20):
        found = lines(lab_with(step="alike", seed=seed, norm=norm, depth=4))
        assert found["without residual connections"][2] > 0.9
        assert (found["with residual connections"][1:] < found["without residual connections"][1:]).all()


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_the_whole_writer_is_the_library_s_and_each_missing_part_matters(beginning: str) -> None:
    writer = load_model("writer")
    assert writer.model.final_norm is not None
    assert writer.model.blocks[0].norm == "pre"
    trace = writer.trace(BEGINNINGS[beginning].split())
    whole = stages(trace.model.blocks[0].x, writer.model.blocks, Way("pre"), causal=True)[-1].output
    np.testing.assert_allclose(whole, trace.model.blocks[-1].output, atol=1e-5)
    before = dict(trace.answer().candidates)
    for without in WITHOUT:
        lab = lab_with(step="tree", beginning=beginning, without=without)
        likely, changed, words = lab.next_words
        assert likely[words.index(trace.answer().word)] == pytest.approx(max(before.values()), abs=1e-6)
        assert changed.sum() == pytest.approx(1.0, abs=1e-5)
        assert np.abs(likely - changed).sum() / 2 > 0.2
    assert int(changed.argmax()) != int(likely.argmax())


@pytest.mark.parametrize(("d_model", "ratio"), [(8, 1), (768, 4), (4096, 8)])
def test_a_block_counts_what_the_library_and_a_real_block_count(d_model: int, ratio: int) -> None:
    counts = parameters(d_model, ratio * d_model)
    assert sum(counts) == block_cost(1, d_model, 1, ratio * d_model).parameters
    if d_model == 8:
        block = TransformerBlock(8, 2, 8)
        assert sum(counts) == sum(array.size for array in block.parameters().values())
    total = made(lab_with(step="count", d_model=d_model, ratio=ratio).scene().numbers)["total"]
    assert int(str(total).replace("\u202f", "")) == sum(counts)


@pytest.mark.parametrize("model", PUBLISHED_MODELS)
def test_blocks_and_what_is_around_them_make_the_whole_model(model: str) -> None:
    shape = PUBLISHED_MODELS[model]
    assert in_blocks(shape) + outside(shape) == model_parameters(shape)
    words = shape.vocab_size * shape.d_model
    assert outside(shape) >= words * (2 if shape.family == "llama" else 1)
    if model in CHOSEN:
        assert drawn(lab_with(step="models", published=model))


@pytest.mark.parametrize("model", CHOSEN)
def test_the_prose_counts_the_blocks_that_the_table_adds_up(model: str) -> None:
    shape, told = PUBLISHED_MODELS[model], made(lab_with(step="models", published=model).scene().numbers)
    both = shape.family == "transformer"
    assert str(told["blocks"]).split().count(str(shape.n_layers)) == (2 if both else 1)
    one = block_cost(1, shape.d_model, shape.n_heads, shape.d_ff, bias=shape.family != "llama").parameters
    assert both == (in_blocks(shape) > 2 * shape.n_layers * one)


def test_questions_are_right_and_no_hint_is_given_to_what_is_right() -> None:
    for seed in range(50):
        for question in questions_of(np.random.default_rng(seed)):
            if isinstance(question, Amount):
                assert question.judge(str(question.right)).state == "right"
                assert all(abs(wrong - question.right) > question.within for wrong, _ in question.hints)
            elif isinstance(question, Choice):
                assert question.judge(question.right).state == "right"
                assert set(question.hints) == set(range(3)) - {question.right}


def test_ways_side_by_side_are_those_that_are_taken_alone() -> None:
    rows, blocks = stack_of(4, 3)
    ways = [Way("pre"), Way("post"), Way("none"), Way("post", residual=False)]
    for way, outputs in zip(ways, side_by_side(rows, blocks, ways), strict=True):
        alone = [stage.output for stage in stages(rows, blocks, way)]
        np.testing.assert_allclose(outputs, alone, atol=1e-12)
