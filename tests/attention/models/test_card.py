from dataclasses import replace

import pytest

from attention import ConfigError, Figure, ModelCard, WeightsError
from attention.models.card import read_card, write_card

FIGURE = Figure("pronoun accuracy", 0.99, 0.1, 0.98, (0.99, 0.985), 300)
CARD = ModelCard(
    name="m", title='A "model"', what="It reads — a little.", data="words\nand more", parameters=3, d_model=2,
    n_layers=1, n_heads=1, seeds=(0, 5), shipped_seed=0, seconds=(2.5, 3.0), limits=("small", "back\\slash"),
    sha256="00ff", figures=(FIGURE, Figure("weight", 0.5, None, None, (0.5, 0.4), 20)),
)  # fmt: skip


def test_what_was_written_is_read_back_whole():
    assert read_card("m", write_card(CARD)) == CARD


def test_a_figure_is_found_by_its_name_and_a_name_that_is_not_there_is_told():
    assert CARD.figure("pronoun accuracy") is FIGURE
    with pytest.raises(ConfigError, match="the card of m has no figure 'pronun'"):
        CARD.figure("pronun")


def test_the_head_that_a_behaviour_is_measured_at_is_told():
    card = replace(CARD, heads=("pronoun 0.2", "long range 2.11"))
    assert read_card("m", write_card(card)) == card
    assert (card.head("pronoun"), card.head("long range"), card.head("adjective")) == ((0, 2), (2, 11), None)


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, True),
        ({"value": 0.97}, False),
        ({"seeds": (0.99, 0.97)}, False),
        ({"threshold": None, "value": 0.0}, True),
        ({"at_most": True}, False),
        ({"at_most": True, "value": 0.98, "seeds": (0.0, 0.98)}, True),
    ],
)
def test_a_threshold_holds_for_the_shipped_weights_and_for_every_seed(changes, holds):
    assert replace(FIGURE, **changes).holds is holds


@pytest.mark.parametrize(
    "text", ["", "name = ", "name = 'm'", write_card(CARD).replace("sentences", "sentencse"), "figures = [3]"]
)
def test_a_damaged_card_is_refused_by_name(text):
    with pytest.raises(WeightsError, match="the card of m cannot be read"):
        read_card("m", text)
