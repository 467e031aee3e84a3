"""What vouches for the digits in this lab's texts."""

import numpy as np

from attention import create_causal_mask, hand_built_embedding, softmax
from attention_lab.labs.masks.attending import ORDERS
from attention_lab.labs.masks.lab import LOUD, Masks, attend
from tests.lab.helpers import make_lab
from tests.lab.vouching import bounds_of_weights, sum_of_weights


def padding() -> float:
    """The one number that every entry of PAD's row is: so are its query, its key and its score."""
    lab = make_lab("masks", step="batch")
    rows, _, words = lab.side_by_side
    short = next(i for i in range(2) if not words[i].all())
    trace = attend(rows[short])
    assert not trace.q[0, -1].any()
    assert not trace.scaled_scores[0, :, -1].any()
    return float(np.ptp(hand_built_embedding(rows[short], 4).x[-1]))


def nothing_to_share() -> tuple[float, float]:
    """What softmax divides in a row without a key: the exponential of −∞, and the sum of them."""
    raised = np.exp(np.full(3, -np.inf))
    return float(raised[0]), float(raised.sum())


def of_zero() -> tuple[float, float, float]:
    """A score of nothing, and what the exponential makes of it."""
    return 0.0, 0.0, float(np.exp(0.0))


def d_k() -> float:
    """The width of the one head."""
    return float(Masks().plain.q.shape[-1])


def rows_and_keys() -> tuple[float, float]:
    """The first two rows of a causal mask, by their numbers."""
    rows = create_causal_mask(9).sum(axis=1)
    assert rows[:2].tolist() == [1, 2]
    return 1.0, 2.0


def future_for_gpt() -> float:
    """The weight that words ahead get under a causal mask."""
    weights = softmax(np.where(create_causal_mask(6), np.random.default_rng(0).normal(size=(6, 6)), -np.inf))
    return float(np.triu(weights, 1).sum())


def with_zero(order: str) -> float:
    """Where this way to mask puts a nought: the score, or the weight, of a key that is not allowed."""
    seen = ORDERS[order](np.array([1.0, 2.0]), np.array([True, False]))
    nought = softmax(np.array([1.0, 0.0])) if order == "zero" else softmax(np.array([1.0, 2.0])) * [1, 0]
    np.testing.assert_allclose(seen, nought)
    return 0.0


def everything() -> float:
    """The least loudness that is offered at which the future takes everything, and rescaling fails."""
    scores, allowed = np.array([1.0, 0.5, -1.0]), np.array([True, True, False])
    failing = [
        n for n in LOUD if np.isnan(ORDERS["renormalised"](scores + np.array([0, 0, n]), allowed)).any()
    ]
    return float(failing[0])


def rounded_away() -> tuple[float, ...]:
    """What is left of a row whose last word is that loud: its shares, and what rescaling divides."""
    weights = softmax(np.array([1.0, 0.5, everything()]))
    kept = weights * [1, 1, 0]
    assert weights[-1] == 1
    return float(weights[0]), float(kept[0]), float(kept.sum())


VOUCHED = {
    "numbers are all 0": padding,
    "Its score is 0, but exp(0) is 1: a score of 0": lambda: (*of_zero(), 0.0),
    "A score of 0 is a score like any other: exp(0) is 1": of_zero,
    "The score of the future is 0, and exp(0) is 1": of_zero,
    "0 divided by 0. Often": nothing_to_share,
    "0/0": nothing_to_share,
    "0 after": lambda: with_zero("after"),
    "0 before": lambda: with_zero("zero"),
    "d_k 4": d_k,
    "for BERT; 0 for GPT": future_for_gpt,
    "try +800": everything,
    "the rest was rounded to 0, and 0 divided by 0 is no number": rounded_away,
    "float64": "the name of a type of numbers",
    "What True and 1 mean": "test_one_array_is_read_in_two_ways_and_the_wrong_one_sees_only_the_future",
    "attention_mask: 1": "what another library calls a word, in its own documentation",
    "0 is dark, 1 is bright": bounds_of_weights,
    "1 for the first word, 2 for the second": rows_and_keys,
    "{n} × {n_2} ÷ 2": lambda: 9 * 10 / create_causal_mask(9).sum(),
    "Row 1 has one allowed key, row 2 has two": rows_and_keys,
    "must sum to 1 again": sum_of_weights,
    "proportions and sum to 1": sum_of_weights,
    "softmax then gives 0 everywhere": "test_each_question_is_right_for_fifty_seeds_and_no_hint_is_right",
    "Weights of one row sum to 1, so they cannot all be 0": lambda: (sum_of_weights(), 0.0),
    "Add −1e9": "test_a_row_without_keys_is_uniform_or_unmasked_or_nan_by_how_it_was_blocked",
}
