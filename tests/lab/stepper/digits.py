"""What vouches for the digits in this lab's texts."""

import math

import numpy as np

from attention import softmax
from attention_lab.kit.numbers import read, rounds_to
from tests.lab.helpers import make_session, views
from tests.lab.vouching import bounds_of_weights, sum_of_weights


def left_as_it_is() -> float:
    """What the mask adds where a query may look."""
    lab = make_session(mask="causal", step="masked_scores")
    trace = lab.trace.attention
    added = (trace.masked_scores - trace.scaled_scores)[0][lab.mask_array]
    return float(np.unique(added).item())


def of_minus_infinity() -> float:
    """The weight of a score of −∞, exactly."""
    return float(softmax(np.array([-math.inf, 0.3, 1.0]))[0])


def usual() -> float:
    """What is divided by the root of d_k to give the usual scale."""
    lab = make_session()
    return lab.usual_scale * math.sqrt(lab.d_k)


def off() -> float:
    """The scale that switches scaling off."""
    switch = next(
        item
        for group in views(make_session(step="scaled_scores"))["controls"]["groups"]
        for item in group["items"]
        if item.get("name") == "scale" and item["type"] == "segmented"
    )
    value = float(switch["options"][1]["value"])
    lab = make_session(scale=value)
    np.testing.assert_array_equal(lab.trace.attention.scaled_scores, lab.trace.attention.raw_scores)
    return value


def narrow() -> tuple[float, float]:
    """The width of a head whose usual scale switches nothing, and that scale."""
    lab = make_session(d_model=2, n_heads=2)
    return float(lab.d_k), lab.usual_scale


def nothing_to_share() -> tuple[float, float]:
    """What softmax divides in a row without a key: the exponential of −∞, and the sum of them."""
    raised = np.exp(np.full(3, -np.inf))
    return float(raised[0]), float(raised.sum())


def first_head(step: str, matrix: str) -> float:
    """The head, counted from 1, whose numbers answer the question of this step."""
    lab = make_session(step=step)
    view = views(lab)["predict"]
    lab.apply({"revealed": [view["key"]]})
    answer = views(lab)["predict"]["answer"]["value"]
    rows = getattr(lab.asked_trace.attention, matrix)[:, 2]
    found = [i + 1.0 for i, row in enumerate(rows) if rounds_to(float(row.max()), answer)]
    assert len(found) == 1
    return found[0]


def centre() -> float:
    """What lies in the middle of the colours of signed numbers."""
    legend = views(make_session(step="raw_scores"))["foot"]["legend"]
    return (read(legend["low"]) + read(legend["high"])) / 2


VOUCHED = {
    "0 leaves a score as it is": left_as_it_is,
    "0 changes nothing": left_as_it_is,
    "together they make 1": sum_of_weights,
    "exactly 0": of_minus_infinity,
    "1/√{d_k} = {usual}": usual,
    "1/√{d_k}": usual,
    "1/√d_k": usual,
    "1/{root_d_k}, the usual": usual,
    "Off (× 1)": off,
    "With d_k = 1 the usual scale is 1 already": narrow,
    "0/0": nothing_to_share,
    "Head 1: each query": lambda: first_head("raw_scores", "raw_scores"),
    "Head 1, causal mask": lambda: first_head("masked_scores", "weights"),
    "scale 1/{root_d_k}": usual,
    "centred on 0": centre,
    "0 is dark, 1 is bright": bounds_of_weights,
    "Head 1 asks who: {who}. Head 2 asks where": "test_head_1_finds_who_sat_and_head_2_finds_where",
}
