"""Words, Timeline and Path."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from attention_lab.kit.blocks import Box, Lane, Node, Path, Timeline, Words

WEIGHTS = np.array([[0.7, 0.2, 0.1], [0.05, 0.9, 0.05]])


def test_words_say_the_strongest_links_of_the_chosen_word() -> None:
    block = Words(label="Head", words=["Le", "chat"], onto=["The", "cat", "sat"], weights=WEIGHTS, chosen=0)
    assert (
        block.described() == "Head: 2 words; strongest links: Le to The 0.70, Le to cat 0.20, Le to sat 0.10"
    )


def test_words_without_a_chosen_one_say_the_strongest_of_all() -> None:
    block = Words(label="Head", words=["Le", "chat"], onto=["The", "cat", "sat"], weights=WEIGHTS)
    assert block.described().startswith("Head: 2 words; strongest links: chat to cat 0.90, Le to The 0.70")


def test_of_words_whose_weights_are_hidden_it_is_not_said_that_they_have_no_links() -> None:
    hidden = Words(label="Head", words=["Le", "chat"], onto=["The"], weights=np.full((2, 1), np.nan))
    assert hidden.described() == "Head: 2 words"


def test_weights_travel_exact_beside_their_text() -> None:
    view = Words(label="h", words=["a"], weights=[[1 / 3]]).view()
    assert (view["weights"], view["text"]) == ([[1 / 3]], [["0.33"]])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"words": [], "weights": []}, "at least one word"),
        ({"weights": [[1.0]]}, r"shape \(2, 2\) of the words, not \(1, 1\)"),
        ({"onto": ["x"]}, r"shape \(2, 1\)"),
        ({"chosen": 2}, "only words 0 to 1"),
        ({"sets": [{}]}, "2 words, but 1 of sets"),
        ({"onto_sets": [{}]}, "but 1 of onto_sets"),
    ],
)
def test_words_refuse_an_authors_mistake_in_words(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Words(label="h", **({"words": ["a", "b"], "weights": np.eye(2)} | wrong))


def test_steps_at_the_same_time_stand_in_rows_of_their_own_and_the_others_in_one() -> None:
    boxes = [
        Box(start=0, length=2, label="a"),
        Box(start=1, length=1, label="b"),
        Box(start=2, length=1, label="c"),
    ]
    lane = Timeline(label="t", lanes=[Lane(name="l", boxes=boxes)]).view()["lanes"][0]
    assert [(box["label"], box["row"]) for box in lane["boxes"]] == [("a", 0), ("b", 1), ("c", 0)]
    assert lane["rows"] == 2


def test_a_timeline_says_when_each_lane_is_done() -> None:
    lanes = [
        Lane(name="one by one", boxes=[Box(start=float(i), length=1, label=str(i)) for i in range(6)]),
        Lane(name="at once", boxes=[Box(start=0, length=1.5, label="all")]),
    ]
    said = Timeline(label="Words", lanes=lanes, unit="ms", now=2.0).described()
    assert said == "Words, in ms: one by one: 6 boxes, done at 6; at once: 1 box, done at 1.5; now is 2"


def test_a_box_takes_time_and_a_timeline_has_lanes() -> None:
    with pytest.raises(ValueError, match="x: a step starts at a time and takes some"):
        Box(start=0, length=0, label="x")
    with pytest.raises(ValueError, match="q, k or v"):
        Box(start=0, length=1, label="x", tint="red")
    with pytest.raises(ValueError, match="at least one lane"):
        Timeline(label="t", lanes=[])


def nodes(*labels: str) -> list[Node]:
    return [Node(label=label) for label in labels]


def test_an_edge_between_two_lit_nodes_is_lit() -> None:
    view = Path(label="p", layers=[nodes("a", "b", "c")], edges=[(0, 1), (1, 2)], lit=[0, 1]).view()
    assert view["edges"] == [{"from": 0, "to": 1, "lit": True}, {"from": 1, "to": 2, "lit": False}]


def test_a_path_says_what_is_lit_by_name_or_layer_by_layer() -> None:
    chain = Path(label="Chain", layers=[nodes("a", "b", "c")], edges=[(0, 1)], lit=[0, 2])
    assert chain.described() == "Chain: 3 nodes, 1 edge; lit: a and c"
    cone = Path(
        label="Cone", layers=[nodes("1", "2", "3"), nodes("1")], lit=[0, 1, 3], names=["input", "top"]
    )
    assert cone.described() == "Cone: 4 nodes in 2 layers, 0 edges; lit: 2 in input and 1 in top"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"layers": []}, "at least one node in each layer"),
        ({"layers": [[]]}, "at least one node in each layer"),
        ({"edges": [(0, 2)]}, "there are nodes 0 to 1"),
        ({"lit": [-1]}, "there are nodes 0 to 1"),
        ({"chosen": 5}, "there are nodes 0 to 1"),
        ({"names": ["x", "y"]}, "1 layers, but 2 names"),
    ],
)
def test_a_path_refuses_an_authors_mistake_in_words(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Path(label="p", **({"layers": [nodes("a", "b")]} | wrong))
