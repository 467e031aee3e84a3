"""What is asked of generate."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.cases import Case, Check, call, check
from attention_lab.grading.protocol import Recipe
from attention_lab.kit.texts import lazy


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""

    def case(about: str, vocab: int, length: int, n: int, fade: float = 0.9) -> Case:
        model = Recipe("next_of", {"table": rng.normal(size=(vocab, vocab)), "fade": fade})
        return call(about, "generate", model, rng.integers(vocab, size=length).tolist(), n)

    return (
        check("Nothing is added if n is 0", case("3 tokens, n = 0", 5, 3, 0)),
        check(
            "One token is added",
            *(case(lazy("{length} tokens, n = 1", length=length), 7, length, 1) for length in (1, 3, 5)),
        ),
        check(
            "Each new token is chosen by the whole text before it",
            *(
                case(lazy("{length} tokens, n = {n}", length=length, n=n), 11, length, n)
                for length, n in ((1, 2), (2, 5), (3, 7), (5, 13))
            ),
        ),
    )
