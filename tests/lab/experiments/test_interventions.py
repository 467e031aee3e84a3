"""What a test does to the weights: each change, by hand, on rows whose numbers can be checked."""

from __future__ import annotations

import numpy as np
import pytest

from attention_lab.labs.experiments.interventions import Change, changing

GROUPS = {-1: [0], 0: [1], 1: [2, 3], 2: [4]}  # a sign, a word, a word of two tokens, a word
ROW = [0.1, 0.2, 0.1, 0.3, 0.3]


def after(*changes: Change, at: tuple[int, int] | None = (1, 0), layer: int = 1) -> np.ndarray:
    weights = np.tile(np.array(ROW), (2, 5, 1))
    return changing(changes, at, GROUPS)(layer, weights)


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (("cut", 2, 0), [0.1, 0.0, 0.1, 0.3, 0.3]),
        (("cut", 2, 1), [0.1, 0.2, 0.0, 0.0, 0.3]),
        (("swap", 2, 0, 1), [0.1, 0.4, 0.05, 0.15, 0.3]),
        (("swap", 2, 0, -1), [0.2, 0.1, 0.1, 0.3, 0.3]),
        (("move", 2, 0, 1), [0.1, 0.0, 0.15, 0.45, 0.3]),
        (("set", 2, 0, 60), [0.05, 0.6, 0.05, 0.15, 0.15]),
        (("set", 2, 1, 0), [1 / 6, 1 / 3, 0.0, 0.0, 0.5]),
        (("set", 2, 2, 100), [0.0, 0.0, 0.0, 0.0, 1.0]),
        (("off",), [0.0] * 5),
    ],
)
def test_a_change_does_to_the_row_what_its_name_says(change: Change, row: list[float]) -> None:
    np.testing.assert_allclose(after(change)[0, 4], row, atol=1e-12)


def test_only_the_row_of_the_query_changes_and_only_in_the_head_that_is_tested() -> None:
    changed = after(("cut", 2, 0))
    np.testing.assert_array_equal(changed[0, :4], np.tile(ROW, (4, 1)))
    np.testing.assert_array_equal(changed[1], np.tile(ROW, (5, 1)))
    np.testing.assert_array_equal(after(("cut", 2, 0), layer=0), np.tile(ROW, (2, 5, 1)))


def test_all_heads_of_all_layers_change_where_no_head_is_named() -> None:
    for layer in (0, 3):
        assert not after(("off",), at=None, layer=layer).any()


def test_a_query_of_two_tokens_changes_in_both_its_rows() -> None:
    changed = after(("cut", 1, 0))
    assert changed[0, :, 1].tolist() == [0.2, 0.2, 0.0, 0.0, 0.2]


def test_changes_are_made_one_after_another() -> None:
    np.testing.assert_allclose(
        after(("swap", 2, 0, 1), ("cut", 2, 0))[0, 4], [0.1, 0, 0.05, 0.15, 0.3], atol=1e-12
    )


def test_a_weight_that_takes_everything_back_leaves_nothing_to_share() -> None:
    weights = np.zeros((1, 5, 5))
    weights[0, 4, 1] = 1.0
    changed = changing([("set", 2, 0, 40)], (0, 0), GROUPS)(0, weights)
    assert changed[0, 4].tolist() == [0.0, 0.4, 0.0, 0.0, 0.0]
