"""The lab about the library: every number again in plain NumPy, each prediction and question solved."""

import json
import math

import numpy as np
import pytest

from attention_lab.kit.blocks import Amount
from attention_lab.kit.refusal import RefusedError
from attention_lab.kit.scene import made
from attention_lab.labs.lookup import asking, titles
from attention_lab.labs.lookup.lab import Lookup
from tests.lab.helpers import blocks, follow, link_of, linked, slots

KEYS = np.array([[1, 0, 1], [0, 1, 0], [1, 1, 1]])
VALUES = np.array([[10, 20, 30], [1, 2, 3], [5, 10, 15]])
SCORES = np.array([0.1, 0.9, 0.3, 0.2, 0.1])
SEEDS = (0, 1, 2, 7, 1234)


def make(**changes):
    lab = Lookup()
    lab.apply(changes)
    assert lab.message is None
    return lab


def answered(**changes):
    """A lab whose predictions have been made."""
    return make(guesses={"lookup-most": 0, "lookup-equal": 0}, **changes)


def facts(lab):
    return {fact["name"]: fact for fact in blocks(lab)["Facts"]["facts"]}


def own_softmax(scores):
    raised = [math.exp(score) for score in scores]
    return np.array(raised) / sum(raised)


def cells(array):
    return [[*place, int(array[place])] for place in np.ndindex(*array.shape)]


# Numbers


def test_the_lessons_query_finds_two_books_alike_and_takes_home_their_mix():
    lab = answered()
    np.testing.assert_allclose(blocks(lab)["Words"]["weights"], [own_softmax([2, 0, 2])])
    np.testing.assert_allclose(lab.weights, [0.468, 0.063, 0.468], atol=0.0006)
    lab.apply({"step": "home"})
    np.testing.assert_allclose(blocks(lab)["Bars"]["values"], own_softmax([2, 0, 2]) @ VALUES)
    np.testing.assert_allclose(lab.output, [7.09, 14.18, 21.26], atol=0.005)


@pytest.mark.parametrize("seed", SEEDS)
def test_query_keys_and_values_can_all_be_moved(seed):
    rng = np.random.default_rng(seed)
    query, keys, values = rng.integers(-2, 3, 3), rng.integers(-2, 3, (3, 3)), rng.integers(0, 31, (3, 3))
    lab = answered(query=cells(query), keys=cells(keys), values=cells(values), step="home")
    weights = own_softmax([sum(a * b for a, b in zip(query, key, strict=True)) for key in keys])
    np.testing.assert_allclose(blocks(lab)["Bars"]["values"], weights @ values)
    rows = blocks(lab)["Table"]["rows"]
    shown = np.array([[cell["value"] for cell in row["cells"]] for row in rows])
    np.testing.assert_allclose(shown[:-1].sum(axis=0), shown[-1])


def test_moving_a_value_moves_the_output_by_the_share_of_its_book():
    lab = answered(step="home", book=2)
    before = lab.output.copy()
    values = VALUES.copy()
    values[2, 1] += 10
    lab.apply({"values": cells(values)})
    np.testing.assert_allclose(lab.output - before, [0, 10 * lab.weights[2], 0], atol=1e-12)
    assert made(lab.scene().numbers)["share"] == "0.47"


@pytest.mark.parametrize("temperature", [0.05, 0.5, 1.0, 10.0])
def test_temperature_divides_the_scores(temperature):
    lab = answered(step="soften", temperature=temperature, query=cells(np.array([2, 1, 0])))
    scores = KEYS @ [2, 1, 0]
    np.testing.assert_allclose(lab.weights, own_softmax(scores / temperature))
    line = blocks(lab)["Lines"]["series"][0]
    own = [own_softmax(scores / t)[0] for t in line["x"]]
    np.testing.assert_allclose(line["y"], own)


def test_cold_is_a_dictionary_unless_scores_tie_and_warm_is_alike_for_all():
    lab = answered(step="soften", temperature=0.05)
    np.testing.assert_allclose(lab.weights, [0.5, 0, 0.5], atol=1e-9)
    untie = next(item for item in blocks(lab)["Actions"]["items"] if item.get("action") == "untie")
    lab.apply(untie["set"])
    np.testing.assert_allclose(lab.weights, [1, 0, 0], atol=1e-6)
    lab.apply({"temperature": 10.0})
    assert np.ptp(lab.weights) < 0.08


