"""The lab about the telephone game: runs and gradients, one network at a time, claims on several seeds."""

import re

import numpy as np
import pytest

from attention import rnn
from attention_lab.kit.blocks import Amount
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import made
from attention_lab.labs.chain.lab import SENTENCE, Chain
from attention_lab.labs.chain.measured import LENGTHS, networks, run
from tests.lab.helpers import blocks, follow, link_of, linked, slots

SEEDS = (0, 1, 2, 7, 1234)


def make(**changes):
    lab = Chain()
    lab.apply(changes)
    assert lab.message is None
    return lab


def facts(lab):
    return {fact["name"]: fact for fact in blocks(lab)["Facts"]["facts"]}


def test_all_networks_at_once_are_each_the_librarys() -> None:
    w_h, x = networks(7, 8, 1.1)
    given = x.copy()
    states = run(w_h, x)
    for i, own in enumerate(w_h):
        np.testing.assert_allclose(states[:, i], rnn(x[:, i], np.eye(8), own), atol=1e-12)
    np.testing.assert_array_equal(x, given)


def own_states(w_h, x):
    """The states of one network, step by step."""
    states, h = [], np.zeros(len(w_h))
    for row in x:
        h = np.tanh(row + h @ w_h)
        states.append(h)
    return np.array(states)


# Numbers


@pytest.mark.parametrize(("seed", "width", "strength"), [(1, 8, 1.0), (2, 4, 2.0), (3, 10, 0.2)])
def test_the_networks_that_run_together_are_those_that_run_alone(seed, width, strength):
    lab = make(seed=seed, width=width, strength=strength)
    w_h, x = networks(seed, width, strength)
    assert len(w_h) == 20
    for i in (0, 19):
        h, other = own_states(w_h[i], x[0, i]), own_states(w_h[i], x[1, i])
        apart = np.linalg.norm(h - other, axis=1)
        np.testing.assert_allclose(lab.passed.message[i], apart / apart[0], rtol=1e-6, atol=1e-11)


def test_two_sentences_differ_in_their_first_word_alone():
    _, x = networks(1, 8, 1.0)
    np.testing.assert_array_equal(x[0, :, 1:], x[1, :, 1:])
    assert (x[0, :, 0] != x[1, :, 0]).all()


def test_the_gradient_is_what_a_small_push_of_the_first_state_does():
    lab = make(width=4)
    w_h, x = networks(1, 4, 1.0)
    start = own_states(w_h[3], x[0, 3])
    pushed = []
    for column in range(4):
        ends = []
        for sign in (1, -1):
            h = start[0] + sign * 1e-5 * np.eye(4)[column]
            for row in x[0, 3, 1:6]:
                h = np.tanh(row + h @ w_h[3])
            ends.append(h)
        pushed.append((ends[0] - ends[1]) / 2e-5)
    assert lab.passed.gradient[3, 5] == pytest.approx(np.linalg.norm(pushed) / 2, rel=1e-5)


def test_the_facts_are_of_the_step_that_is_marked():
    lab = make(at=4)
    assert facts(lab)["left, median"]["value"] == pytest.approx(np.median(lab.passed.message[:, 4]))
    assert blocks(lab)["Lines"]["marks"][0]["at"] == 4
    lab.apply({"step": "back"})
    assert facts(lab)["largest"]["value"] == pytest.approx(lab.passed.gradient[:, 4].max())


def test_where_nothing_is_left_the_facts_say_why():
    lab = make(strength=0.5, at=100)
    told = facts(lab)
    assert {each["value"] for each in told.values()} == {0}
    assert told["left, median"]["note"] == "after 100 steps, less than rounding lets one see"
    assert told["largest"]["note"] == "less than rounding lets one see"
    beside = facts(make(step="sentence", strength=0.2, word=0))["left on the telephone"]
    assert beside["value"] == 0
    assert beside["note"].endswith(", less than rounding lets one see")
    lab.apply({"step": "back"})  # a gradient is as small as it is
    assert all(each["value"] > 0 and "rounding" not in each["note"] for each in facts(lab).values())


def test_the_curves_are_the_medians_however_small_and_end_where_only_rounding_is_left():
    lab = make(strength=0.5)
    for step, left in (("telephone", lab.passed.message), ("back", lab.passed.gradient)):
        lab.apply({"step": step})
        (curve,) = blocks(lab)["Lines"]["series"]
        np.testing.assert_allclose(curve["y"], np.median(left, axis=0), rtol=1e-12)
    assert lab.passed.message[:, -1].max() == 0
    assert 0 < np.median(lab.passed.gradient[:, -1]) < 1e-20


