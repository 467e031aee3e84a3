"""What the experiments show, against the package's own numbers; and what they do not say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from attention import JOBS, WeightsError, load_card, load_model
from attention_lab.kit.scene import made
from attention_lab.labs.experiments import bench, examined, measured
from attention_lab.labs.experiments.examined import OWN
from attention_lab.labs.experiments.words import percent
from tests.lab.helpers import make_experiments, plain, views

TIRED = ["the", "cat", "sat", "on", "the", "mat", "because", "it", "was", "tired", "."]


def shown(**changes: Any) -> dict[str, Any]:
    return views(make_experiments(**changes))


def test_the_head_that_is_shown_is_that_of_the_trace_and_its_weights_are_on_the_arrows() -> None:
    stage = shown()["stage"]
    (panel,) = stage["panels"]
    expected = load_model("reader").trace(TIRED).layers[1][JOBS.index("pronoun")]
    np.testing.assert_array_equal(panel["matrix"]["values"], expected)
    assert (stage["query"], stage["key"], stage["beside"]) == (8, 2, 6)
    assert panel["said"].startswith("“it” looks at: cat ")


def test_where_many_heads_are_the_subject_they_stand_in_the_middle_and_the_open_one_at_the_side() -> None:
    def places(step: str) -> list[str]:
        scene = make_experiments(step=step).scene()
        return [type(made(each)).__name__ for each in (*scene.look[1:2], *scene.check[1:2])]

    assert places("heads") == ["Maps", "Arrows"]
    assert places("pronoun") == ["Arrows", "Maps"]


@pytest.mark.parametrize("step", ["pronoun", "agreement", "long_range"])
def test_the_prose_names_words_of_the_sentence_that_is_shown_where_they_stand_as_it_says(step: str) -> None:
    def prose(**changes: Any) -> str:
        return str(shown(step=step, **changes)["lesson"]["html"])

    named = {
        "pronoun": "the cat is tired",
        "agreement": "“Are” belongs to",
        "long_range": "a clause of its own",
    }
    asked = "This sentence asks about the arrow from “{}” to “{}”."
    assert named[step] in prose()
    assert asked.format("it", "trophy") in prose(sample=OWN, job="pronoun")
    assert named[step] not in prose(sample=OWN)
    moved = prose(exchange=[1, 4])
    assert named[step] not in moved
    assert "asks about the arrow" in moved


def test_nothing_is_compared_with_before_until_something_is_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = ("[CLS]", *TIRED[:-1], "[SEP]")
    weights = np.full((12, len(tokens), len(tokens)), 1 / len(tokens))
    seen = examined.Look(tokens, tuple(range(-1, 11)), (weights,), vector=np.ones(3))
    real = bench.look
    monkeypatch.setattr(bench, "look", lambda name, *more: seen if name == "minilm" else real(name, *more))
    lab = make_experiments(examined="minilm")
    lab.param.update(optional=("minilm",))
    assert views(lab)["test"]["remark"] is None
    lab.apply({"changes": [["cut", 7, 1]]})
    assert plain(views(lab)["test"]["remark"]) == "The sentence’s vector, before and after: cosine 1.000"


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
    assert [chip["text"] for chip in view["sentence"]["field"]["chips"]][1] == "it"
    assert (view["sentence"]["field"]["query"], view["sentence"]["field"]["key"]) == (1, 7)
    assert plain(view["test"]["applied"][-1]["text"]) == "words exchanged: it and cat"


def test_a_caption_tells_of_a_head_that_is_not_the_one_that_is_asked() -> None:
    caption = shown(at=[0, 1])["test"]["caption"]
    assert caption.endswith("this other head can at most change where that one looks.")


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
    assert cards["reader"]["waits"] == "its file cannot be used"
    assert cards["random"]["answer"]


def test_every_figure_of_a_card_is_on_it_with_its_threshold_and_seeds() -> None:
    card = measured.card_of("reader")
    assert card is not None
    known = load_card("reader")
    assert [row[0] for row in card["rows"]] == [figure.name for figure in known.figures]
    assert all(len(row) == len(card["columns"]) for row in card["rows"])


def test_what_was_measured_belongs_to_what_is_asked() -> None:
    def note(**changes: Any) -> str:
        return "".join(plain(each) for each in shown(**changes)["test"]["notes"])

    pronoun, previous = (load_card("reader").figure(f"{name} swap") for name in ("pronoun", "previous"))
    assert note().startswith(f"On {pronoun.sentences:,} ")
    assert note(asked=[5, 4]).startswith(f"On {previous.sentences:,} "), "“mat” stands for nothing"
    assert percent(pronoun.random or 0) in note(examined="random")


def test_a_word_is_asked_what_makes_sense_for_it() -> None:
    def question(asked: list[int], **changes: Any) -> str:
        return plain(shown(**changes, asked=asked)["models"]["title"])

    assert question([7, 1]) == "Which word does “it” stand for?"
    assert question([5, 1]) == "Which word stands before “mat”?"
    assert question([2, 1]) == "Who or what is it that “sat” is said of?"
    assert question([9, 1]) == "Which word does “tired” describe?"
    ideas = {"step": "own", "own": "colorless green wugs sleep furiously"}
    assert question([4, 0], **ideas) == "Which word stands before “furiously”?"
    view = shown(step="own", own="colorless green wugs sleep furiously")
    (job,) = [
        item for group in view["controls"]["groups"] for item in group["items"] if item.get("name") == "job"
    ]
    assert [option["value"] for option in job["options"]] == ["subject", "adjective", "previous"]


def test_an_arrow_that_was_dragged_ends_where_its_weight_is() -> None:
    lab = make_experiments()
    for over, end in ((6, 6), (3, 3)):
        lab.apply(views(lab)["stage"]["move"][over])
        stage = views(lab)["stage"]
        row = stage["panels"][0]["matrix"]["values"][8]
        assert (stage["key"], stage["end"]) == (2, end)
        assert row[end] > 0.99 > 0.01 > row[2]
    assert lab.changes == [["move", 7, 1, 5], ["move", 7, 5, 2]]


def test_the_lines_that_compute_are_shown_with_the_shapes_that_they_have_here() -> None:
    plain_code, swapped, both = (
        shown(changes=changes)["code"] for changes in ([], [["swap", 7, 1, 5]], [["swap", 7, 1, 5], ["off"]])
    )
    text = ["".join(piece["t"] for piece in line) for line in swapped["lines"]]
    assert plain_code["file"] == "attention/core.py"
    assert "softmax(" in "".join(piece["t"] for piece in plain_code["lines"][0])
    assert plain_code["shape"].startswith("(4, 12, 12)")
    assert swapped["file"].endswith("experiments/interventions.py")
    assert text[0].startswith("def swap(")
    assert swapped["shape"] == "rows (1, 12) of weights (12, 12)"
    assert "def off(" in "".join(piece["t"] for piece in both["lines"][0])


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100.0 %"), (0.99999, "> 99.9 %"), (0.5, "50.0 %"), (1e-6, "< 0.1 %"), (0.0, "0.0 %")],
)
def test_a_share_is_never_written_as_all_or_nothing_where_it_is_not(share: float, text: str) -> None:
    assert percent(share) == text


def test_a_sentence_of_one_word_offers_no_exchange_with_another() -> None:
    items = shown(own="cat")["test"]["items"]
    assert [item["action"] for item in items if item["type"] == "button"] == ["cut", "off"]
    assert not [item for item in items if item.get("name") == "rival"]
    rivals = next(item for item in shown()["test"]["items"] if item.get("name") == "rival")
    assert "cat" not in [option["label"] for option in rivals["options"]], "it is the key"
    assert (rivals["value"], len(rivals["options"])) == (5, 8)


def test_the_slider_sets_the_weight_of_the_arrow_in_hundredths() -> None:
    (slider,) = [item for item in shown()["test"]["items"] if item["type"] == "range"]
    assert (slider["name"], slider["entry"], slider["per"]) == ("changes", ["set", 7, 1], 100)
    weight = load_model("reader").trace(TIRED).layers[1][JOBS.index("pronoun")][8, 2]
    assert slider["value"] == round(100 * weight)


def test_the_page_is_told_which_places_are_words_so_that_an_arrow_can_be_dragged_to_them() -> None:
    stage = shown()["stage"]
    words = [None if move is None else move["rival"] for move in stage["move"]]
    assert words == [-1, 0, None, 2, 3, 4, 5, 6, None, 8, 9, None], (
        "neither the arrow's own, nor the full stop"
    )
    assert stage["move"][6]["changes"] == [["move", 7, 1, 5]]
    assert stage["cut"] == {"changes": [["cut", 7, 1]]}


def test_every_change_that_is_offered_is_taken() -> None:
    view = shown(changes=[["cut", 7, 1]], exchange=[1, 5])
    offers = [item["set"] for item in view["test"]["items"] if item["type"] == "button"]
    offers += [each["set"] for each in view["test"]["applied"]] + [view["test"]["undo_all"]]
    offers += [move for move in view["stage"]["move"] if move] + [view["stage"]["cut"]]
    offers += [card["set"] for card in view["models"]["cards"]] + [
        each["set"] for each in view["maps"]["maps"]
    ]
    offers += [chip["set"] for chip in view["sentence"]["field"]["chips"]]
    assert len(offers) > 30
    for offer in offers:
        lab = make_experiments(changes=[["cut", 7, 1]], exchange=[1, 5])
        lab.apply(offer)
        assert lab.message is None, offer
        assert {name: getattr(lab, name) for name in offer} == offer


def test_a_word_that_no_model_knows_is_offered_a_kind_and_then_has_it() -> None:
    view = shown(own="The wug sat on the mat because it was tired")
    (group,) = [group for group in view["controls"]["groups"] if group["title"] == "Unknown words, read as"]
    (item,) = group["items"]
    assert (item["label"], item["value"]) == ("wug", "")
    (animal,) = [option for option in item["options"] if option["value"] == "<animal>"]
    assert animal["set"] == {"kinds": [["wug", "<animal>"]]}
    again = shown(own="The wug sat on the mat because it was tired", **animal["set"])
    assert again["sentence"]["field"]["status"] is None
    assert again["stage"]["block"] == "Arrows"
