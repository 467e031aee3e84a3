"""The terms of the course: each with one sentence, in the order of the alphabet."""

from __future__ import annotations

from collections.abc import Mapping

from attention_lab.kit.texts import lazy

GLOSSARY: Mapping[str, str] = {
    lazy("cosine"): lazy(
        "The cosine of the angle between two rows: 1 for one direction, 0 for a right angle."
    ),
    lazy("cross-attention"): lazy(
        "Attention whose queries come from one sequence, and keys and values from another."
    ),
    "d_k": lazy("How many numbers a query or a key has."),
    lazy("embedding"): lazy("The row of numbers that stands for a token."),
    lazy("entropy"): lazy(
        "How widely weights are spread: 0 for all on one key, log n for the same on each of n keys."
    ),
    lazy("head"): lazy(
        "One attention of several that run side by side, each with its own queries, keys and values."
    ),
    lazy("key"): lazy("The row that a token is compared by: a query is multiplied with it to give a score."),
    lazy("KV cache"): lazy(
        "Keys and values of earlier tokens, kept so that they need not be computed again."
    ),
    lazy("layer norm"): lazy(
        "Brings a row to mean 0 and variance 1, then gives each column a learned gain and bias."
    ),
    lazy("logits"): lazy("One score for each word that might come next, before softmax."),
    lazy("mask"): lazy("Says which query may attend to which key; what is masked gets the weight 0."),
    lazy("query"): lazy("The row that a token asks with."),
    lazy("residual"): lazy(
        "The way around a part: what the part gives is added to the row and does not replace it."
    ),
    lazy("score"): lazy("Query times key: how well the two match, before softmax."),
    lazy("self-attention"): lazy("Attention in which queries, keys and values all come from one sequence."),
    lazy("softmax"): lazy("Turns scores into weights that are not negative and add up to 1."),
    lazy("token"): lazy("A piece of text that a model reads as one: here a word."),
    lazy("value"): lazy("The row that is gathered from a token, in proportion to its weight."),
    lazy("weight"): lazy("The share that a query gives to a key; the weights of one query add up to 1."),
}