def test_equal_keys_share_alike_whatever_is_asked():
    lab = answered(step="twins")
    twins = next(item for item in blocks(lab)["Actions"]["items"] if item.get("action") == "twins")
    lab.apply(twins["set"])
    for query in ([1, 0, 1], [2, -2, 1], [0, 2, -1]):
        lab.apply({"query": cells(np.array(query))})
        bars = blocks(lab)["Bars"]
        assert bars["after"][0] == pytest.approx(bars["after"][2])
        assert sum(bars["values"]) == 1
        assert bars["values"][2] == 0  # a dictionary never gets as far as the second of two equal keys
    lab.apply({"step": "home"})
    assert lab.keys == cells(KEYS)


def test_an_output_that_is_what_a_book_holds_is_called_so():
    sharp = cells(np.array([[2, 2, 2], [-2, -2, -2], [-2, -2, -2]]))
    for changes, said in (
        ({}, "a mix of all, no book's own content"),
        ({"query": cells(np.array([2, 2, 2])), "keys": sharp}, "the very content of book 1"),
        ({"values": cells(np.array([[10, 20, 30]] * 3))}, "the very content of book 1, book 2 and book 3"),
    ):
        assert facts(answered(step="twins", **changes))["output"]["note"] == said


@pytest.mark.parametrize("times", [0.0, 1.0, 3.0, 8.0])
def test_the_spotlight_is_softmax_of_the_lessons_scores(times):
    bars = blocks(make(step="light", times=times))["Bars"]
    np.testing.assert_allclose(bars["after"], own_softmax(times * SCORES))
    assert bars["values"] == [0.05, 0.65, 0.15, 0.1, 0.05]


def test_a_factor_of_nearly_three_gives_cat_what_the_lesson_prints():
    assert own_softmax(2.5 * SCORES)[1] < 0.65 < own_softmax(3 * SCORES)[1]


def test_a_flashlight_lights_one_word():
    lab = make(step="light", lamp="flashlight", at=4)
    assert blocks(lab)["Bars"]["after"] == [0, 0, 0, 0, 1]
    assert "Source" not in blocks(lab)  # softmax has no part in it
    lab.apply(blocks(lab)["Words"]["onto_sets"][1])
    assert blocks(lab)["Words"]["weights"] == [[0, 1, 0, 0, 0]]


@pytest.mark.parametrize("seed", SEEDS)
def test_focus_lets_the_friends_wave_out_of_the_noise(seed):
    lab = make(step="restaurant", seed=seed)
    keys, waves = lab.room
    np.testing.assert_allclose(blocks(lab)["Lines"]["series"][1]["y"], waves[:12].mean(axis=0))
    before = facts(lab)["likeness"]["value"]
    lab.apply({"focus": 20.0})
    weights = own_softmax(20 * keys[:12] @ keys[0])
    heard = weights @ waves[:12]
    np.testing.assert_allclose(blocks(lab)["Lines"]["series"][1]["y"], heard)
    own = heard @ waves[0] / math.sqrt((heard @ heard) * (waves[0] @ waves[0]))
    assert facts(lab)["likeness"]["value"] == pytest.approx(own)
    assert own > max(0.9, before)
    assert facts(lab)["your friend's weight"]["value"] == pytest.approx(weights[0])


# Predictions


def test_the_right_book_is_neither_of_two_that_tie():
    asked = asking.most(answered=False)
    scores = KEYS @ [1, 0, 1]
    assert scores.tolist() == [2, 0, 2]
    assert asked.right == [3]
    assert len(asked.why) == len(asked.options) == len(asked.values)


def test_equal_keys_share_in_equal_parts():
    asked = asking.equal()
    weights = own_softmax(np.array([KEYS[0], KEYS[1], KEYS[0]]) @ [1, 0, 1])
    assert asked.right == [2]
    assert asked.answer[1] == f"{weights[0]:.3f} and {weights[2]:.3f}"


def test_nothing_gives_the_answer_away_before_the_guess():
    lab = make()
    assert set(blocks(lab)) == {"Cards", "Actions"}
    lab.apply({"query": cells(np.array([0, 1, 0]))})
    assert "Words" in blocks(lab)  # another question than the one that is asked
    lab.apply({"step": "twins"})
    assert "Bars" not in blocks(lab)


# Questions


