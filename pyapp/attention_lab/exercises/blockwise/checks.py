"""What is asked of blockwise."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.cases import Case, Check, call, check
from attention_lab.grading.inputs import qkv


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""

    def case(
        about: str, seq_q: int, seq_k: int, widths: tuple[int, int], size: int, spread: float = 1.0
    ) -> Case:
        q, k, v = qkv(rng, seq_q, seq_k, *widths)
        k[-1] = q[0] if spread > 1 else k[-1]  # of long vectors: one score is large and above 0
        return call(about, "blockwise", spread * q, spread * k, v, size)

    return (
        check(
            "One block holds all keys",
            case("2 queries, 3 keys, blocks of 3", 2, 3, (5, 7), 3),
            case("2 queries, 3 keys, blocks of 11", 2, 3, (5, 7), 11),
        ),
        check(
            "Several blocks give the same as one",
            case("2 queries, 5 keys, blocks of 1", 2, 5, (3, 2), 1),
            case("3 queries, 6 keys, blocks of 2", 3, 6, (5, 7), 2),
        ),
        check("The last block may be shorter", case("3 queries, 7 keys, blocks of 3", 3, 7, (5, 2), 3)),
        check("Large scores do not overflow", case("long vectors, blocks of 2", 2, 6, (5, 3), 2, 80.0)),
        check(
            "It never holds all scores",
            call(
                "101 queries, 2003 keys, blocks of 17",
                "blockwise",
                *qkv(rng, 101, 2003, 3, 2),
                17,
                peak=600_000,
            ),
        ),
    )
