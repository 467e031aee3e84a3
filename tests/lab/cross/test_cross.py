"""Two sentences: the pictures against the translator and NumPy; what is said of its lines on its weights."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from attention import hand_built_embedding, hand_built_projections, load_card, load_model, tokenize
from attention_lab.kit.blocks import Bars, Facts, Product, Words
from attention_lab.kit.blocks.asking import Amount, Choice, Pick
from attention_lab.kit.frame import controls, lesson, sentence
from attention_lab.kit.predict import predict
from attention_lab.kit.scene import made
from attention_lab.labs.cross import translated
from attention_lab.labs.cross.lab import SAMPLES, Cross
from attention_lab.labs.cross.translated import head_of, translation
from tests.lab.helpers import blocks_of

FRENCH = {
    "hello world": "bonjour monde",
    "goodbye moon": "au revoir lune",
    "the big house": "la grande maison",
    "the red car": "la voiture rouge",
    "red car": "voiture rouge",
    "a round table": "une table ronde",
    "the small green door": "la petite porte verte",
    "a red car": "une voiture rouge",
    "the green hat": "le chapeau vert",
    "my white horse": "mon cheval blanc",
}


def make(step: str, **changes: Any) -> Cross:
    lab = Cross()
    lab.apply({"step": step})
    lab.apply(changes)
    assert lab.message is None
    return lab


def block(lab: Cross, kind: type) -> Any:
    return next(each for each in blocks_of(lab) if isinstance(each, kind))


def facts(lab: Cross) -> dict[str, Any]:
    return dict(block(lab, Facts).facts)


def drawn(lab: Cross) -> None:
    scene = lab.scene()
    views = [each.view() for each in blocks_of(lab)]
    around = [
        lesson(lab, scene),
        controls(lab, scene),
        sentence(lab, scene),
        predict(lab, made(scene.predict)),
    ]
    json.dumps([views, around], allow_nan=False)


# The translator


@pytest.mark.parametrize("text", SAMPLES)
def test_each_sentence_of_the_lab_is_translated_rightly(text: str) -> None:
    assert translation(tuple(text.split())).text == FRENCH[text]


def test_the_lines_are_the_weights_of_the_translators_own_trace() -> None:
    lab = make("gender", sample="the green hat", shown_head="word")
    lines, trace = block(lab, Words), load_model("translator").translate(["the", "green", "hat"])
    np.testing.assert_array_equal(lines.weights, trace.cross[head_of("word")])
    assert list(lines.words) == ["le", "chapeau", "vert", "‹end›"]
    assert lab.french_word == 0


def test_the_heads_are_called_what_the_card_measured() -> None:
    card = load_card("translator")
    assert (head_of("word"), head_of("gender")) == (
        card.figure("word head").value,
        card.figure("gender head").value,
    )
    assert head_of("word") != head_of("gender")


@pytest.mark.parametrize("text", ["the red car", "red car", "a round table", "the small green door"])
def test_where_the_order_differs_the_lines_of_the_word_head_cross(text: str) -> None:
    words = tuple(text.split())
    rows = translation(words).cross[head_of("word")]
    noun, adjective = len(words) - 1, len(words) - 2
    first = len(words) - 2  # the place of the noun in French: before its adjective
    assert rows[first].argmax() == noun
    assert rows[first + 1].argmax() == adjective


@pytest.mark.parametrize("text", ["the red car", "a round table"])
def test_exchanging_the_weights_of_noun_and_adjective_writes_the_adjective_in_the_nouns_place(
    text: str,
) -> None:
    lab = make("order", sample=text, test="swap", guesses={"voiture-looks-at": 2})
    assert {lab.english_word, lab.other_word} == {1, 2}
    noun, adjective = FRENCH[text].split()[1:]
    assert lab.tested.words[1] == adjective != noun
    assert next(iter(facts(lab).values())).note == "the answer changes"


@pytest.mark.parametrize("text", ["the red car", "a red car", "the green hat", "my white horse"])
def test_a_determiner_looks_ahead_to_its_noun_and_is_another_without_that_line_alone(text: str) -> None:
    lab = make("gender", sample=text, scope="shown")
    assert lab.english_word == 2
    assert lab.plain.cross[head_of("gender"), 0, 2] > 0.9
    lab.apply({"test": "cut"})
    assert lab.tested.words[0] != lab.plain.words[0]
    lab.apply({"english": [3]})
    assert lab.tested.words == lab.plain.words
    assert next(iter(facts(lab).values())).note == "the answer stays"


def test_a_cut_takes_one_weight_and_the_others_share_it() -> None:
    row = np.array([0.5, 0.3, 0.2])
    translated.cut(row, 0)
    np.testing.assert_allclose(row, [0, 0.6, 0.4])
    translated.swapped(row, 0, 2)
    np.testing.assert_allclose(row, [0.4, 0.6, 0])


def test_only_the_chosen_row_and_heads_are_changed() -> None:
    words = ("the", "red", "car")
    plain, cut = translation(words), translation(words, ("cut", 1, 2, 1, (head_of("gender"),)))
    word, gender = head_of("word"), head_of("gender")
    np.testing.assert_allclose(cut.cross[word, :2], plain.cross[word, :2], atol=1e-6)
    np.testing.assert_allclose(cut.cross[gender, 0], plain.cross[gender, 0], atol=1e-6)
    assert cut.cross[gender, 1, 2] == 0
    assert cut.cross[gender, 1].sum() == pytest.approx(1, abs=1e-6)


def test_the_bars_are_the_likeliest_words_without_and_with_the_test() -> None:
    lab = make("gender", test="cut")
    bars = block(lab, Bars)
    before, after = (dict(trace.candidates[0]) for trace in (lab.plain, lab.tested))
    assert bars.values[bars.names.index("la")] == pytest.approx(before["la"], abs=1e-6)
    assert max(after, key=lambda word: after[word]) in bars.names


@pytest.mark.parametrize("test", ["none", "cut", "swap"])
@pytest.mark.parametrize("own", ["hello", "the red car", "she likes the big black dog"])
def test_few_bars_are_shown_and_each_is_known_without_and_with_the_test(own: str, test: str) -> None:
    lab = make("own", own=own)
    for place in range(len(lab.plain.written)):
        lab.apply({"french": [place], "test": test})
        bars = block(lab, Bars)
        assert len(bars.names) == 3
        for trace, values in ((lab.plain, bars.values), (lab.tested, bars.after)):
            told = dict(trace.candidates[place])
            assert values is None or np.isfinite(values).all()
            assert translated.shown(trace.written[place]) in bars.names
            likely = translated.likely(trace, place)
            assert sum(likely.values()) == pytest.approx(1, abs=1e-5)
            np.testing.assert_allclose([likely[word] for word in told], list(told.values()), atol=1e-5)


def test_the_lines_are_hidden_until_the_prediction_is_made_and_then_they_show_it() -> None:
    lab = make("order")
    assert {text for row in block(lab, Words).view()["text"] for text in row} == {"–"}, (
        "no weight, not even 0"
    )
    assert len(lab.scene().look) == 1
    asked = lab._where()
    assert asked is not None
    assert [asked.options[i] for i in asked.right] == ["car"]
    assert len(asked.why) == len(asked.options)
    lab.apply({"guesses": {asked.key: 1}})
    assert block(lab, Words).weights[1].argmax() == asked.right[0]
    assert make("order", sample="red car").scene().predict() is None  # type: ignore[misc]


def test_a_word_that_it_does_not_know_is_named_and_the_words_that_it_knows_are_listed() -> None:
    lab = make("own", own="the zebra sleeps")
    assert lab.refused == "It does not know “zebra”. Use words of the list."
    known = translated.known()
    assert len(known) == 107
    assert "107 English words" in " ".join(load_card("translator").limits)
    assert all(word in known for text in SAMPLES for word in text.split())
    drawn(lab)


# One sentence or two


@pytest.mark.parametrize("kind", ["self", "cross"])
def test_scores_weights_and_output_are_numpys_for_one_sentence_and_for_two(kind: str) -> None:
    lab = make("shapes", kind=kind, asks="the old dog", holds="the bird sings")
    own, w = hand_built_embedding(tokenize("the old dog"), 4).x, hand_built_projections(4, 1)
    other = own if kind == "self" else hand_built_embedding(tokenize("the bird sings"), 4).x
    product = block(lab, Product)
    np.testing.assert_allclose(product.results[0].values, (own @ w.w_q) @ (other @ w.w_k).T, atol=1e-12)
    raised = np.exp(product.results[0].values / 2)
    output = raised / raised.sum(axis=1, keepdims=True) @ (other @ w.w_v)
    np.testing.assert_allclose(lab.attended.head_outputs, output, atol=1e-12)


def test_the_shape_of_the_output_is_told_once_it_is_not_asked_for() -> None:
    lab = make("shapes")
    assert facts(lab) == {"Q": "(3, 4)", "K and V": "(6, 4)", "weights": "(3, 6)"}
    asked = lab._which_shape()
    assert [asked.options[i] for i in asked.right] == ["(3, 4)"]
    lab.apply({"guesses": {asked.key: 0}})
    assert facts(lab)["output"] == "(3, 4)"
    lab.apply({"kind": "self"})
    assert facts(lab)["weights"] == "(3, 3)"


def test_the_other_sentence_is_chosen_where_it_is_asked() -> None:
    assert "holds" in made(make("shapes", kind="cross").scene().controls)
    assert "holds" not in made(make("shapes", kind="self").scene().controls)


# The whole lab


@pytest.mark.parametrize("step", Cross().lesson.ids)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"test": "cut", "french": [15], "english": [15]},
        {"test": "swap", "scope": "shown", "shown_head": "gender", "other": [0]},
        {"own": "car", "kind": "self", "asks": "a"},
        {"own": "👩‍👩‍👧‍👦 القطة <b>", "asks": "👩‍👩‍👧‍👦 القطة <b> __proto__"},
        {"own": " ".join(["the"] * 15), "test": "cut"},
    ],
)
def test_every_step_draws(step: str, changes: dict[str, Any]) -> None:
    lab = Cross()
    lab.apply({"step": step})
    lab.apply(changes)
    drawn(lab)
    lab.apply({"guesses": {"voiture-looks-at": 0, "shape-of-the-output": 2}})
    drawn(lab)


def test_a_test_is_put_back_when_another_word_is_picked_or_the_step_is_left() -> None:
    lab = make("gender", test="cut", english=[3])
    lab.apply(block(lab, Words).sets[1])
    assert (lab.test, lab.english, lab.french) == ("none", None, [1])
    lab.apply({"test": "swap", "sample": "my white horse"})
    lab.apply({"step": "order"})
    assert (lab.test, lab.sample) == ("none", None)


def test_a_link_brings_everything_back() -> None:
    lab = make("gender", sample="a red car", french=[0], english=[2], test="cut", scope="shown", kind="self")
    other = Cross()
    other.apply_link(lab.to_link())
    assert other.choices() == lab.choices()


def test_a_sentence_of_another_lab_asks_here_and_is_not_given_to_the_translator() -> None:
    lab = make("look")
    lab.receive("own", "the zebra sleeps")
    lab.receive("asks", "the zebra sleeps")
    assert (lab.own, lab.asks) == (Cross().own, "the zebra sleeps")


def test_each_question_is_solved_by_numpy_and_no_hint_hits_the_right_answer() -> None:
    lab = Cross()
    for fresh in range(50):
        lab.apply({"fresh": fresh})
        asked = {question.id: question for question in lab.questions()}
        for question in asked.values():
            answer: Any = question.right
            if isinstance(question, Pick):
                (answer,) = question.right
                row = [int(text) for text in question.text[answer[0]]]
                assert row[answer[1]] == max(row)
                assert row.count(max(row)) == 1
                assert sum(row) == 100
            assert question.judge(answer).state == "right"
            if isinstance(question, Amount):
                assert all(question.judge(wrong).state == "wrong" for wrong, _ in question.hints)
                assert all(question.judge(wrong).feedback == told for wrong, told in question.hints)
            if isinstance(question, Choice):
                assert all(question.judge(place).state == "wrong" for place in question.hints)
        n_q, n_k = (int(word) for word in str(asked["weights"].ask).split() if word.isdigit())
        assert asked["weights"].right == (np.ones((n_q, 2)) @ np.ones((2, n_k))).size
        told = [float(word.strip(",.")) for word in str(asked["cut"].ask).split() if word.startswith("0.")]
        row_asked = np.array(told)
        assert row_asked.sum() == pytest.approx(1)
        translated.cut(row_asked, 0)
        assert asked["cut"].right == pytest.approx(row_asked[1])
