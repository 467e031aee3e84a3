"""What the step about the scale says of spread, against the numbers that it stands beside."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

from tests.lab.helpers import make_session, matrices_in, views

#: d_model and heads, so that d_k is 2, 4, 8 and 16.
WIDTHS = [(8, 4), (8, 2), (8, 1), (16, 1)]


def spread(embedding: str, d_model: int, n_heads: int) -> float:
    shown = views(make_session(step="raw_scores", embedding=embedding, d_model=d_model, n_heads=n_heads))
    return float(np.std(np.array(matrices_in(shown["stage"])["raw_scores"]["values"], dtype=float)))


def test_that_dot_products_spread_wider_is_said_of_random_rows_of_which_alone_it_is_true() -> None:
    random, hand_built = ([spread(kind, *each) for each in WIDTHS] for kind in ("random", "hand-built"))
    assert all(narrow < wide for narrow, wide in pairwise(random))
    assert not all(narrow < wide for narrow, wide in pairwise(hand_built))
    prose = str(views(make_session(step="scaled_scores"))["lesson"]["html"])
    [told] = re.findall(r"[^.]*\bspread wider\b[^.]*", prose)
    assert "of random rows" in told
