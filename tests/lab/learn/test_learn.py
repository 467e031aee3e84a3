"""The lab in which a head learns: its runs against the library and differences, and what is said."""

import json
import math
from functools import cache

import numpy as np
import pytest

from attention import cross_entropy, cross_entropy_backward, draw_lookup_questions
from attention.train import train_lookup
from attention_lab.kit import frame
from attention_lab.kit.blocks import Amount, Block
from attention_lab.kit.predict import predict
from attention_lab.kit.scene import made
from attention_lab.labs.learn.lab import Learn
from attention_lab.labs.learn.learning import N_PAIRS, STEPS, Head, Run, Setup
from tests.attention import oracles
from tests.lab.helpers import blocks

SEEDS = (1, 2, 4)


class Eager(Learn):
    """A lab that learns as far as it is asked to, at once."""

    slice_seconds = math.inf


Eager.__module__ = Learn.__module__


@cache
def run(setup):
    done = Run(setup)
    for _ in range(STEPS):
        done.step()
    return done


def make(**changes):
    """A lab whose runs are there already."""
    lab = Eager()
    lab.apply({key: value for key, value in changes.items() if key != "t"})
    for setup in lab.setups(lab.choices()):
        lab._runs[setup] = run(setup)
    lab.apply(changes)
    assert lab.message is None
    return lab


# The runs


def test_asked_by_key_it_is_the_librarys_own_training():
    own = list(train_lookup(12, seed=3))
    ours = run(Setup(seed=3)).history[:13]
    assert [each.loss for each in ours] == [each.loss for each in own]
    assert (ours[12].weights == own[12].weights).all()


@pytest.mark.parametrize("by_place", [False, True])
def test_each_weight_gets_the_gradient_that_finite_differences_give(by_place):
    setup = Setup(seed=1, scaled=False, positions=True, by_place=by_place)
    head = Head(setup, np.random.default_rng(1))
    questions = draw_lookup_questions(7, seed=2)
    trace = head.look(questions)
    grads = head.gradients(questions, trace, cross_entropy_backward(head.logits(trace), questions.answers))
    assert list(grads) == list(head.parameters())
    rng = np.random.default_rng(5)
    for name, weight in head.parameters().items():
        for _ in range(4):
            place = tuple(int(rng.integers(n)) for n in weight.shape)
            kept, losses = weight[place], []
            for moved in (kept + 1e-5, kept - 1e-5):
                weight[place] = moved
                losses.append(cross_entropy(head.logits(head.look(questions)), questions.answers))
            weight[place] = kept
            slope = (losses[0] - losses[1]) / 2e-5
            assert grads[name][place] == pytest.approx(slope, abs=oracles.DIFFERENCES), name


def test_an_earlier_moment_stays_as_it_was():
    done = run(Setup(seed=1))
    again = done.history[0].head.look(done.questions).attention.weights[:, 0, 0]
    assert (again == done.history[0].weights).all()
    assert not np.allclose(done.history[60].weights, again)


# Step by step


def test_a_change_learns_for_a_moment_only_and_says_how_far_it_came():
    class Slow(Learn):
        slice_seconds = 0.0

    Slow.__module__ = Learn.__module__
    lab = Slow()
    lab.apply({"t": 60})
    assert (lab.t, lab.now) == (60, 1)
    assert "not computed further yet" in blocks(lab)["Player"]["shown"]
    note, more = blocks(lab)["Actions"]["items"]
    assert note["text"] == ["Computed to step 1; you asked for step 60."]
    lab.apply(more["set"])
    assert lab.now == 2
    assert "Actions" not in blocks(make(t=60))


@pytest.mark.parametrize("step", ["watch", "scaling"])
def test_to_carry_on_again_and_again_comes_to_the_step_that_is_asked_for(step):
    class Slow(Learn):
        slice_seconds = 0.0

    Slow.__module__ = Learn.__module__
    lab = Slow()
    lab.apply({"step": step, "t": 9})
    for _ in range(18):
        more = next(item for item in blocks(lab)["Actions"]["items"] if item.get("goes_on"))
        lab.apply(more["set"])
        if lab.now == lab.t:
            break
    assert lab.now == 9
    assert "Actions" not in blocks(lab)