@pytest.mark.parametrize(("seed", "width", "match"), [(1, 8, 1.0), (5, 4, 0.0), (6, 10, 4.0)])
def test_the_first_words_weight_is_softmax_of_all_scores(seed, width, match):
    lab = make(seed=seed, width=width, match=match)
    rng = np.random.default_rng(seed)
    k = rng.standard_normal((20, 100, width))
    chance = rng.standard_normal((20, width))
    for found, queries in zip(lab.shares, (chance, match * k[:, 0]), strict=True):
        for place, n in ((0, 2), (9, 100)):
            raised = np.exp(k[4, :n] @ queries[4] / width**0.5)
            assert LENGTHS[place] == n
            assert found[4, place] == pytest.approx(raised[0] / raised.sum())


# What the prose says


@pytest.mark.parametrize("seed", SEEDS)
def test_a_message_and_its_gradient_fade_on_the_telephone(seed):
    lab = make(seed=seed)
    for left in lab.passed:
        middle = np.median(left, axis=0)
        assert middle[0] == 1
        assert middle[5] < 0.5
        assert middle[20] < 0.01
        assert middle[100] < 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_stronger_networks_keep_more(seed):
    weak, strong = (np.median(make(seed=seed, strength=s).passed.message[:, 10]) for s in (0.5, 2.0))
    assert weak < strong


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("width", [4, 8, 10])
def test_a_short_path_is_not_yet_a_large_share(seed, width):
    chance, matching = (np.median(found[:, -1]) for found in make(seed=seed, width=width).shares)
    assert 0.002 < chance < 0.02  # about one part in a hundred
    assert matching > 2 * chance
    assert matching < 0.5
    asked = made(make(seed=seed, width=width, step="call").scene().predict)
    assert asked.right == [2]


def test_the_picture_waits_for_the_guess():
    lab = make(step="call")
    asked = made(lab.scene().predict)
    assert is_open(lab, asked)
    assert set(blocks(lab)) == {"Actions"}
    lab.apply({"guesses": {asked.key: 0}})
    assert "Lines" in blocks(lab)


def test_a_word_is_as_far_as_it_stands_on_the_telephone_and_one_hop_on_the_call():
    lab = make(step="sentence")
    assert (SENTENCE[1], SENTENCE[-1]) == ("cat", "sleeping")
    path = blocks(lab)["Path"]
    assert sum(edge["lit"] for edge in path["edges"]) == len(SENTENCE) - 2
    assert facts(lab)["telephone"]["text"] == f"{len(SENTENCE) - 2} steps"
    lab.apply({"way": "call", **path["layers"][0][6]["set"]})
    assert lab.word == 6
    assert path["layers"][0][-1]["set"] is None  # the word that all ways lead to
    assert [(edge["from"], edge["to"]) for edge in blocks(lab)["Path"]["edges"]] == [(6, len(SENTENCE) - 1)]


@pytest.mark.parametrize("n", [1, 6, 24])
def test_recurrent_steps_grow_with_the_words_and_those_of_attention_do_not(n):
    lab = make(step="time", length=n)
    recurrent, gated, attention = blocks(lab)["Timeline"]["lanes"]
    assert [len(lane["boxes"]) for lane in (recurrent, gated, attention)] == [n, 2 * n, 4]
    assert {lane["rows"] for lane in (recurrent, gated, attention)} == {1}
    assert blocks(lab)["Timeline"]["label"] == ("1 word" if n == 1 else f"{n} words")


# Questions


@pytest.mark.parametrize("fresh", range(50))
def test_every_question_is_solved_by_numpy(fresh):
    left, even, wait = make(step="check", fresh=fresh).questions()
    kept, steps = (float(found) for found in re.findall(r"\d[\d.]*", left.ask))
    assert left.right == pytest.approx(np.prod([kept] * int(steps)))
    n = int(re.findall(r"\d+", even.ask)[0])
    assert even.right == pytest.approx((np.exp(np.zeros(n)) / np.exp(np.zeros(n)).sum())[0])
    assert wait.options[wait.right] == str(n)
    for question in (left, even):
        assert isinstance(question, Amount)
        assert question.judge(question.right).state == "right"
        assert all(question.judge(number).state == "wrong" for number, _ in question.hints)


# What holds for every lab


@pytest.mark.parametrize(
    "changes",
    [
        {"guesses": {"chain-share-1-8": 0}},
        {"strength": 0.2, "width": 4, "at": 100, "match": 0.0, "length": 1, "word": 0},
        {"strength": 2.0, "width": 10, "seed": 9999, "match": 4.0, "length": 24, "way": "call"},
    ],
)
def test_every_step_draws(changes):
    lab = make(**changes)
    for step in lab.lesson.ids:
        lab.apply({"step": step})
        assert slots(lab)["lesson"]["title"]
        assert len(lab.here.prose.split()) <= 60


def test_a_link_brings_every_setting_back():
    lab = make(width=10, strength=1.5, at=33, match=2.0, way="call", word=4, length=9, seed=5, step="time")
    other = Chain()
    follow(other, link_of(lab))
    assert linked(other) == linked(lab)