@pytest.mark.parametrize("fresh", range(50))
def test_every_question_is_solved_by_numpy(fresh):
    lab = make(step="check", fresh=fresh)
    score, weight, output, colder = lab.questions()
    numbers = [
        json.loads(part[: part.index("]") + 1]) for part in (score.ask[13:], score.ask.split("key is ")[1])
    ]
    assert score.right == np.dot(*numbers)
    low, high = (float(word.strip(".")) for word in weight.ask.split() if word.strip(".").isdigit())
    assert weight.right == pytest.approx(own_softmax([low, high])[1])
    share, other, a, b = (
        float(word)
        for word in output.ask.strip("?").replace(".?", "").replace(". ", " ").split()
        if word[0].isdigit()
    )
    assert output.right == pytest.approx(share * a + other * b)
    scores = np.array(json.loads(colder.ask[colder.ask.index("[") : colder.ask.index("]") + 1]))
    cold = own_softmax(scores / 0.01)
    assert colder.right == (1 if np.isclose(cold.max(), 0.5) else 0)


@pytest.mark.parametrize("fresh", range(50))
def test_no_hint_is_said_to_a_right_answer(fresh):
    for question in make(step="check", fresh=fresh).questions():
        if isinstance(question, Amount):
            assert question.judge(question.right).state == "right"
            assert all(question.judge(number).state == "wrong" for number, _ in question.hints)


# What holds for every lab


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"query": cells(np.full(3, -2)), "keys": cells(np.full((3, 3), 2)), "temperature": 0.05},
        {"values": cells(np.zeros((3, 3))), "voices": 2, "focus": 20.0, "times": 0.0},
        {"voices": 40, "seed": 9999, "lamp": "flashlight", "book": 2},
    ],
)
def test_every_step_draws(changes):
    lab = answered(**changes)
    for step in lab.lesson.ids:
        lab.apply({"step": step})
        assert slots(lab)["lesson"]["title"]


def test_a_link_brings_every_number_back():
    lab = make(
        query=cells(np.array([-2, 0, 2])), keys=cells(KEYS - 1), values=cells(VALUES), book=1, step="home"
    )
    other = Lookup()
    follow(other, link_of(lab))
    assert linked(other) == linked(lab)


@pytest.mark.parametrize(
    "value", [None, [], [[0, 1]], [[0, 9], [1, 0], [2, 0]], [[[], 1], [1, 0], [2, 0]], "1.0.1"]
)
def test_what_is_no_query_is_refused_in_words(value):
    with pytest.raises(RefusedError, match=r"slider"):
        Lookup.param.query.read(value)


def test_the_lesson_is_short():
    for step in Lookup().lesson.steps:
        assert len(step.prose.split()) <= 60


# Titles


@pytest.fixture
def stand_in(monkeypatch):
    """A model that reads a text into a vector of length 1, another for each text."""

    def vector(text):
        found = np.random.default_rng(len(text)).normal(size=384)
        return found / np.linalg.norm(found)

    monkeypatch.setattr(titles, "minilm", lambda: vector)
    titles.vector.cache_clear()
    yield vector
    titles.vector.cache_clear()


def with_minilm(**changes):
    lab = make(step="titles", **changes)
    lab.param.update(optional=("minilm",))
    return lab


def test_without_minilm_it_is_offered_beside_the_question_and_the_titles():
    lab = make(step="titles", wish="cat food")
    assert blocks(lab)["Choices"]["cards"][0]["download"] == "minilm"
    assert "cat food" in json.dumps(blocks(lab)["Legend"])


@pytest.mark.parametrize("wish", ["what should my kitten eat", "cats", "القطة <b>"])
def test_cosines_and_weights_of_the_titles_are_those_of_the_models_vectors(stand_in, wish):
    lab = with_minilm(wish=wish, sharper=7.0)
    cosines = np.array([stand_in(title) @ stand_in(lab.wish) for title in titles.TITLES])
    np.testing.assert_allclose(blocks(lab)["Bars"]["values"], cosines)
    cells = [[cell["value"] for cell in row["cells"]] for row in blocks(lab)["Table"]["rows"]]
    np.testing.assert_allclose(
        cells, np.stack([cosines, 7 * cosines, own_softmax(7 * cosines)], axis=1), atol=1e-12
    )


def test_a_sentence_of_another_lab_is_no_question_for_the_library():
    lab = make(step="titles")
    lab.receive("wish", "The cat sat on the mat")
    assert lab.wish == "what should my kitten eat"
