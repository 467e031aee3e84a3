"""The last lab: each claim of its cards again, by the shipped models, and each number by its formula."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from attention import JOBS, load_model
from attention_lab.kit import frame
from attention_lab.kit.blocks import Amount, Cards, Choice, Table
from attention_lab.kit.catalogue import lessons
from attention_lab.kit.glossary import glossary, place_of
from attention_lab.kit.predict import predict
from attention_lab.kit.scene import made
from attention_lab.labs.wrap import myths
from attention_lab.labs.wrap.lab import LASTS, Wrap, pairs, where
from tests.lab.helpers import blocks_of

STEPS = Wrap().lesson.ids


def lab_with(**changes: Any) -> Wrap:
    lab = Wrap()
    assert not lab.apply(changes)
    return lab


def drawn(lab: Wrap) -> str:
    scene = lab.scene()
    around = [frame.lesson(lab, scene), frame.controls(lab, scene), predict(lab, made(scene.predict))]
    return json.dumps([[each.view() for each in blocks_of(lab)], around], allow_nan=False)


def table(lab: Wrap) -> Table:
    return next(each for each in blocks_of(lab) if isinstance(each, Table))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"last": "soft", "d_k": 1, "n": 1, "letters": "k-q"},
        {"d_k": 1024, "n": 8192, "published": "BERT base"},
    ],
)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_draws_and_comes_back_from_a_link(step: str, changes: dict[str, Any]) -> None:
    lab, again = lab_with(step=step, **changes), Wrap()
    again.apply_link(lab.to_link())
    assert drawn(again) == drawn(lab)


@pytest.mark.parametrize("last", LASTS)
def test_cutting_the_heaviest_arrow_of_ordinary_leaves_its_answer(last: str) -> None:
    trace = load_model("ordinary").trace(myths.sentence(last))
    found = myths.heaviest(last)
    assert found.weight == max(float(layer[:, myths.QUERY].max()) for layer in trace.layers)
    assert found.weight > 0.99
    assert found.word == last
    before = trace.answer("pronoun", myths.QUERY).word
    assert myths.without_heaviest(last).word == before
    asked = made(lab_with(last=last).scene().predict)
    assert asked is not None
    assert [asked.options[i] for i in asked.right] == [before]


@pytest.mark.parametrize("last", LASTS)
def test_all_of_the_weight_on_the_wrong_word_gives_the_wrong_answer(last: str) -> None:
    right = load_model("reader").trace(myths.sentence(last)).answer("pronoun", myths.QUERY).word
    wrong = {"cat": "mat", "mat": "cat"}[right]
    assert myths.all_on(wrong, last).word == wrong


def test_one_other_word_changes_answer_and_weights_of_the_same_model() -> None:
    assert (myths.said("reader", "tired").word, myths.said("reader", "soft").word) == ("cat", "mat")
    rows = [
        load_model("reader").trace(myths.sentence(last)).layers[1][JOBS.index("pronoun"), myths.QUERY]
        for last in ("tired", "soft")
    ]
    assert np.abs(rows[0] - rows[1]).max() > 0.9


def test_the_second_card_says_nothing_before_the_guess() -> None:
    lab = lab_with()
    assert "Cut it, and" not in drawn(lab)
    lab.apply({"guesses": {"cut-tired": 0}})
    assert "Cut it, and" in drawn(lab)
    assert isinstance(blocks_of(lab)[0], Cards)


@pytest.mark.parametrize(("d_k", "n"), [(64, 512), (1, 1), (1024, 8192)])
def test_the_workshop_s_answers_are_computed(d_k: int, n: int) -> None:
    here = [row[2] for row in table(lab_with(step="workshop", d_k=d_k, n=n)).rows]
    assert here == [d_k**0.5, n**2, sum(range(1, n + 1)), math.log(n), 0, None]


def test_each_line_of_the_sheet_leads_to_a_step_that_exists() -> None:
    ids = {lesson.name: lesson.ids for lesson in lessons()}
    for row in table(lab_with(step="sheet")).rows:
        for node in row[2]:
            lab, step = (part.split("=")[1] for part in node["href"].lstrip("#").split("&"))
            assert step in ids[lab]
    assert where("stepper", "weights")[0]["href"] == "#lab=stepper&step=weights"  # type: ignore[index, call-overload]
    assert where("nowhere", "x") == []


def test_every_objective_of_every_lab_is_in_the_list() -> None:
    listed = [row[1] for row in table(lab_with(step="done")).rows]
    assert listed == [said for lesson in lessons() for said in lesson.objectives]


def test_layers_times_heads_are_all_the_heads_of_a_model_and_a_decoder_counts_both_its_attentions() -> None:
    def heads(row: list[Any]) -> int:
        products = [map(int, product.split(" × ")) for product in row[1].split(" + ")]
        return sum(math.prod(product) for product in products)

    reader, ordinary, _, translator, base = table(
        lab_with(step="production", published="Transformer base")
    ).rows
    for row, name in ((reader, "reader"), (ordinary, "ordinary")):
        assert heads(row) == sum(map(len, load_model(name).trace(myths.sentence("tired")).layers))
    trained = load_model("translator")
    decoder = trained.decoder
    attentions = [trained.encoder.attention, decoder.attention, decoder.cross_attention]
    assert heads(translator) == sum(each.num_heads for each in attentions)
    assert (base[1], heads(base)) == ("6 × 8 + 6 × 16", 18 * 8)


def test_the_glossary_is_in_order_and_each_term_is_in_one_group() -> None:
    assert list(glossary()) == sorted(glossary(), key=place_of)
    shown = [
        row[0] for group in ("c-i", "k-q", "r-z") for row in table(lab_with(step="terms", letters=group)).rows
    ]
    assert shown == list(glossary())


def test_questions_are_right_and_no_hint_is_given_to_what_is_right() -> None:
    for seed in range(50):
        lab = lab_with(fresh=seed)
        for question in lab.questions():
            assert isinstance(question, Amount | Choice)
            assert question.judge(question.right).state == "right"
            if isinstance(question, Amount):
                assert all(abs(wrong - question.right) > question.within for wrong, _ in question.hints)
    assert [pairs(n) for n in (1, 2, 3, 4)] == [1, 3, 6, 10]
