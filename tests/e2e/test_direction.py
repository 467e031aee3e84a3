"""A sentence runs as its own script does: its chips, columns and links, in a page of either direction."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from urllib.parse import quote_plus

import numpy as np
import pytest

from attention import hand_built_embedding, hand_built_projections, tokenize
from tests.e2e.experiments import FLOAT32, shown_head, trace, visit
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices
from tests.lab.heads.test_heads import by_hand

ARABIC = "القطة جلست على السجادة"
MIXED = "القطة likes NumPy أيضا"
FROM_THE_RIGHT = [ARABIC, MIXED]
#: Where the middles of some elements are.
MIDDLES = """(all) => all.map((one) => {
  const {left, width, top, height} = one.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
})"""
#: The number that stands under the name of a column and beside the name of a row, by where they are drawn.
MEETING = """([matrix, row, col]) => {
  const host = document.querySelector(`[data-matrix="${matrix}"]`);
  const named = (role, text) =>
    [...host.querySelectorAll(`[role=${role}]`)].find((one) => one.textContent === text);
  const [beside, under] = [named("rowheader", row), named("columnheader", col)]
    .map((one) => one.getBoundingClientRect());
  const met = document.elementFromPoint(under.left + under.width / 2, beside.top + beside.height / 2);
  return Number(met.closest("[data-cell]").dataset.value);
}"""


def middles(lab: Lab, selector: str) -> Any:
    """Across and down, of each element."""
    return np.array(lab.page.locator(selector).evaluate_all(MIDDLES))


def run_from_the_right(places: Any) -> bool:
    return bool(len(places) > 1 and np.all(np.diff(places[:, 0]) < 0))


@pytest.mark.parametrize("text", FROM_THE_RIGHT)
def test_chips_and_columns_run_from_the_right_and_the_numbers_stay_with_their_words(
    lab: Lab, text: str
) -> None:
    lab.follow(f"lab=stepper&step=weights&text={quote_plus(text)}")
    words, weights = text.split(), matrices(Settings(text=text))["weights"]
    assert lab.chips() == words, "in the order in which they are read"
    assert run_from_the_right(middles(lab, "[data-chip]"))
    host = "[data-matrix=weights]"
    columns, names = (
        middles(lab, f"{host} [role=columnheader].label:not(.sum)"),
        middles(lab, f"{host} [role=rowheader]"),
    )
    assert run_from_the_right(columns)
    assert np.all(np.diff(names[:, 1]) > 0)
    assert names[:, 0].min() > columns[:, 0].max(), "the names of rows are where reading begins"
    for row, col in ((0, 1), (3, 2), (1, 3)):
        shown = lab.page.evaluate(MEETING, ["weights", words[row], words[col]])
        assert shown == pytest.approx(weights[row, col], abs=1e-12)
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_arrow_key_goes_where_it_points(lab: Lab) -> None:
    lab.follow(f"lab=stepper&step=raw_scores&text={quote_plus(ARABIC)}")
    lab.pick("raw_scores", 2, 1)
    picked = lab.cell("raw_scores", 2, 1).bounding_box()
    lab.cell("raw_scores", 2, 1).press("ArrowLeft")
    lab.settle()
    current = lab.region("stage").locator(".cell.current")
    assert current.get_attribute("data-cell") == "2,2"
    band, box = middles(lab, "[data-of=q] .band"), current.bounding_box()
    assert picked
    assert box
    assert box["x"] < picked["x"]
    assert len(band) == 1, "what the number comes from is framed"
    framed, column = (
        middles(lab, "[data-of=k_t] .band"),
        middles(lab, "[data-matrix=k_t] [role=columnheader].label"),
    )
    np.testing.assert_allclose(framed[0, 0], column[2, 0], atol=1.5)
    current.press("ArrowRight")
    lab.settle()
    assert current.get_attribute("data-cell") == "2,1"


def test_masks_of_a_sentence_from_the_right_hide_what_comes_later(lab: Lab) -> None:
    lab.follow(f"lab=masks&step=draw&kind=causal&text={quote_plus(ARABIC)}")
    words = ARABIC.split()
    for matrix in ("mask", "weights"):
        assert run_from_the_right(middles(lab, f"[data-matrix={matrix}] [role=columnheader].label:not(.sum)"))
    tokens = tokenize(ARABIC)
    x, w = hand_built_embedding(tokens, 4).x, hand_built_projections(4, 1)
    powers = np.tril(np.exp((x @ w.w_q) @ (x @ w.w_k).T / 2))
    expected = powers / powers.sum(axis=1, keepdims=True)
    for row, col in ((2, 1), (3, 0)):
        assert lab.page.evaluate(MEETING, ["weights", words[row], words[col]]) == pytest.approx(
            expected[row, col]
        )
    masked = middles(lab, "[data-matrix=weights] .cell.masked")[:, 0]
    allowed = middles(lab, "[data-matrix=weights] .cell:not(.masked)")[:, 0]
    assert masked.mean() < allowed.mean(), "what comes later stands at the left"


@pytest.mark.parametrize("text", FROM_THE_RIGHT)
def test_links_between_the_words_of_heads_run_from_the_right(lab: Lab, text: str) -> None:
    lab.follow(f"lab=heads&step=attend&text={quote_plus(text)}&n_heads=2&head=1&query=0")
    assert run_from_the_right(middles(lab, "[data-chip]"))
    words = middles(lab, ".linked.across .linked-row.from .linked-word")
    assert run_from_the_right(words)
    assert lab.page.locator(".head canvas.mirrored").count() == lab.page.locator(".head canvas").count() > 1
    shown = lab.page.locator(".linked.across .linked-row.onto .linked-word").all_inner_texts()
    expected = by_hand(text, 2, seed=0)["weights"][1, 0]
    assert [each.split() for each in shown] == [
        [word, f"{weight:.2f}"] for word, weight in zip(text.split(), expected, strict=True)
    ]


#: What a small model reads for the words of the Arabic sentence.
READ = dict(zip(ARABIC.split(), ("cat", "sat", "on", "mat"), strict=True))
#: Where a line begins and ends, on the screen.
ENDS = """(line) => [0, line.getTotalLength()].map((at) => {
  const {x, y} = line.getPointAtLength(at).matrixTransform(line.getScreenCTM());
  return [x, y];
})"""


def test_arrows_run_from_the_right_list_to_the_left_one_with_their_own_weights(lab: Lab) -> None:
    kinds = " ".join(f"{word}:{kind}" for word, kind in READ.items())
    visit(lab, step="own", own=ARABIC, examined="ordinary", kinds=kinds)
    figure = lab.page.locator("[data-arrows]").first
    assert figure.locator("[data-to] bdi").all_inner_texts() == ["<s>", *READ, "."]
    layers = trace("ordinary", " ".join(READ.values())).layers
    begins, ends = middles(lab, "[data-arrows] [data-from]"), middles(lab, "[data-arrows] [data-to]")
    assert begins[:, 0].min() > ends[:, 0].max()
    for query in (4, 2):
        figure.locator(f"[data-from='{query}']").click()
        lab.settle()
        layer, head = shown_head(lab)
        shown = figure.locator("[data-to]").evaluate_all("(all) => all.map((one) => +one.dataset.value)")
        np.testing.assert_allclose(shown, layers[layer][head, query], atol=FLOAT32)
        key = int(figure.locator("[data-to][aria-pressed=true]").get_attribute("data-to") or -1)
        line = np.array(figure.locator(".lines .grip").evaluate(ENDS))
        assert line[0, 0] > line[1, 0], "from the right to the left"
        np.testing.assert_allclose(line[:, 1], [begins[query, 1], ends[key, 1]], atol=2)
    figure.locator("[data-from='2']").press("ArrowLeft")
    assert lab.page.evaluate("document.activeElement.dataset.to") == str(key)
    lab.page.keyboard.press("ArrowRight")
    assert lab.page.evaluate("document.activeElement.dataset.from") == "2"


def test_a_saved_picture_is_as_on_the_screen_and_a_saved_table_in_reading_order(lab: Lab) -> None:
    lab.follow(f"lab=stepper&step=weights&text={quote_plus(ARABIC)}")
    words = ARABIC.split()

    def saved(kind: str) -> str:
        lab.page.locator("[data-action=export]").click()
        with lab.page.expect_download() as given:
            lab.page.locator(f"[data-export='{kind}']").click()
        return given.value.path().read_text("utf-8-sig")

    picture = saved("svg")
    places = [
        [float(x) for x in re.findall(rf'<text x="([^"]+)"[^>]*>{word}</text>', picture)] for word in words
    ]
    columns, rows = np.array(places).T
    assert np.all(np.diff(columns) < 0)
    assert np.all(rows > columns.max())
    head, *lines = csv.reader(io.StringIO(saved("csv")))
    assert (head[1:], [line[0] for line in lines]) == (words, words)
    expected = matrices(Settings(text=ARABIC))["weights"]
    np.testing.assert_allclose(np.array([line[1:] for line in lines], float), expected, atol=1e-12)


def test_a_sentence_from_the_left_stays_so_in_a_page_from_the_right(new_page: Any) -> None:
    lab = new_page().open("?lab=stepper&language=ar-XB&step=weights")
    assert lab.page.locator("html").get_attribute("dir") == "rtl"
    for selector in ("[data-chip]", "[data-matrix=weights] [role=columnheader].label:not(.sum)"):
        assert np.all(np.diff(middles(lab, selector)[:, 0]) > 0), selector
    lab.follow(f"lab=stepper&step=weights&text={quote_plus(ARABIC)}")
    for selector in ("[data-chip]", "[data-matrix=weights] [role=columnheader].label:not(.sum)"):
        assert run_from_the_right(middles(lab, selector)), selector