def test_going_back_computes_nothing_anew():
    lab = make(t=20)
    before = lab.runs[0]
    lab.apply({"t": 3})
    assert lab.now == 3
    assert lab.runs[0] is before
    lab.apply({"seed": 2})
    lab.apply({"seed": 1})
    assert lab.runs[0] is before


def test_only_a_few_runs_are_kept():
    lab = Learn()
    for seed in range(12):
        lab.apply({"seed": seed})
    assert len(lab._runs) <= 4


# The pictures


@pytest.mark.parametrize("t", [0, 7, 60])
def test_the_map_is_the_mean_weight_by_place_of_the_right_pair(t):
    lab = make(t=t)
    done = run(Setup(seed=1))
    weights, asked = done.history[t].weights, done.questions.asked
    own = [[weights[asked == i, j].mean() for j in range(N_PAIRS)] for i in range(N_PAIRS)]
    shown = blocks(lab)["Grids"]["panels"][0]["matrix"]["values"]
    np.testing.assert_allclose(shown, own, rtol=0, atol=1e-12)


def test_the_curves_run_up_to_the_step_that_is_shown():
    lines = blocks(make(step="loss", t=9))["Lines"]["series"]
    history = run(Setup(seed=1)).history[:10]
    for line, field in zip(lines, ("loss", "accuracy", "right_weight"), strict=True):
        assert line["y"] == [getattr(each, field) for each in history]
        assert line["x"] == list(range(10))


@pytest.mark.parametrize("step", ["loss", "scaling", "places"])
def test_the_axis_of_steps_holds_the_whole_run_and_nothing_far_outside_it_from_the_start(step):
    axis = blocks(make(step=step, t=0))["Lines"]["across"]
    assert -STEPS / 20 < axis["low"] <= 0 < STEPS <= axis["high"] < STEPS * 1.05


def test_the_pairs_of_an_example_stand_under_each_other_where_there_is_little_room():
    assert blocks(make(step="watch"))["Words"]["columns"]


# What the prose says


@pytest.mark.parametrize("seed", SEEDS)
def test_it_learns_to_look_and_the_loss_of_a_guess_is_left_behind(seed):
    last = run(Setup(seed=seed)).history[-1]
    assert last.accuracy > 0.95
    assert last.right_weight > 0.95
    assert last.loss < 0.2 < math.log(8)


@pytest.mark.parametrize("seed", SEEDS)
def test_asked_by_place_it_cannot_learn_to_look_without_positions(seed):
    with_rows, without = (run(Setup(seed=seed, positions=p, by_place=True)) for p in (True, False))
    assert with_rows.history[-1].right_weight > 0.95
    assert without.history[-1].right_weight == pytest.approx(1 / N_PAIRS, abs=0.05)
    assert without.looks_at is None
    shown, answers = without.questions.values, without.history[-1].answers
    assert np.mean([answer in row for answer, row in zip(answers, shown, strict=True)]) > 0.7
    assert 1 / 8 < without.history[-1].accuracy < 0.6


@pytest.mark.parametrize("seed", SEEDS)
def test_asked_by_key_it_learns_with_and_without_positions(seed):
    assert run(Setup(seed=seed, positions=True)).history[-1].accuracy > 0.95


def test_without_scaling_it_is_slower_with_most_seeds_and_as_quick_with_some():
    reached = [[run(Setup(seed=s, scaled=scaled)).looks_at for s in range(1, 7)] for scaled in (True, False)]
    assert all(step is not None for part in reached for step in part)
    slower = [without > with_ for with_, without in zip(*reached, strict=True)]
    assert sum(slower) == 4
    assert reached[1][1] <= reached[0][1]  # seed 2


