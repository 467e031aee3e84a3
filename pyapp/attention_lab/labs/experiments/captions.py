"""What there is to say about a model at a step. Every sentence is asserted on the shipped weights, in the
browser, by tests/e2e/test_experiments_sentences.py; the learner's own sentence gets none."""

from __future__ import annotations

from collections.abc import Mapping

from attention_lab.kit.texts import lazy

_FOLLOWS = lazy(
    "This head is built so that its answer can only come from the words it looks at. Drag "
    "the arrow: the answer changes."
)
_STAYS = lazy(
    "It answers right, and its arrows do not explain how: swap the two weights, and the answer stays."
)
_CHANCE = lazy("Nobody trained it: its answers and its arrows are chance.")

CAPTIONS: Mapping[tuple[str, str], str] = {
    **{("reader", step): _FOLLOWS for step in ("pronoun", "agreement", "long_range")},
    **{("ordinary", step): _STAYS for step in ("pronoun", "agreement", "long_range")},
    **{("random", step): _CHANCE for step in ("pronoun", "agreement", "long_range", "heads", "mean")},
    (
        "minilm",
        "pronoun",
    ): lazy(
        "In the head that looks most from “it” to “cat”, it does so with “soft”, too: the head "
        "follows the subject, it does not resolve the reference."
    ),
    (
        "minilm",
        "mean",
    ): lazy(
        "The best of its 72 heads gives “cat” more than 0.6 of its weight. Their mean gives it less than 0.1."
    ),
}
"""(model, step) -> what holds there, for each sentence of the step."""
