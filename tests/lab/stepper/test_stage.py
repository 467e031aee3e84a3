"""The stage of each step: what goes in, what comes out, and what stands below."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lab.helpers import LONG, STEPS, make_session, matrices_in, plain, views

ON_STAGE = {
    "embeddings": ("Flow", {"table", "x"}),
    "qkv": ("Product", {"x", "w_q", "w_k", "w_v", "q", "k", "v"}),
    "raw_scores": ("Product", {"q", "k_t", "raw_scores"}),
    "scaled_scores": ("Flow", {"raw_scores", "scaled_scores"}),
    "masked_scores": ("Flow", {"scaled_scores", "mask", "masked_scores"}),
    "weights": ("Flow", {"masked_scores", "weights"}),
    "head_outputs": ("Product", {"weights", "v", "head_outputs"}),
}
EMPTY_ROW = {"mask": "by-hand", "blocked": [[2, i] for i in range(6)]}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_shows_its_matrices_and_twins_of_all_of_them(step: str) -> None:
    stage = views(make_session(step=step))["stage"]
    assert (stage["block"], set(matrices_in(stage))) == ON_STAGE[step]
    assert set(stage["tables"]) == set(matrices_in(stage))
    assert (stage["step"], stage["n"], stage["pick"]) == (step, 6, {"setting": "picked", "form": "cell"})


@pytest.mark.parametrize("step", STEPS)
def test_without_a_pick_the_result_cell_of_the_picked_query_is_current(step: str) -> None:
    stage = views(make_session(step=step, query=3, key=4, feature=1))["stage"]
    current = {name: matrix["current"] for name, matrix in matrices_in(stage).items() if matrix["current"]}
    result = {"embeddings": "x", "qkv": "q"}.get(step, step)
    assert current == {
        result: [3, 4 if result in ("raw_scores", "scaled_scores", "masked_scores", "weights") else 1]
    }


def test_a_picked_cell_is_the_only_current_one() -> None:
    stage = views(make_session(step="raw_scores", picked={"matrix": "k_t", "row": 1, "col": 4}))["stage"]
    assert {name: m["current"] for name, m in matrices_in(stage).items() if m["current"]} == {"k_t": [1, 4]}


def test_of_q_k_and_v_the_picked_one_is_chosen() -> None:
    for value, names in enumerate((("q", "w_q", "x"), ("k", "w_k"), ("v", "w_v"))):
        for name in names:
            stage = views(make_session(step="qkv", picked={"matrix": name, "row": 0, "col": 0}))["stage"]
            assert stage["choose"]["value"] == value


def test_the_operation_says_what_is_done() -> None:
    assert plain(views(make_session())["stage"]["op"]) == "look up rows 1, 2, 3, 4, 1, 5"
    assert plain(views(make_session(step="scaled_scores"))["stage"]["op"]) == "divide by √2"
    assert plain(views(make_session(step="scaled_scores", scale=0.9))["stage"]["op"]) == "times 0.9"


def test_cells_of_the_mask_switch_only_by_hand() -> None:
    for mask in ("none", "causal", "by-hand"):
        stage = views(make_session(step="masked_scores", mask=mask))["stage"]
        assert {name for name, m in matrices_in(stage).items() if m["toggles"]} == (
            {"mask"} if mask == "by-hand" else set()
        )


@pytest.mark.parametrize("step", STEPS)
def test_more_than_sixteen_tokens_are_one_picture(step: str) -> None:
    words = LONG.split()
    assert views(make_session(step=step, text=" ".join(words[:16])))["stage"]["block"] != "HeatMap"
    stage = views(make_session(step=step, text=" ".join(words[:17])))["stage"]
    assert stage["block"] == "HeatMap"
    assert stage["tables"] == [stage["matrix"]["id"]]
    assert stage["note"].startswith("More than 16 tokens")
    assert "Click a cell to see" in stage["note"]


def test_the_picture_of_a_mask_by_hand_says_that_its_cells_switch() -> None:
    def note(step: str) -> str:
        return str(views(make_session(step=step, text=LONG, mask="by-hand"))["stage"]["note"])

    assert "Click a cell to block it or to allow it" in note("masked_scores")
    assert "Click a cell to see" in note("weights")


def test_the_bars_are_the_weights_of_the_picked_query() -> None:
    stage = views(make_session(step="head_outputs", query=3))["stage"]
    assert stage["bars"]["heights"] == stage["left"]["values"][3]


# A row without a key


@pytest.mark.parametrize("step", STEPS)
def test_a_row_without_a_key_stops_the_computation_and_is_named(step: str) -> None:
    shown = views(make_session(step=step, **EMPTY_ROW))
    named = step in ("masked_scores", "weights", "head_outputs")
    if not named:
        assert shown["foot"]["alert"] is None
    else:
        assert "“sat” (row 3)" in shown["foot"]["alert"]["title"]
        assert "FullyMaskedRowError" in shown["foot"]["alert"]["text"]
    for name, matrix in matrices_in(shown["stage"]).items():
        frozen = name in ("weights", "head_outputs")
        assert all(text == "–" for row in matrix["text"] for text in row) == frozen
    assert all(value is None for head in shown["heads"]["maps"] for row in head["values"] for value in row)


def test_several_rows_without_a_key_are_named_up_to_three() -> None:
    def title(rows: range) -> str:
        session = make_session(
            step="weights", mask="by-hand", blocked=[[i, j] for i in rows for j in range(6)]
        )
        return str(views(session)["foot"]["alert"]["title"])

    assert title(range(2)) == "No key left for “The” (row 1), “cat” (row 2)."
    assert title(range(5)) == "No key left for “The” (row 1), “cat” (row 2), “sat” (row 3) and 2 more."


def test_allowing_one_key_again_brings_the_numbers_back() -> None:
    session = make_session(step="weights", **EMPTY_ROW)
    session.apply({"blocked": EMPTY_ROW["blocked"][1:]})
    shown = views(session)
    assert shown["foot"]["alert"] is None
    assert shown["stage"]["result"]["text"][2] == ["1.00", "0", "0", "0", "0", "0"]


# Below the matrices


@pytest.mark.parametrize(
    ("step", "kind", "text"),
    [
        ("embeddings", "signed", "centred on 0; plum is negative"),
        (
            "qkv",
            "signed",
            "centred on 0; plum is negative; full colour is 5 in V; 1 in WQ, WK",
        ),
        ("raw_scores", "signed", "centred on 0; plum is negative; full colour is 2 in Q, KT"),
        ("scaled_scores", "signed", "one range for raw and scaled scores, so fainter is smaller"),
        (
            "weights",
            "weights",
            "weights; 0 is dark, 1 is bright; striped: masked; full colour is 5 in masked scores",
        ),
        ("head_outputs", "signed", "the same range as V; plum is negative; weights: 0 is dark, 1 is bright"),
    ],
)
def test_the_legend_says_the_range(step: str, kind: str, text: str) -> None:
    shown = views(make_session(step=step))
    legend = shown["foot"]["legend"]
    assert (legend["kind"], plain(legend["text"])) == (kind, text)
    if kind == "weights":
        assert (legend["low"], legend["high"]) == ("0", "1")
    else:
        result = matrices_in(shown["stage"])[{"embeddings": "x", "qkv": "q"}.get(step, step)]
        assert float(legend["high"]) == pytest.approx(result["fill"]["range"], abs=0.005)
        assert legend["low"] == "−" + legend["high"]


@pytest.mark.parametrize("step", STEPS)
def test_every_range_of_a_matrix_on_the_stage_is_told(step: str) -> None:
    shown = views(make_session(step=step, text="The zorb sat, on 猫", mask="causal", scale=1.3))
    said = plain(shown["foot"]["legend"]["text"]) + shown["foot"]["legend"]["high"]
    for name, matrix in matrices_in(shown["stage"]).items():
        if matrix["fill"]["kind"] == "signed":
            assert f"{matrix['fill']['range']:g}"[:4] in said, name


def test_entropy_is_told_at_softmax_only() -> None:
    def extra(**changes: Any) -> Any:
        return views(make_session(**changes))["foot"]["extra"]

    assert extra() is None
    assert plain(extra(step="weights", scale=0)) == "entropy of row sat: 2.58 bits of at most 2.58"
    assert plain(extra(step="weights", mask="causal", query=0)) == "entropy of row The: 0 bits of at most 0"
    assert extra(step="weights", **EMPTY_ROW) is None


@pytest.mark.parametrize(
    ("mask", "most"),
    [
        ({"mask": "causal", "query": 2}, "1.58"),
        ({"mask": "padding", "query": 0}, "2.58"),
        ({"mask": "by-hand", "blocked": [[2, 0], [2, 1], [2, 3]], "query": 2}, "1.58"),
    ],
)
def test_the_most_that_entropy_can_be_counts_the_keys_that_may_be_looked_at(
    mask: dict[str, Any], most: str
) -> None:
    shown = views(make_session(step="weights", **mask))["foot"]["extra"]
    assert plain(shown).endswith(f"of at most {most}")