@pytest.mark.parametrize("seed", SEEDS)
def test_undivided_weights_are_sharper_before_anything_is_learned(seed):
    largest = [
        run(Setup(seed=seed, scaled=scaled)).history[0].weights.max(axis=1).mean() for scaled in (True, False)
    ]
    assert largest[1] > largest[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_answers_follow_the_arrow_once_it_has_learned_and_not_before(seed):
    lab = make(seed=seed, step="arrow", t=60)
    questions = lab.runs[0].questions
    rows = np.arange(128)
    beside = questions.values[rows, (questions.asked + 1) % N_PAIRS]
    same = (beside == questions.answers).mean()  # both pairs have the same value by chance
    assert lab.shares()[0] > 0.95
    lab.apply({"trial": "swap"})
    right, after = lab.shares()
    assert after > 0.95
    assert right < same + 0.05
    lab.apply({"trial": "cut"})
    assert lab.shares()[0] < 0.5
    assert lab.tried[0][rows, questions.asked].max() == 0
    np.testing.assert_allclose(lab.tried[0].sum(axis=1), 1, rtol=0, atol=1e-12)
    lab.apply({"trial": "swap", "t": 0})
    assert lab.shares()[1] < 0.4


@pytest.mark.parametrize("trial", ["none", "swap"])
def test_the_verdict_says_how_many_answers_count_for_both_pairs(trial):
    lab = make(step="arrow", t=60, trial=trial)
    questions = lab.runs[0].questions
    values = zip(questions.values.tolist(), questions.asked.tolist(), strict=True)
    alike = sum(row[asked] == row[(asked + 1) % N_PAIRS] for row, asked in values) / 128
    assert alike > 0
    (said,) = blocks(lab)["Prose"]["paragraphs"][2]
    assert said.startswith(f"In {100 * alike:.0f} % of questions")


# Prediction and the rest


@pytest.mark.parametrize("seed", SEEDS)
def test_the_run_itself_answers_the_prediction(seed):
    lab = make(seed=seed)
    lab._runs.clear()
    lab._runs[Setup(seed=seed)] = Run(Setup(seed=seed))
    assert not predict(lab, made(lab.scene().predict))["open"]
    lab = make(seed=seed, t=60)
    history = run(Setup(seed=seed)).history
    step = next(i for i, each in enumerate(history) if each.right_weight > 0.5)
    asked = made(lab.scene().predict)
    assert asked.answered
    assert asked.answer[1] == f"step {step}"
    assert asked.right == [0 if step < 4 else 1 if step <= 20 else 2]
    assert len(asked.why) == len(asked.options)
    assert asked.answer[0] == f"seen after {64 * step} questions:"


@pytest.mark.parametrize("changes", [{}, {"t": 60}, {"t": 60, "trial": "cut", "question": 127}])
def test_every_step_draws(changes):
    for step in Learn().lesson.ids:
        lab = make(**changes, step=step)
        scene = lab.scene()
        if isinstance(scene, Block):
            json.dumps(scene.view(), allow_nan=False)
            continue
        assert blocks(lab)
        assert "{" not in frame.lesson(lab, scene)["html"]
        json.dumps([frame.controls(lab, scene), frame.formula(scene)], allow_nan=False)


def test_a_link_brings_the_state_back():
    lab = make(step="arrow", t=17, scaled=False, positions=True, trial="swap", question=5, seed=2)
    other = Learn()
    other.apply_link(lab.to_link())
    assert {**other.choices(), "carry": 0} == {**lab.choices(), "carry": 0}


def test_the_questions_can_be_solved_from_their_words():
    for fresh in range(50):
        lab = Learn()
        lab.apply({"fresh": fresh})
        for question in lab.questions():
            if not isinstance(question, Amount):
                assert question.judge(question.right).state == "right"
                continue
            words = question.ask.replace("?", " ").replace(",", " ").split()
            number = next(float(word.rstrip(".")) for word in words if word[0].isdigit())
            answer = {
                "even": 1 / number,
                "loss": -math.log(number),
                "guess": math.log(number),
            }[question.id]
            assert question.judge(str(answer)).state == "right"
            for wrong, said in question.hints:
                verdict = question.judge(str(wrong))
                assert (verdict.state, verdict.feedback) == ("wrong", said)
