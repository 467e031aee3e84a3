"""What is asked of feed_forward."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.cases import Case, Check, call, check


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""

    def case(about: str, front: tuple[int, ...], d_model: int, d_ff: int) -> Case:
        w_1, w_2 = rng.normal(size=(d_model, d_ff)), rng.normal(size=(d_ff, d_model))
        x = rng.normal(size=(*front, d_model))
        return call(about, "feed_forward", x, w_1, rng.normal(size=d_ff), w_2, rng.normal(size=d_model))

    return (
        check("One row goes through", case("1 row of 3, d_ff = 5", (), 3, 5)),
        check(
            "Each row goes through by itself",
            case("2 rows of 3, d_ff = 7", (2,), 3, 7),
            case("2 sentences of 3 rows of 5", (2, 3), 5, 11),
            case("3 rows of 3, d_ff = 3", (3,), 3, 3),
        ),
    )
