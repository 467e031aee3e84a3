"""What the experiments show, against the package's own numbers; and what they do not say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from attention import JOBS, Figure, WeightsError, load_card, load_model
from attention_lab.labs.experiments import examined, measured
from attention_lab.labs.experiments.words import percent
from tests.lab.helpers import make_session, views

TIRED = ["the", "cat", "sat", "on", "the", "mat", "because", "it", "was", "tired", "."]


def shown(**changes: Any) -> dict[str, Any]:
    return views(make_session(lab="experiments", **changes))


def plain(words: Any) -> str:
    return "".join(node if isinstance(node, str) else node["t"] for node in words)


def test_the_head_that_is_shown_is_that_of_the_trace_and_its_weights_are_on_the_arrows() -> None:
    stage = shown()["stage"]
    (panel,) = stage["panels"]
    expected = load_model("reader").trace(TIRED).layers[1][JOBS.index("pronoun")]
    np.testing.assert_array_equal(panel["matrix"]["values"], expected)
    assert (stage["query"], stage["key"], stage["rival"]) == (8, 2, 6)
    assert panel["said"].startswith("“it” looks at: cat ")


def test_the_mean_stands_beside_the_head() -> None:
    _, mean = shown(step="mean")["stage"]["panels"]
    layers = load_model("reader").trace(TIRED).layers
    np.testing.assert_allclose(mean["matrix"]["values"], np.concatenate(layers).mean(axis=0))


def test_a_test_shows_the_answer_before_and_after_with_what_takes_it_back() -> None:
    test = shown(changes=[["swap", 7, 1, 5]])["test"]
    assert plain(test["verdict"]["text"]) == "The answer changes: cat → mat."
    said = load_model("reader").trace(TIRED).answer("pronoun", 8)
    cat = next(row for row in test["answer"]["rows"] if row["word"] == "cat")
    assert cat["before"]["value"] == pytest.approx(said.probability)
    assert plain(test["applied"][0]["text"]) == "it → cat swapped with mat"
    assert test["applied"][0]["set"] == {"changes": []}
    assert shown()["test"]["verdict"] is None


def test_changes_of_words_that_are_not_there_change_nothing() -> None:
    assert shown(changes=[["swap", 7, 1, 25], ["cut", -1, 2]])["test"]["verdict"] is None


def test_an_exchange_of_words_moves_the_question_with_them() -> None:
    view = shown(exchange=[1, 7])
    assert [chip["text"] for chip in view["sentence"]["chips"]][1] == "it"
    assert (view["sentence"]["query"], view["sentence"]["key"]) == (1, 7)
    assert plain(view["test"]["applied"][-1]["text"]) == "words exchanged: it and cat"


def test_a_caption_is_for_the_labs_own_question_only() -> None:
    assert shown()["test"]["caption"]
    for change in ({"asked": [7, 5]}, {"own": "The dog was tired"}, {"at": [0, 1]}, {"job": "previous"}):
        assert shown(**change)["test"]["caption"] is None


def test_a_model_whose_file_is_damaged_says_so_and_the_others_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(name: str) -> Any:
        raise WeightsError("the file is cut short")

    monkeypatch.setattr(examined, "load_model", damaged)
    examined.examined.cache_clear()
    examined.look.cache_clear()
    try:
        view = shown()
    finally:
        examined.examined.cache_clear()
        examined.look.cache_clear()
    assert "the file is cut short" in view["stage"]["text"]
    cards = {card["name"]: card for card in view["models"]["cards"]}
    assert cards["reader"]["waits"] == "file"
    assert cards["random"]["answer"]


def test_every_figure_of_a_card_is_on_it_with_its_threshold_and_seeds() -> None:
    card = measured.card_of("reader")
    assert card is not None
    known = load_card("reader")
    assert [row[0] for row in card["rows"]] == [figure.name for figure in known.figures]
    assert all(len(row) == len(card["columns"]) for row in card["rows"])


def test_a_figure_for_random_weights_is_said_of_the_random_model() -> None:
    figure = load_card("reader").figure("pronoun swap")
    assert isinstance(figure, Figure)
    (words,) = measured.measured("random", "pronoun", "pronoun")
    assert percent(figure.random or 0) in plain(words)
    assert measured.measured("minilm", "pronoun", "pronoun") == []


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100.0 %"), (0.99999, "> 99.9 %"), (0.5, "50.0 %"), (1e-6, "< 0.1 %"), (0.0, "0.0 %")],
)
def test_a_share_is_never_written_as_all_or_nothing_where_it_is_not(share: float, text: str) -> None:
    assert percent(share) == text


def test_a_sentence_of_one_word_offers_no_exchange_with_another() -> None:
    test = shown(own="cat")["test"]
    assert [action["id"] for action in test["actions"]] == ["cut", "off"]
    assert test["rivals"] == []


def test_the_page_is_told_which_places_are_words_so_that_an_arrow_can_be_dragged_to_them() -> None:
    stage = shown()["stage"]
    assert stage["words"] == 10
    assert stage["owners"] == list(range(-1, 11))
